"""All symbols' newest prices, figures and exposures as arrays, held by the process and swapped as a whole.

Whoever works with one keeps it: a new one takes its place for those who ask later, when what is
stored has changed. Nobody ever sees half of one, because it is finished before it is put in place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from pacesetter.jobs.workspace import Workspace
from pacesetter.market.panel import F8, I4
from pacesetter.portfolio.exposure import load_definitions
from pacesetter.store.database.content import read_content
from pacesetter.store.portfolios.symbol_figures import FIGURES, read_betas, read_symbols

NO_DAY = -1


@dataclass(frozen=True, eq=False)
class SymbolSnapshot:
    """S symbols in order. ``price`` (float64, S) is the newest close in the major unit of the currency, NaN
    for none, of the day ``price_on`` (int32, days since 1970-01-01; −1 for none). ``figures[name]``
    (float64, S); ``beta`` and ``standard_error`` (float64, S×F) to ``factors``, NaN for none."""

    key: str  # of the content that it shows
    symbols: tuple[str, ...]
    row_of: Mapping[str, int]
    asset_type: tuple[str, ...]
    currency: tuple[str | None, ...]
    basis: tuple[str | None, ...]
    mic: tuple[str | None, ...]
    pence: frozenset[str]
    price: F8
    price_on: I4
    figures: Mapping[str, F8]
    factors: tuple[str, ...]
    beta: F8
    standard_error: F8
    exposures_on: date | None
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def beta_bytes(self) -> Sequence[bytes]:
        """Each symbol's exposures as bytes, to notice that they have changed."""
        both = np.concatenate([self.beta, self.standard_error], axis=1)
        return [row.tobytes() for row in both]

    def rows(self, symbols: Sequence[str]) -> np.ndarray:
        """Places of symbols, all of which must be known (int64)."""
        return np.fromiter((self.row_of[symbol] for symbol in symbols), np.int64, len(symbols))

    def nbytes(self) -> int:
        """Bytes of its arrays."""
        arrays: tuple[F8 | I4, ...] = (
            self.price,
            self.price_on,
            self.beta,
            self.standard_error,
            *self.figures.values(),
        )
        return sum(array.nbytes for array in arrays)


_held: dict[str, SymbolSnapshot] = {}  # by database


async def current_snapshot(ws: Workspace) -> SymbolSnapshot:
    """The snapshot of what is stored now; the one that is held, while nothing has changed."""
    async with ws.db.read() as conn:
        key = (await read_content(conn)).key
        held = _held.get(ws.db.where)
        if held is not None and held.key == key:
            return held
        symbols = await read_symbols(conn)
        betas, on = await read_betas(conn)
    made = await asyncio.to_thread(make_snapshot, key, symbols, betas, on)
    _held[ws.db.where] = made  # one assignment: the others see the old one or this one
    return made


def make_snapshot(key: str, symbols: pl.DataFrame, betas: pl.DataFrame, on: date | None) -> SymbolSnapshot:
    """Arrays from rows (``store.symbol_figures``)."""
    names: list[str] = symbols["symbol"].to_list()
    row_of = {symbol: i for i, symbol in enumerate(names)}
    factors = tuple(one.name for one in load_definitions())
    place = {name: i for i, name in enumerate(factors)}
    beta, error = (np.full((len(names), len(factors)), np.nan) for _ in range(2))
    known = betas.filter(pl.col("factor").is_in(factors) & pl.col("symbol").is_in(names))
    if not known.is_empty():
        at = known["symbol"].replace_strict(row_of, return_dtype=pl.Int64).to_numpy()
        of = known["factor"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        beta[at, of] = numbers(known["beta"])
        error[at, of] = numbers(known["standard_error"])
    pence = symbols["quote_unit"].to_list()
    units = np.array([100.0 if unit == "GBX" else 1.0 for unit in pence])
    days: Any = symbols["price_on"].cast(pl.Int32).fill_null(NO_DAY).to_numpy()
    return SymbolSnapshot(
        key=key,
        symbols=tuple(names),
        row_of=row_of,
        asset_type=tuple(symbols["asset_type"]),
        currency=tuple(symbols["currency"]),
        basis=tuple(symbols["basis"]),
        mic=tuple(symbols["exchange_mic"]),
        pence=frozenset(s for s, unit in zip(names, pence, strict=True) if unit == "GBX"),
        price=numbers(symbols["price"]) / units,
        price_on=np.array(days),
        figures={name: numbers(symbols[name]) for name in FIGURES},
        factors=factors,
        beta=beta,
        standard_error=error,
        exposures_on=on,
        names={s: name for s, name in zip(names, symbols["name"], strict=True) if name},
    )


def numbers(column: pl.Series) -> F8:
    """A column as float64 of its own, NaN for null."""
    return np.array(column.cast(pl.Float64).fill_null(float("nan")).to_numpy())
