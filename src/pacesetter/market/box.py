"""Sealed boxes: their symbols, what a product name says, and one observation a day out of many sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

FIELDS = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")
MANUAL = "manual"  # what a person entered goes before every other source
UUID = re.compile(r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

LONGEST_SYMBOL = 31
_CODE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2,5})(?=-|\d\d)-?(\d{1,3}[A-Za-z]?)(?![A-Za-z0-9])")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_KIND = re.compile(r"\b(?:sealed\s+)?(?:booster\s+)?(?:box|display|case)(?:\s+display)?\s*$", re.IGNORECASE)
_LOOSE = " -–—|:,()[]"
_PARTS = re.compile(r"\s+[-–—|]\s+")
_SPELLED = str.maketrans({"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "’": "", "'": ""})


class ProductName(NamedTuple):
    """What a product name says of the box; ``None`` for what it does not say."""

    game: str | None
    set_code: str | None
    set_name: str | None
    variant: str | None


def read_name(name: str | None) -> ProductName:
    """What is in a name like ``Skyfarers - SF-03 Storm Court Booster Box (Blue)``.

    The set code is two to five capitals and a number of two digits or more, or of one behind a dash; game and
    set name stand on its two sides, or on the two sides of the first dash; a variant stands in brackets.
    Each is cut to what its column holds.
    """
    text = " ".join((name or "").split())
    code = _CODE.search(text)
    variants = [_CODE.sub("", one).strip(" ,;-") for one in _BRACKETS.findall(text)]
    bare = _BRACKETS.sub(" ", text)
    outside = _CODE.search(bare)
    game, set_name = _split_game(bare[: outside.start()].rstrip(_LOOSE) if outside else bare)
    behind = _clean(bare[outside.end() :]) if outside else None
    if behind:  # else the code stands behind the name of the set
        game, set_name = game or set_name, behind
    set_code = f"{code[1]}-{code[2]}" if code else None
    return ProductName(
        _cut(game, 80), set_code, _cut(set_name, 120), _cut(" ".join(filter(None, variants)), 80)
    )


def make_symbol(name: str | None, external_id: str, taken: Collection[str]) -> str:
    """A symbol for a box that is seen for the first time, unlike any of ``taken``.

    ``BOX-`` and the set code, with the variant when there is one (``BOX-SF03-BLUE``); without a set code
    the name in capitals; without a name the first 8 characters of the external id, and its last 4
    as well when that is taken. At most 31 characters; what is still taken gets ``-2``, ``-3`` and so on.
    """
    said = read_name(name)
    if said.set_code:
        stem = _spell(f"{said.set_code.replace('-', '')} {said.variant or ''}")
    else:
        stem = _spell(name or "")
    if stem:
        return _first_free(f"BOX-{stem}", taken)
    identity = _spell(external_id) or "UNNAMED"
    short = f"BOX-{identity[:8].strip('-')}"
    if short in taken and len(identity) > 8:
        return _first_free(f"{short}-{identity[-4:].strip('-')}", taken)
    return _first_free(short, taken)


def fold_id(external_id: str) -> str:
    """What a source calls a box, with a UUID in small letters: it is one id however it is written. Other ids
    are left, because letters tell some shops' ids apart."""
    return external_id.lower() if UUID.match(external_id) else external_id


def merge_observations(rows: pl.DataFrame, priority: Sequence[str]) -> pl.DataFrame:
    """One observation a box and day: per field the value of the first source that has one.

    ``rows``: symbol, date, source and ``FIELDS`` (float64; null or NaN where a source says nothing), one row
    a symbol, date and source, in any order. Sources go in this order: ``manual``, those of ``priority``, all
    others by name. Returns symbol, date, ``FIELDS`` and beside each ``<field>_source``, who said it (null
    where nobody did), sorted by symbol and date. A day on which nothing was said was observed, and stays.
    """
    order = {source: place for place, source in reversed(list(enumerate((MANUAL, *priority))))}
    place = pl.col("source").replace_strict(order, default=len(order) + 1, return_dtype=pl.Int64)
    ordered = rows.select(
        "symbol", "date", "source", *[pl.col(name).cast(pl.Float64).fill_nan(None) for name in FIELDS]
    ).sort("symbol", "date", place, "source")
    begins = ordered.select(
        (pl.struct("symbol", "date") != pl.struct("symbol", "date").shift()).fill_null(value=True)
    ).to_series()
    first = np.flatnonzero(begins.to_numpy())
    columns = [ordered["symbol"].gather(first), ordered["date"].gather(first)]
    said_by = []
    for name in FIELDS:
        row = _first_known(ordered[name], first)
        columns.append(ordered[name].gather(row).alias(name))
        said_by.append(ordered["source"].gather(row).alias(f"{name}_source"))
    return pl.DataFrame([*columns, *said_by])


def _split_game(text: str) -> tuple[str | None, str | None]:
    """What stands before the first dash, if there is one, and the rest."""
    head, *rest = _PARTS.split(text, maxsplit=1)
    return (_clean(head), _clean(rest[0])) if rest else (None, _clean(head))


def _first_known(values: pl.Series, first: np.ndarray) -> pl.Series:
    """The row of the first value in each group of rows that begins at ``first``; null where none has one."""
    if not len(first):
        return pl.Series([], dtype=pl.UInt32)
    nowhere = len(values)
    at = np.where(values.is_not_null().to_numpy(), np.arange(nowhere), nowhere)
    row = np.minimum.reduceat(at, first)
    return pl.Series(row, dtype=pl.UInt32).set(pl.Series(row == nowhere), None)


def _clean(text: str) -> str | None:
    """A part of a name without the kind of product at its end, and without loose marks."""
    return " ".join(_KIND.sub("", text.strip(_LOOSE)).strip(_LOOSE).split()) or None


def _cut(text: str | None, longest: int) -> str | None:
    return text[:longest].rstrip() or None if text else None


def _spell(text: str) -> str:
    """Text in the letters of symbols: A to Z, digits, and one dash for all between them."""
    plain = unicodedata.normalize("NFKD", text.upper().translate(_SPELLED))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[^A-Z0-9]+", "-", letters.upper()).strip("-")


def _first_free(symbol: str, taken: Collection[str]) -> str:
    """``symbol`` as it fits, else with the first number behind it that makes it a new one."""
    number, free = 1, _fit(symbol, LONGEST_SYMBOL)
    while free in taken:
        number += 1
        free = f"{_fit(symbol, LONGEST_SYMBOL - len(str(number)) - 1)}-{number}"
    return free


def _fit(symbol: str, longest: int) -> str:
    """At most so many characters, cut between two words where the last one would be torn."""
    if len(symbol) <= longest:
        return symbol
    whole = symbol[: longest + 1].rpartition("-")[0]
    return whole if len(whole) > longest // 2 else symbol[:longest].rstrip("-")
