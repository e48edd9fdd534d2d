"""What a night made, all of it in memory: it is stored at once, and the morning report tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.research.convergence import Convergence
from pacesetter.research.desk import Desk
from pacesetter.research.opinion import Opinion
from pacesetter.research.queue import QueueDay
from pacesetter.research.signal import Signal
from pacesetter.store.desk.decisions import DecisionRow
from pacesetter.store.desk.watchlist import WatchRow


@dataclass(frozen=True)
class Watched:
    """An entry of the watchlist after the evening; ``change``: fired, rearmed, expired, invalid or None."""

    before: WatchRow
    after: WatchRow
    change: str | None
    reason: str


@dataclass(frozen=True)
class NightMade:
    """The night of ``evidence.on``. ``previous_on``: the night before it that was worked through, if any.

    ``found``: the signals of this evening alone. ``opinions`` by symbol; ``told`` what a language model
    added to an opinion, by symbol and analyst, after the claim check. ``desk_at``: as of when prices
    that are held back are told (None: now); ``said``: as of when a late night read, in words.
    """

    evidence: Evidence
    desk: Desk
    settings: Mapping[str, AgentSetting]
    previous_on: date | None
    found: tuple[Signal, ...]
    convergence: Convergence
    queue: QueueDay
    opinions: Mapping[str, tuple[Opinion, ...]]
    told: Mapping[tuple[str, str], Mapping[str, object]]
    decisions: tuple[DecisionRow, ...]
    watched: tuple[Watched, ...]
    desk_at: datetime | None = None
    said: str = ""
