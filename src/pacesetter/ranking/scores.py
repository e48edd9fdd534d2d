"""From raw values to z, composite and score over one scope, for all dates at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import FactorValues, factors
from pacesetter.market.panel import F8, Mask
from pacesetter.ranking.method import Method, WeightedFactor

RULES = ("median_mad", "mean_std", "all_equal", "too_few", "mean_std_clipped", "as_measured")
CLASSIC_RULE, MEASURE_RULE = 4, 5
UNIVERSE_MIN = 30  # fewer ranked symbols than this say little about an average; the board's own then


@dataclass(frozen=True)
class Statistics:
    """What z was taken with, a date (T): n values, centre, scale, and the rule (index into ``RULES``)."""

    n: NDArray[np.int64]
    centre: F8
    scale: F8
    rule: NDArray[np.int8]


@dataclass(frozen=True)
class FactorScores:
    """One factor of a method on T dates × S symbols: the raw value as shown, the reason of a
    missing one (index into ``factors.base.REASONS``), and z (0 where the method fills a
    missing one with the average, NaN where it leaves it out)."""

    part: WeightedFactor
    sign: int
    raw: F8
    reason: NDArray[np.int8]
    z: F8
    statistics: Statistics


@dataclass(frozen=True)
class Scores:
    """A scope's scores (T×S; NaN outside the scope or below the coverage asked for).

    ``scope`` is ``universe:<asset type>`` or ``domain:<slug>``.
    """

    method: Method
    scope: str
    member: Mask
    parts: tuple[FactorScores, ...]
    coverage: F8
    composite: F8
    score: F8


def z_of(raw: Any, sign: int, centre: Any, scale: Any, clip: float, rule: Any) -> Any:
    """Z = clip(sign·(raw − centre)/scale, ±clip); 0 where the rule says that nothing differs.

    For ``mean_std_clipped`` the value is clipped at centre ± clip·scale first; ``as_measured`` is sign·raw.
    """
    if np.ndim(rule) == 0 and rule == MEASURE_RULE:
        return sign * raw + 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        if np.ndim(rule) == 0 and rule == CLASSIC_RULE:
            held = np.clip(raw, centre - clip * scale, centre + clip * scale)
            return np.where(scale < 1e-12, 0.0, np.true_divide(sign * (held - centre), scale)) + 0.0
        z = np.clip(np.true_divide(sign * (raw - centre), scale), -clip, clip)
        return np.where((rule == 2) | (rule == 3), 0.0, z) + 0.0  # no negative zeros


def score_scope(method: Method, values: Mapping[str, FactorValues], member: Mask, scope: str) -> Scores:
    """Score the members of a scope (bool T×S) by ``method``. ``values`` by registered factor name."""
    parts = tuple(score_factor(method, part, values, member) for part in method.factors)
    present = [np.isfinite(part.raw) & member for part in parts]
    coverage, composite = combine(method, [part.z for part in parts], present, member)
    score = min_max(composite) if method.score == "min_max" else kernels().percentiles(composite)
    return Scores(method, scope, member, parts, coverage, composite, score)


def combine(method: Method, z: Sequence[F8], present: Sequence[Mask], member: Mask) -> tuple[F8, F8]:
    """Coverage and composite (rows × S; NaN where unranked) from each factor's z and presence."""
    weights = [part.weight for part in method.factors]
    coverage = np.round(add_in_order(weights, present) / sum(weights), 12)
    if method.normalise == "domain_z":
        used = add_in_order(weights, [np.isfinite(one) for one in z])
        with np.errstate(divide="ignore", invalid="ignore"):
            total = add_in_order(weights, [np.nan_to_num(one) for one in z]) / used
        alone = member & (coverage > 0) & ((member & (coverage > 0)).sum(axis=1) == 1)[:, None]
        total = np.where(alone, 0.0, total)  # a single symbol has nothing to differ from: in the middle
    else:
        total = add_in_order(weights, [np.where(p, one, 0.0) for p, one in zip(present, z, strict=True)])
    enough = member & (coverage >= method.coverage_min - 1e-12) & (coverage > 0)
    return coverage, np.where(enough, np.round(total, 12) + 0.0, np.nan)


