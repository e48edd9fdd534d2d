"""The leakage lab: factors that peek are found, those that are shipped do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pacesetter.factors.base import Factor, Per, factors, factors_of
from pacesetter.kernel.errors import InputError
from pacesetter.market.calendar import day_date
from pacesetter.market.panel import Panel
from pacesetter.ranking.frame import panel_from_frame
from pacesetter.ranking.leakage import find_leaks, find_score_leaks, shuffle_future
from pacesetter.ranking.method import load_shipped
from tests.panels import random_panel

BOTH = {"removed", "shuffled"}


def plant(function: Callable[[Panel], np.ndarray], *, per: Per = "bar", needs: str = "growth") -> Factor:
    """A factor that nobody registered."""
    return Factor(
        name=function.__name__,
        title="planted",
        needs=(needs,),
        window=1,
        minimum=1,
        higher_is_better=True,
        unit="1",
        per=per,
        absent="undefined",
        version=1,
        formula="",
        source="",
        function=function,
    )


def next_of(panel: Panel, column: np.ndarray) -> np.ndarray:
    """The same symbol's next bar."""
    moved = np.append(column[1:], np.nan)
    moved[panel.offsets[1:][np.diff(panel.offsets) > 0] - 1] = np.nan
    return moved


def tomorrow(panel: Panel) -> np.ndarray:
    return next_of(panel, panel.growth)


def tomorrows_volume(panel: Panel) -> np.ndarray:
    ahead = next_of(panel, panel.volume)
    return panel.close * (1.0 + (ahead > panel.volume))


def next_is_final(panel: Panel) -> np.ndarray:
    return next_of(panel, panel.final.astype(float))


def standardised(panel: Panel) -> np.ndarray:
    out = np.full(len(panel.date), np.nan)
    for lo, hi in pairwise(panel.offsets):
        if hi > lo:
            out[lo:hi] = (panel.close[lo:hi] - panel.close[lo:hi].mean()) / panel.close[lo:hi].std()
    return out


def across_sessions(panel: Panel) -> np.ndarray:
    close = panel.close[np.maximum(panel.asof, 0)]
    return close - close.mean(axis=0)


def any_eps(panel: Panel) -> np.ndarray:
    out = np.full((panel.n_sessions, panel.n_symbols), np.nan)
    assert panel.facts is not None
    for s, eps in zip(panel.facts.symbol, panel.facts.values["eps"], strict=True):
        out[:, s] = eps
    return out


def honest(panel: Panel) -> np.ndarray:
    return panel.growth * panel.volume


def still_there(panel: Panel) -> np.ndarray:
    return np.isfinite(next_of(panel, panel.close)).astype(float)


@pytest.fixture
def panel(rng) -> Panel:
    made = random_panel(rng, symbols=12)
    return made.on(made.calendar[-60::6])


@pytest.mark.parametrize("peek", [tomorrow, tomorrows_volume, next_is_final, standardised, across_sessions])
def test_a_factor_that_peeks_is_found_in_both_ways(panel, rng, peek) -> None:
    per: Per = "session" if peek is across_sessions else "bar"
    leaks = find_leaks([plant(honest), plant(peek, per=per)], panel, 4, rng)
    assert {leak.factor for leak in leaks} == {peek.__name__}
    assert {leak.kind for leak in leaks} == BOTH
    assert {leak.on for leak in leaks} <= {day_date(d) for d in panel.sessions}
    # the last session has none behind it to look across
    assert len({leak.on for leak in leaks}) >= (3 if per == "session" else 4)


def test_before_is_the_value_that_knew_and_after_the_one_that_did_not(panel, rng) -> None:
    day = int(panel.sessions[3])
    leaks = find_leaks([plant(tomorrow)], panel, [day], rng)
    assert {leak.on for leak in leaks} == {day_date(day)}
    ahead = next_of(panel, panel.growth)[panel.on(np.array([day], np.int32)).asof[0]]
    for leak in leaks:
        assert leak.before == ahead[panel.symbols.index(leak.symbol)]
        assert np.isnan(leak.after) if leak.kind == "removed" else leak.after > 0
    seen = [leak.symbol for leak in leaks if leak.kind == "removed"]
    assert seen == [name for name, value in zip(panel.symbols, ahead, strict=True) if np.isfinite(value)]


def test_one_that_sees_facts_before_they_are_known(rng) -> None:
    made = random_panel(rng, symbols=20, days=200)
    assert made.facts is not None
    day = int(made.calendar[100])
    newest = {int(s): i for i, s in enumerate(made.facts.symbol)}
    later = {
        made.symbols[s]
        for s, i in newest.items()
        if made.facts.known_on[i] > day and np.isfinite(made.facts.values["eps"][i])
    }
    leaks = find_leaks([plant(any_eps, per="session", needs="fact:eps")], made, [day], rng)
    here = made.on(np.array([day], np.int32)).asof[0] >= 0
    visible = {name for name, have in zip(made.symbols, here, strict=True) if have}
    assert {leak.symbol for leak in leaks if leak.kind == "shuffled"} >= later & visible != set()
    assert {leak.symbol for leak in leaks if leak.kind == "removed"} >= later & visible


