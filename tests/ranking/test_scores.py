"""Normalising, scoring and ranking against scipy, brute force and properties."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pacesetter.factors.base import FactorValues, factors
from pacesetter.ranking import kernels
from pacesetter.ranking.method import Method, WeightedFactor, load_shipped
from pacesetter.ranking.scores import RULES, min_max, score_scope, z_of

CORE = load_shipped("core")
numbers = st.one_of(st.just(float("nan")), st.floats(-50, 50).map(lambda x: round(x, 1)))


def values_of(raw: dict[str, np.ndarray]) -> dict[str, FactorValues]:
    def one(name: str, column: np.ndarray) -> FactorValues:
        reason = np.where(np.isnan(column), 9, 0).astype(np.int8)
        return FactorValues(factors.get(name), column, reason, np.zeros(column.shape, np.int32))

    return {name: one(name, column) for name, column in raw.items()}


def random_values(rng: np.random.Generator, days: int = 3, n: int = 40, missing: float = 0.1):
    raw = {part.uses: rng.normal(0, 1, (days, n)) for part in CORE.factors}
    for column in raw.values():
        column[rng.random((days, n)) < missing] = np.nan
    return raw


@given(arrays(float, st.tuples(st.just(2), st.integers(1, 30)), elements=numbers))
def test_competition_rank_equals_scipy(composite) -> None:
    member = np.ones(composite.shape, bool)
    got = kernels.competition_ranks(composite, member)
    for row, ranks in zip(composite, got, strict=True):
        have = np.isfinite(row)
        assert (ranks[~have] == 0).all()
        assert (ranks[have] == scipy.stats.rankdata(-row[have], method="min")).all()


@given(arrays(float, st.tuples(st.just(2), st.integers(1, 30)), elements=numbers))
def test_percentile_equals_its_formula(composite) -> None:
    got = kernels.percentiles(composite)
    for row, scores in zip(composite, got, strict=True):
        have = row[np.isfinite(row)]
        for x, score in zip(row, scores, strict=True):
            if np.isnan(x):
                assert np.isnan(score)
            elif len(have) == 1:
                assert score == 50
            else:
                below, equal = np.sum(have < x), np.sum(have == x)
                assert score == 100 * (below + 0.5 * (equal - 1)) / (len(have) - 1)


def test_robust_z_equals_scipy(rng) -> None:
    raw = random_values(rng)
    member = rng.random((3, 40)) < 0.9
    scores = score_scope(CORE, values_of(raw), member, "universe:equity")
    for part in scores.parts:
        sign = factors.get(part.part.uses).sign
        for t in range(3):
            have = raw[part.part.uses][t][member[t] & np.isfinite(raw[part.part.uses][t])]
            mad = scipy.stats.median_abs_deviation(have)
            want = np.clip(sign * (raw[part.part.uses][t] - np.median(have)) / (1.4826 * mad), -3, 3)
            want = np.where(np.isnan(want), 0.0, want)
            assert part.z[t][member[t]] == pytest.approx(want[member[t]], abs=1e-12)
            assert part.statistics.n[t] == len(have)


def test_composite_coverage_and_the_reason_to_stay_unranked(rng) -> None:
    raw = random_values(rng, missing=0.0)
    raw["momentum"][0, 0] = np.nan  # 70 % of the weight is left: ranked, as the average
    for name in ("momentum", "volatility"):  # 50 % is left: not ranked
        raw[name][0, 1] = np.nan
    scores = score_scope(CORE, values_of(raw), np.ones((3, 40), bool), "universe:equity")
    assert scores.coverage[0, :3].tolist() == [0.7, 0.5, 1.0]
    assert np.isnan(scores.composite[0, 1])
    z = {p.part.name: p.z[0, 0] for p in scores.parts}
    assert z["momentum"] == 0.0
    want = sum(part.weight * z[part.name] for part in CORE.factors)
    assert scores.composite[0, 0] == round(want, 12)


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        ([1.0, 1.0, 1.0, 1.0, 9.0], "mean_std"),  # MAD 0
        ([0.1] * 5, "all_equal"),
        ([1.0, 2.0, 3.0, 4.0], "too_few"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], "median_mad"),
    ],
)
def test_the_rule_is_stated(column, rule) -> None:
    raw = np.array([column])
    n, centre, scale, code = kernels.robust_statistics(raw, np.ones(raw.shape, bool))
    assert RULES[code[0]] == rule
    z = z_of(raw, 1, centre[:, None], scale[:, None], 3.0, code[:, None])
    if rule in ("all_equal", "too_few"):
        assert (z == 0).all()
    elif rule == "mean_std":
        assert z[0] == pytest.approx((raw[0] - raw[0].mean()) / raw[0].std())
    assert n[0] == len(column)


def test_order_of_symbols_changes_no_bit(rng) -> None:
    raw = random_values(rng, missing=0.2)
    member = np.ones((3, 40), bool)
    order = rng.permutation(40)
    a = score_scope(CORE, values_of(raw), member, "u")
    b = score_scope(CORE, values_of({k: v[:, order] for k, v in raw.items()}), member, "u")
    assert a.composite[:, order].tobytes() == b.composite.tobytes()
    assert a.score[:, order].tobytes() == b.score.tobytes()


@given(st.integers(0, 2**32 - 1))
def test_a_monotone_transform_of_a_single_factor_board_changes_no_rank(seed) -> None:
    rng = np.random.default_rng(seed)
    method = Method("one", 1, "One", (WeightedFactor("momentum", "momentum", 1.0),), clip=1e9)
    raw = rng.permutation(np.linspace(-2, 2, 12))[None, :]
    member = np.ones(raw.shape, bool)
    ranks = [
        kernels.competition_ranks(
            score_scope(method, values_of({"momentum": x}), member, "u").composite, member
        )
        for x in (raw, np.exp(raw), raw**3)
    ]
    assert (ranks[0] == ranks[1]).all()
    assert (ranks[0] == ranks[2]).all()


def test_min_max_of_equal_and_single_values() -> None:
    assert min_max(np.array([[2.0, 2.0, np.nan]]))[0, :2].tolist() == [50.0, 50.0]
    assert min_max(np.array([[7.0]])).tolist() == [[50.0]]
    assert min_max(np.array([[1.0, 2.0, 3.0]])).tolist() == [[0.0, 50.0, 100.0]]
