"""``pacesetter changes``: why ranks moved, exactly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.options import Options, Plot, date_option, options_of
from pacesetter.cli.output import Column, Table, say, show, signed, warn_simulated
from pacesetter.cli.progress import watch
from pacesetter.cli.tables.base_rates import (
    FIELDS,
    NO_RATES,
    RATES_FOOT,
    rate_in_short,
    rate_in_words,
    rate_payload,
)
from pacesetter.kernel.errors import InputError
from pacesetter.reports.picture import check_path, save_figure

if TYPE_CHECKING:
    from pacesetter.jobs.boards.explain_changes import BoardChanges
    from pacesetter.jobs.boards.first_date import FirstDate
    from pacesetter.ranking.base_rate import BaseRate
    from pacesetter.ranking.ledger import Ledger

MOST_CAUSES = 4  # named in one line
MOST_RATED = 20  # movers with a base rate

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def changes(
    ctx: typer.Context,
    symbol: Annotated[
        str | None, typer.Argument(metavar="SYMBOL", show_default=False, help="Only this one, in full.")
    ] = None,
    board: Annotated[str | None, typer.Option("--board", help="The board, such as AI/Tech.")] = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=date_option("--from"),
            metavar="DATE",
            help="Earlier published session (default: the one before --to).",
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option(
            "--to", parser=date_option("--to"), metavar="DATE", help="Later one (default: the newest)."
        ),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Only the first so many movers.")] = None,
    plot: Plot = None,
    with_base_rates: Annotated[
        bool, typer.Option("--base-rates", help="What jumps like the first 20 movers' were followed by.")
    ] = False,
) -> None:
    """Split each change of rank exactly among its causes.

    Causes are the symbol's own factors, its peers' values, membership, method and data
    revisions; their shares add up to the change.
    """
    from pacesetter.jobs.boards.explain_changes import explain_board_changes
    from pacesetter.jobs.boards.first_date import FirstDate, find_first_date
    from pacesetter.jobs.boards.jump_base_rates import base_rates
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)
    if board is None:
        raise InputError("a board is needed", mend="name one: pacesetter changes --board AI/Tech")
    if plot is not None:
        if symbol is None:
            raise InputError("--plot draws one symbol", mend="name it: pacesetter changes SYMBOL --board …")
        check_path(plot)

    async def work() -> tuple[BoardChanges, dict[str, BaseRate]] | FirstDate:
        with watch(options, "changes") as progress:
            async with open_workspace(options.settings()) as ws:
                if symbol is None and first is None:
                    alone = await find_first_date(ws, board, last)
                    if alone is not None:
                        return alone
                found = await explain_board_changes(
                    ws,
                    board,
                    symbol=symbol.upper() if symbol else None,
                    first=first,
                    last=last,
                    progress=progress,
                )
                jumped = [one.symbol for one in shown_movers(found, top) if one.rank_change][:MOST_RATED]
                asked = jumped if symbol is not None or with_base_rates else []
                if asked:
                    progress("what followed", 2, 3)
                rates = await base_rates(ws, found.slug, found.last, asked, since=found.first)
                return found, rates

    done = asyncio.run(work())
    if isinstance(done, FirstDate):
        show_none(options, done)
        return
    found, rates = done
    warn_simulated(options, found.simulated)
    if symbol is not None:
        show_symbol(options, found, found.ledgers[0], rates)
        if plot is not None:
            draw(found, found.ledgers[0], plot)
            say(options, f"drawn: {plot}")
    else:
        if with_base_rates and not rates:
            say(options, NO_RATES)
        show_movers(options, found, top, rates if with_base_rates else None)


def payload(ledger: Ledger) -> dict[str, Any]:
    """The JSON of a ledger."""
    return {
        "symbol": ledger.symbol,
        "status": ledger.status,
        "rank_before": ledger.before.rank,
        "rank_after": ledger.after.rank,
        "unranked_before": ledger.before.reason or None,
        "unranked_after": ledger.after.reason or None,
        "rank_change": ledger.rank_change,
        "rank_shares": {name: str(share) for name, share in ledger.rank_shares.items()},
        "composite_change": ledger.composite_change,
        "composite_shares": dict(ledger.composite_shares),
        "remarks": list(ledger.remarks),
    }


def head(found: BoardChanges) -> dict[str, Any]:
    """What every answer says of the board."""
    names = ("board", "slug", "first", "last", "methods", "simulated")
    return {name: getattr(found, name) for name in names}


def show_symbol(options: Options, found: BoardChanges, ledger: Ledger, rates: Mapping[str, BaseRate]) -> None:
    """One symbol: every share, their sums, and what such jumps were followed by."""
    columns = [
        Column("cause"),
        Column("rank", in_places, right=True),
        Column("exactly", right=True),
        Column("composite", signed, right=True),
    ]
    shares = sorted(ledger.rank_shares.items(), key=lambda item: (-abs(item[1]), item[0]))
    rows: list[list[Any]] = [
        [name, float(share), str(share), ledger.composite_shares[name]] for name, share in shares
    ]
    if ledger.rank_change is not None:
        rows.append(["sum", float(ledger.rank_change), str(ledger.rank_change), ledger.composite_change])
    title = f"{ledger.symbol} · {found.board} · {found.first} → {found.last}"
    rate = rates.get(ledger.symbol)
    said = rate_in_words(ledger.rank_change or 0, rate)
    foot = "\n".join([in_words(ledger), *ledger.remarks, *said])
    body = {**head(found), **payload(ledger), "base_rate": rate_payload(rate)}
    show(options, body, Table(title, columns, rows, foot))


def draw(found: BoardChanges, ledger: Ledger, path: Path) -> None:
    """The waterfall of one symbol's change."""
    from pacesetter.reports.charts.waterfall import draw_waterfall

    simulated = "SIMULATED · " if found.simulated else ""
    note = f"{simulated}{found.board} · {found.first} to {found.last} · method {found.methods[1]}"
    save_figure(draw_waterfall(ledger, f"Why {ledger.symbol} moved", note), path)


