"""What-if weights against rank_board, scipy, pandas and alphalens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from alphalens.performance import quantile_turnover
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pacesetter.factors.base import FactorValues, factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import Panel
from pacesetter.ranking import whatif
from pacesetter.ranking.boards import BoardRanks, rank_board, score_universe
from pacesetter.ranking.method import Method, load_shipped
from pacesetter.ranking.whatif import Prepared, prepare, try_weights
from pacesetter.ranking.whatif_kernels import sort_finite
from tests.panels import random_panel

METHODS = ["core", "classic"]
SIZES = [2, 7, 24, 30, 45]  # ranked on the board's own scale, on both by date, and on the universe's


def history(rng, symbols: int, days: int = 70, *, ties: bool = True) -> tuple[Panel, np.ndarray]:
    """A panel valued on all sessions, some with equal forward returns, and a changing membership."""
    panel = random_panel(rng, symbols=symbols, days=days, holes=0.1)
    if ties:
        panel = replace(panel, growth=np.where(rng.random(len(panel.date)) < 0.95, 1.0, panel.growth))
    panel = panel.on(panel.calendar)
    return panel, rng.random((panel.n_sessions, panel.n_symbols)) < 0.8


def draw_values(rng, method: Method, panel: Panel, *, digits: int = 1, missing: float = 0.2):
    """Random raw values with ties and blanks."""
    made = {}
    for part in method.factors:
        raw = np.round(rng.standard_t(2, (panel.n_sessions, panel.n_symbols)), digits)
        raw[rng.random(raw.shape) < missing] = np.nan
        made[part.uses] = FactorValues(
            factors.get(part.uses), raw, np.isnan(raw).astype(np.int8), np.zeros(raw.shape, np.int32)
        )
    return made


def weighted(method: Method, weights: dict[str, float]) -> Method:
    return replace(method, factors=tuple(replace(p, weight=weights[p.name]) for p in method.factors))


def board_of(method: Method, values, panel: Panel, member) -> BoardRanks:
    return rank_board(method, values, panel, score_universe(method, values, panel, "equity"), member, "board")


def ready(method: Method, values, panel: Panel, member) -> Prepared:
    return prepare(method, values, panel, member, "equity", "board")


def columns_of(panel: Panel, symbols: tuple[str, ...]) -> list[int]:
    return [panel.symbols.index(name) for name in symbols]


def draw_weights(rng, method: Method) -> dict[str, float]:
    """Any sum, sometimes zeros."""
    drawn = rng.random(len(method.factors)) * (rng.random(len(method.factors)) < 0.8) * 9
    drawn[rng.integers(len(drawn))] = 1.0
    return dict(zip(method.weights, drawn.tolist(), strict=True))


@pytest.mark.parametrize("name", METHODS)
def test_own_weights_give_the_board_itself(rng, name) -> None:
    method = load_shipped(name)
    for symbols, share in ((8, 1.0), (40, 1.0), (40, 0.1), (40, 0.02)):
        panel = random_panel(rng, symbols=symbols)
        values = {part.uses: evaluate(factors.get(part.uses), panel) for part in method.factors}
        member = rng.random((panel.n_sessions, panel.n_symbols)) < share
        board = board_of(method, values, panel, member)
        got = try_weights(ready(method, values, panel, member), method.weights)
        at = columns_of(panel, got.symbols)
        others = np.setdiff1d(np.arange(panel.n_symbols), at)
        assert got.weights == method.weights
        assert (got.ranks == board.rank[-1, at]).all() and (board.rank[-1, others] == 0).all()
        assert (got.ranks_before == got.ranks).all() and got.movers == ()
        placed = got.ranks > 0
        np.testing.assert_array_equal(got.score[placed], board.scores.score[-1, at][placed])
        np.testing.assert_array_equal(got.composite[placed], board.scores.composite[-1, at][placed])
        assert np.isnan(got.score[~placed]).all()


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("symbols", SIZES)
def test_other_weights_give_what_a_method_with_them_gives(rng, name, symbols) -> None:
    """Every date's composite bit for bit, and the newest ranks and scores."""
    method = load_shipped(name)
    panel, member = history(rng, symbols)
    values = draw_values(rng, method, panel, missing=0.5)
    made = ready(method, values, panel, member)
    at = columns_of(panel, made.symbols)
    for _ in range(5):
        got = try_weights(made, draw_weights(rng, method))
        assert sum(got.weights.values()) == pytest.approx(1, abs=1e-12)
        saved = weighted(method, got.weights)
        board = board_of(saved, values, panel, member)
        assert name == "classic" or len(set(board.scope)) == (2 if symbols == 30 else 1)
        np.testing.assert_array_equal(got.ranks, board.rank[-1, at])
        placed = got.ranks > 0
        np.testing.assert_array_equal(got.score[placed], board.scores.score[-1, at][placed])
        each = list(got.weights.values())
        law = (np.array(each), sum(each), method.coverage_min, name == "classic")
        composite = whatif.kernels().compose(made.terms.z, made.terms.state, made.terms.member, *law)
        want = np.where(board.rank > 0, board.scores.composite, np.nan)[:, at]
        np.testing.assert_array_equal(composite, want)


