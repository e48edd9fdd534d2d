"""How an agent is set: whether it works, how much its word counts, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEAST_WEIGHT, MOST_WEIGHT = 0.1, 3.0


@dataclass(frozen=True)
class AgentSetting:
    """``parameters`` are complete: those that a person set, and the agent's own for the others.

    ``version`` 0 is how it is shipped.
    """

    agent: str
    version: int = 0
    enabled: bool = True
    weight: float = 1.0
    parameters: Mapping[str, Any] = field(default_factory=dict)
