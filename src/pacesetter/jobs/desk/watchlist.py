"""The watchlist as people change it: add, edit, remove, list, show. Each change is in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.desk.try_watch import Trial, try_condition
from pacesetter.jobs.desk.watch_terms import (
    UNSAID,
    WatchTerms,
    check_back,
    check_rest,
    check_thesis,
    check_until,
    tell_watch,
    text_of,
)
from pacesetter.jobs.night.check_watchlist import state_of, watch_of, with_state
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.market.symbol import normalise_symbol
from pacesetter.research.condition import write_condition
from pacesetter.research.trigger import name_trigger
from pacesetter.research.watch import OPEN, WatchState, record_validation
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.nights import newest_night_on
from pacesetter.store.desk.watchlist import WatchRow, find_watches, listed_symbols, present_names, watchlist
from pacesetter.store.symbols.symbols import find_symbol, stock_ids

STATUSES = ("armed", "fired", "expired", "invalid")
OLD_DAYS = 10  # without a price for so long, an entry says so


@dataclass(frozen=True)
class WatchView:
    """An entry, its condition as text, and what there is to say of it; ``trial``: where it was tried."""

    row: WatchRow
    text: str
    said: tuple[str, ...] = ()
    trial: Trial | None = None


async def add_watch(
    ws: Workspace,
    symbol: str,
    terms: WatchTerms,
    *,
    user_id: UUID | None = None,
    evidence: Evidence | None = None,
) -> WatchView:
    """Watch a symbol for what the terms say; what they do not say is as in the desk's settings.

    ``evidence``: where the caller has it already. ``UnknownName`` offers the nearest symbols and facts;
    ``InputError`` for values that cannot be, and for what is watched for already.
    """
    row = _with_condition(
        WatchRow(
            id=new_id(),
            user_id=user_id,
            symbol="",
            trigger_type="",
            condition=None,
            thesis=check_thesis(terms.thesis),
            expiry_date=check_until(terms.expires_on, ws.now().date()),
            hysteresis_pct=check_back(terms.hysteresis_pct),
            cool_down_days=check_rest(terms.cool_down_days),
        ),
        terms,
    )
    async with ws.db.write() as conn:
        found = (await find_symbol(conn, symbol)).symbol
        ids = await stock_ids(conn, [found])
        last_on = await newest_night_on(conn)  # a night that is done is not worked through again for it
        row = replace(row, symbol=found, stock_id=ids.get(found), checked_on=last_on)
        await _refuse_twin(conn, row)
        await watchlist.add(conn, [row])
        row = await watchlist.get(conn, row.id)
        (said,) = await _say(conn, [row], ws.now().date())
        await write_entry(conn, "watch.added", tell_watch(row), at=ws.now(), user_id=user_id)
    if found != normalise_symbol(symbol):
        said = (f"{normalise_symbol(symbol)} is called {found} now", *said)
    return WatchView(row, text_of(row), said, await _try(ws, row, evidence))


async def edit_watch(
    ws: Workspace,
    watch_id: UUID,
    terms: WatchTerms = UNSAID,
    *,
    holds: bool | None = None,
    reason: str = "",
    user_id: UUID | None = None,
    evidence: Evidence | None = None,
) -> WatchView:
    """Change what is given. A changed condition starts armed again, also where the entry had ended; so does
    an expired entry with another last date. ``holds``: what a person thinks of the thesis; False ends it.

    ``UnknownName`` for no such entry, also for another user's.
    """
    today = ws.now().date()
    async with ws.db.write() as conn:
        before = await _own(conn, watch_id, user_id)
        row = before
        if terms.thesis is not None:
            row = replace(row, thesis=check_thesis(terms.thesis))
        if terms.expires_on is not None:
            row = replace(row, expiry_date=check_until(terms.expires_on, today))
        if terms.hysteresis_pct is not None:
            row = replace(row, hysteresis_pct=check_back(terms.hysteresis_pct))
        if terms.cool_down_days is not None:
            row = replace(row, cool_down_days=check_rest(terms.cool_down_days))
        if terms.says_condition:
            row = _with_condition(row, terms)
        is_new = row.condition != before.condition
        if is_new or (row.status == "expired" and row.expiry_date != before.expiry_date):
            row = await _arm(conn, row, today, keep=not is_new)
        if holds is not None:
            step = record_validation(state_of(row), holds, reason)
            judged = {"on": today.isoformat(), "holds": holds, "reason": reason or "said by a person"}
            row = replace(with_state(row, step.state), details={**(row.details or {}), "validation": judged})
        changed = {name: now for name, now in vars(row).items() if now != getattr(before, name)}
        if changed:
            row = await watchlist.change(conn, watch_id, **changed)
            data = {"before": tell_watch(before), "after": tell_watch(row)}
            await write_entry(conn, "watch.edited", data, at=ws.now(), user_id=user_id)
        (said,) = await _say(conn, [row], today)
    return WatchView(row, text_of(row), said, await _try(ws, row, evidence) if is_new else None)


async def remove_watch(ws: Workspace, watch_id: UUID, *, user_id: UUID | None = None) -> WatchRow:
    """Take an entry away, and what it was; it stays in the database, where no list shows it."""
    async with ws.db.write() as conn:
        row = await _own(conn, watch_id, user_id)
        await watchlist.remove(conn, watch_id, at=ws.now())
        await write_entry(conn, "watch.removed", tell_watch(row), at=ws.now(), user_id=user_id)
    return row


async def list_watches(
    ws: Workspace, *, status: str | None = None, symbol: str | None = None, user_id: UUID | None = None
) -> list[WatchView]:
    """Entries by symbol. ``user_id``: this user's and nobody's own; None: everyone's."""
    if status is not None and status not in STATUSES:
        raise unknown("status", status, list(STATUSES))
    async with ws.db.read() as conn:
        wanted = None if symbol is None else (await find_symbol(conn, symbol)).symbol
        rows = await find_watches(conn, status=status, symbol=wanted, user_id=user_id)
        said = await _say(conn, rows, ws.now().date())
    return [WatchView(row, text_of(row), notes) for row, notes in zip(rows, said, strict=True)]


