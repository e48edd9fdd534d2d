"""The market of boxes: worked by hand, and against a slow one on random dates."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
import polars as pl
import pytest

from pacesetter.market.box import merge_observations
from pacesetter.market.box_market import measure_market
from pacesetter.market.box_metrics import measure_boxes
from tests.market.box_histories import on, real_observations, same_bits

Days = dict[int, dict[str, float | None]]
COLUMNS = ("index", "base_on", "linked_on", "n_linked")


def prices(days: Days, volume: float | None = None) -> pl.DataFrame:
    """Floors by day and box as metrics; every box has the same volume."""
    rows = [(box, on(day), x, volume) for day, floors in days.items() for box, x in floors.items()]
    schema = {
        "symbol": pl.String,
        "metric_date": pl.Date,
        "floor_price_usd": pl.Float64,
        "daily_volume_usd": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def market(days: Days) -> dict[int, dict[str, Any]]:
    """Each day's market."""
    return {(row["metric_date"] - on(0)).days: row for row in measure_market(prices(days)).to_dicts()}


def many(count: int, price: float = 10.0, start: int = 0) -> dict[str, float | None]:
    """So many boxes at one price."""
    return {f"BOX-{k:03d}": price for k in range(start, start + count)}


WEEK: Days = {
    0: {"A": 100, "B": 200},
    1: {"A": 110, "B": 200, "C": 50},
    4: {"A": 110, "B": 100, "C": 100, "D": 7},
}


def test_index_is_chained_by_the_mean_ratio_of_shared_boxes() -> None:
    made = market(WEEK)
    assert list(made) == [0, 1, 4]
    assert [made[d]["index"] for d in made] == pytest.approx([100, 105, 122.5])  # 2.1/2, then 3.5/3
    assert [made[d]["linked_on"] for d in made] == [None, on(0), on(1)]
    assert {made[d]["base_on"] for d in made} == {on(0)}
    assert [made[d]["n_linked"] for d in made] == [0, 2, 3]


def test_breadth_is_of_the_link() -> None:
    made = market(WEEK | {5: {"A": 120, "B": 101, "C": 100, "D": 6, "E": 1}})
    counts = [tuple(made[d][k] for k in ("advancing", "declining", "unchanged", "breadth")) for d in made]
    assert counts == [(0, 0, 0, None), (1, 0, 1, 0.5), (1, 1, 1, 0), (2, 1, 1, 0.25)]


def test_floors_and_volume_of_a_day() -> None:
    made = market(WEEK | {5: {"A": 120, "B": None, "C": 0, "D": -3}, 6: {"A": None}})
    assert [made[d]["n_floors"] for d in made] == [2, 3, 4, 1, 0]
    assert [made[d]["mean_floor_usd"] for d in made] == [150, 120, 79.25, 120, None]
    assert [made[d]["median_floor_usd"] for d in made] == [150, 110, 100, 120, None]
    assert made[6]["index"] is None
    rows = pl.concat([prices(WEEK, 2.5), prices({4: {"E": 9}}, None), prices({6: {"A": 1}}, None)])
    assert measure_market(rows)["volume_usd"].to_list() == [5, 7.5, 10, None]


def test_boxes_that_come_and_go_do_not_move_the_index() -> None:
    steady = {day: many(6) for day in range(4)}
    assert [row["index"] for row in market(steady).values()] == [100] * 4
    coming = {
        0: many(6),
        1: many(6) | {"Z": 9_999.0},
        2: many(6) | {"Z": 9_999.0, "Y": 0.01},
        3: many(6),
    }
    assert [row["index"] for row in market(coming).values()] == [100] * 4


