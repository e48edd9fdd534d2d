"""The regressions of the factors by libraries that nobody here wrote: slow, and one symbol at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler
from statsmodels.stats.outliers_influence import variance_inflation_factor

from pacesetter.portfolio.exposure import FactorDefinition

FIELDS = ("beta", "standard_error", "r_squared", "n", "vif")


class Row(NamedTuple):
    """One exposure as a reference finds it."""

    beta: float
    standard_error: float
    r_squared: float
    n: int
    vif: float = np.nan


def proxy_returns(one: FactorDefinition, proxies: dict[str, np.ndarray]) -> np.ndarray:
    own = proxies[one.proxy]
    return own if one.minus is None else own - proxies[one.minus]


def reference(
    definitions: tuple[FactorDefinition, ...], y: np.ndarray, proxies: dict[str, np.ndarray], end: int
) -> dict[str, Row | None]:
    """All exposures of one symbol (y: T) in windows that end at row ``end``; None for too few rows."""
    rows: dict[str, Row | None] = {}
    ridge = [one for one in definitions if one.kind == "ridge"]
    for one in definitions:
        if one.kind == "ridge":
            continue
        x, target = window(one, proxy_returns(one, proxies)[:, None], y, end)
        rows[one.name] = None if len(target) < one.min_observations else least_squares(x, target)
    if ridge:
        x, target = window(ridge[0], np.column_stack([proxies[one.proxy] for one in ridge]), y, end)
        enough = len(target) >= ridge[0].min_observations
        found = ridge_rows(x, target, ridge[0].regularisation) if enough else [None] * len(ridge)
        rows |= dict(zip([one.name for one in ridge], found, strict=True))
    return rows


def window(one: FactorDefinition, x: np.ndarray, y: np.ndarray, end: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows that count."""
    part = slice(max(0, end - one.window + 1), end + 1)
    whole = np.isfinite(y[part]) & np.isfinite(x[part]).all(axis=1)
    return x[part][whole], y[part][whole]


def least_squares(x: np.ndarray, y: np.ndarray) -> Row:
    fit = sm.OLS(y, sm.add_constant(x, has_constant="add")).fit()
    return Row(fit.params[1], fit.bse[1], fit.rsquared, int(fit.nobs))


def ridge_rows(x: np.ndarray, y: np.ndarray, penalty: float) -> list[Row]:
    """scikit-learn for the slopes and r², explicit matrices for the errors, statsmodels for the VIF."""
    scaler = StandardScaler().fit(x)
    z = scaler.transform(x)
    fit = Ridge(alpha=penalty, solver="cholesky").fit(z, y)
    rest = y - fit.predict(z)
    # the estimator is linear in y: w = L y, so its covariance is s² L Lᵀ
    linear = np.linalg.inv(z.T @ z + penalty * np.eye(z.shape[1])) @ z.T
    centring = np.eye(len(y)) - 1.0 / len(y)
    hat = z @ linear @ centring
    s2 = rest @ rest / (len(y) - 1 - np.trace(hat))
    error = np.sqrt(np.diag(s2 * linear @ linear.T)) / scaler.scale_
    with_constant = sm.add_constant(x, has_constant="add")
    return [
        Row(
            fit.coef_[k] / scaler.scale_[k],
            error[k],
            fit.score(z, y),
            len(y),
            variance_inflation_factor(with_constant, k + 1),
        )
        for k in range(x.shape[1])
    ]
