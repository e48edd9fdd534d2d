"""A figure is a function of its own box's days up to its own, bit for bit."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.market.box import merge_observations
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from tests.market.box_histories import follow, on, random_observations, same_bits

VOLUME = st.integers(0, 10**6)


@pytest.fixture
def merged(rng: np.random.Generator) -> pl.DataFrame:
    return merge_observations(random_observations(rng, 60), ["north"])


def test_other_boxes_and_their_order_change_no_bit(merged: pl.DataFrame, rng: np.random.Generator) -> None:
    made = measure_boxes(merged)
    shuffled = merged.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(2**32)))
    assert same_bits(measure_boxes(shuffled), made)
    for symbol in merged["symbol"].unique():
        alone = measure_boxes(merged.filter(symbol=symbol))
        assert same_bits(alone, made.filter(symbol=symbol))


def test_later_days_change_no_bit(merged: pl.DataFrame) -> None:
    made = measure_boxes(merged)
    for day in range(0, 400, 7):
        known = measure_boxes(merged.filter(pl.col("date") <= on(day)))
        assert same_bits(known, made.filter(pl.col("metric_date") <= on(day)))


def test_days_before_the_window_change_the_smoothed_volume_alone(merged: pl.DataFrame) -> None:
    """What is older than 32 days cannot be seen but in the smoothed volume, which forgets nothing at once."""
    made, checked = measure_boxes(merged), 0
    smoothed = ["unified_volume_7d_ema", "unified_volume_7d_ema_reason"]
    for symbol, date in made.select("symbol", "metric_date").sample(200, seed=1).iter_rows():
        here = (pl.col("symbol") == symbol) & (pl.col("metric_date") == date)
        window = merged.filter(symbol=symbol).filter(pl.col("date") >= date - timedelta(days=32))
        checked += len(window) < len(merged.filter(pl.col("symbol") == symbol, pl.col("date") <= date))
        assert same_bits(measure_boxes(window).filter(here).drop(smoothed), made.filter(here).drop(smoothed))
    assert checked > 20


def test_an_insert_between_two_days_changes_later_days_alone(rng: np.random.Generator) -> None:
    full = merge_observations(random_observations(rng, 40), [])
    changed = set()
    for symbol in full["symbol"].unique().sort():
        days = full.filter(symbol=symbol)
        late = days[int(rng.integers(0, len(days)))]
        at = late["date"][0]
        without, made = measure_boxes(days.join(late, on="date", how="anti")), measure_boxes(days)
        before = pl.col("metric_date") < at
        assert same_bits(without.filter(before), made.filter(before))
        both = made.join(without, on="metric_date", suffix="_without").filter(pl.col("metric_date") > at)
        for name in MEASURES:
            if both.filter(pl.col(name).ne_missing(pl.col(f"{name}_without"))).height:
                changed.add(name)
    assert {"unified_volume_usd", "unified_volume_7d_ema", "floor_price_1d_change_pct"} <= changed


@given(first=VOLUME, last=VOLUME, gap=st.integers(1, 400))
def test_smoothing_over_a_gap_is_smoothing_day_by_day(first: int, last: int, gap: int) -> None:
    with_gap = measure_boxes(follow({0: (1.0, 1, first, None), gap: (1.0, 1, last, None)}))
    daily = {day: (1.0, 1, last if day else first, None) for day in range(gap + 1)}
    filled = measure_boxes(follow(daily))
    name = "unified_volume_7d_ema"
    assert with_gap[name][-1] == pytest.approx(filled[name][-1], rel=1e-12, abs=1e-9)
    value = float(first)
    for _ in range(gap):
        value += 0.25 * (last - value)
    assert with_gap[name][-1] == pytest.approx(value, rel=1e-12, abs=1e-9)
