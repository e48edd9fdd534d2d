"""Every figure of every box and day against the slow, exact one, on random histories and on the real file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pacesetter.market.box import merge_observations
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from tests.market.box_histories import FIELDS, SOURCES, random_observations, real_observations
from tests.market.slow_box_metrics import exact, measure_slowly, merge_slowly

PRIORITY = ("south", "north")


def check(rows: pl.DataFrame, priority: tuple[str, ...]) -> pl.DataFrame:
    """Compare all that is made of the rows with the slow reference; what was made."""
    merged = merge_observations(rows, priority)
    slow = merge_slowly(rows.to_dicts(), priority)
    days = [(symbol, day) for symbol in sorted(slow) for day in sorted(slow[symbol])]
    assert list(merged.select("symbol", "date").iter_rows()) == days
    for row in merged.iter_rows(named=True):
        said = slow[row["symbol"]][row["date"]]
        assert {f: (row[f], row[f"{f}_source"]) for f in FIELDS} == said
    made = measure_boxes(merged)
    assert list(made.select("symbol", "metric_date").iter_rows()) == days
    history = {
        symbol: {day: {f: exact(said[f][0]) for f in FIELDS} for day, said in by_day.items()}
        for symbol, by_day in slow.items()
    }
    for row in made.iter_rows(named=True):
        wanted = measure_slowly(history[row["symbol"]], row["metric_date"])
        where = (row["symbol"], row["metric_date"])
        for name in MEASURES:
            value, reason = wanted.pop(name)
            assert row[f"{name}_reason"] == reason, (*where, name)
            if value is None:
                assert row[name] is None, (*where, name)
            else:
                assert row[name] == pytest.approx(float(value), rel=1e-11, abs=1e-10), (*where, name)
        assert {name: row[name] for name in wanted} == wanted, where
    return made


def test_random_histories(rng: np.random.Generator, full_counts: bool) -> None:
    rows = random_observations(rng, 2_000 if full_counts else 300)
    made = check(rows.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(2**32))), PRIORITY)
    # the histories reach every reason, and each measure's value
    met = {word for name in MEASURES for word in made[f"{name}_reason"].unique() if word}
    assert met == {
        *("no_floor", "sales_unknown", "no_earlier_floor", "few_days", "few_listings"),
        *("listings_unknown", "nothing_listed", "added_unknown", "no_net_demand"),
    }
    assert all(made[name].drop_nulls().len() > 100 for name in MEASURES)
    assert set(rows["source"]) == set(SOURCES)


def test_the_real_file(shared_data: Path) -> None:
    rows = real_observations(shared_data)
    made = check(rows, ("tcgplayer_scraper", "apify_tcgplayer"))
    assert made.height == 548
    assert made["metric_date"].n_unique() == 34
    assert made["symbol"].n_unique() == 39
    assert made["unified_volume_7d_ema"].null_count() == 18  # the days without a floor
    assert made["floor_price_30d_change_pct"].null_count() == 548  # no two days are 30 to 32 apart
