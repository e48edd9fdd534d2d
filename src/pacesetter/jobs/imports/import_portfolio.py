"""Import a file of positions or trades: read → all faults, or all rows in one transaction → figures."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.choose_provider import asks_nobody
from pacesetter.jobs.imports.import_report import Kept, Note, note_nothing
from pacesetter.jobs.imports.portfolio_intake import adopt_symbols, as_rows
from pacesetter.jobs.portfolios.far_prices import tell_far_lines
from pacesetter.jobs.portfolios.keep_portfolios import EVERYONE, look_up, priceless, settle
from pacesetter.jobs.portfolios.positions import rebuild_positions
from pacesetter.jobs.portfolios.take_trades_away import take_trades_away
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.calendar import newest_day
from pacesetter.providers.files.portfolio import PortfolioFile, read_portfolio
from pacesetter.providers.files.portfolio_cells import Fault
from pacesetter.providers.files.portfolio_columns import EVERY_FIELD
from pacesetter.providers.files.portfolio_rows import TradeRow
from pacesetter.store.portfolios import portfolios as stored
from pacesetter.store.portfolios.trades import add_trades, known_repeats, next_sequence

MOST_SAID = 20


@dataclass(frozen=True)
class Fate:
    """What became of a line: ``added``, ``known`` (an earlier import has it) or ``refused``."""

    line: int
    symbol: str | None
    action: str
    fate: str
    reason: str | None = None


@dataclass(frozen=True)
class ImportOutcome:
    """What a file came to. Not ``accepted``: nothing of it was kept, and ``faults`` names every mistake."""

    accepted: bool
    dry_run: bool
    import_id: UUID | None
    portfolio_id: UUID
    file_name: str
    kind: str
    mapping: dict[str, str]
    unused: list[str]
    rows_read: int
    rows_added: int
    rows_known: int
    rows_refused: int
    faults: list[Fault]
    rows: list[Fate]
    pending: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    state: str | None = None
    metric_date: date | None = None
    nav: float | None = None


async def import_portfolio(
    ws: Workspace,
    portfolio_id: UUID,
    data: bytes,
    file_name: str,
    *,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    seen: ColumnElement[bool] = EVERYONE,
    note: Note = note_nothing,
) -> ImportOutcome:
    """Take a file in. ``mapping``: column → field, as a person says; it is remembered for the next file.

    A file with a fault is refused as a whole, all of its faults named; ``dry_run`` does everything and keeps
    nothing. What an earlier import of the portfolio has is left out; true repeats inside a file stay.
    ``note``: what else is written in the same transaction, at its end.
    ``BadFile`` where it is no such file at all.
    """
    async with ws.db.read() as conn:
        portfolio = await stored.get_portfolio(conn, portfolio_id, seen)
    remembered = {k: v for k, v in (portfolio.column_mapping or {}).items() if v in EVERY_FIELD}
    latest = newest_day(ws.settings.calendar, ws.now())
    file = await asyncio.to_thread(
        read_portfolio, data, file_name, latest=latest, mapping={**remembered, **(mapping or {})}
    )
    if file.faults:
        return refused(portfolio_id, file, dry_run=dry_run)
    async with ws.db.write() as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        sha256 = hashlib.sha256(data).hexdigest()
        outcome = await take_in(ws, conn, portfolio, file, sha256, dry_run=dry_run)
        if mapping and not dry_run:
            await stored.change_portfolio(conn, portfolio_id, column_mapping={**remembered, **mapping})
        counts = {"read": outcome.rows_read, "added": outcome.rows_added, "known": outcome.rows_known}
        await note(conn, Kept(outcome.import_id, counts, outcome.said))
        if dry_run:
            await conn.rollback()
            return with_(outcome, dry_run=True, import_id=None)
    symbols = sorted({row.symbol for row in file.trades if row.symbol})
    pending, late = await settle(ws, portfolio_id, symbols)
    view = await look_up(ws, portfolio_id)
    about = {"state": view.state, "metric_date": view.metric_date, "nav": view.nav}
    said = [*outcome.said, *late]
    return with_(outcome, pending=sorted({*pending, *outcome.pending}), said=said, **about)


def refused(portfolio_id: UUID, file: PortfolioFile, *, dry_run: bool) -> ImportOutcome:
    """A file with faults, of which nothing was kept."""
    why: dict[int, str] = {}
    for fault in file.faults:
        why.setdefault(fault.line, f"{fault.column or 'the line'}: {fault.reason}")
    lines = sorted({*file.symbols, *why})
    held_back = "other lines of the file have faults"
    rows = [Fate(n, file.symbols.get(n) or None, "", "refused", why.get(n, held_back)) for n in lines]
    return ImportOutcome(
        accepted=False,
        dry_run=dry_run,
        import_id=None,
        portfolio_id=portfolio_id,
        file_name=file.name,
        kind=file.kind,
        mapping=file.mapping,
        unused=file.unused,
        rows_read=file.rows_read,
        rows_added=0,
        rows_known=0,
        rows_refused=file.rows_read,
        faults=file.faults,
        rows=rows,
        said=[*file.said, f"{len(file.faults)} faults: nothing was imported"],
    )


async def take_in(
    ws: Workspace,
    conn: AsyncConnection,
    portfolio: Row[Any],
    file: PortfolioFile,
    sha256: str,
    *,
    dry_run: bool,
) -> ImportOutcome:
    """Make the symbols known, add the trades that are new, and rebuild the positions."""
    said = [*file.said, *await adopt_symbols(conn, file.trades)]
    rows = await as_rows(conn, portfolio, file.trades)
    have = await known_repeats(conn, portfolio.id, [row["fingerprint"] for row in rows])
    fresh = [(row["fingerprint"], row["repeat"]) not in have for row in rows]
    fates = tell_fates(file.trades, fresh)
    added = sum(fate.fate == "added" for fate in fates)
    import_id = None
    if any(fresh):
        import_id = await stored.add_import(
            conn,
            portfolio.id,
            file_name=file.name,
            sha256=sha256,
            mapping=file.mapping,
            rows_read=file.rows_read,
            rows_added=added,
            rows_known=len(fates) - added,
        )
        base = await next_sequence(conn, portfolio.id)
        new = [row for row, is_new in zip(rows, fresh, strict=True) if is_new]
        if file.newest_first:
            new.reverse()
        await add_trades(
            conn, [{**row, "import_id": import_id, "sequence": base + i} for i, row in enumerate(new)]
        )
        ledger = await rebuild_positions(conn, portfolio.id, ws.now(), noted=not dry_run)
        said += [f"{one.what} — {one.mend}" for one in ledger.problems[:MOST_SAID]]
        far = [(row, one.line) for row, one, new in zip(rows, file.trades, fresh, strict=True) if new]
        said += await tell_far_lines(conn, [row for row, _ in far], [line for _, line in far])
    else:
        said.append("all of its rows are here already: nothing was added")
    wanted = await priceless(conn, sorted({row.symbol for row in file.trades if row.symbol}))
    if wanted and dry_run and asks_nobody(ws):
        said.append(f"{len(wanted)} symbols have no prices, and no source is asked for any: they would wait")
    return ImportOutcome(
        accepted=True,
        dry_run=False,
        import_id=import_id,
        portfolio_id=portfolio.id,
        file_name=file.name,
        kind=file.kind,
        mapping=file.mapping,
        unused=file.unused,
        rows_read=file.rows_read,
        rows_added=added,
        rows_known=len(fates) - added,
        rows_refused=0,
        faults=[],
        rows=fates,
        pending=[] if asks_nobody(ws) else wanted,
        said=said,
    )


def tell_fates(trades: Sequence[TradeRow], fresh: Sequence[bool]) -> list[Fate]:
    """One fate a line: a line with an entry and an exit is new where either of them is."""
    by_line: dict[int, list[tuple[TradeRow, bool]]] = {}
    for trade, is_new in zip(trades, fresh, strict=True):
        by_line.setdefault(trade.line, []).append((trade, is_new))
    fates = []
    for line, own in by_line.items():
        new = any(is_new for _, is_new in own)
        reason = None if new else "an earlier import, or an entry by hand, has it"
        actions = " + ".join(trade.action for trade, _ in own)
        fates.append(Fate(line, own[0][0].symbol, actions, "added" if new else "known", reason))
    return fates


def with_(outcome: ImportOutcome, **changes: Any) -> ImportOutcome:
    """The same with other fields."""
    return ImportOutcome(**{**vars(outcome), **changes})


@dataclass(frozen=True)
class UndoneImport:
    """An import taken back."""

    id: UUID
    file_name: str
    trades_removed: int


async def undo_import(
    ws: Workspace,
    portfolio_id: UUID,
    import_id: str,
    seen: ColumnElement[bool] = EVERYONE,
    *,
    user_id: UUID | None = None,
) -> UndoneImport:
    """Take a whole import back, as if it had never been. ``InputError`` where it is taken back already."""
    async with ws.db.write(content=False) as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        found = await stored.find_import(conn, portfolio_id, import_id)
        if found.undone_at is not None:
            raise InputError(f"the import of {found.file_name} is taken back already", where=str(found.id))
        await stored.end_import(conn, found.id, ws.now())
        taken = await take_trades_away(
            ws, conn, portfolio_id, import_id=found.id, file_name=found.file_name, user_id=user_id
        )
    await settle(ws, portfolio_id, [])
    return UndoneImport(found.id, found.file_name, taken.n)


async def list_imports(
    ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE
) -> list[Row[Any]]:
    """The imports of a portfolio, newest first."""
    async with ws.db.read() as conn:
        await stored.get_portfolio(conn, portfolio_id, seen)
        return await stored.list_imports(conn, portfolio_id)
