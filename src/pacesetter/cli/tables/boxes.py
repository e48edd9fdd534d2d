"""The leaderboard of boxes on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, decimals, plain
from pacesetter.cli.tables.board import movement, place
from pacesetter.cli.tables.box_figures import aged, dollars, number, percent, writer_of

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.rows import BoxRow
    from pacesetter.jobs.boxes.view_boxes import Leaderboard

RANKS = ("current_rank", "previous_rank", "previous_on", "rank_change")
HEAD = ("as_of", "observed_on", "previous_on", "age_days", "sort", "order", "count", "observed", "ranked")
VOLUME = "volume a day: dollars sold on a day, smoothed over a week; `pacesetter boxes measures` explains all"
CSV = ("external_id", "game", "set_code", "previous_rank", "previous_on", "unranked_reason", "n_observed")


def row_payload(row: BoxRow) -> dict[str, Any]:
    """The JSON of a box on a day."""
    facts = {"symbol": row.facts.symbol, "title": row.facts.title, **vars(row.facts)}
    since = {f"floor_price_{days}d_from": day for days, day in row.compared_on.items()}
    ranks = {name: getattr(row, name) for name in ("place", *RANKS, "unranked_reason")}
    rest = {name: getattr(row, name) for name in ("n_observed", "reasons", "sources")}
    return {**facts, **ranks, **row.figures, **since, **rest}


def leaderboard_payload(found: Leaderboard) -> dict[str, Any]:
    """The JSON of a leaderboard."""
    head = {name: getattr(found, name) for name in (*HEAD, "sources", "simulated", "remarks")}
    return {**head, "rows": [row_payload(row) for row in found.rows]}


def leaderboard_table(found: Leaderboard) -> Table:
    """Rank, movement and the figures that collectors look at first; all of them in CSV."""
    from pacesetter.jobs.words import in_words
    from pacesetter.market.box_measures import MEASURES

    extra = found.sort != "rank" and found.sort not in (
        *("floor_price_usd", "unified_volume_7d_ema", "active_listings_count", "expected_days_to_sell"),
        *(f"floor_price_{days}d_change_pct" for days in (1, 7, 30)),
    )
    asked = MEASURES[found.sort] if extra else None
    columns = [
        *([Column("place", place, right=True)] if found.sort != "rank" else []),
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("symbol"),
        Column("name"),
        *([Column(asked.title, writer_of(asked.unit), right=True, only="text")] if asked else []),
        Column("floor $", dollars, right=True, only="text"),
        *[Column(f"{days}d", percent, right=True, only="text") for days in (1, 7, 30)],
        Column("volume a day $", dollars, right=True, only="text", note=VOLUME),
        Column("listings", number, right=True, only="text"),
        Column("days to sell", decimals(1), right=True, only="text"),
        Column("unranked because", plain, if_any=True, only="text"),
        *[Column(name, only="csv") for name in CSV],
        *[Column(name, only="csv") for name in MEASURES],
    ]
    rows = []
    for row in found.rows:
        of, payload = row.figures, row_payload(row)
        new = "new" if row.current_rank is not None and row.previous_rank is None else row.rank_change
        rows.append(
            [
                *([row.place] if found.sort != "rank" else []),
                row.current_rank,
                new if found.previous_on else None,
                row.facts.symbol,
                row.facts.title,
                *([of[asked.name]] if asked else []),
                of["floor_price_usd"],
                *(of[f"floor_price_{days}d_change_pct"] for days in (1, 7, 30)),
                of["unified_volume_7d_ema"],
                of["active_listings_count"],
                of["expected_days_to_sell"],
                in_words(row.unranked_reason),
                *(payload[name] for name in CSV),
                *of.values(),
            ]
        )
    marks = {n: "dim" for n, row in enumerate(found.rows) if row.current_rank is None}
    return Table(title_of(found), columns, rows, foot_of(found), marks)


def title_of(found: Leaderboard) -> str:
    """What a leaderboard is of."""
    parts = ["Boxes", str(found.as_of or "nothing observed yet")]
    parts += [f"by {found.sort}"] if found.sort != "rank" else []
    parts += [aged(found.age_days)] if found.age_days else []
    return " · ".join([*parts, *["SIMULATED"] * found.simulated])


def foot_of(found: Leaderboard) -> str:
    """With what ranks are compared, and how to read on."""
    if not found.rows:
        return ""  # a remark says why
    shown = f"{len(found.rows)} of {found.count}" if found.more else f"{found.count}"
    of = "box" if shown == "1" else "boxes"
    parts = [f"{shown} {of}, {found.ranked} of {found.observed} observed that day are ranked"]
    parts += [f"changes of rank since {found.previous_on}"] if found.previous_on else []
    lines = [" · ".join([*parts, f"seen by {', '.join(found.sources)}"])]
    if found.unnamed:
        have = "1 box has" if found.unnamed == 1 else f"{found.unnamed} boxes have"
        edit = "`pacesetter boxes edit SYMBOL --name NAME`"
        lines.append(
            f"{have} no name: {edit}, or `boxes join` where it is one you know; `boxes twins` guesses"
        )
    return "\n".join(lines)
