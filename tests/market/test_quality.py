"""The quality gate: worked sequences."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pacesetter.market.quality import judge
from tests.market.sequences import HELD, NONE, SCHEMA, SPLITS, START, TODAY


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
        ({"adj_close": -0.5}, "price_not_positive"),
        ({"high": float("nan")}, "not_a_number"),
        ({"symbol": None}, "no_symbol_or_date"),
        ({"date": None}, "no_symbol_or_date"),
        (dict.fromkeys(("open", "high", "low", "close"), float("nan")) | {"volume": None}, "empty_row"),
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


def day(n: int) -> date:
    return START + timedelta(days=n)


def split(on: int, value: float) -> pl.DataFrame:
    return pl.DataFrame([("A", day(on), value)], schema=SPLITS.schema, orient="row")


def test_a_split_on_a_day_without_a_bar_acts_on_the_next_one() -> None:
    halted = bars([400, 1, 101, 102]).filter(pl.col("date") != day(1))
    assert gate(halted, splits=split(1, 4.0)).quarantined.is_empty()
    assert gate(halted).released.height == 0
    later = gate(halted.tail(2), context=halted.head(1), splits=split(1, 4.0))
    assert later.accepted.height == 2


def test_a_split_counts_also_when_its_own_bar_is_held() -> None:
    verdict = gate(bars([400, 9000, 100.5, 101]), splits=split(1, 4.0))
    assert verdict.quarantined["close"].to_list() == [9000]


def test_a_split_that_no_price_follows_is_a_jump() -> None:
    assert gate(bars([400, 401]), splits=split(1, 4.0)).quarantined["reason"].to_list() == ["split_like"]


def test_a_refused_row_makes_no_duplicate_of_a_good_one() -> None:
    good = bars([10, 10.1])
    empty = good.tail(1).with_columns(
        *(pl.lit(None, pl.Float64).alias(c) for c in ("open", "high", "low", "close")),
        volume=pl.lit(None, pl.Int64),
    )
    verdict = gate(pl.concat([good.head(1), empty, good.tail(1)]))
    assert verdict.refused.select("row", "reason").rows() == [(2, "empty_row")]
    assert verdict.accepted["close"].to_list() == [10, 10.1]


def test_of_two_rows_of_a_date_the_first_stands() -> None:
    verdict = gate(pl.concat([bars([10, 10.1]), bars([10.2]), bars([10], symbol="B")]))
    assert verdict.refused.select("row", "symbol", "reason").rows() == [(3, "A", "duplicate_row")]
    assert verdict.accepted["close"].to_list() == [10, 10.1, 10]


def test_a_held_bar_is_settled_by_an_accepted_one_of_its_date() -> None:
    first = gate(bars([10, 30, 30.5]))
    mended = bars([10, 10.1, 30.5])[1:2]
    verdict = gate(
        bars([31, 31.5], start=day(3)), context=pl.concat([first.accepted, mended]), held=first.quarantined
    )
    assert verdict.late["close"].to_list() == [30.5]  # not the 30 of the mended day
    assert verdict.released["close"].to_list() == [30.5, 31, 31.5]


def test_what_is_delivered_again_is_judged_again() -> None:
    first = gate(bars([10, 1000, 10.1]))
    again = gate(bars([10, 10.05, 10.1])[1:], context=first.accepted, held=first.quarantined)
    assert again.accepted["close"].to_list() == [10.05, 10.1]
    assert again.late.is_empty()


def test_a_held_bar_without_a_level_sets_none() -> None:
    held = gate(bars([10, 1000])).quarantined
    assert gate(bars([10.2], start=day(2)), held=held).accepted["close"].to_list() == [10.2]


def test_a_stale_run_stays_held_when_it_ends_and_closes_alone_may_repeat_nine_times() -> None:
    frame = bars([10] * 7 + [10.4] + [11] * 9 + [11.5], volumes=[5] * 8 + [None] * 10)
    verdict = gate(frame)
    assert verdict.quarantined["date"].to_list() == [day(4), day(5), day(6)]
    assert verdict.accepted.height == frame.height - 3


def test_identical_bars_without_trading_are_no_stale_run_until_the_tenth_close() -> None:
    verdict = gate(bars([10] * 9, volumes=[0] * 9))
    assert verdict.quarantined.is_empty()
    assert verdict.marks.height == 5


def test_a_run_of_one_symbol_does_not_go_on_in_the_next() -> None:
    both = pl.concat([bars([10] * 4, volumes=[0] * 4), bars([10] * 4, volumes=[0] * 4, symbol="B")])
    verdict = gate(both.with_columns(volume=pl.Series([5, 5, 5, 5, 0, 0, 0, 0])))
    assert verdict.quarantined.is_empty()
    assert verdict.marks.is_empty()
    assert gate(pl.concat([bars([10, 10.1]), bars([500, 501], symbol="B")])).quarantined.is_empty()


@pytest.mark.parametrize(("low", "fate"), [(9.99 * 1.0005, "accepted"), (9.99 * 1.002, "refused")])
def test_a_thousandth_outside_the_range_is_let_pass(low: float, fate: str) -> None:
    frame = bars([10, 9.99]).with_columns(
        high=pl.lit(12.0), low=pl.when(pl.col("close") < 10).then(low).otherwise(9.0)
    )
    verdict = gate(frame)
    assert (verdict.accepted.height, verdict.refused.height) == ((2, 0) if fate == "accepted" else (1, 1))


def test_an_empty_delivery_has_no_verdict() -> None:
    verdict = gate(NONE)
    assert [f.height for f in (verdict.accepted, verdict.late, verdict.quarantined, verdict.refused)] == [
        0
    ] * 4


def test_what_a_second_source_gives_too_is_released_at_once() -> None:
    fresh = bars([10, 18, 18.2])
    theirs = fresh.filter(pl.col("close") == 18.0).with_columns(close=18.0 * 1.004)
    verdict = judge(fresh, context=NONE, held=HELD, splits=SPLITS, today=TODAY, elsewhere=theirs)
    assert verdict.accepted["close"].to_list() == [10, 18, 18.2]
    assert verdict.released["close"].to_list() == [18.0]
    other = theirs.with_columns(close=18.0 * 1.006)
    verdict = judge(fresh, context=NONE, held=HELD, splits=SPLITS, today=TODAY, elsewhere=other)
    assert verdict.quarantined["close"].to_list() == [18.0, 18.2]
