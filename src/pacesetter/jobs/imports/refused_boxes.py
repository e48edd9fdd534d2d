"""Rows of files about what an exchange trades that name a sealed box: refused, with what to do instead.

A box has no bars, and what it is stands with the boxes: a file of prices or symbols would make
something else of it.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.market.symbol import BOX
from pacesetter.store.symbols.symbols import known_boxes

REASON = "is_a_sealed_box"
MEND = "`pacesetter boxes edit` changes what is known of a box, `pacesetter import boxes` brings its figures"
NAMED = 5


async def set_boxes_apart(
    conn: AsyncConnection, frame: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """The rows of ``frame`` that are of no box, the others as refused rows, and what to say of them.

    ``frame``: symbol, and any of row, date, asset_type; what states to be a box is one, too.
    """
    is_box = pl.col("symbol").is_in(await known_boxes(conn))
    if "asset_type" in frame.columns:
        is_box |= (pl.col("asset_type") == BOX).fill_null(value=False)
    own = frame.filter(is_box)
    given = {name: pl.col(name) if name in frame.columns else pl.lit(None) for name in ("row", "date")}
    refused = own.select(
        pl.col("symbol"), **given, reason=pl.lit(REASON), detail=pl.lit(f"it is a sealed box: {MEND}")
    ).select([pl.col(name).cast(kind) for name, kind in REJECTION_SCHEMA.items()])
    if own.is_empty():
        return frame, refused, []
    names = own["symbol"].unique().sort().to_list()
    listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    rows = "1 row was" if own.height == 1 else f"{own.height} rows were"
    return frame.filter(~is_box), refused, [f"{rows} refused, of sealed boxes ({listed}): {MEND}"]
