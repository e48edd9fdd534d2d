"""The t of a mean whose observations overlap: forward returns over h sessions share h − 1 of them.

Newey and West, "A Simple, Positive Semi-Definite, Heteroskedasticity and
Autocorrelation Consistent Covariance Matrix", Econometrica 55 (1987).
"""

from __future__ import annotations

import math

from pacesetter.market.panel import F8


def newey_west_t(values: F8, lags: int) -> float:
    """Mean of finite ``values`` (n) over its HAC standard error; NaN for fewer than two or equal ones.

    Bartlett weights 1 − l/(lags + 1), no small-sample correction.
    """
    n = len(values)
    if n < 2 or values.min() == values.max():
        return math.nan
    mean = float(values.mean())
    u = values - mean
    spread = float(u @ u)
    for lag in range(1, min(lags, n - 1) + 1):
        spread += 2.0 * (1.0 - lag / (lags + 1.0)) * float(u[lag:] @ u[:-lag])
    return mean * n / math.sqrt(spread) if spread > 0 else math.nan


def normal_p(t: float) -> float:
    """Two-sided p of ``t`` under the normal distribution; NaN for NaN."""
    return math.erfc(abs(t) / math.sqrt(2.0))
