"""How alike the holdings move, and how much hangs on few of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pacesetter.market.panel import F8, I8
from pacesetter.portfolio.prices import Prices
from pacesetter.portfolio.valuation import Valuation


@dataclass(frozen=True, eq=False)
class Correlations:
    """``r`` (float64, H×H; NaN where the overlap is too short) from ``n`` (int64, H×H) pairs of returns."""

    symbols: tuple[str, ...]
    r: F8
    n: I8


@dataclass(frozen=True)
class Concentration:
    """Of what is held at the last session, by absolute weights: |value| / gross value."""

    weights: tuple[tuple[str, float], ...]  # greatest first; signed: negative is short
    hhi: float | None  # Σ weight²; None with nothing held
    effective_n: float | None  # 1 / hhi
    largest_1: float | None
    largest_5: float | None
    largest_10: float | None


def correlate_holdings(
    valuation: Valuation, prices: Prices, *, sessions: int = 90, least: int = 30
) -> Correlations:
    """Pearson correlations of what is held at the end, over the last ``sessions`` daily returns.

    A return needs a close of its own on the session and on the one before; no gap is
    bridged. A pair needs ``least`` sessions with both.
    """
    held = _held(valuation)
    rows = [prices.row_of[valuation.symbols[h]] for h in held]
    close = prices.close[rows, -(sessions + 1) :]
    returns = close[:, 1:] / close[:, :-1] - 1.0
    r, n = correlate(returns, least)
    return Correlations(tuple(valuation.symbols[h] for h in held), r, n)


def correlate(returns: F8, least: int) -> tuple[F8, I8]:
    """Pairwise correlations (H×H) of ``returns`` (H×T, NaN where none) and the pairs behind each."""
    known = np.isfinite(returns)
    seen = known.astype(np.float64)
    n = seen @ seen.T
    # close to zero already, and each row around its own mean: no digits are lost below
    mean = np.where(known, returns, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1.0)
    x = np.where(known, returns - mean[:, None], 0.0)
    total = x @ seen.T  # Σ of the row's values where the other has one
    squares = np.square(x) @ seen.T
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = x @ x.T - total * total.T / n
        variance = squares - np.square(total) / n
        moves = (variance > 1e-12 * squares) & (variance > 1e-24)
        r = covariance / np.sqrt(variance * variance.T)
    r = np.where((n >= max(least, 2)) & moves & moves.T, np.clip(r, -1.0, 1.0), np.nan)
    at = np.arange(len(r))
    r[at, at] = np.where(np.isnan(r[at, at]), np.nan, 1.0)
    return r, n.astype(np.int64)


def measure_concentration(valuation: Valuation) -> Concentration:
    """Weights, HHI and effective number of what is held at the last session."""
    held = _held(valuation)
    value = valuation.values[-1, held] if held else np.zeros(0)
    gross = float(np.abs(value).sum())
    if gross <= 0:
        return Concentration((), None, None, None, None, None)
    weight = value / gross
    order = np.argsort(-np.abs(weight), kind="stable")
    size = np.abs(weight)[order]
    hhi = float(np.square(size).sum())
    return Concentration(
        tuple((valuation.symbols[held[i]], float(weight[i])) for i in order),
        hhi,
        1.0 / hhi,
        float(size[0]),
        float(size[:5].sum()),
        float(size[:10].sum()),
    )


def _held(valuation: Valuation) -> list[int]:
    """Columns of what is held at the last session."""
    if not len(valuation.sessions):
        return []
    return [int(h) for h in np.flatnonzero(valuation.quantity[-1])]
