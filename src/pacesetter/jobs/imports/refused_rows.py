"""Refused rows as people look for them: by the line of the file, with what is wrong in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

SHOWN = 10
WORDS = {
    "no_box_id": "no box is named",
    "ambiguous_date": "the date may mean two days; write YYYY-MM-DD",
    "unreadable_date": "that is no date; write YYYY-MM-DD",
    "future_date": "the day is in the future",
    "date_too_early": "the day is too early to be real",
    "not_a_number": "that is no number",
    "infinite_number": "that is no finite number",
    "negative_number": "the number is below zero",
    "number_too_large": "the number is too large to be real",
    "floor_below_a_cent": "a floor price is a cent or more; leave it blank where nothing is offered",
    "fractional_listings": "listings are a whole number",
    "reserved_source": "that source is kept for what people enter",
    "text_too_long": "the text is too long",
    "image_not_https": "a picture's address begins with https:// and has no password",
    "unknown_reprint_risk": "the risk of a reprint is low, medium or high",
    "unreadable_release_date": "that is no release date; write YYYY-MM-DD",
    "no_date": "the day is missing",
    "no_figures": "there is a day, but no figure",
    "nothing_in_it": "there is nothing in it",
    "contradicts_earlier_row": "it contradicts another row",
}


def add_lines(refused: pl.DataFrame, lines: Sequence[int] | None) -> pl.DataFrame:
    """Refused rows with the ``line`` of the file that each begins on first; as they are without lines."""
    if not lines:
        return refused
    begin = {row: line for row, line in enumerate(lines, start=1)}
    named = (
        refused["detail"].str.extract(r"^row (\d+) has").cast(pl.Int64).replace_strict(begin, default=None)
    )
    line = refused["row"].replace_strict(begin, default=None, return_dtype=pl.Int64)
    told = refused.with_columns(named.alias("named")).with_columns(
        detail=pl.when(pl.col("named").is_not_null())
        .then(pl.col("detail").str.replace(r"^row \d+", pl.format("line {}", "named")))
        .otherwise("detail")
    )
    return told.drop("named").insert_column(0, line.alias("line"))


def say_refused(refused: pl.DataFrame, kept: Path | None) -> list[str]:
    """The first refused rows, a line each, and where the others are (``kept``; None: nowhere)."""
    said = [say_row(row) for row in refused.head(SHOWN).iter_rows(named=True)]
    more = refused.height - len(said)
    if more > 0:
        said.append(f"… and {more:,} more" + (f" in {kept}" if kept else "; an import keeps them in a file"))
    return said


def say_row(row: dict[str, object]) -> str:
    """``line 4 · b-2 · 2026-01-06 · boxes_sold_today: -1 (the number is below zero)``."""
    at = f"line {row['line']}" if row.get("line") is not None else f"row {row['row']}"
    who = [str(row[name]) for name in ("symbol", "date") if row[name]]
    reason = str(row["reason"])
    why = WORDS.get(reason, reason.replace("_", " "))
    what = f"{row['detail']} ({why})" if row["detail"] else why
    return " · ".join([f"refused {at}", *who, what])
