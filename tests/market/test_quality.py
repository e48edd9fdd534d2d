"""The quality gate: worked sequences, properties, and the real dirty file."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.quality import judge

TODAY = date(2025, 7, 25)
START = date(2025, 1, 1)
SCHEMA = {**BAR_SCHEMA, "is_final": pl.Boolean}
NONE = pl.DataFrame(schema=SCHEMA)
HELD = NONE.with_columns(reason=pl.lit(""), detail=pl.lit(""))
SPLITS = pl.DataFrame(schema={"symbol": pl.String, "ex_on": pl.Date, "value": pl.Float64})


def bars(closes, volumes=None, symbol="A", start=START) -> pl.DataFrame:
    n = len(closes)
    frame = pl.DataFrame(
        {
            "symbol": [symbol] * n,
            "date": [start + timedelta(days=i) for i in range(n)],
            "close": [float(c) for c in closes],
            "volume": volumes or [100 + i for i in range(n)],
        }
    )
    prices = {c: pl.col("close") for c in ("open", "high", "low")}
    return frame.with_columns(**prices, adj_close=pl.lit(None, pl.Float64), is_final=True).select(
        list(SCHEMA)
    )


def gate(frame, context=NONE, held=HELD, splits=SPLITS):
    return judge(frame, context=context, held=held, splits=splits, today=TODAY)


def test_one_bad_print_is_held_and_the_next_is_judged_against_the_last_accepted() -> None:
    verdict = gate(bars([10, 10.1, 1010, 10.2, 10.3]))
    assert verdict.quarantined.select("close", "reason").rows() == [(1010.0, "unit_jump_100")]
    assert verdict.accepted["close"].to_list() == [10, 10.1, 10.2, 10.3]


@pytest.mark.parametrize(
    ("close", "reason"),
    [
        (16.0, "large_move"),
        (4.0, "large_move"),
        (1000.0, "unit_jump_100"),
        (955.0, "unit_jump_100"),
        (0.1, "unit_jump_100"),
        (102.9, "unit_jump_10"),
        (0.98, "unit_jump_10"),
        (20.0, "split_like"),
        (5.0, "split_like"),
        (6.67, "split_like"),
        (14.0, ""),
        (6.0, ""),
    ],
)
def test_moves_have_names(close, reason) -> None:
    verdict = gate(bars([10, close]))
    assert verdict.quarantined["reason"].to_list() == ([reason] if reason else [])


def test_three_bars_at_a_new_level_are_a_real_move() -> None:
    two = gate(bars([10, 30, 30.5]))
    assert two.accepted["close"].to_list() == [10]
    three = gate(bars([10, 30, 30.5, 31, 31.5]))
    assert three.accepted["close"].to_list() == [10, 30, 30.5, 31, 31.5]
    assert three.released["close"].to_list() == [30, 30.5, 31]
    assert set(three.released["reason"]) == {"level_shift"}


def test_bars_held_before_are_confirmed_by_later_ones() -> None:
    first = gate(bars([10, 10.1, 30, 30.5]))
    later = gate(bars([31], start=START + timedelta(days=4)), context=first.accepted, held=first.quarantined)
    assert later.accepted["close"].to_list() == [31]
    assert later.late["close"].to_list() == [30, 30.5]
    assert later.released["close"].to_list() == [30, 30.5, 31]


def test_bars_that_disagree_confirm_nothing() -> None:
    verdict = gate(bars([10, 30, 90, 300, 10.2]))
    assert verdict.accepted["close"].to_list() == [10, 10.2]
    assert verdict.quarantined.height == 3


def test_a_known_split_of_unadjusted_prices_is_no_jump() -> None:
    splits = pl.DataFrame({"symbol": ["A"], "ex_on": [START + timedelta(days=1)], "value": [4.0]})
    assert gate(bars([400, 101, 102]), splits=splits).quarantined.is_empty()
    assert gate(bars([400, 101, 1]), splits=splits).quarantined["close"].to_list() == [1.0]


def test_the_fifth_identical_bar_is_stale_and_so_on_until_it_moves() -> None:
    verdict = gate(bars([10] * 6 + [10.1], volumes=[5] * 7))
    assert verdict.quarantined["reason"].to_list() == ["stale", "stale"]
    assert verdict.accepted.height == 5


def test_the_tenth_identical_close_is_stale() -> None:
    moving = bars([10] * 11).with_columns(high=pl.col("close") + pl.int_range(pl.len()) * 0.01)
    assert gate(moving).quarantined["reason"].to_list() == ["stale", "stale"]


def test_no_trading_for_five_sessions_is_a_mark_only() -> None:
    verdict = gate(bars([10, 10.1, 10.2, 10.3, 10.4, 10.5], volumes=[0] * 6))
    assert verdict.quarantined.is_empty()
    assert verdict.marks["date"].to_list() == [START + timedelta(days=4), START + timedelta(days=5)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"close": None, "open": None, "high": None, "low": None, "volume": None}, "empty_row"),
        ({"close": None}, "no_close"),
        ({"close": 0.0}, "price_not_positive"),
        ({"open": -1.0}, "price_not_positive"),
        ({"close": float("nan")}, "not_a_number"),
        ({"close": float("inf")}, "not_a_number"),
        ({"volume": -1}, "negative_volume"),
        ({"high": 9.0, "low": 11.0}, "high_below_low"),
        ({"close": 11.0}, "outside_high_low"),
        ({"date": TODAY + timedelta(days=1)}, "future_date"),
    ],
)
def test_impossible_rows_are_refused_with_their_row_and_reason(change, reason) -> None:
    good = bars([10, 10.1])
    bad = good.tail(1).with_columns(**{k: pl.lit(v, SCHEMA[k]) for k, v in change.items()})
    verdict = gate(pl.concat([good.head(1), bad]))
    assert verdict.refused.select("row", "reason").rows() == [(2, reason)]
    assert verdict.accepted.height == 1


def test_a_second_row_of_a_date_is_refused() -> None:
    verdict = gate(pl.concat([bars([10]), bars([10])]))
    assert verdict.refused["reason"].to_list() == ["duplicate_row"]


closes = st.lists(
    st.sampled_from([9.8, 10, 10.2, 10.4, 20, 21, 30, 31, 100, 1000, 0.1, 5]), min_size=1, max_size=25
)


@settings(max_examples=150, deadline=None)
@given(closes)
def test_every_row_has_one_fate(prices) -> None:
    verdict = gate(bars(prices))
    assert verdict.accepted.height + verdict.quarantined.height + verdict.refused.height == len(prices)


@settings(max_examples=60, deadline=None)
@given(closes)
def test_day_by_day_ends_where_the_whole_history_does_and_nothing_is_taken_back(prices) -> None:
    whole = gate(bars(prices))
    frame, accepted, held = bars(prices), NONE, HELD
    for i in range(len(prices)):
        verdict = gate(frame[i : i + 1], context=accepted.tail(12), held=held)
        kept = set(accepted["date"])
        accepted = pl.concat([accepted, verdict.accepted, verdict.late]).sort("date")
        assert kept <= set(accepted["date"])
        held = pl.concat([held, verdict.quarantined]).filter(
            ~pl.col("date").is_in(accepted["date"].to_list())
        )
    assert accepted["date"].to_list() == whole.accepted["date"].to_list()


def test_the_real_dirty_file_is_accounted_for(shared_data) -> None:
    dirty = pl.read_parquet(shared_data / "prices/us_dirty_2020_2021.parquet")
    verdict = judge(
        dirty.select(list(BAR_SCHEMA)).with_columns(is_final=True),
        context=NONE,
        held=HELD,
        splits=SPLITS,
        today=TODAY,
    )
    assert (
        verdict.accepted.height + verdict.quarantined.height + verdict.refused.height
        == dirty.height
        == 1_015_907
    )
    reasons = dict(verdict.refused["reason"].value_counts().iter_rows())
    assert reasons["empty_row"] == 66_630
    assert verdict.accepted["close"].min() > 0
