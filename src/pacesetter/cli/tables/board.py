"""A board as a table on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, decimals, signed

if TYPE_CHECKING:
    from pacesetter.jobs.boards.board_view import BoardRow, BoardView, RankInterval

INTERVAL = ("low", "high", "n_ranked", "n_draws", "flip_share", "tied_with_next")
INTERVAL_NOTE = "90 %: where nine in ten redrawn years put it; ≈ statistically tied with the next"
FACTOR_NOTE = "factors: contributions (weight × z); `pacesetter explain SYMBOL` shows the rest"
ARROWS = {"up": "↗", "flat": "→", "down": "↘"}


def board_table(view: BoardView) -> Table:
    """Rank, movement and, where there is room, what each factor contributed."""
    from pacesetter.jobs.words import held_in_words, scope_in_words

    names = list(next((row.factors for row in view.rows if row.factors), {}))
    shared = missing_everywhere(view)
    columns = [
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("symbol"),
        Column("name"),
        Column("score", decimals(1), right=True),
        Column("trend", arrow, if_any=True),
        Column("90 %", if_any=True, only="text", note=INTERVAL_NOTE),
        *[Column(name, only="csv") for name in INTERVAL],
        Column("composite", signed, right=True),
        Column("coverage", decimals(2), right=True),
        *[Column(name, signed, right=True, wide_only=True, note=FACTOR_NOTE) for name in names],
        Column("missing", without(shared), if_any=True),
        Column("held", if_any=True),
    ]
    rows = [
        [
            row.rank,
            movement_of(row) if view.previous_on else None,
            row.symbol,
            row.name,
            row.score,
            row.trend.direction if row.trend else None,
            firmness(row.interval),
            *[getattr(row.interval, name, None) for name in INTERVAL],
            row.composite,
            row.coverage,
            *[contribution(row, name) for name in names],
            "; ".join(missing(row)),
            held_in_words(row.held_bars),
        ]
        for row in view.rows
    ]
    before = f" · changes since {view.previous_on}" if view.previous_on else ""
    kind = "published" if view.origin == "published" else "computed now, not published"
    compared = f"compared with {scope_in_words(view.scope)}{before}"
    knowledge = f" · as known at {view.known_at:%Y-%m-%d %H:%M} UTC" if view.known_at else ""
    lines = [f"missing for all: {part}" for part in sorted(shared)]
    lines.append(f"method {view.method} v{view.method_version} · {kind}{knowledge} · {compared}")
    flags = ["provisional"] * view.provisional + ["SIMULATED"] * view.simulated
    title = " · ".join([view.board, str(view.as_of), *flags])
    marks = {n: "dim" for n, row in enumerate(view.rows) if row.rank is None}
    return Table(title, columns, rows, "\n".join(lines), marks)


def contribution(row: BoardRow, name: str) -> float | None:
    """What a factor adds to the composite; nothing where there is no composite to add to."""
    view = row.factors.get(name)
    return None if view is None or (row.rank is None and view.raw is None) else view.contribution


def arrow(direction: Any) -> str:
    """Where the score is heading; nothing where too few dates are published."""
    return ARROWS.get(direction, "")


def firmness(interval: RankInterval | None) -> str:
    """The interval of a rank, ≈ where it is statistically tied with the next."""
    if interval is None or interval.low is None:
        return ""
    return f"{interval.low}–{interval.high}{' ≈' if interval.tied_with_next else ''}"


def place(rank: Any) -> str:
    """A rank, or a dash for an unranked row."""
    return "–" if rank is None else str(rank)


def movement_of(row: BoardRow) -> int | str | None:
    """The change of rank, ``new`` for a ranked newcomer."""
    return "new" if row.rank is not None and row.rank_change is None else row.rank_change


def movement(change: Any) -> str:
    """▲ up, ▼ down, = unchanged, with the places."""
    if not isinstance(change, int):
        return change or "–"
    return "=" if change == 0 else f"{'▲' if change > 0 else '▼'}{abs(change)}"


def missing(row: BoardRow) -> list[str]:
    """Why there is no rank, and which factors have no value."""
    from pacesetter.jobs.words import in_words

    parts = [f"unranked: {in_words(row.unranked_reason)}"] if row.unranked_reason else []
    reasons = [(name, f.missing_reason) for name, f in row.factors.items() if f.missing_reason]
    if parts and len({reason for _, reason in reasons}) <= 1:
        return parts  # all for the one reason that the symbol is unranked for
    return [*parts, *(f"{name} ({in_words(reason)})" for name, reason in reasons)]


def missing_everywhere(view: BoardView) -> set[str]:
    """What is missing in every ranked row of at least two: said once, below the table."""
    ranked = [set(missing(row)) for row in view.rows if row.rank is not None]
    return set.intersection(*ranked) if len(ranked) > 1 else set()


def without(shared: set[str]) -> Callable[[Any], str]:
    """How a row's missing factors are written where some are said below."""
    return lambda text: "; ".join(part for part in text.split("; ") if part not in shared)
