"""One box on the terminal: its figures, its days, its sources, and its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, plain
from pacesetter.cli.tables.board import movement, place
from pacesetter.cli.tables.box_figures import aged, dollars, number, writer_of
from pacesetter.cli.tables.boxes import row_payload

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.rows import BoxFacts, BoxRow
    from pacesetter.jobs.boxes.view_box import BoxView, RankPoint
    from pacesetter.jobs.boxes.view_box_series import BoxSeries

SHOWN_DAYS = 15  # in the text; JSON holds all


def box_payload(found: BoxView) -> dict[str, Any]:
    """The JSON of a box."""
    head = {name: getattr(found, name) for name in ("as_of", "age_days", "ranked", "observed", "simulated")}
    return {
        "box": {**vars(found.facts), "title": found.facts.title},
        "asked_for": found.asked_for,
        **head,
        "first_observed_on": found.seen.first_on,
        "last_observed_on": found.seen.last_on,
        "observed_days": found.seen.days,
        "remarks": found.remarks,
        "day": None if found.row is None else row_payload(found.row),
        "series": [vars(one) for one in found.points],
        "ranks": [vars(one) for one in found.ranks],
        "observations": [vars(one) for one in found.records],
    }


def box_tables(found: BoxView) -> list[Table]:
    """A box: its figures, its last days, and who said what."""
    if found.row is None:
        return [Table(heading(found.facts), [], [], facts_lines(found))]
    return [figures_table(found, found.row), days_table(found), records_table(found)]


def heading(facts: BoxFacts) -> str:
    """Symbol and name."""
    return f"{facts.symbol} · {facts.title}"


def facts_lines(found: BoxView) -> str:
    """The facts of a box, and when it was observed."""
    facts, seen = found.facts, found.seen
    told = {name.replace("_", " "): value for name, value in vars(facts).items()}
    lines = [f"{name}: {value}" for name, value in told.items() if value and name not in ("symbol", "name")]
    if seen.days:
        lines.append(f"observed on {seen.days} days, {seen.first_on} to {seen.last_on}")
    return "\n".join(lines)


def figures_table(found: BoxView, row: BoxRow) -> Table:
    """Every measure with its value, or why it is missing."""
    from pacesetter.jobs.words import in_words
    from pacesetter.market.box_measures import MEASURES

    since = {f"floor_price_{days}d_change_pct": day for days, day in row.compared_on.items()}
    rank = "unranked" if row.current_rank is None else f"rank {row.current_rank} of {found.ranked}"
    moved = "" if row.rank_change is None else f" ({movement(row.rank_change)} since {row.previous_on})"
    parts = [heading(found.facts), str(row.on), rank + moved, aged(found.age_days)]
    columns = [
        Column("measure", only="csv"),
        Column("measure", only="text"),
        Column("value", only="csv"),
        Column("value", right=True, only="text"),
        Column("unit", lambda unit: "" if unit == "%" else unit),
        Column("compared with", plain, if_any=True),
        Column("missing because", plain, if_any=True),
    ]
    rows = [
        [
            *(name, one.title, row.figures[name], writer_of(one.unit)(row.figures[name])),
            *(one.unit, since.get(name), in_words(row.reasons.get(name))),
        ]
        for name, one in MEASURES.items()
    ]
    known = f"sales are known of {row.n_observed} of the 30 days up to {row.on}"
    means = "`pacesetter boxes measures` says what each figure means"
    return Table(" · ".join(parts), columns, rows, "\n".join([known, means, facts_lines(found)]))


def days_table(found: BoxView) -> Table:
    """The last days on which the box was observed."""
    changes = {one.on: one for one in found.ranks}
    columns = [
        Column("date"),
        Column("gap", lambda days: "" if days in (None, 1) else f"{days} days", if_any=True),
        Column("floor $", dollars, right=True),
        Column("volume $", dollars, right=True),
        Column("volume a day $", dollars, right=True),
        Column("listings", number, right=True),
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("since", if_any=True),
    ]
    rows = []
    for one in reversed(found.points[-SHOWN_DAYS:]):
        ranked = changes.get(one.on)
        told = [None, None] if ranked is None else [change_of(ranked), ranked.previous_on]
        rows.append([one.on, one.gap_days, *one.values.values(), *told])
    return Table(f"The last {len(rows)} days with observations", columns, rows)


def change_of(ranked: RankPoint) -> int | str | None:
    """The change of a rank; new for who had none on the date that it is compared with."""
    return "new" if ranked.previous_on and ranked.rank_change is None else ranked.rank_change


def records_table(found: BoxView) -> Table:
    """What each source said of the day."""
    names = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")
    columns = [Column("source"), *[Column(name, number, right=True) for name in names]]
    columns += [Column("by", if_any=True), Column("note", if_any=True), Column("import")]
    rows = [
        [one.source, *one.figures.values(), one.by, one.note, str(one.import_id or "")[:8]]
        for one in found.records
    ]
    return Table(f"Observations of {found.as_of}", columns, rows)


def series_payload(found: BoxSeries) -> dict[str, Any]:
    """The JSON of a series."""
    box = {**vars(found.facts), "title": found.facts.title}
    rows = [{"date": one.on, "gap_days": one.gap_days, **one.values} for one in found.points]
    return {"box": box, "measures": found.measures, "simulated": found.simulated, "rows": rows}


def series_table(found: BoxSeries) -> Table:
    """A row a day on which the box was observed."""
    from pacesetter.market.box_measures import MEASURES

    units = {name: MEASURES[name].unit if name in MEASURES else "" for name in found.measures}
    written = [
        Column(name, place if name == "rank" else writer_of(units[name]), right=True)
        for name in found.measures
    ]
    columns = [Column("date"), Column("gap_days", plain, right=True), *written]
    rows = [[one.on, one.gap_days, *one.values.values()] for one in found.points]
    foot = "" if rows else "no observation in these days"
    return Table(heading(found.facts), columns, rows, foot)