async def show_watch(
    ws: Workspace, watch_id: UUID, *, user_id: UUID | None = None, evidence: Evidence | None = None
) -> WatchView:
    """One entry, with how often it would have fired in the last year."""
    async with ws.db.read() as conn:
        row = await _own(conn, watch_id, user_id)
        (said,) = await _say(conn, [row], ws.now().date())
    try:
        return WatchView(row, text_of(row), said, await _try(ws, row, evidence))
    except InputError as error:
        return WatchView(row, text_of(row), (*said, f"its condition cannot be read: {error}"))


def _with_condition(row: WatchRow, terms: WatchTerms) -> WatchRow:
    condition, given = terms.read_condition(), terms.trigger_value
    kind, value = name_trigger(condition)
    plain = value if given is None or len(given.strip()) > 60 else given.strip()
    return replace(row, trigger_type=kind, trigger_value=plain, condition=write_condition(condition))


async def _arm(conn: AsyncConnection, row: WatchRow, today: date, *, keep: bool) -> WatchRow:
    """The entry as it begins, from the night after the newest one; ``keep``: what it fired on before."""
    if row.expiry_date is not None and row.expiry_date < today:
        raise BadDate(f"its last date was {row.expiry_date}", where="until", mend="give a later one, too")
    await _refuse_twin(conn, row)
    last_on = await newest_night_on(conn)
    if keep:
        return replace(row, status="armed", checked_on=last_on)
    return replace(with_state(row, WatchState(seen_on=last_on)), details=None)


async def _own(conn: AsyncConnection, watch_id: UUID, user_id: UUID | None) -> WatchRow:
    """An entry that this user may see: their own, or nobody's; for nobody in particular, each."""
    row = await watchlist.get(conn, watch_id)
    if user_id is not None and row.user_id not in (None, user_id):
        raise UnknownName(f"there is no {watchlist.noun} {watch_id}", mend="list them")
    return row


async def _refuse_twin(conn: AsyncConnection, row: WatchRow) -> None:
    for other in await find_watches(conn, symbol=row.symbol):
        same = other.condition == row.condition and other.user_id == row.user_id
        if same and other.id != row.id and other.status in OPEN:
            raise InputError(
                f"{row.symbol} is watched for {text_of(row)} already",
                where=str(other.id),
                mend="edit that entry",
            )


async def _say(conn: AsyncConnection, rows: Sequence[WatchRow], today: date) -> list[tuple[str, ...]]:
    """What there is to say of each entry's symbol: that it has another name, is delisted, or has no price."""
    symbols = sorted({row.symbol for row in rows})
    names, listed = await present_names(conn, symbols), await listed_symbols(conn, symbols)
    said = []
    for row in rows:
        is_active, priced_on = listed[row.symbol]
        notes = []
        if row.symbol in names:
            notes.append(f"{row.symbol} is called {names[row.symbol]} now: watch that")
        if not is_active:
            notes.append(f"{row.symbol} is delisted, or followed no more")
        if priced_on is None:
            notes.append(f"{row.symbol} has no price")
        elif today - priced_on > timedelta(days=OLD_DAYS):
            notes.append(f"{row.symbol} has no price after {priced_on}")
        said.append(tuple(notes))
    return said


async def _try(ws: Workspace, row: WatchRow, evidence: Evidence | None) -> Trial:
    condition = watch_of(row).condition
    back, rest = row.hysteresis_pct, row.cool_down_days
    return await try_condition(
        ws, row.symbol, condition, hysteresis_pct=back, cool_down_days=rest, evidence=evidence
    )