def in_words(ledger: Ledger) -> str:
    """Where it stood and stands."""
    from pacesetter.jobs.words import in_words as words

    before, after = ledger.before, ledger.after
    if ledger.status == "entered":
        return f"new at rank {after.rank} of {after.ranked}; before: {words(before.reason)}"
    if ledger.status == "left":
        return f"was at rank {before.rank} of {before.ranked}, is not ranked any more: {words(after.reason)}"
    if ledger.status == "absent":
        return f"ranked at neither date: {words(before.reason)}, then {words(after.reason)}"
    return (
        f"rank {ledger.before.rank} of {ledger.before.ranked} → {ledger.after.rank} of {ledger.after.ranked}"
    )


def shown_movers(found: BoardChanges, top: int | None) -> list[Ledger]:
    """Who moved, entered or left."""
    return [one for one in found.ledgers if one.rank_change or one.status in ("entered", "left")][:top]


def mover_columns() -> list[Column]:
    """What a list of movers has of each."""
    return [
        Column("symbol"),
        Column("name"),
        Column("from", right=True),
        Column("to", right=True),
        Column("change", in_places, right=True),
        Column("composite", signed, right=True),
        Column("causes"),
    ]


def show_movers(
    options: Options, found: BoardChanges, top: int | None, rates: Mapping[str, BaseRate] | None
) -> None:
    """All movers, each with its causes in one line; base rates where they were asked for."""
    ledgers = shown_movers(found, top)
    columns = mover_columns()
    rows = [
        [
            one.symbol,
            found.names.get(one.symbol),
            one.before.rank,
            one.after.rank,
            one.rank_change,
            one.composite_change,
            causes(one),
        ]
        for one in ledgers
    ]
    title = f"Movers of {found.board} · {found.first} → {found.last}"
    both = [one for one in found.ledgers if one.before.rank is not None and one.after.rank is not None]
    still = sum(one.rank_change == 0 for one in both)
    foot = (
        f"{still} of {len(both)} ranked on both dates did not move; shares are places, positive lifts · "
        f"method {found.methods[1]}"
    )
    bodies = [payload(one) for one in ledgers]
    if rates is not None:
        rated = [rates.get(one.symbol) for one in ledgers]
        columns += [Column("followed by", only="text", if_any=True, note=RATES_FOOT)]
        columns += [Column(name, only="csv") for name in FIELDS]
        rows = [
            [*row, rate_in_short(rate), *(getattr(rate, name, None) for name in FIELDS)]
            for row, rate in zip(rows, rated, strict=True)
        ]
        bodies = [{**one, "base_rate": rate_payload(rate)} for one, rate in zip(bodies, rated, strict=True)]
    body = {**head(found), "rows": bodies, "why_none": None}
    show(options, body, Table(title, columns, rows, foot))


def show_none(options: Options, alone: FirstDate) -> None:
    """A board that has nothing to be compared with yet."""
    warn_simulated(options, alone.simulated)
    body = {
        "board": alone.board,
        "slug": alone.slug,
        "first": None,
        "last": alone.on,
        "methods": [alone.method] * 2,
        "simulated": alone.simulated,
        "rows": [],
        "why_none": alone.why,
    }
    show(options, body, Table(f"Movers of {alone.board} · {alone.on}", mover_columns(), [], alone.why))


def causes(ledger: Ledger) -> str:
    """The largest shares of a change."""
    if ledger.status != "moved":
        return in_words(ledger)
    shares = sorted(ledger.rank_shares.items(), key=lambda item: (-abs(item[1]), item[0]))
    said = [f"{name} {in_places(float(share))}" for name, share in shares if share][:MOST_CAUSES]
    return ", ".join(said)


def in_places(value: Any) -> str:
    """Places with a sign and one decimal, two below one place; whole numbers without."""
    if value is None:
        return "–"
    if not value:
        return "0"
    if isinstance(value, int):
        return f"{value:+d}".replace("-", "−")
    return (f"{value:+.1f}" if abs(value) >= 1 else f"{value:+.2f}").replace("-", "−")
