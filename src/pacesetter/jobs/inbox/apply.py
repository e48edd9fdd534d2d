"""Take one file of the inbox in, by the folder that it lies in; what is kept of it is one transaction.

The row that says that its content was taken in is written in that same transaction: whatever dies when, a
content is in once and noted, or neither.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.imports.import_report import Kept
from pacesetter.jobs.imports.refused_rows import WORDS, add_lines
from pacesetter.jobs.inbox.picks import adopt, note_picks, note_text
from pacesetter.jobs.inbox.tree import Found
from pacesetter.jobs.words import held_bar_in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import newest_day
from pacesetter.providers.files.lines import number_lines
from pacesetter.providers.files.manual_stocks import read_manual_stocks
from pacesetter.providers.files.plain_text import Flaw
from pacesetter.providers.files.portfolio import read_portfolio
from pacesetter.providers.files.research_report import read_name, read_report
from pacesetter.providers.files.ticker_list import Pick, read_ticker_list
from pacesetter.store.desk.research_texts import TextRow, leave_known, research_texts
from pacesetter.store.portfolios import portfolios as stored

DATED = re.compile(r"[ _.\-]*\d{4}-?\d{2}-?\d{2}$", re.ASCII)


class Refused(Exception):
    """Nothing of the file can be taken in; ``flaws`` say why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(flaws[0].what if flaws else "")
        self.flaws = list(flaws)


@dataclass(frozen=True)
class TakenIn:
    """What is about to be kept of a file: one line, figures, what to say, and what could not be taken."""

    summary: str
    counts: Mapping[str, int]
    said: Sequence[str] = ()
    flaws: Sequence[Flaw] = field(default_factory=tuple)


NoteFile = Callable[[AsyncConnection, TakenIn], Awaitable[None]]


async def apply_file(ws: Workspace, found: Found, path: Path, file_id: UUID, note: NoteFile) -> None:
    """Take in the copy at ``path``; ``note`` is called within the transaction, before anything that names
    ``file_id``. ``Refused`` or ``InputError`` where nothing of it can be used."""
    if found.folder == "prices":
        from pacesetter.jobs.imports.import_prices import (
            import_prices,  # slow to import, and not always needed
        )

        await import_prices(ws, path, note=as_import(path, note))
    elif found.folder == "boxes":
        from pacesetter.jobs.imports.import_boxes import import_boxes

        await import_boxes(ws, path, note=as_import(path, note))
    elif found.folder == "portfolios":
        await apply_portfolio(ws, path, note)
    elif found.folder == "research-reports":
        await apply_report(ws, found, path, file_id, note)
    else:
        reader = read_ticker_list if found.folder == "ticker-lists" else read_manual_stocks
        refuse_ending(path, (".csv", ".txt") if found.folder == "ticker-lists" else (".json",))
        picks, flaws = await asyncio.to_thread(reader, path.read_bytes(), path.name)
        await apply_picks(ws, picks, flaws, path.name, file_id, note)


def refuse_ending(path: Path, known: tuple[str, ...]) -> None:
    """``Refused`` for a kind of file that does not belong there."""
    if path.suffix.casefold() not in known:
        raise Refused(
            [
                Flaw(
                    "",
                    f"files of the kind {path.suffix or 'without an ending'} do not belong here",
                    f"use {' or '.join(known)}",
                )
            ]
        )


def as_import(path: Path, note: NoteFile) -> Callable[[AsyncConnection, Kept], Awaitable[None]]:
    """The note of an import of rows; ``Refused`` where it has refused every one of them."""

    async def tell(conn: AsyncConnection, kept: Kept) -> None:
        flaws = await asyncio.to_thread(flaws_of, kept.refused, path)
        counts = {name: n for name, n in kept.counts.items() if n or name in ("read", "stored")}
        if kept.refused.height and kept.refused.height == kept.counts["read"]:
            raise Refused(flaws)
        summary = f"{counts['stored']:,} of {counts['read']:,} rows stored"
        for name in ("quarantined", "refused"):
            if counts.get(name):
                summary += f", {counts[name]:,} {'held back' if name == 'quarantined' else name}"
        await note(conn, TakenIn(summary, counts, kept.said, flaws))

    return tell


def flaws_of(refused: pl.DataFrame, path: Path) -> list[Flaw]:
    """Refused rows by the line of the file that each begins on."""
    if refused.is_empty():
        return []
    if "line" not in refused.columns and {"row", "detail"} <= set(refused.columns):
        refused = add_lines(refused, number_lines(path))
    place = "line" if "line" in refused.columns else "row"
    flaws = []
    for row in refused.sort(place, nulls_last=True).iter_rows(named=True):
        at = f"{place} {row[place]}" if row.get(place) is not None else ""
        who = " ".join(str(row[name]) for name in ("symbol", "date") if row.get(name))
        reason = str(row["reason"])
        why = WORDS.get(reason) or held_bar_in_words(reason)
        flaws.append(Flaw(at, f"{who}: {why}" if who else why, str(row.get("detail") or "")))
    return flaws


