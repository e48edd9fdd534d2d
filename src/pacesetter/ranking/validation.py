"""Whether a score said anything about what came after it.

Arrays are T dates × S symbols: ``score`` with NaN for an unranked symbol, ``returns`` over
one horizon with NaN where a bar is missing. A pair is a symbol with both on a date.
Definitions follow Grinold and Kahn, "Active Portfolio Management" (2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import F8, I4, Panel
from pacesetter.ranking.forward import forward_returns
from pacesetter.ranking.newey_west import newey_west_t, normal_p

I1 = NDArray[np.int8]

HORIZONS = (1, 5, 21, 63)
PAIRS_MIN = 5  # fewer say nothing about an order
QUANTILES_FROM, TERCILES_FROM, TERCILES = 25, 10, 3


@dataclass(frozen=True)
class ICSummary:
    """``n`` dates with an IC, their mean and std (ddof 1), mean/std, and the mean's Newey-West t with
    its two-sided normal p. NaN where it has no value."""

    n: int
    mean: float
    std: float
    icir: float
    t: float
    p: float


@dataclass(frozen=True)
class QuantileReturns:
    """Returns by group of the score, 1 the lowest.

    ``groups`` int8 T×S (0: in none); ``made`` int8 T, how many groups the date has (0: none);
    ``by_date`` T×Q their mean returns, NaN behind the last; ``spread`` T, top − bottom;
    ``usual`` the commonest number of groups, and ``mean`` (Q) over the dates that have so
    many: a third is never averaged with a fifth.
    """

    groups: I1
    made: I1
    by_date: F8
    spread: F8
    usual: int
    mean: F8


@dataclass(frozen=True)
class HorizonValidation:
    """One horizon: IC a date (T) and its summary, returns by quantile, and how much of a quantile
    (T×Q) and of the order (T) is new after ``horizon`` dates."""

    horizon: int
    ic: F8
    summary: ICSummary
    quantiles: QuantileReturns
    turnover: F8
    rank_autocorrelation: F8


@dataclass(frozen=True)
class Validation:
    """One score over its horizons, on ``dates`` (T, days since 1970-01-01)."""

    dates: I4
    horizons: tuple[HorizonValidation, ...]

    @property
    def decay(self) -> dict[int, float]:
        """Mean IC by horizon in sessions."""
        return {one.horizon: one.summary.mean for one in self.horizons}


def validate(panel: Panel, score: F8, horizons: Sequence[int] = HORIZONS) -> Validation:
    """Hold ``score`` (T×S, higher is better) against what followed on the panel's sessions.

    Each horizon, in sessions, uses every date that it can. Raises ``InputError`` for a
    score of another shape or a horizon below 1.
    """
    wanted = (panel.n_sessions, panel.n_symbols)
    if np.shape(score) != wanted:
        raise InputError(f"a score of shape {np.shape(score)}", where="score", mend=f"give {wanted}")
    return Validation(panel.sessions, tuple(validate_horizon(panel, score, h) for h in horizons))


def validate_horizon(panel: Panel, score: F8, horizon: int) -> HorizonValidation:
    """One horizon of ``validate``."""
    returns = forward_returns(panel, horizon)
    ic = information_coefficients(score, returns)
    quantiles = quantile_returns(score, returns)
    paired = np.where(np.isfinite(returns), score, np.nan)
    return HorizonValidation(
        horizon=horizon,
        ic=ic,
        summary=summarise_ic(ic, horizon),
        quantiles=quantiles,
        turnover=turnover(quantiles.groups, horizon),
        rank_autocorrelation=rank_autocorrelation(paired, horizon),
    )


def information_coefficients(score: F8, returns: F8) -> F8:
    """Spearman's rank correlation a date (T), equal values sharing their average rank.

    NaN for fewer than 5 pairs, and where all scores or all returns are equal.
    """
    check_shapes(score, returns)
    return kernels().spearman(score, returns, PAIRS_MIN)


def summarise_ic(ic: F8, horizon: int) -> ICSummary:
    """Mean, std, ICIR and t of the ICs; dates without one are dropped before.

    The t allows for ``horizon`` − 1 sessions of overlap: Newey-West with Bartlett weights.
    """
    check_count(horizon, "horizon")
    known = ic[np.isfinite(ic)]
    n = len(known)
    mean = float(known.mean()) if n else np.nan
    std = float(known.std(ddof=1)) if n > 1 else np.nan
    varies = n > 1 and known.min() != known.max()
    t = newey_west_t(known, horizon - 1)
    return ICSummary(n, mean, std, mean / std if varies else np.nan, t, normal_p(t))


def quantile_returns(score: F8, returns: F8, quantiles: int = 5) -> QuantileReturns:
    """Mean return of each quantile of the score, a date.

    Terciles below 25 pairs on the date, none below 10, and none where equal scores make two
    edges coincide. A score on an edge belongs to the lower group. Raises ``InputError``
    unless 2 ≤ ``quantiles`` ≤ 25.
    """
    check_shapes(score, returns)
    if not 2 <= quantiles <= QUANTILES_FROM:
        raise InputError(f"{quantiles} quantiles", where="quantiles", mend=f"2 to {QUANTILES_FROM}")
    many, few = edge_levels(quantiles), edge_levels(min(TERCILES, quantiles))
    groups, made = kernels().split_groups(score, returns, many, few, QUANTILES_FROM, TERCILES_FROM)
    by_date = kernels().group_means(groups, returns, quantiles)
    top = np.take_along_axis(by_date, np.maximum(made, 1)[:, None].astype(np.intp) - 1, axis=1)[:, 0]
    counts = np.bincount(made[made > 0], minlength=quantiles + 1)
    usual = int(len(counts) - 1 - np.argmax(counts[::-1])) if counts.any() else 0
    mean = by_date[made == usual].mean(axis=0) if usual else np.full(quantiles, np.nan)
    return QuantileReturns(groups, made, by_date, top - by_date[:, 0], usual, mean)


def edge_levels(quantiles: int) -> F8:
    """Levels 0 … 1 of the groups' edges, rounded up where binary fractions cannot hold them.

    As pandas' qcut does: a score on an edge then falls to the lower group.
    """
    levels = np.linspace(0.0, 1.0, quantiles + 1)
    inexact = quantiles * levels != np.arange(quantiles + 1)
    return np.where(inexact, np.nextafter(levels, 1.0), levels)


def turnover(groups: I1, lag: int = 1, quantiles: int = 5) -> F8:
    """Share of a quantile's names that were not in it ``lag`` dates earlier (T×Q).

    NaN where either date lacks the quantile or has another number of them.
    """
    check_count(lag, "lag")
    if groups.size and int(groups.max()) > quantiles:
        raise InputError(
            f"a group {groups.max()} of {quantiles}", where="quantiles", mend="give as many as made"
        )
    return kernels().new_shares(groups, lag, quantiles)


def rank_autocorrelation(score: F8, lag: int = 1) -> F8:
    """Correlation of a date's average ranks with those ``lag`` dates earlier (T), over names in both.

    Ranks are taken over all of a date's scores. NaN for fewer than two names in both.
    """
    check_count(lag, "lag")
    return kernels().correlate_rows(kernels().rank_rows(score), lag)


def check_shapes(score: F8, returns: F8) -> None:
    """Both are T×S."""
    if np.ndim(score) != 2 or np.shape(score) != np.shape(returns):
        raise InputError(
            f"scores {np.shape(score)} and returns {np.shape(returns)}",
            where="score",
            mend="give both as T×S",
        )


def check_count(value: int, where: str) -> None:
    """A number of sessions or dates is at least one."""
    if value < 1:
        raise InputError(f"{value} is too few", where=where, mend="give 1 or more")


def kernels() -> Any:
    """The compiled loops; numba takes half a second to import."""
    from pacesetter.ranking import validation_kernels as compiled

    return compiled
