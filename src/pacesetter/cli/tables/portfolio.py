"""How portfolios are shown: lists, figures, positions, trades, exposures, stress."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pacesetter.cli.options import Options
from pacesetter.cli.output import Column, Table, decimals, plain, show, signed, warn_simulated

if TYPE_CHECKING:
    from pacesetter.jobs.imports.import_portfolio import ImportOutcome
    from pacesetter.jobs.portfolios.keep_portfolios import PortfolioView
    from pacesetter.jobs.portfolios.view_portfolio import SnapshotView

PERCENT = ("daily_return", "twr", "irr", "benchmark_return", "volatility_21d", "volatility_63d")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money(value: Any) -> str:
    """An amount with two decimals; a dash for none."""
    return "–" if value is None else f"{value:,.2f}"


def percent(value: Any) -> str:
    """A fraction in percent, with its sign; a dash for none."""
    return "–" if value is None else f"{100 * value:+.2f} %"


def share(value: Any) -> str:
    """A fraction in percent that has no direction; a dash for none."""
    return "–" if value is None else f"{100 * value:.2f} %"


def exact(value: Any) -> str:
    """An exact amount without zeros that say nothing."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def list_table(found: Sequence[PortfolioView]) -> Table:
    """A row a portfolio."""
    columns = [
        Column("portfolio"),
        Column("state"),
        Column("as of", lambda on: plain(on) or "–"),
        Column("value", money, right=True),
        Column("currency"),
        Column("day", percent, right=True),
        Column("return", percent, right=True),
        Column("holdings", right=True),
        Column("left out", lambda names: ", ".join(names), wide_only=True, if_any=True),
        Column("id", only="csv"),
    ]
    rows = [
        [
            one.name,
            one.state,
            one.metric_date,
            one.nav,
            one.base_currency,
            one.daily_return,
            one.twr,
            one.n_holdings,
            [item["symbol"] for item in one.left_out],
            str(one.id),
        ]
        for one in found
    ]
    return Table("", columns, rows, "" if rows else "there is none yet: `pacesetter portfolio create NAME`")


def plain_view(one: PortfolioView) -> dict[str, Any]:
    """A portfolio in JSON."""
    return {
        name: str(value) if name in ("id", "user_id") and value else value
        for name, value in vars(one).items()
    }


def figure_tables(found: SnapshotView, positions: Sequence[dict[str, Any]]) -> list[Table]:
    """Positions first (they are the CSV), then figures, months and what was left out."""
    about = found.about
    title = f"{about.name} · {about.metric_date or 'no prices yet'} · {about.base_currency} · {about.state}"
    rows = [
        [name.replace("_", " "), figure(name, value)]
        for name, value in found.figures.items()
        if value is not None
    ]
    foot = "\n".join(
        [f"left out: {one['symbol']} ({one['because']})" for one in about.left_out] + list(found.remarks)
    )
    figures = Table("", [Column("figure"), Column("value", right=True)], rows, foot)
    return [position_table(title, positions), figures, month_table(found)]


def figure(name: str, value: float) -> str:
    """A figure in its unit: a return with its sign, a volatility or a drawdown without one."""
    if "volatility" in name or "drawdown" in name:
        return share(value)
    return percent(value) if name in PERCENT else money(value)


def position_table(title: str, positions: Sequence[dict[str, Any]]) -> Table:
    """A row a position."""
    columns = [
        Column("symbol"),
        Column("side"),
        Column("since"),
        Column("quantity", exact, right=True),
        Column("cost", exact, right=True),
        Column("price", money, right=True),
        Column("value", money, right=True),
        Column("weight", share, right=True),
        Column("gain", percent, right=True),
        Column("rank", plain, right=True, if_any=True),
        Column("stop", exact, right=True, if_any=True),
        Column("target", exact, right=True, if_any=True),
        Column("reached", plain, if_any=True),
    ]
    names = ("symbol", "side", "entry_date", "quantity", "entry_price", "price", "value", "weight", "gain")
    rows = []
    for one in positions:
        if one["status"] == "open":
            rank = one["rank"]
            place = None if rank is None else f"{rank['rank']} of {rank['ranked']} · {rank['board']}"
            rows.append(
                [*(one[name] for name in names), place, one["stop_loss"], one["target"], one["alert"]]
            )
    return Table(title, columns, rows, "" if rows else "nothing is held")


def month_table(found: SnapshotView) -> Table:
    """Years by months, in percent."""
    years: dict[int, dict[int, float]] = {}
    for one in found.months:
        years.setdefault(one["year"], {})[one["month"]] = one["value"]
    columns = [Column("year"), *[Column(name, decimals(1), right=True) for name in MONTHS]]
    rows = [
        [year, *[None if m not in own else 100 * own[m] for m in range(1, 13)]]
        for year, own in sorted(years.items())
    ]
    return Table("returns by month, in percent", columns, rows)


