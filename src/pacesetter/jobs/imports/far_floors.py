"""Floor prices of a file that are far from what was known: taken, because a source is believed, and said."""

from __future__ import annotations

from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boxes.enter_box import FAR
from pacesetter.store.boxes.boxes import read_floors, read_new_floors

SHOWN = 3


async def say_far_floors(conn: AsyncConnection, revision: int | None, import_id: UUID | None) -> list[str]:
    """What a person should know of the floor prices of a data revision: how many are more than five times
    the box's former known one, or less than a fifth, the first of them, and what takes them back
    (``import_id``; None: nothing is kept)."""
    if revision is None:
        return []
    told = await read_new_floors(conn, revision)
    far = find_far(told, await read_floors(conn, told["symbol"].unique().to_list()))
    if far.is_empty():
        return []
    are = "1 floor price is" if far.height == 1 else f"{far.height:,} floor prices are"
    said = [
        f"{are} more than {FAR:g} times the box's former one, or less than a fifth; "
        "figures entered by hand that far off ask for confirmation"
    ]
    said += [
        f"{row['symbol']}: ${row['floor']:,.2f} on {row['date']}, "
        f"after ${row['former']:,.2f} on {row['since']}"
        for row in far.head(SHOWN).iter_rows(named=True)
    ]
    said += [f"… and {far.height - SHOWN:,} more"] if far.height > SHOWN else []
    return said + ([f"take the import back with `pacesetter import undo {import_id}`"] if import_id else [])


def find_far(told: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``told`` that are far from the newest floor known of an earlier day: ``former``, ``since``.

    Both: symbol, date, floor (dollars); ``known`` has one row a box and day. By box and day.
    """
    former = known.select("symbol", since="date", former="floor").sort("since")
    day_before = told.sort("date").with_columns(before=pl.col("date").dt.offset_by("-1d"))
    beside = day_before.join_asof(
        former, left_on="before", right_on="since", by="symbol", check_sortedness=False
    )
    floor, last = pl.col("floor"), pl.col("former")
    return beside.filter((floor > last * FAR) | (floor < last / FAR)).sort("symbol", "date")
