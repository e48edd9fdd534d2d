"""The figures of boxes, each worked by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from tests.market.box_histories import Figures, follow, on

NAN = float("nan")
# floor, listings, sold, added: a zero-volume day, two days without anybody, unknown sales, no floor
WEEKS: dict[int, Figures] = {
    0: (100.0, 20, 2, None),
    1: (110.0, 18, 0, 1),
    4: (99.0, None, 4, None),
    8: (120.0, 10, None, 0),
    9: (None, 10, 3, None),
    10: (100.0, 12, 1, None),
}


def measured(days: dict[int, Figures]) -> dict[int, dict[str, Any]]:
    """The figures by day."""
    made = measure_boxes(follow(days)).to_dicts()
    assert [row["metric_date"] for row in made] == [on(day) for day in sorted(days)]  # gaps stay gaps
    return {(row["metric_date"] - on(0)).days: row for row in made}


def figures(days: dict[int, Figures], name: str) -> list[Any]:
    """One figure of each day, or the reason that there is none."""
    made = measured(days).values()
    assert all((row[name] is None) == isinstance(row[f"{name}_reason"], str) for row in made)
    return [row[f"{name}_reason"] if row[name] is None else row[name] for row in made]


def pace(listed: float | None, sold: float, added: float | None = None, n_days: int = 7) -> tuple[Any, ...]:
    """Liquidity, days to sell one and days until supply is gone, after days that were all alike."""
    days = {day: (50.0, listed, sold, added) for day in range(n_days)}
    names = ("liquidity_score", "expected_days_to_sell", "days_to_20pct_increase")
    return tuple(figures(days, name)[-1] for name in names)


def test_what_was_observed_is_passed_on() -> None:
    assert figures(WEEKS, "floor_price_usd") == [100, 110, 99, 120, "no_floor", 100]
    assert figures(WEEKS, "active_listings_count") == [20, 18, "listings_unknown", 10, 10, 12]
    assert figures(WEEKS, "boxes_sold_per_day") == [2, 0, 4, "sales_unknown", 3, 1]
    nobody = "added_unknown"
    assert figures(WEEKS, "boxes_added_today") == [nobody, 1, nobody, 0, nobody, nobody]


def test_volume_of_a_day_needs_floor_and_sales() -> None:
    assert figures(WEEKS, "daily_volume_usd") == [200, 0, 396, "sales_unknown", "no_floor", 100]
    assert figures({0: (None, 3, None, None)}, "daily_volume_usd") == ["no_floor"]


def test_volume_of_thirty_days_adds_the_days_that_are_known() -> None:
    assert figures(WEEKS, "unified_volume_usd") == [200, 200, 596, 596, 596, 696]


def test_a_window_is_thirty_calendar_days_with_today() -> None:
    days: dict[int, Figures] = {
        d: (10.0, 5, s, None) for d, s in {0: 7, 29: 1, 30: 2, 31: None, 60: 4}.items()
    }
    assert figures(days, "unified_volume_usd") == [70, 80, 30, 30, 40]
    assert figures(days, "boxes_sold_30d_avg") == [7, 4, 1.5, 1.5, 4]
    assert [row["n_observed"] for row in measured(days).values()] == [1, 2, 2, 2, 1]


def test_nothing_known_in_the_window_is_no_sum_of_zero() -> None:
    days: dict[int, Figures] = {0: (10.0, 5, 1, None), 30: (None, 5, 2, None), 60: (10.0, 5, None, None)}
    assert figures(days, "unified_volume_usd") == [10, "no_floor", "sales_unknown"]
    assert figures(days, "boxes_sold_30d_avg") == [1, 2, "sales_unknown"]


def test_mean_of_sales_is_over_the_days_with_known_sales() -> None:
    assert figures(WEEKS, "boxes_sold_30d_avg") == [2, 1, 2, 2, 2.25, 2]
    assert [row["n_observed"] for row in measured(WEEKS).values()] == [1, 2, 3, 3, 4, 5]


def test_smoothed_volume_weighs_calendar_days() -> None:
    after_gap = 150 * 27 / 64 + 396 * 37 / 64  # 3 days: 0.75^3 = 27/64 of the old is left
    assert after_gap == 292.21875
    last = 292.21875 * 729 / 4096 + 100 * 3367 / 4096  # 6 days since a volume was last known
    assert figures(WEEKS, "unified_volume_7d_ema") == [200, 150, after_gap, "sales_unknown", "no_floor", last]


def test_smoothed_volume_starts_with_the_first_known() -> None:
    days: dict[int, Figures] = {
        0: (None, 1, 1, 1),
        1: (5.0, 1, None, 1),
        2: (5.0, 1, 0, 1),
        3: (8.0, 1, 2, 1),
    }
    assert figures(days, "unified_volume_7d_ema") == ["no_floor", "sales_unknown", 0, 4]


def test_change_of_a_day_names_what_it_is_compared_with() -> None:
    got = figures(WEEKS, "floor_price_1d_change_pct")
    none = "no_earlier_floor"
    assert got == [none, pytest.approx(10), pytest.approx(-10), none, "no_floor", pytest.approx(-100 / 6)]
    dates = [row["floor_price_1d_from"] for row in measured(WEEKS).values()]
    assert dates == [None, on(0), on(1), None, None, on(8)]


@pytest.mark.parametrize("days", [1, 7, 30])
def test_change_is_measured_from_the_newest_floor_of_three_days(days: int) -> None:
    name = f"floor_price_{days}d_change_pct"
    for before, wanted in {days - 1: None, days: 25, days + 1: 25, days + 2: 25, days + 3: None}.items():
        if before == 0:
            continue
        row = measured({0: (80.0, 1, 1, 1), before: (100.0, 1, 1, 1)})[before]
        assert (row[name], row[f"floor_price_{days}d_from"]) == (wanted, on(0) if wanted else None)
    far: dict[int, Figures] = {0: (50.0, 1, 1, 1), 1: (80.0, 1, 1, 1), 2 + days: (100.0, 1, 1, 1)}
    assert measured(far)[2 + days][name] == 25
    unknown = far | {1: (None, 1, 1, 1)}
    assert measured(unknown)[2 + days][f"floor_price_{days}d_from"] == on(0)
    assert measured(unknown | {0: (0.0, 1, 1, 1)})[2 + days][f"{name}_reason"] == "no_earlier_floor"


def test_worth_of_all_listings() -> None:
    assert figures(WEEKS, "visible_market_cap_usd") == [
        2000,
        1980,
        "listings_unknown",
        1200,
        "no_floor",
        1200,
    ]
    assert figures({0: (9.0, 0, 1, 1)}, "visible_market_cap_usd") == [0]


def test_pace_of_sales_against_listings() -> None:
    assert pace(20, 1, 0) == (5, 20, 20)
    assert pace(30, 2.5, 0.5) == (pytest.approx(25 / 3), 12, 15)
    assert pace(5, 2, 1) == (10, 2.5, 5)  # 100 · 2/5 = 40, at most 10


def test_bounds_of_the_pace() -> None:
    assert pace(2, 3, 0)[1] == 1  # 2/3 of a day
    assert pace(365, 1, 0)[1:] == (365, 180)
    assert pace(1000, 1, 0) == (0.1, 365, 180)
    assert pace(180, 1, 0)[2] == 180
    assert pace(179, 1, 0)[2] == 179


def test_few_listings_give_no_days_until_supply_is_gone() -> None:
    assert pace(4, 2, 0) == (10, 2, "few_listings")
    assert pace(5, 2, 0) == (10, 2.5, 2.5)


def test_nothing_listed() -> None:
    assert pace(0, 1, 0) == ("nothing_listed", 1, "few_listings")
    assert pace(0, 0, 0) == ("nothing_listed", "nothing_listed", "few_listings")


def test_nothing_sold() -> None:
    assert pace(10, 0, 0) == (0, 365, "no_net_demand")


def test_as_much_added_as_sold_or_more() -> None:
    assert pace(10, 2, 2)[2] == "no_net_demand"
    assert pace(10, 2, 3)[2] == "no_net_demand"
    assert pace(10, 2, None)[2] == "added_unknown"
    # 0.1 sold on three days of seven and 0.3 added on one is the same, whatever binary sums say
    days: dict[int, Figures] = {d: (9.0, 10, 0.1, 0.3 if d == 5 else 0) for d in range(7)}
    days = {d: (9.0, 10, 0.1 if d < 3 else 0, 0.3 if d == 5 else 0) for d in days}
    assert 0.1 + 0.1 + 0.1 != 0.3
    assert figures(days, "days_to_20pct_increase")[-1] == "no_net_demand"


def test_added_is_the_mean_of_the_days_that_know_it() -> None:
    days: dict[int, Figures] = {d: (9.0, 10, 3, {2: 2, 6: 0}.get(d)) for d in range(7)}
    assert figures(days, "days_to_20pct_increase")[-1] == 10 / (3 - 1)


def test_unknown_listings() -> None:
    assert pace(None, 1, 0) == ("listings_unknown",) * 3


def test_seven_days_with_known_sales_are_needed() -> None:
    assert pace(20, 1, 0, n_days=6) == ("few_days",) * 3
    assert pace(None, 1, 0, n_days=6) == ("few_days",) * 3
    days: dict[int, Figures] = {d: (9.0, 20, None if d == 3 else 1, 0) for d in range(8)}
    assert figures(days, "liquidity_score") == ["few_days"] * 7 + [5]
    # after 29 days without an observation the window has one day again
    assert figures(days | {37: (9.0, 20, 1, 0)}, "liquidity_score")[-1] == "few_days"


def test_first_and_last_day() -> None:
    first = measured({5: (40.0, 8, 3, 1)})[5]
    assert {name: first[name] for name in MEASURES if first[name] is not None} == {
        "floor_price_usd": 40,
        "daily_volume_usd": 120,
        "unified_volume_usd": 120,
        "unified_volume_7d_ema": 120,
        "boxes_sold_per_day": 3,
        "boxes_sold_30d_avg": 3,
        "active_listings_count": 8,
        "boxes_added_today": 1,
        "visible_market_cap_usd": 320,
    }
    assert first["n_observed"] == 1
    two = pl.concat([follow(WEEKS, "BOX-A"), follow({11: (70.0, 2, 1, 0)}, "BOX-B")])
    made = measure_boxes(two)
    assert made.filter(symbol="BOX-A")["metric_date"].max() == on(10)  # nothing after its last day
    only = made.filter(symbol="BOX-B").to_dicts()[0]
    assert (only["unified_volume_7d_ema"], only["floor_price_1d_change_pct"]) == (70, None)


def test_a_day_on_which_nothing_was_said() -> None:
    row = measured({0: (None, None, None, None)})[0]
    assert [name for name in MEASURES if row[name] is not None] == []
    assert row["n_observed"] == 0


def test_nan_is_an_unknown_value() -> None:
    days = {day: tuple(NAN if x is None else x for x in seen) for day, seen in WEEKS.items()}
    assert measure_boxes(follow(days)).equals(measure_boxes(follow(WEEKS)))


def test_no_boxes() -> None:
    made = measure_boxes(follow({}))
    assert made.is_empty()
    assert made.schema == measure_boxes(follow(WEEKS)).schema
