"""Forward returns against a plain walk over every symbol's closes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import Panel
from pacesetter.ranking.forward import forward_returns
from tests.panels import random_panel


def plain_returns(panel: Panel, horizon: int) -> np.ndarray:
    """Closes of the test panels are adjusted prices."""
    place = {int(day): i for i, day in enumerate(panel.calendar)}
    out = np.full((panel.n_sessions, panel.n_symbols), np.nan)
    for s in range(panel.n_symbols):
        rows = range(panel.offsets[s], panel.offsets[s + 1])
        close = {int(panel.date[r]): panel.close[r] for r in rows if panel.final[r]}
        for t, day in enumerate(panel.sessions):
            at = place[int(day)] + horizon
            later = int(panel.calendar[at]) if at < len(panel.calendar) else None
            if int(day) in close and later in close:
                out[t, s] = close[later] / close[int(day)] - 1
    return out


@pytest.fixture
def panel(rng) -> Panel:
    made = random_panel(rng, symbols=9, days=150, holes=0.1)
    return made.on(made.calendar)


@pytest.mark.parametrize("horizon", [1, 5, 21, 63, 149, 150, 400])
def test_equal_to_closes_of_exactly_both_sessions(panel, horizon) -> None:
    expected = plain_returns(panel, horizon)
    assert np.isfinite(expected).any() == (horizon < 149)  # the last session's bars are not final
    np.testing.assert_allclose(forward_returns(panel, horizon), expected, rtol=0, atol=1e-11)


def test_some_sessions_give_the_same_bits_as_all(panel, rng) -> None:
    some = np.sort(rng.choice(panel.n_sessions, 20, replace=False))
    part = forward_returns(panel.on(panel.calendar[some]), 5)
    np.testing.assert_array_equal(part, forward_returns(panel, 5)[some])


def test_adjusted_growth_counts_and_not_the_stored_price(panel) -> None:
    split = replace(panel, close=np.where(panel.date >= panel.calendar[80], panel.close / 4, panel.close))
    np.testing.assert_array_equal(forward_returns(split, 21), forward_returns(panel, 21))


def test_a_bar_that_is_not_final_ends_no_return(panel) -> None:
    assert np.isnan(forward_returns(panel, 1)[-2]).all()
    settled = replace(panel, final=np.ones_like(panel.final))
    assert np.isfinite(forward_returns(settled, 1)[-2]).any()


def test_an_unknown_link_spoils_only_returns_across_it(rng) -> None:
    made = random_panel(rng, symbols=2, days=60, holes=0.0, benchmark=False)
    panel = replace(made.on(made.calendar), final=np.ones_like(made.final))
    growth = panel.growth.copy()
    growth[30] = np.nan  # S00's bar on session 30
    whole, broken = forward_returns(panel, 5), forward_returns(replace(panel, growth=growth), 5)
    assert np.isnan(broken[25:30, 0]).all()
    broken[25:30, 0] = whole[25:30, 0]
    np.testing.assert_allclose(broken, whole, rtol=0, atol=2e-12)


def test_unchanged_prices_tie_exactly(rng) -> None:
    made = random_panel(rng, symbols=60, days=100, holes=0.0)
    close = made.close.copy()
    before, after = (made.date == made.calendar[50]), (made.date == made.calendar[71])
    has_both = np.isin(made.owner, np.intersect1d(made.owner[before], made.owner[after]))
    close[after & has_both] = close[before & has_both]
    growth = np.full(len(close), np.nan)
    same = made.owner[1:] == made.owner[:-1]
    growth[1:][same] = (close[1:] / close[:-1])[same]
    panel = replace(made.on(made.calendar[50:51]), growth=growth)
    returns = forward_returns(panel, 21)[0]
    assert np.isfinite(returns).sum() > 40
    assert set(returns[np.isfinite(returns)].tolist()) == {0.0}  # though a product of ratios is not quite 1


def test_a_day_off_the_calendar_has_no_return(panel) -> None:
    weekend = panel.on(np.array([panel.calendar[4] + 1, panel.calendar[-1] + 9], np.int32))
    assert np.isnan(forward_returns(weekend, 1)).all()


def test_a_panel_without_bars(panel) -> None:
    empty = panel.bars(np.zeros(len(panel.date), dtype=bool))
    assert np.isnan(forward_returns(empty, 1)).all()


@pytest.mark.parametrize("horizon", [0, -5])
def test_no_horizon(panel, horizon) -> None:
    with pytest.raises(InputError, match="no horizon"):
        forward_returns(panel, horizon)