def add_in_order(weights: Sequence[float], columns: Sequence[NDArray[Any]]) -> F8:
    """Σ weight·column, always in the method's own order: another order rounds differently."""
    total = np.zeros(columns[0].shape)
    for weight, column in zip(weights, columns, strict=True):
        total += weight * column
    return total


def score_factor(
    method: Method, part: WeightedFactor, values: Mapping[str, FactorValues], member: Mask
) -> FactorScores:
    """One factor of a method over the members of a scope (bool T×S), as the method normalises."""
    take = {"domain_z": classic_factor, "measure": measured_factor}.get(method.normalise, core_factor)
    return take(method, part, values, member)


def core_factor(
    method: Method, part: WeightedFactor, values: Mapping[str, FactorValues], member: Mask
) -> FactorScores:
    """Robust z over the scope; a missing value is the average."""
    given, sign = values[part.uses], factors.get(part.uses).sign
    raw = relative(given.raw, member) if part.relative_to else given.raw
    statistics = Statistics(*kernels().robust_statistics(raw, member))
    z = z_of(
        raw,
        sign,
        statistics.centre[:, None],
        statistics.scale[:, None],
        method.clip,
        statistics.rule[:, None],
    )
    filled = np.where(member, np.where(np.isfinite(raw), z, 0.0), np.nan)
    return FactorScores(part, sign, raw, given.reason, filled, statistics)


def classic_factor(
    method: Method, part: WeightedFactor, values: Mapping[str, FactorValues], member: Mask
) -> FactorScores:
    """Z by mean and population std inside the board; raw values are shown so that more is better."""
    given, sign = values[part.uses], factors.get(part.uses).sign
    raw = sign * given.raw
    if part.relative_to:
        raw = relative(raw, member)
    held = np.where(member & np.isfinite(raw), raw, np.nan)
    n = np.isfinite(held).sum(axis=1)
    some = np.maximum(n, 1)
    mean = np.nansum(held, axis=1) / some
    std = np.sqrt(np.nansum((held - mean[:, None]) ** 2, axis=1) / some)
    z = z_of(raw, 1, mean[:, None], std[:, None], method.clip, CLASSIC_RULE)
    z = np.where(np.isfinite(held) & (n >= 2)[:, None], z, np.nan)
    few = n < 2
    rule = np.where(few, 3, CLASSIC_RULE).astype(np.int8)
    statistics = Statistics(n.astype(np.int64), np.where(few, np.nan, mean), np.where(few, np.nan, std), rule)
    return FactorScores(part, 1, raw, given.reason, z, statistics)


def measured_factor(
    method: Method, part: WeightedFactor, values: Mapping[str, FactorValues], member: Mask
) -> FactorScores:
    """The value itself, turned so that more is better: z in the factor's own unit."""
    given, sign = values[part.uses], factors.get(part.uses).sign
    held = np.where(member & np.isfinite(given.raw), given.raw, np.nan)
    t = len(held)
    n = np.isfinite(held).sum(axis=1).astype(np.int64)
    rule = np.full(t, MEASURE_RULE, dtype=np.int8)
    statistics = Statistics(n, np.zeros(t), np.ones(t), rule)
    z = z_of(held, sign, 0.0, 1.0, method.clip, MEASURE_RULE)
    return FactorScores(part, sign, given.raw, given.reason, z, statistics)


def relative(raw: F8, member: Mask) -> F8:
    """Values less the median of the members' ones, a date."""
    held = np.where(member, raw, np.nan)
    out = np.full(raw.shape, np.nan)
    some = np.isfinite(held).any(axis=1)
    out[some] = raw[some] - np.nanmedian(held[some], axis=1, keepdims=True)
    return out


def min_max(composite: F8) -> F8:
    """0–100 between the least and the greatest of a date; 50 where all are equal."""
    finite = np.isfinite(composite)
    low = np.where(finite, composite, np.inf).min(axis=1, initial=np.inf)[:, None]
    high = np.where(finite, composite, -np.inf).max(axis=1, initial=-np.inf)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = 100.0 * (composite - low) / (high - low)
    return np.where(finite, np.where(high > low, spread, 50.0), np.nan)


def kernels() -> Any:
    """The compiled loops; numba takes half a second to import."""
    from pacesetter.ranking import kernels as compiled

    return compiled
