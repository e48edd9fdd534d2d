"""``pacesetter explain``: what a rank is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.history import trend_line, trend_payload
from pacesetter.cli.home import in_market
from pacesetter.cli.options import OnDate, options_of
from pacesetter.cli.output import Column, Table, compact, decimals, show, signed
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.jobs.boards.explain_symbol import BoardExplanation, Explanation

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def explain(
    ctx: typer.Context,
    symbol: Annotated[
        str, typer.Argument(metavar="SYMBOL", show_default=False, help="Such as NVDA or BRK.B.")
    ],
    board: Annotated[
        str | None, typer.Option("--board", help="Only this board (default: all of the symbol's).")
    ] = None,
    on: OnDate = None,
) -> None:
    """Show what a symbol's rank is made of, number by number."""
    from pacesetter.jobs.boards.explain_symbol import explain_symbol

    options = options_of(ctx)

    explanation, simulated = in_market(options, lambda ws: explain_symbol(ws, symbol, board=board, on=on))
    if not explanation.boards:
        raise InputError(
            f"{explanation.symbol} is on no board that is ranked",
            mend="`pacesetter domains` lists the boards, `pacesetter cycle` ranks them",
        )
    tables = [board_table(explanation, one) for one in explanation.boards]
    tables[-1].foot += f"\n{long_term_line(explanation)}\n"
    show(options, payload(explanation, simulated), *tables)


def payload(explanation: Explanation, simulated: bool) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "symbol": explanation.symbol,
        "name": explanation.name,
        "asset_type": explanation.asset_type,
        "last_price_date": explanation.last_price_date,
        "simulated": simulated,
        "long_term": {
            "on": explanation.long_term_on,
            **vars(explanation.long_term),
            "reason": explanation.long_term.reason or None,
        },
        "boards": [board_payload(one) for one in explanation.boards],
    }


def board_payload(one: BoardExplanation) -> dict[str, Any]:
    """One board's head, the symbol's row, and each factor with statistics and formula."""
    head = {name: value for name, value in vars(one.head).items() if name != "rows"}
    row = asdict(one.row)
    for name, values in row["factors"].items():
        own = one.factors[name]
        values |= {
            "uses": own.name,
            "title": own.title,
            "formula": own.formula,
            "unit": own.unit,
            "higher_is_better": own.higher_is_better,
            "statistics": asdict(one.statistics[name]) if name in one.statistics else None,
        }
    trend = {"trend": None, "trend_until": None, "trend_reason": "not_published"}
    if one.trend is not None:
        trend = trend_payload(one.trend)
    return {**head, "ranked": one.ranked, **trend, **row}


def board_table(explanation: Explanation, one: BoardExplanation) -> Table:
    """Each factor's way from the raw value to its share of the composite, and the formulas below."""
    from pacesetter.jobs.words import in_words

    rows: list[list[Any]] = []
    for name, view in one.row.factors.items():
        own, made = one.factors[name], one.statistics.get(name)
        rows.append(
            [
                name,
                view.raw,
                own.unit,
                "high" if own.higher_is_better else "low",
                made.n if made else None,
                made.centre if made else None,
                made.scale if made else None,
                made.rule if made else None,
                view.normalized,
                view.weight,
                view.contribution,
                in_words(view.missing_reason),
            ]
        )
    rows.append(["composite", *[None] * 9, one.row.composite, ""])
    columns = [
        Column("factor"),
        Column("raw", compact, right=True),
        Column("unit"),
        Column("better", wide_only=True),
        Column("n", lambda n: "" if n is None else str(n), right=True, wide_only=True),
        Column("centre", compact, right=True, wide_only=True),
        Column("scale", compact, right=True, wide_only=True),
        Column("rule", wide_only=True),
        Column("z", signed, right=True),
        Column("weight", decimals(2), right=True),
        Column("weight × z", signed, right=True),
        Column("missing", if_any=True),
    ]
    blank_last(columns, rows)
    return Table(title(explanation, one), columns, rows, foot(one), {len(rows) - 1: "bold"})


def blank_last(columns: list[Column], rows: list[list[Any]]) -> None:
    """No dashes in the sum's row where there is nothing to say."""
    for i, column in enumerate(columns):
        if rows[-1][i] is None:
            rows[-1][i] = ""
            columns[i] = replace(column, write=or_blank(column.write))


def or_blank(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """Write a value, or nothing where there is an empty text."""
    return lambda value: "" if value == "" else write(value)


def title(explanation: Explanation, one: BoardExplanation) -> str:
    """Where the symbol stands."""
    from pacesetter.jobs.words import in_words

    row, head = one.row, one.head
    name = f" ({explanation.name})" if explanation.name else ""
    if row.rank is None:
        stands = f"unranked: {in_words(row.unranked_reason)}"
    else:
        stands = f"rank {row.rank} of {one.ranked}, score {row.score:.1f}"
    flags = ["provisional"] * head.provisional + ["SIMULATED"] * head.simulated
    return " · ".join([f"{explanation.symbol}{name}", head.board, str(head.as_of), stands, *flags])


def foot(one: BoardExplanation) -> str:
    """Coverage, the rank before, the trend, the scope, and the formulas."""
    from pacesetter.jobs.words import scope_in_words

    row, head = one.row, one.head
    before = (
        f"rank before: {row.previous_rank} on {row.previous_on} (change {row.rank_change:+d})"
        if row.previous_rank is not None and row.rank_change is not None
        else "no rank before"
    )
    lines = [
        f"coverage {row.coverage or 0:.2f} of the weight · {before}",
        *([trend_line(one.trend, head.as_of)] if one.trend else []),
        f"method {head.method} v{head.method_version}, {head.origin} · z over {scope_in_words(head.scope)}",
        *(f"{name}: {own.formula}" for name, own in one.factors.items()),
    ]
    return "\n".join(lines) + "\n"


def long_term_line(explanation: Explanation) -> str:
    """The long-term score with its parts, or why there is none."""
    from pacesetter.jobs.words import in_words

    own = explanation.long_term
    if own.score is None:
        return f"no long-term score on {explanation.long_term_on}: {in_words(own.reason)}"
    months = round((own.positive_months or 0) * own.n_months / 100)
    return (
        f"long-term score {own.score:.1f}: one-year return {own.one_year:.1f} · drawdown {own.drawdown:.1f}"
        f" · positive months {own.positive_months:.1f} ({months} of {own.n_months})"
    )