@pytest.mark.parametrize(
    ("boxes", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (8, 4), (9, 5), (10, 5), (40, 5)]
)
def test_five_shared_boxes_make_a_link_or_half(boxes: int, needed: int) -> None:
    """Half of the boxes of the larger day, whichever that is."""
    for days in ({0: many(needed), 1: many(boxes, 20)}, {0: many(boxes), 1: many(needed, 20)}):
        linked = market(days)[1]
        assert (linked["index"], linked["linked_on"], linked["n_linked"]) == (200, on(0), needed)
    if needed > 1:
        for days in ({0: many(needed - 1), 1: many(boxes, 20)}, {0: many(boxes), 1: many(needed - 1, 20)}):
            broken = market(days)[1]
            assert (broken["index"], broken["linked_on"], broken["n_linked"]) == (None, None, 0)


def test_a_link_passes_over_days_that_share_too_few() -> None:
    made = market({0: many(10), 1: many(1, 11), 2: many(10, 12)})
    assert [made[d]["index"] for d in made] == pytest.approx([100, None, 120])
    assert made[2]["linked_on"] == on(0)


def test_a_broken_link_restarts_the_index() -> None:
    made = market(
        {
            0: many(6),
            1: many(6, 12),
            2: many(6, 40, start=50),  # others altogether: the line breaks
            3: many(6, 44, start=50),
            4: many(6, 44, start=50) | many(6, 99),  # both: it goes on with the line it is on
            5: many(6, 15),  # the first ones: back on the newest day that has them
        }
    )
    assert [made[d]["index"] for d in made] == pytest.approx([100, 120, None, 110, 110, 110 * 15 / 99])
    assert [made[d]["linked_on"] for d in made] == [None, on(0), None, on(2), on(3), on(4)]
    assert [made[d]["base_on"] for d in made] == [on(0), on(0), on(2), on(2), on(2), on(2)]


def test_a_day_of_strangers_does_not_take_the_index_along() -> None:
    """It breaks alone: the next day goes on with the old line, though it shares boxes with both."""
    made = market({0: many(6), 1: many(5, 70, start=50), 2: many(6, 13) | many(5, 140, start=50)})
    assert [made[d]["index"] for d in made] == pytest.approx([100, None, 130])
    assert (made[2]["linked_on"], made[2]["base_on"]) == (on(0), on(0))
    back = market({0: many(6), 1: many(5, 70, start=50), 2: many(5, 77, start=50), 3: many(6, 13)})
    assert [back[d]["index"] for d in back] == pytest.approx([100, None, 110, 130])
    assert [back[d]["base_on"] for d in back] == [on(0), on(1), on(1), on(0)]


def test_days_without_a_floor_are_no_start() -> None:
    made = market({0: {"A": None}, 2: {"A": 5}, 3: {"A": 6}})
    assert [made[d]["index"] for d in made] == pytest.approx([None, 100, 120])
    assert made[3]["base_on"] == on(2)


def test_no_dates() -> None:
    made = measure_market(prices({}))
    assert made.is_empty()
    assert made.schema == measure_market(prices(WEEK)).schema


def chain_slowly(days: Days) -> dict[int, tuple[Any, ...]]:
    """Index, where its line began, link and shared boxes, from the words of the definition."""
    floors = {day: {b: Fraction(str(x)) for b, x in line.items() if x} for day, line in days.items()}
    level: dict[int, Fraction] = {}
    line: dict[int, int] = {}
    made: dict[int, tuple[Any, ...]] = {}
    newest: int | None = None
    for day in sorted(days):
        today = floors[day]
        if not today:
            made[day] = (None, None, None, 0)
            continue
        able = [
            d for d in level if 2 * len(floors[d].keys() & today) >= min(10, max(len(today), len(floors[d])))
        ]
        able = [d for d in able if line[d] == newest] or able
        if able:
            link = max(able)
            both = sorted(floors[link].keys() & today)
            level[day] = level[link] * sum(today[b] / floors[link][b] for b in both) / len(both)
            line[day] = line[link]
            made[day] = (float(level[day]), on(line[day]), on(link), len(both))
        else:
            level[day], line[day] = Fraction(100), day
            made[day] = (100.0 if newest is None else None, on(day), None, 0)
        if made[day][0] is not None:
            newest = line[day]
    return made


