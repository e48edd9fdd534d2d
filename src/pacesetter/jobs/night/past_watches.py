"""Entries of the watchlist as they stood at an instant: what a night watches for that is worked through late.

The audit log knows the terms that a person changed since. By those the night judges, and its report tells of
them; where an entry stands goes on under its new terms, unless these are of another condition, or the old
ones have ended it: then the night only notes where the old ones stand, for the next late night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import write_condition
from pacesetter.research.condition_text import parse_text
from pacesetter.store.accounts.audit import AuditRow, list_entries
from pacesetter.store.desk.watchlist import OPEN, WatchRow, watchlist
from pacesetter.store.tables.watchlist import watchlist_entries

MOST_CHANGES = 100_000  # of the watchlist that are looked through
THEN = "then"  # in an entry's details: where the terms stand that it had, for nights that are still to come
TERMS = ("condition", "thesis", "expiry_date", "hysteresis_pct", "cool_down_days")
STATE = ("status", "to_validate", "checked_on", "last_triggered_on", "times_triggered")
DATES = ("checked_on", "last_triggered_on")


@dataclass(frozen=True)
class PastWatches:
    """``rows`` as they stood; ``standing``: those of them that were changed since, as they are now, by id;
    ``said``: which entries could not be taken as they stood, a sentence each."""

    rows: tuple[WatchRow, ...]
    standing: Mapping[UUID, WatchRow] = field(default_factory=dict)
    said: tuple[str, ...] = ()


async def read_watches_at(conn: AsyncConnection, at: datetime | None = None) -> PastWatches:
    """What is watched for, by symbol, with the terms of an instant and without what was added since (None:
    all as it is now)."""
    of = watchlist_entries.c
    rows = await watchlist.find(conn, of.status.in_(OPEN), order_by=[of.symbol, of.id])
    changes = {} if at is None else await _first_changes(conn, at)
    found, standing, said = [], {}, []
    for row in rows:
        change = changes.get(str(row.id))
        if change is None:
            found.append(row)
        elif "before" in change.data:
            past = take_back(row, change.data["before"])
            if past is None:
                said.append(_tell_unknown(row, change))
            elif past.status in OPEN:
                found.append(past)
                standing[row.id] = row
    return PastWatches(tuple(found), standing, tuple(said))


def take_back(row: WatchRow, told: Mapping[str, Any]) -> WatchRow | None:
    """An entry with the terms that the audit log tells of (``tell_watch``); None where it does not tell
    enough of them."""
    try:
        condition = write_condition(parse_text(told["condition"]))
        until = told["until"]
        past = replace(
            row,
            condition=condition,
            thesis=told["thesis"],
            expiry_date=None if until is None else date.fromisoformat(until),
            hysteresis_pct=told["hysteresis_pct"],
            cool_down_days=told["cool_down_days"],
        )
        noted = (row.details or {}).get(THEN)
        if noted is not None and noted["condition"] == condition:
            return replace(past, **_read_state(noted), details=None)
        if told["status"] not in OPEN:
            return replace(past, status=told["status"])
        return past if condition == row.condition else replace(past, **_read_state(told), details=None)
    except (InputError, KeyError, ValueError):
        return None


def tell_state(row: WatchRow) -> dict[str, Any]:
    """Where an entry stands, as plain JSON."""
    found = {name: getattr(row, name) for name in STATE}
    return found | {name: one.isoformat() for name in DATES if (one := found[name]) is not None}


def move_on(before: WatchRow, after: WatchRow) -> WatchRow:
    """What is to be stored of a late night's ``after`` for an entry that is ``before`` now."""
    if all(getattr(before, name) == getattr(after, name) for name in TERMS):
        return after
    if after.condition == before.condition and after.status in OPEN:
        kept = {name: getattr(before, name) for name in TERMS}
        return replace(after, **kept)
    noted = {"condition": after.condition, **tell_state(after)}
    return replace(before, details={**(before.details or {}), THEN: noted})


async def _first_changes(conn: AsyncConnection, at: datetime) -> dict[str, AuditRow]:
    """The first thing that somebody did to each entry after an instant, by the entry's id."""
    entries = await list_entries(conn, action="watch", since=at, limit=MOST_CHANGES)
    return {_id_of(entry): entry for entry in entries if entry.timestamp > at}  # the newest come first


def _id_of(entry: AuditRow) -> str:
    return str((entry.data.get("after") or entry.data)["id"])


def _read_state(told: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: told[name] for name in STATE}
    return found | {name: date.fromisoformat(found[name]) for name in DATES if found[name] is not None}


def _tell_unknown(row: WatchRow, change: AuditRow) -> str:
    return (
        f"the watch on {row.symbol} was changed on {change.timestamp:%Y-%m-%d}, and the log does not tell "
        "how it stood before: it is left out"
    )