def slow_history(board: BoardRanks, forward: np.ndarray) -> tuple[list[float], list[float]]:
    """IC and turnover of a board, date by date, with scipy and numpy's percentile."""
    ic, turnover, before = [], [], set()
    for ranks, composite, ahead in zip(board.rank, board.scores.composite, forward, strict=True):
        own = np.where(ranks > 0, composite, np.nan)
        both = np.isfinite(own) & np.isfinite(ahead)
        flat = both.sum() < 5 or np.ptp(own[both]) == 0 or np.ptp(ahead[both]) == 0
        ic.append(np.nan if flat else scipy.stats.spearmanr(own[both], ahead[both]).statistic)
        have = np.isfinite(own)
        top = set(np.flatnonzero(own > np.percentile(own[have], 80))) if have.sum() >= 10 else set()
        turnover.append(len(top - before) / len(top) if top and before else np.nan)
        before = top
    return ic, turnover


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("symbols", SIZES)
def test_ic_and_turnover_equal_the_slow_way(rng, name, symbols) -> None:
    method = load_shipped(name)
    panel, member = history(rng, symbols)
    values = draw_values(rng, method, panel)
    got = try_weights(ready(method, values, panel, member), draw_weights(rng, method))
    board = board_of(weighted(method, got.weights), values, panel, member)
    ic, turnover = slow_history(board, whatif.forward_returns(panel, 21))
    np.testing.assert_allclose(got.ic, ic, atol=1e-12)
    np.testing.assert_allclose(got.turnover, turnover, atol=1e-12)
    if symbols > 20:
        assert np.isfinite(got.ic[:-21]).sum() > 20 and np.isnan(got.ic[-21:]).all()
        assert got.ic_mean == pytest.approx(np.nanmean(ic), abs=1e-12)
        assert got.turnover_mean == pytest.approx(np.nanmean(turnover), abs=1e-12)
    elif symbols == 2:
        assert np.isnan(got.ic_mean) and np.isnan(got.turnover_mean)


def test_turnover_equals_alphalens(rng) -> None:
    method = load_shipped("core")
    panel, _ = history(rng, 45)
    member = np.ones((panel.n_sessions, panel.n_symbols), bool)
    values = draw_values(rng, method, panel, digits=9, missing=0.05)
    got = try_weights(ready(method, values, panel, member), method.weights)
    board = board_of(method, values, panel, member)
    composite = pd.DataFrame(np.where(board.rank > 0, board.scores.composite, np.nan), columns=panel.symbols)
    composite.index = pd.to_datetime(panel.sessions, unit="D")
    long = composite.stack().dropna()
    long.index.names = ["date", "asset"]
    fifths = long.groupby(level="date").transform(lambda x: pd.qcut(x, 5, labels=False) + 1)
    want = quantile_turnover(fifths, 5, 1).reindex(composite.index)
    assert want.notna().sum() > 60
    np.testing.assert_allclose(got.turnover, want.to_numpy(), atol=1e-12)


def test_the_ic_is_of_the_next_21_sessions(rng) -> None:
    """The forward return by pandas: the close 21 rows of the calendar later, both bars there."""
    method = load_shipped("core")
    panel, member = history(rng, 45, ties=False)
    got = ready(method, draw_values(rng, method, panel), panel, member)
    keep = panel.final
    frame = pd.DataFrame({"day": panel.date, "who": panel.owner, "close": panel.close})[keep]
    close = frame.pivot(index="day", columns="who", values="close").reindex(
        index=panel.calendar, columns=range(panel.n_symbols)
    )
    want = (close.shift(-21) / close - 1).to_numpy()[:, columns_of(panel, got.symbols)]
    np.testing.assert_allclose(got.forward, np.where(got.terms.member, want, np.nan), atol=1e-11)


