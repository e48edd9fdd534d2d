"""Days as people write them, judged row by row: one that may mean two days costs only its own row."""

from __future__ import annotations

import polars as pl

INSTANT = (
    r"^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?"
    r"(?: ?(?:Z|UTC|GMT|([+-])(0\d|1[0-4]):?([0-5]\d)?))?$"
)
DAY_MINUTES = 24 * 60


def read_instants(text: pl.Expr) -> pl.Expr:
    """The day of each ISO date with a time: in UTC where the zone is said, else as it is written."""
    parts = text.str.extract_groups(INSTANT).struct

    def number(at: int) -> pl.Expr:
        return parts[at].cast(pl.Int64).fill_null(0)

    ahead = number(4) * 60 + number(5)
    minute = number(1) * 60 + number(2) - pl.when(parts[3] == "-").then(-ahead).otherwise(ahead)
    day = parts[0].str.to_date("%Y-%m-%d", strict=False)
    return day + pl.duration(days=minute.floordiv(DAY_MINUTES))


def read_days(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The day of each cell (null: none that can be read), and whether it may mean two different days.

    ISO, ``20250724``, ``24.07.2025``, ``07/24/2025`` or ``24/07/2025``. An ISO time that says its zone is of
    the day that it is in UTC. Cells like ``03/04/2025`` are read as the others of the column where those
    leave one way only.
    """
    cells = text.rename("text").to_frame()
    whole = pl.col("text")
    parts = whole.str.extract_groups(r"^(\d{1,2})/(\d{1,2})/(\d{4})$").struct.rename_fields(["a", "b", "y"])
    split = cells.with_columns(parts.alias("parts")).unnest("parts")
    first, second = pl.col("a").cast(pl.Int64, strict=False), pl.col("b").cast(pl.Int64, strict=False)
    day_first = bool(split.select((first > 12).any()).item())
    month_first = bool(split.select((second > 12).any()).item())
    either = (first <= 12) & (second <= 12) & (first != second)
    by_day = (first > 12) | (either & pl.lit(day_first and not month_first))
    slashed = (
        pl.when(by_day)
        .then(whole.str.to_date("%d/%m/%Y", strict=False))
        .otherwise(whole.str.to_date("%m/%d/%Y", strict=False))
    )
    read = split.select(
        day=pl.coalesce(
            whole.str.extract(r"^(\d{4}-\d{2}-\d{2})$").str.to_date("%Y-%m-%d", strict=False),
            read_instants(whole),
            whole.str.extract(r"^(\d{8})$").str.to_date("%Y%m%d", strict=False),
            whole.str.extract(r"^(\d{1,2}\.\d{1,2}\.\d{4})$").str.to_date("%d.%m.%Y", strict=False),
            slashed,
        ),
        unclear=(either & pl.lit(day_first == month_first)).fill_null(value=False),
    )
    return read["day"], read["unclear"]
