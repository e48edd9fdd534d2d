"""The exposures of portfolios: sums of their holdings' exposures by value."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pacesetter.market.panel import F8, I8


class Aggregate(NamedTuple):
    """Exposures of portfolios to factors (float64, P×F, or F for one portfolio)."""

    beta: F8  # NaN where no holding has the exposure
    standard_error: F8  # as if the holdings' errors were independent; NaN where one is unknown
    coverage: F8  # share of the gross value that has the exposure, 0–1


def aggregate_exposures(weights: F8, beta: F8, standard_error: F8) -> Aggregate:
    """One portfolio's exposures.

    ``weights`` (H) are signed values over the portfolio's value, negative for shorts; ``beta`` and
    ``standard_error`` (H×F) the holdings' own, NaN for none. A portfolio's beta is Σ w·β of the
    holdings that have one, neither rescaled nor filled: the rest, and cash, count as 0, and
    ``coverage`` says how much that is. The error √Σ (w·SE)² takes the holdings' errors as independent,
    which makes it too small where they share an industry.
    """
    found = aggregate_portfolios(
        np.zeros(1, dtype=np.int64), np.arange(len(weights)), weights, beta, standard_error
    )
    return Aggregate(found.beta[0], found.standard_error[0], found.coverage[0])


def aggregate_portfolios(starts: I8, rows: I8, weights: F8, beta: F8, standard_error: F8) -> Aggregate:
    """The exposures of P portfolios at once.

    The holdings of all portfolios stand one after another (L): those of portfolio p begin at
    ``starts[p]`` (P, ascending) and end where the next one's begin. ``rows`` (L) say which symbol each
    holding is in ``beta`` and ``standard_error`` (S×F); ``weights`` (L) as in ``aggregate_exposures``.
    """
    owned = beta[rows]
    has = np.isfinite(owned)
    w = np.asarray(weights, dtype=np.float64)[:, None]
    noise = np.where(has, w * standard_error[rows], 0.0)
    gross = sum_parts(np.abs(w), starts)
    covered = sum_parts(np.where(has, np.abs(w), 0.0), starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = np.where(gross > 0, covered / gross, 0.0)
    any_has = sum_parts(has.astype(np.float64), starts) > 0
    total = np.where(any_has, sum_parts(np.where(has, w * owned, 0.0), starts), np.nan)
    error = np.where(any_has, np.sqrt(sum_parts(noise * noise, starts)), np.nan)
    return Aggregate(total, error, coverage)


def sum_parts(values: F8, starts: I8) -> F8:
    """Sums of the rows of each part (P×F); 0 for a part without rows."""
    out = np.zeros((len(starts), values.shape[1]))
    ends = np.append(starts[1:], len(values))
    filled = np.flatnonzero(ends > starts)
    if len(filled):
        out[filled] = np.add.reduceat(values, starts[filled], axis=0)
    return out