def test_movers_come_in_the_order_of_their_change(rng) -> None:
    method = load_shipped("core")
    panel, member = history(rng, 45)
    values = draw_values(rng, method, panel)
    values["momentum"].raw[-1, np.flatnonzero(member[-1])[:3]] = np.nan  # without it there will be no rank
    made = ready(method, values, panel, member)
    got = try_weights(made, {name: float(name == "momentum") for name in method.weights})
    before = dict(zip(got.symbols, got.ranks_before.tolist(), strict=True))
    after = dict(zip(got.symbols, got.ranks.tolist(), strict=True))
    assert {m.symbol for m in got.movers} == {s for s in got.symbols if before[s] != after[s]}
    for mover in got.movers:
        assert (mover.before or 0, mover.after or 0) == (before[mover.symbol], after[mover.symbol])
    changes = [abs(m.change) for m in got.movers if m.change is not None]
    assert changes and changes == sorted(changes, reverse=True)
    unranked = [m.change is None for m in got.movers]
    assert True in unranked and unranked == sorted(unranked)


def test_threads_and_parts_change_no_bit(rng, monkeypatch) -> None:
    method = load_shipped("core")
    panel, member = history(rng, 45)
    made = ready(method, draw_values(rng, method, panel), panel, member)
    weights = draw_weights(rng, method)
    want = try_weights(made, weights)
    for part in (1, 7, 10_000):
        monkeypatch.setattr(whatif, "PART_DATES", part)
        got = try_weights(made, weights)
        assert got.ic.tobytes() == want.ic.tobytes()
        assert got.turnover.tobytes() == want.turnover.tobytes()


@given(
    arrays(float, st.integers(0, 60), elements=st.sampled_from([np.nan, -3.0, 3.0, 0.1]) | st.floats(-9, 9))
)
def test_sorting_equals_argsort(values) -> None:
    values = np.round(values, 12)
    order = sort_finite(values)
    assert sorted(order.tolist()) == np.flatnonzero(np.isfinite(values)).tolist()
    np.testing.assert_array_equal(values[order], np.sort(values[np.isfinite(values)]))


@pytest.fixture(scope="module")
def small() -> Prepared:
    method = load_shipped("core")
    rng = np.random.default_rng(3)
    panel, member = history(rng, 12, 30)
    return ready(method, draw_values(rng, method, panel), panel, member)


OWN = load_shipped("core").weights


@pytest.mark.parametrize(
    ("weights", "named"),
    [
        (OWN | {"momentum": float("nan")}, "momentum = nan"),
        (OWN | {"momentum": float("inf")}, "momentum = inf"),
        (OWN | {"volatility": -0.1}, "volatility = -0.1"),
        (OWN | {"volatility": "1"}, "volatility = '1'"),
        (OWN | {"volatility": True}, "volatility = True"),
        (OWN | {"volatility": None}, "volatility = None"),
        (OWN | {"momentun": 0.0}, "momentun.*momentum"),
        ({name: w for name, w in OWN.items() if name != "volatility"}, "volatility"),
        ({}, "momentum"),
        (dict.fromkeys(OWN, 0.0), "momentum.* 0"),
    ],
)
def test_bad_weights_are_refused_by_name(small, weights, named) -> None:
    with pytest.raises(InputError, match=named):
        try_weights(small, weights)


@pytest.mark.parametrize("scale", [1e308, 1e-300, 3, np.float32(2)])
def test_any_sum_will_do(small, scale) -> None:
    even = dict.fromkeys(OWN, 0.2)
    got = try_weights(small, dict.fromkeys(OWN, scale))
    assert got.weights == pytest.approx(even)
    np.testing.assert_array_equal(got.ranks, try_weights(small, even).ranks)


def test_a_board_without_members_and_a_panel_without_sessions(rng) -> None:
    method = load_shipped("core")
    panel, member = history(rng, 12, 30)
    values = draw_values(rng, method, panel)
    got = try_weights(ready(method, values, panel, np.zeros_like(member)), method.weights)
    assert got.symbols == () and got.movers == () and np.isnan(got.ic).all() and np.isnan(got.turnover_mean)
    none = panel.on(panel.sessions[:0])
    with pytest.raises(InputError, match="no session"):
        ready(method, draw_values(rng, method, none), none, member[:0])