def agree(row: dict[str, Any], wanted: tuple[Any, ...]) -> bool:
    """Whether a day's index, line, link and number of boxes are the slow ones."""
    index, *rest = (row[k] for k in COLUMNS)
    level = None if wanted[0] is None else pytest.approx(wanted[0], rel=1e-12)
    return bool(index == level) and rest == list(wanted[1:])


def random_days(rng: np.random.Generator) -> Days:
    """Up to fourteen days of a few boxes out of some groups, with unknown floors."""
    days, groups = {}, int(rng.integers(1, 4))
    for day in sorted(rng.choice(40, size=int(rng.integers(1, 15)), replace=False)):
        group, share = int(rng.integers(groups)), rng.choice([0.1, 0.6, 1.0])
        line: dict[str, float | None] = {}
        for box in range(group * 8, group * 8 + int(rng.integers(1, 20))):
            if rng.random() < share:
                line[f"BOX-{box:03d}"] = None if rng.random() < 0.1 else round(rng.uniform(5, 50), 2)
        days[int(day)] = line or {"BOX-000": None}
    return days


def test_random_markets(rng: np.random.Generator) -> None:
    broken = back = 0
    for _ in range(400):
        days = random_days(rng)
        wanted, made = chain_slowly(days), market(days)
        assert list(made) == list(wanted)
        for day, row in made.items():
            assert agree(row, wanted[day]), (day, days)
            known = [x for x in days[day].values() if x]
            assert row["mean_floor_usd"] == (pytest.approx(fmean(known)) if known else None)
            assert row["median_floor_usd"] == (pytest.approx(median(known)) if known else None)
            assert row["advancing"] + row["declining"] + row["unchanged"] == row["n_linked"]
        bases = [row["base_on"] for row in made.values() if row["index"] is not None]
        broken += len(set(bases)) > 1
        back += any(later < earlier for earlier, later in pairwise(bases))
    assert broken > 20
    assert back > 5


def test_later_days_change_no_bit_of_earlier_ones(rng: np.random.Generator) -> None:
    for _ in range(20):
        frame = prices(random_days(rng), volume=2.0)
        whole = measure_market(frame)
        for day in whole["metric_date"]:
            cut = measure_market(frame.filter(pl.col("metric_date") <= day))
            assert same_bits(cut, whole.filter(pl.col("metric_date") <= day))


def test_the_order_of_rows_changes_no_bit(rng: np.random.Generator) -> None:
    rows = prices({day: many(50, float(rng.uniform(5, 9))) for day in range(30)}, 0.1)
    noisy = rows.with_columns(floor_price_usd=pl.Series(rng.uniform(5, 50, len(rows))))
    made = measure_market(noisy)
    for seed in range(5):
        assert same_bits(measure_market(noisy.sample(fraction=1.0, shuffle=True, seed=seed)), made)


def test_the_real_file(shared_data: Path) -> None:
    """In January 2026 its boxes change their ids from one day to the next: the line breaks, and says so."""
    metrics = measure_boxes(merge_observations(real_observations(shared_data), []))
    made = measure_market(metrics)
    assert made.height == 34
    assert made["n_floors"].sum() == 530
    rows = {row["metric_date"].isoformat(): row for row in made.to_dicts()}
    assert rows["2025-04-30"]["index"] == 100
    assert made["base_on"].drop_nulls().unique().sort().dt.to_string().to_list() == [
        "2025-04-30",
        "2026-01-22",
        "2026-01-23",  # one box was looked at: too few to go on with
    ]
    assert [d for d in rows if rows[d]["index"] is None] == ["2026-01-22", "2026-01-23", "2026-02-03"]
    days: Days = {}
    for symbol, date, floor in metrics.select("symbol", "metric_date", "floor_price_usd").iter_rows():
        days.setdefault((date - on(0)).days, {})[symbol] = floor
    wanted = chain_slowly(days)
    for row in made.to_dicts():
        day = (row["metric_date"] - on(0)).days
        assert agree(row, wanted[day]), day
