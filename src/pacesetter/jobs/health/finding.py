"""One thing that was looked at, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, where, and the command that mends it (empty when fine)."""

    level: Level
    what: str
    where: str = ""
    mend: str = ""