def exposure_table(found: SnapshotView) -> Table:
    """A row a factor."""
    columns = [
        Column("factor"),
        Column("beta", signed, right=True),
        Column("±", decimals(3), right=True),
        Column("covered", share, right=True, note="covered: share of the gross value whose beta is known"),
        Column("without", lambda names: ", ".join(names[:8]), wide_only=True, if_any=True),
    ]
    names = ("factor", "beta", "standard_error", "covered", "missing")
    rows = [[one[name] for name in names] for one in found.exposures]
    foot = "" if rows else "no exposures yet: `pacesetter batch` measures them"
    return Table(f"{found.about.name} · {found.exposures_on or 'no session'}", columns, rows, foot)


def stress_table(found: SnapshotView) -> Table:
    """A row a scenario."""
    columns = [
        Column("scenario"),
        Column("kind", wide_only=True),
        Column("direct", percent, right=True, note="direct: what is shocked alone"),
        Column("amount", money, right=True),
        Column("correlated", percent, right=True, note="correlated: with the factors that move along"),
        Column("amount too", money, right=True, wide_only=True),
        Column("covered", share, right=True, wide_only=True),
    ]
    names = ("label", "kind", "direct", "direct_amount", "correlated", "correlated_amount", "covered")
    rows = [[one[name] for name in names] for one in found.stress]
    return Table(f"{found.about.name} · {found.about.metric_date or '–'}", columns, rows)


def trade_table(rows: Sequence[Any]) -> Table:
    """A row a trade, oldest first."""
    names = ("traded_on", "action", "symbol", "quantity", "price", "amount", "commission", "currency")
    columns = [Column("day"), Column("action"), Column("symbol")]
    columns += [Column(name, exact, right=True) for name in ("quantity", "price", "amount", "commission")]
    columns += [Column("currency"), Column("does not count", plain, if_any=True), Column("id", str)]
    cells = [[*(getattr(row, n) for n in names), (row.outcome or {}).get("why"), row.id] for row in rows]
    return Table("", columns, cells, "" if cells else "there are no trades")


def import_tables(done: ImportOutcome) -> list[Table]:
    """Its faults where there are any, else what became of the rows."""
    if done.faults:
        names = ("line", "row", "column", "value", "reason", "mend")
        columns = [
            Column("line", right=True),
            Column("row", right=True),
            *[Column(name) for name in names[2:]],
        ]
        rows = [[getattr(one, name) for name in names] for one in done.faults]
        foot = f"{len(rows)} faults: nothing was imported (line: of the file; row: without comments)"
        return [Table(done.file_name, columns, rows, foot)]
    counts = ("rows_read", "rows_added", "rows_known")
    key = f" · import {done.import_id}" if done.import_id else ""
    foot = f"{done.kind}{key}" + (f"\nbeing fetched: {', '.join(done.pending)}" if done.pending else "")
    columns = [Column(name.removeprefix("rows_"), right=True) for name in counts]
    return [Table(done.file_name, columns, [[getattr(done, name) for name in counts]], foot)]


def show_exposures(options: Options, name: str) -> bool:
    """Show the exposures of the portfolio that is called so; False where there is none, or it is a symbol."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_for
    from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios
    from pacesetter.jobs.portfolios.view_portfolio import view_snapshot
    from pacesetter.jobs.workspace import open_workspace
    from pacesetter.kernel.errors import InputError, UnknownName
    from pacesetter.market.symbol import normalise_symbol
    from pacesetter.store.symbols.symbols import known_symbols

    def is_symbol(name: str) -> bool:
        try:
            return bool(normalise_symbol(name)) and name == name.strip().upper()
        except InputError:
            return False

    async def work() -> tuple[SnapshotView, bool] | None:
        async with open_workspace(options.settings()) as ws:
            try:
                about = await look_for(ws, name)
            except UnknownName:
                return None
            async with ws.db.read() as conn:
                if is_symbol(name) and await known_symbols(conn, [normalise_symbol(name)]):
                    return None
            await refresh_portfolios(ws, portfolio_ids=[about.id])
            return await view_snapshot(ws, about.id), ws.simulated

    found = asyncio.run(work())
    if found is None:
        return False
    view, simulated = found
    warn_simulated(options, simulated)
    rows = [{**one, "se": one["standard_error"]} for one in view.exposures]
    show(
        options,
        {"portfolio": view.about.name, "as_of": view.exposures_on, "rows": rows},
        exposure_table(view),
    )
    return True