def test_sessions_are_valued_together_as_in_a_history(panel, rng) -> None:
    day = int(panel.sessions[4])
    leaks = find_leaks([plant(across_sessions, per="session")], panel, [day], rng)
    assert {leak.kind for leak in leaks} == BOTH


def test_one_that_only_sees_that_there_is_a_future(panel, rng) -> None:
    leaks = find_leaks([plant(still_there)], panel, 3, rng)
    assert {leak.kind for leak in leaks} == {"removed"}


def test_all_registered_factors_keep_to_the_past(rng) -> None:
    for benchmark in (True, False):
        made = random_panel(rng, symbols=10, benchmark=benchmark)
        assert find_leaks(factors_of("bars"), made.on(made.calendar[-80:]), 5, rng) == []


@pytest.mark.parametrize("name", ["core", "classic"])
def test_shipped_methods_keep_to_the_past(rng, name) -> None:
    made = random_panel(rng, symbols=36)
    made = made.on(made.calendar[-40::3])
    member = rng.random((made.n_sessions, made.n_symbols)) < 0.7
    assert find_score_leaks(load_shipped(name), made, member, 5, rng) == []


@pytest.mark.parametrize("name", ["core", "classic"])
def test_a_method_with_a_factor_that_peeks_is_found(rng, monkeypatch, name) -> None:
    method = load_shipped(name)
    uses = method.factors[0].uses
    monkeypatch.setitem(factors._things, uses, replace(factors.get(uses), function=tomorrow))
    made = random_panel(rng, symbols=36)
    made = made.on(made.calendar[-40::3])
    member = np.ones((made.n_sessions, made.n_symbols), bool)
    day = int(made.sessions[5])
    leaks = find_score_leaks(method, made, member, [day], rng)
    assert {leak.kind for leak in leaks} == BOTH
    assert {(leak.factor, leak.on) for leak in leaks} == {(name, day_date(day))}
    assert len({leak.symbol for leak in leaks}) > 20
    assert "SPY" not in {leak.symbol for leak in leaks}


def test_the_past_is_left_alone_and_nothing_later_is(panel, rng) -> None:
    day = int(panel.sessions[2])
    mixed = shuffle_future(panel, day, rng)
    later = panel.date > day
    assert (mixed.date == panel.date).all()
    for name in ("open", "high", "low", "close", "growth", "volume"):
        old, new = getattr(panel, name), getattr(mixed, name)
        np.testing.assert_array_equal(old[~later], new[~later])
        assert (old[later] != new[later]).all() and np.isfinite(new[later]).all(), name
    assert panel.facts is not None and mixed.facts is not None
    known = panel.facts.known_on <= day
    for name, old in panel.facts.values.items():
        np.testing.assert_array_equal(old[known], mixed.facts.values[name][known])
        assert (old[~known] != mixed.facts.values[name][~known]).all()


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Panel:
    frame = pl.scan_parquet(shared_data / "prices/us_sp500_2014_2025.parquet")
    names = frame.select(pl.col("symbol").unique().sort()).collect()["symbol"].gather_every(12).head(40)
    made = panel_from_frame(frame.filter(pl.col("symbol").is_in(names.to_list())).collect(), on="all")
    return made.on(made.calendar[300::97])


def test_all_registered_factors_keep_to_the_past_on_real_bars(real, rng) -> None:
    assert real.n_symbols == 40
    assert find_leaks(factors_of("bars"), real, 2, rng) == []
    assert find_leaks([plant(tomorrow)], real, 1, rng) != []


def test_core_keeps_to_the_past_on_real_bars(real, rng) -> None:
    member = np.ones((real.n_sessions, real.n_symbols), bool)
    assert find_score_leaks(load_shipped("core"), real, member, 2, rng) == []


def test_dates_without_a_future_are_refused(panel, rng) -> None:
    newest = int(panel.date.max())
    with pytest.raises(InputError, match="no bar is newer"):
        find_leaks([plant(honest)], panel, [newest], rng)
    with pytest.raises(InputError, match="no date to examine"):
        find_leaks([plant(honest)], panel.on(np.array([newest], np.int32)), 3, rng)
    with pytest.raises(InputError, match="no date to examine"):
        find_leaks([plant(honest)], panel, 0, rng)
    member = np.ones((panel.n_sessions, panel.n_symbols), bool)
    with pytest.raises(InputError, match="no session of the panel"):
        find_score_leaks(load_shipped("core"), panel, member, [int(panel.sessions[0]) - 1], rng)