async def apply_portfolio(ws: Workspace, path: Path, note: NoteFile) -> None:
    """A file of trades or positions, of the portfolio that it is named after; one that is new is made."""
    from pacesetter.jobs.imports.import_portfolio import import_portfolio
    from pacesetter.jobs.portfolios.keep_portfolios import check_name, create_portfolio

    refuse_ending(path, (".csv", ".txt", ".tsv"))
    data = path.read_bytes()
    latest = newest_day(ws.settings.calendar, ws.now())
    name = check_name(portfolio_of(path))
    async with ws.db.read() as conn:
        own = [row for row in await stored.list_portfolios(conn) if row.name.casefold() == name.casefold()]
    mapping = dict(own[0].column_mapping or {}) if own else {}
    file = await asyncio.to_thread(read_portfolio, data, path.name, latest=latest, mapping=mapping)
    if file.faults:
        raise Refused(
            [
                Flaw(f"line {one.line}", f"{one.column or 'the line'}: {one.reason}", one.mend or "")
                for one in file.faults
            ]
        )
    if len(own) > 1:
        raise Refused([Flaw("", f"several people have a portfolio {name!r}", "import it on its page")])
    made = own[0].id if own else (await create_portfolio(ws, name, user_id=None)).id

    async def tell(conn: AsyncConnection, kept: Kept) -> None:
        summary = f"portfolio {name}: {kept.counts['added']:,} rows added, {kept.counts['known']:,} known"
        await note(
            conn, TakenIn(summary, kept.counts, [*([] if own else [f"new portfolio {name}"]), *kept.said])
        )

    await import_portfolio(ws, made, data, path.name, note=tell)


def portfolio_of(path: Path) -> str:
    """The name of the portfolio that a file is named after."""
    return (DATED.sub("", path.stem) or path.stem)[:80]


async def value_again(ws: Workspace, path: Path) -> None:
    """Ask for what has no price and value the portfolio of a file whose trades are in already."""
    from pacesetter.jobs.portfolios.keep_portfolios import settle

    latest, name = newest_day(ws.settings.calendar, ws.now()), portfolio_of(path).casefold()
    async with ws.db.read() as conn:
        own = [row for row in await stored.list_portfolios(conn) if row.name.casefold() == name]
    for row in own:
        mapping = dict(row.column_mapping or {})
        file = await asyncio.to_thread(
            read_portfolio, path.read_bytes(), path.name, latest=latest, mapping=mapping
        )
        await settle(ws, row.id, sorted({one.symbol for one in file.trades if one.symbol}))


async def apply_picks(
    ws: Workspace, picks: Sequence[Pick], flaws: Sequence[Flaw], name: str, file_id: UUID, note: NoteFile
) -> None:
    """Symbols that somebody puts forward."""
    if not picks:
        raise Refused(flaws or [Flaw("", "it names no symbol", "write a ticker and a reason on each line")])
    at = ws.now()
    async with ws.db.write() as conn:
        adopted = await adopt(conn, {pick.symbol: pick.urgency for pick in picks}, at=at)
        rows = note_picks(picks, adopted, at=at, file=name, file_id=file_id)
        fresh = await leave_known(conn, rows)
        counts = {"symbols": len(picks), "noted": len(fresh), "asked_for": len(adopted.asked)}
        summary = f"{len(picks):,} symbols put forward, {len(adopted.asked):,} of them asked for"
        await keep(conn, note, TakenIn(summary, counts, adopted.said(), flaws), fresh)


async def apply_report(ws: Workspace, found: Found, path: Path, file_id: UUID, note: NoteFile) -> None:
    """A text of research, news, an insider's trades or earnings."""
    at = ws.now()
    named = read_name(path.name, of=found.within, today=at.date())
    report = await asyncio.to_thread(read_report, path, named.kind)
    async with ws.db.write() as conn:
        adopted = await adopt(conn, {named.symbol: "normal"}, at=at) if named.symbol else None
        row = note_text(
            named.kind,
            named.symbol,
            adopted,
            noted_on=named.noted_on,
            known_at=at,
            title=named.title,
            source=path.name[:120],
            body=report.body,
            data=report.data,
            file_id=file_id,
        )
        fresh = await leave_known(conn, [row])
        said = [*report.said, *(adopted.said() if adopted else [])]
        if not fresh:
            said.append("the same text is kept already")
        about = row.symbol or "markets at large"
        summary = f"{row.kind} of {about}, {row.noted_on}: {row.title}"
        counts = {"texts": len(fresh), "characters": len(row.body)}
        await keep(conn, note, TakenIn(summary, counts, said, report.flaws), fresh)


async def keep(conn: AsyncConnection, note: NoteFile, taken: TakenIn, rows: Sequence[TextRow]) -> None:
    """Note the file, then its texts, which name it."""
    await note(conn, taken)
    await research_texts.add(conn, rows)
