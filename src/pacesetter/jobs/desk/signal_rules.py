"""The rules by which signals count, with their curves and who gives which type: for who looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pacesetter.agents.base import seekers
from pacesetter.research.desk import Desk, load_desk

CURVE_DAYS = 90


@dataclass(frozen=True)
class SignalRules:
    """``curves``: the share left at the age of 0 to ``CURVE_DAYS`` days; ``agents``: the discovery agents
    that give it; both by signal type."""

    desk: Desk
    curves: Mapping[str, list[float]]
    agents: Mapping[str, list[str]]


def tell_rules() -> SignalRules:
    """The shipped rules."""
    desk = load_desk()
    ages = np.arange(CURVE_DAYS + 1, dtype=np.float64)
    agents: dict[str, list[str]] = {}
    for one in seekers:
        for name in one.types:
            agents.setdefault(name, []).append(one.name)
    return SignalRules(
        desk=desk,
        curves={name: rule.decay.factors(ages).tolist() for name, rule in desk.signals.items()},
        agents={name: sorted(found) for name, found in agents.items()},
    )
