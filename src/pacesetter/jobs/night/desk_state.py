"""Where the desk stands before a night: all that a night reads of the desk's own tables, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.agent_settings import current_settings
from pacesetter.research.desk import QueueRule
from pacesetter.research.proposal import UNTRADED
from pacesetter.research.queue import QueueDay, QueueEntry, advance_queue
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.desk.nights import NightRow, newest_night
from pacesetter.store.desk.research_queue import QueueRow, open_entries
from pacesetter.store.desk.watchlist import OPEN, WatchRow, watchlist
from pacesetter.store.tables.watchlist import watchlist_entries

MOST_CHANGES = 100_000  # of the watchlist that are looked through


@dataclass(frozen=True)
class DeskState:
    """Two equal states lead, with the same evidence, to the same night: one is read before a night is
    worked out, and again where it is stored, so that nothing a person did meanwhile is lost."""

    newest: NightRow | None
    settings: Mapping[str, AgentSetting]
    queue: tuple[QueueRow, ...]
    watches: tuple[WatchRow, ...]
    decisions: tuple[DecisionRow, ...]

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
    """The desk's state now, with the settings that were in force at an instant, and without what was put on
    the watchlist or changed there since (None: all as it is now)."""
    of = watchlist_entries.c
    watches = await watchlist.find(conn, of.status.in_(OPEN), order_by=[of.symbol, of.id])
    later = set() if at is None else await watches_since(conn, at)
    return DeskState(
        newest=await newest_night(conn),
        settings=await current_settings(conn, at=at),
        queue=tuple(await open_entries(conn)),
        watches=tuple(row for row in watches if str(row.id) not in later),
        decisions=tuple(await decisions.find(conn, decisions.table.c.status.in_(UNTRADED))),
    )


async def watches_since(conn: AsyncConnection, at: datetime) -> set[str]:
    """Ids of the watchlist's entries that somebody added or changed after an instant, by the audit log."""
    entries = await list_entries(conn, action="watch", since=at, limit=MOST_CHANGES)
    return {str((entry.data.get("after") or entry.data)["id"]) for entry in entries if entry.timestamp > at}
