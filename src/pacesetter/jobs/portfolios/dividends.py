"""Dividends that portfolios are credited with: the stored ones, else what adjusted closes say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from pacesetter.jobs.symbols.symbol_snapshot import SymbolSnapshot
from pacesetter.market.panel import F8, Panel
from pacesetter.portfolio.derived_dividends import LEAST, derive_dividends
from pacesetter.portfolio.trade import Dividend, Split

Paid = Mapping[str, Sequence[tuple[date, float]]]


def without_dividends(snapshot: SymbolSnapshot, symbols: Sequence[str], actions: pl.DataFrame) -> list[str]:
    """Symbols with split-adjusted prices of which no dividend is stored: their adjusted closes tell."""
    stored = set(actions.filter(pl.col("kind") == "dividend")["symbol"])
    return [s for s in symbols if s not in stored and snapshot.basis[snapshot.row_of[s]] == "split"]


def adjusted_symbols(panel: Panel, actions: pl.DataFrame) -> set[str]:
    """Symbols of a panel whose adjusted closes may hold a dividend: their growth is more than the closes'.
    With stored splits growth says nothing of them."""
    found = set(actions.filter(pl.col("kind") == "split")["symbol"])
    more = panel.growth[1:] * panel.close[:-1] > panel.close[1:] * (1 + LEAST / 2)
    more &= panel.owner[1:] == panel.owner[:-1]
    return found | {panel.symbols[s] for s in np.unique(panel.owner[1:][more]).tolist()}


def derived_dividends(bars: pl.DataFrame, symbols: Collection[str]) -> dict[str, list[tuple[date, float]]]:
    """Ex dates and amounts of ``symbols``, in the quote unit, from ``bars`` (``read_closes``)."""
    own = bars.filter(pl.col("symbol").is_in(list(symbols)))
    found: dict[str, list[tuple[date, float]]] = {}
    if own.is_empty():
        return found
    code = own["symbol"].rle_id().cast(pl.Int64).to_numpy()
    rows, paid = derive_dividends(code, own["close"].to_numpy(), own["adj_close"].to_numpy())
    for symbol, ex_on, amount in zip(own["symbol"].gather(rows), own["date"].gather(rows), paid, strict=True):
        found.setdefault(symbol, []).append((ex_on, float(amount)))
    return found


def known_dividends(
    symbols: Sequence[str],
    currency: Sequence[str],
    basis: Sequence[str],
    units: F8,
    splits: Mapping[str, tuple[Split, ...]],
    actions: pl.DataFrame,
    derived: Paid,
) -> dict[str, list[Dividend]]:
    """Dividends of one of today's shares, in the major unit. Those of unadjusted prices were paid on the
    shares of their day; with other prices they are adjusted for splits already."""
    place = {symbol: i for i, symbol in enumerate(symbols)}
    found: dict[str, list[Dividend]] = {}
    paid = actions.filter(pl.col("kind") == "dividend").select("symbol", "ex_on", "value")
    for symbol, ex_on, value in paid.rows():
        s = place.get(symbol)
        if s is None or basis[s] == "split_dividend":
            continue
        amount = value / units[s]
        if basis[s] == "raw":
            for split in splits.get(symbol, ()):
                amount /= float(split.ratio) if split.ex_on > ex_on else 1.0
        found.setdefault(symbol, []).append(Dividend(ex_on, float(amount), currency[s]))
    for symbol, own in derived.items():
        s = place[symbol]
        found[symbol] = [Dividend(ex_on, float(value / units[s]), currency[s]) for ex_on, value in own]
    return found
