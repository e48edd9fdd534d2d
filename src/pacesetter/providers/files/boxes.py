"""Sealed boxes from a file: what a source saw on a day, and facts about the products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from pacesetter.kernel.errors import InputError
from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.market.box import FIELDS, MANUAL, UUID
from pacesetter.providers.files.box_dates import read_days
from pacesetter.providers.files.box_table import read_box_table
from pacesetter.providers.files.columns import parse_numbers

UNKNOWN = "unknown"  # the source of a row that names none
EARLIEST = date(1990, 1, 1)
CENT = 0.01  # the lowest floor: nothing is offered for less, and a change from zero has no percentage
GREATEST = 1e9  # dollars, listings or boxes: what is beyond is a mistake, and its products overflow
RISKS = ("low", "medium", "high")
NUMBERS = (
    "floor_price_usd",
    "active_listings_count",
    "boxes_sold_today",
    "boxes_sold_per_day",
    "boxes_added_today",
)
FACTS = ("name", "game", "set_code", "set_name", "variant", "image_url", "reprint_risk", "released_on")
LONGEST = {
    **{"box_id": 80, "source": 40, "name": 200, "game": 80, "set_code": 20, "set_name": 120},
    **{"variant": 80, "image_url": 500},
}


@dataclass(frozen=True)
class BoxFile:
    """A file of boxes. ``rows``: row, box_id, date (null where a row has product facts only), source,
    ``FIELDS`` (dollars, listings, boxes a day), original (JSON) and ``FACTS``; refused rows; remarks."""

    name: str
    rows: pl.DataFrame
    rejections: pl.DataFrame
    said: list[str]


def read_boxes(path: Path, *, latest: date, source: str | None = None) -> BoxFile:
    """Read observations and product facts from CSV, Parquet or JSON.

    ``latest``: the newest day that a row may be of. ``source``: of rows that name none. Boxes sold on a
    day are the source's ``boxes_sold_today``, else its ``boxes_sold_per_day``. Figures that the file
    itself derived (volumes, averages, scores) stay in ``original`` and are not used.
    """
    if source is not None and not 0 < len(source.strip()) <= LONGEST["source"]:
        raise InputError(
            f"a source has 1 to {LONGEST['source']} characters", where="--source", mend="give a short name"
        )
    if source is not None and source.strip().lower() == MANUAL:
        raise InputError(
            f"the source {MANUAL!r} is what people enter by hand", where="--source", mend="give another name"
        )
    table = read_box_table(path)
    comma = decimal_comma(table)
    days, unclear = read_days(table["date"])
    released, _ = read_days(table["released_on"])
    typed = table.with_columns(
        *[pl.col(name).alias(f"{name}_text") for name in (*NUMBERS, "date", "released_on", "source")],
        *[parse_numbers(pl.col(name), comma_decimal=comma) for name in NUMBERS],
        days.alias("date"),
        unclear.alias("unclear"),
        released.alias("released_on"),
        fold_ids(pl.col("box_id")),
        pl.col("source").str.to_lowercase().fill_null((source or UNKNOWN).strip().lower()),
        pl.col("reprint_risk").str.to_lowercase(),
        no_https=~table["image_url"].map_elements(is_https, return_dtype=pl.Boolean, skip_nulls=True),
    )
    faults = [*find_faults(latest), *find_gaps()]
    checked = typed.with_columns(
        reason=pl.coalesce(pl.when(wrong).then(pl.lit(reason)) for wrong, reason, _ in faults),
        detail=pl.coalesce(pl.when(wrong).then(detail) for wrong, _, detail in faults),
    )
    refused = checked.filter(pl.col("reason").is_not_null())
    good = checked.filter(pl.col("reason").is_null()).with_columns(
        boxes_sold=pl.coalesce("boxes_sold_today", "boxes_sold_per_day"), boxes_added="boxes_added_today"
    )
    said = ["numbers are read with a decimal comma"] if comma else []
    return BoxFile(
        path.name,
        good.select("row", "box_id", "date", "source", *FIELDS, "original", *FACTS),
        refused.select("row", symbol="box_id", date="date_text", reason="reason", detail="detail").cast(
            REJECTION_SCHEMA
        ),
        said,
    )


def find_faults(latest: date) -> list[tuple[pl.Expr, str, pl.Expr]]:
    """What may be wrong with a cell: when, the reason, and the cell in words; the first that holds counts."""
    day, written = pl.col("date"), quote("date", "date_text")
    faults = [
        (pl.col("box_id").is_null(), "no_box_id", pl.lit("no cell names the box")),
        (pl.col("unclear"), "ambiguous_date", written),
        (day.is_null() & pl.col("date_text").is_not_null(), "unreadable_date", written),
        (day > latest, "future_date", written),
        (day < EARLIEST, "date_too_early", written),
    ]
    for name in NUMBERS:
        value, cell = pl.col(name), quote(name, f"{name}_text")
        faults += [
            (value.is_null() & pl.col(f"{name}_text").is_not_null(), "not_a_number", cell),
            (~value.is_finite(), "infinite_number", cell),
            (value < 0, "negative_number", cell),
            (value > GREATEST, "number_too_large", cell),
        ]
    floor, listings = pl.col("floor_price_usd"), pl.col("active_listings_count")
    whole = quote("active_listings_count", "active_listings_count_text")
    faults += [
        (floor < CENT, "floor_below_a_cent", quote("floor_price_usd", "floor_price_usd_text")),
        (listings != listings.round(), "fractional_listings", whole),
    ]
    by_hand = pl.format("{}: what people enter by hand; call it otherwise", quote("source", "source_text"))
    faults += [(pl.col("source") == MANUAL, "reserved_source", by_hand)]
    faults += [(pl.col(c).str.len_chars() > n, "text_too_long", quote(c, c)) for c, n in LONGEST.items()]
    unread = pl.col("released_on").is_null() & pl.col("released_on_text").is_not_null()
    return [
        *faults,
        (pl.col("no_https"), "image_not_https", quote("image_url", "image_url")),
        (~pl.col("reprint_risk").is_in(RISKS), "unknown_reprint_risk", quote("reprint_risk", "reprint_risk")),
        (unread, "unreadable_release_date", quote("released_on", "released_on_text")),
    ]


def find_gaps() -> list[tuple[pl.Expr, str, pl.Expr]]:
    """What may be missing in a row: figures need a day, and a day needs that something was seen on it.

    A day of which a source tells only what is not understood here was observed all the same."""
    figures = pl.any_horizontal(pl.col(name).is_not_null() for name in NUMBERS)
    facts = pl.any_horizontal(pl.col(name).is_not_null() for name in FACTS)
    day = pl.col("date")
    return [
        (day.is_null() & figures, "no_date", pl.lit("its figures are of no day")),
        (
            day.is_not_null() & ~figures & ~pl.col("more"),
            "no_figures",
            pl.lit("nothing was seen on that day"),
        ),
        (day.is_null() & ~facts, "nothing_in_it", pl.lit("neither figures nor facts about the box")),
    ]


def fold_ids(ids: pl.Expr) -> pl.Expr:
    """Ids of boxes as ``market.box.fold_id`` has them."""
    return pl.when(ids.str.contains(UUID.pattern)).then(ids.str.to_lowercase()).otherwise(ids)


def quote(name: str, column: str) -> pl.Expr:
    """A cell as a refusal shows it: ``floor_price_usd: -5``, cut where it is long."""
    return pl.concat_str(pl.lit(f"{name}: "), pl.col(column).str.slice(0, 80))


def decimal_comma(table: pl.DataFrame) -> bool:
    """Whether numbers are written with a decimal comma: one has a comma as only that, none a point so."""
    cells = pl.concat([table[name] for name in NUMBERS]).drop_nulls()
    commas = cells.str.contains(r"\d,\d{1,2}$|\d,\d{4,}$").any()
    return bool(commas and not cells.str.contains(r"\.\d{1,2}$|\.\d{4,}$|,\d{3}\.\d").any())


def is_https(url: str) -> bool:
    """Whether a picture's address is one that a page may load: https, a host, nobody's password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = url.isprintable() and not any(mark in url for mark in " \\\"'<>`")
    return bool(plain and parts.scheme == "https" and host and port != 0 and parts.username is None)
