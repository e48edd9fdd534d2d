"""A file of boxes as a table of text cells: CSV, Parquet or JSON, whatever its columns are called.

Beside the cells that are understood each row keeps ``original``: every cell as the file gave it, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pacesetter.kernel.errors import BadFile
from pacesetter.providers.files.columns import fold, is_blank
from pacesetter.providers.files.table import decode, read_table

# where a row fills several of the spellings, the first of them counts
BOX_COLUMNS: dict[str, tuple[str, ...]] = {
    "box_id": ("box id", "boxid", "box", "external id", "product id", "id", "symbol", "ticker"),
    "date": ("date", "metric date", "day", "observed on", "snapshot date", "timestamp"),
    "source": ("source", "data source"),
    "floor_price_usd": ("floor price usd", "floor price", "floor usd", "floor"),
    "active_listings_count": ("active listings count", "active listings", "listings count", "listings"),
    "boxes_sold_today": ("boxes sold today", "sold today", "boxes sold", "sold"),
    "boxes_sold_per_day": ("boxes sold per day", "sold per day"),
    "boxes_added_today": ("boxes added today", "added today", "boxes added", "added"),
    "name": ("product name", "name", "box name", "product", "title"),
    "game": ("game", "tcg"),
    "set_code": ("set code",),
    "set_name": ("set name",),
    "variant": ("variant", "edition"),
    "image_url": ("image url", "image", "picture url", "picture"),
    "reprint_risk": ("reprint risk",),
    "released_on": ("released on", "release date", "released", "released at"),
}
SEEN = (
    *("floor_price_usd", "active_listings_count"),
    *("boxes_sold_today", "boxes_sold_per_day", "boxes_added_today"),
)
# what a file may tell without a day
ABOUT = ("name", "game", "set_code", "set_name", "variant", "image_url", "reprint_risk", "released_on")
LISTED = 20  # columns of a file that an error names
UNWRITABLE = "\x00"  # a character that no database keeps


def read_box_table(path: Path) -> pl.DataFrame:
    """The file's rows: row (1 = the first), original (JSON), each of ``BOX_COLUMNS`` as text or null, and
    ``more``: whether another cell, which is not understood, holds anything.

    ``BadFile`` says what is wrong with the file as a whole, such as one without boxes.
    """
    table = read_json(path) if path.suffix.casefold() == ".json" else read_cells(path)
    folded: dict[str, list[str]] = {}
    for column in table.columns:
        if column not in ("row", "original"):
            folded.setdefault(fold(column), []).append(column)
    found = {
        name: [column for spelling in spellings for column in folded.get(spelling, [])]
        for name, spellings in BOX_COLUMNS.items()
    }
    if not found["box_id"]:
        raise missing("there is no column that names the boxes", path, ("box_id",), table.columns)
    header = path.suffix.casefold() != ".json"  # records may leave out what they have nothing of
    if header and not found["date"] and not any(found[name] for name in ABOUT):
        what = "there is neither a date nor a fact about the boxes"
        raise missing(what, path, ("date", *ABOUT), table.columns)
    if not any(found[name] for name in (*SEEN, *ABOUT)):
        # else a file of prices makes a box of each of its symbols
        what = "there is neither a figure nor a fact of boxes"
        raise missing(what, path, (*SEEN, *ABOUT), table.columns)
    cells = [
        pl.coalesce([filled(column) for column in columns]).alias(name)
        if columns
        else pl.lit(None, pl.String).alias(name)
        for name, columns in found.items()
    ]
    used = {column for columns in found.values() for column in columns}
    others = [column for column in table.columns if column not in (*used, "row", "original")]
    more = pl.any_horizontal([pl.lit(value=False), *[filled(column).is_not_null() for column in others]])
    return table.select(pl.col("row").cast(pl.Int64), "original", *cells, more=more)


def missing(what: str, path: Path, names: Sequence[str], columns: Sequence[str]) -> BadFile:
    """The mistake of a file without a column that it needs: how it may be called, and which there are."""
    if len(names) == 1:
        known = f"its column may be called {', '.join(BOX_COLUMNS[names[0]])}"
    elif names[0] == "date":
        known = f"a date is called {', '.join(BOX_COLUMNS['date'])}; facts {', '.join(names[1:])}"
    else:
        known = f"there may be {', '.join(names)}"
    there = [name for name in columns if name not in ("row", "original")]
    listed = ", ".join(there[:LISTED]) + (f" and {len(there) - LISTED} more" if len(there) > LISTED else "")
    return BadFile(what, where=str(path), mend=f"{known}; the file has {listed or 'no columns'}")


def filled(column: str) -> pl.Expr:
    """A cell without blanks around it; null where it holds one of the spellings for nothing."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(~is_blank(text)).then(text)


def read_cells(path: Path) -> pl.DataFrame:
    """A CSV or Parquet file with ``original`` beside its cells, all of them text."""
    try:
        table = read_table(path)
        text = table.with_columns(
            pl.exclude("row").cast(pl.String).str.replace_all(UNWRITABLE, "\ufffd", literal=True)
        )
    except pl.exceptions.PolarsError:
        raise BadFile("it has nested columns", where=str(path), mend="write it as JSON or CSV") from None
    original = pl.struct(pl.exclude("row")).struct.json_encode()
    # a file's own column of that name would stand in the way, and is in the JSON
    return text.with_columns(original.alias("original")) if text.width > 1 else text


def read_json(path: Path) -> pl.DataFrame:
    """A JSON file: a list of records, or ``{"boxes": [...]}``; what is no record is a row without cells."""
    if not path.exists():
        raise BadFile("there is no such file", where=str(path), mend="check the path")
    try:
        content = json.loads(decode(path.read_bytes(), path), parse_constant=str)
    except (ValueError, RecursionError) as error:
        cause = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise BadFile(f"it cannot be read as JSON: {cause}", where=str(path)) from None
    if isinstance(content, Mapping):
        content = next((content[key] for key in content if fold(key) == "boxes"), None)
    if not isinstance(content, list):
        raise BadFile(
            "it holds no list of boxes", where=str(path), mend='write [{...}, ...] or {"boxes": [{...}, ...]}'
        )
    if not content:
        raise BadFile("it has no rows", where=str(path), mend="look at what it was exported from")
    records = [one if isinstance(one, Mapping) else {} for one in content]
    names = list(dict.fromkeys(key for record in records for key in record if key not in ("row", "original")))
    columns: dict[str, Sequence[Any]] = {
        name: [as_text(record.get(name)) for record in records] for name in names
    }
    return pl.DataFrame(
        {
            "row": range(1, len(content) + 1),
            "original": [dump(one) for one in content],
            **columns,
        },
        schema={"row": pl.Int64, "original": pl.String, **dict.fromkeys(names, pl.String)},
    )


def as_text(value: Any) -> str | None:
    """A JSON value as the cell of a table; null stays null."""
    if value is None:
        return None
    return keepable(value) if isinstance(value, str) else dump(value)


def dump(value: Any) -> str:
    """A JSON value as JSON that both databases keep."""
    return keepable(json.dumps(value, ensure_ascii=False)).replace("\\u0000", "\ufffd")


def keepable(text: str) -> str:
    """Text without characters that cannot be stored: halves of pairs, and the zero character."""
    return text.encode("utf-8", "replace").decode("utf-8").replace(UNWRITABLE, "\ufffd")
