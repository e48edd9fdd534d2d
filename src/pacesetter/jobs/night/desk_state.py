"""Where the desk stands before a night: all that a night reads of the desk's own tables, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.agent_settings import current_settings
from pacesetter.jobs.night.past_watches import PastWatches, read_watches_at
from pacesetter.research.desk import QueueRule
from pacesetter.research.proposal import UNTRADED
from pacesetter.research.queue import QueueDay, QueueEntry, advance_queue
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.desk.nights import NightRow, newest_night
from pacesetter.store.desk.research_queue import QueueRow, open_entries
from pacesetter.store.desk.watchlist import WatchRow


@dataclass(frozen=True)
class DeskState:
    """Two equal states lead, with the same evidence, to the same night: one is read before a night is
    worked out, and again where it is stored, so that nothing a person did meanwhile is lost."""

    newest: NightRow | None
    settings: Mapping[str, AgentSetting]
    queue: tuple[QueueRow, ...]
    watched: PastWatches
    decisions: tuple[DecisionRow, ...]

    @property
    def watches(self) -> tuple[WatchRow, ...]:
        """What is watched for, as it stood."""
        return self.watched.rows

    @property
    def newest_on(self) -> date | None:
        """The newest session that was worked through."""
        return None if self.newest is None else self.newest.night_on

    def advance(self, scores: Mapping[str, float], on: date, rule: QueueRule) -> QueueDay:
        """The research queue after the evening of ``on``."""
        waiting = [QueueEntry(row.symbol, row.entered_on, row.score, row.scored_on) for row in self.queue]
        resting = [] if self.newest is None else self.newest.resting
        return advance_queue(waiting, scores, on, rule, resting=resting)


async def read_state(conn: AsyncConnection, at: datetime | None = None) -> DeskState:
    """The desk's state now, with the settings that were in force at an instant, and the watchlist as it stood
    then (None: all as it is now)."""
    return DeskState(
        newest=await newest_night(conn),
        settings=await current_settings(conn, at=at),
        queue=tuple(await open_entries(conn)),
        watched=await read_watches_at(conn, at),
        decisions=tuple(await decisions.find(conn, decisions.table.c.status.in_(UNTRADED))),
    )
