"""Boxes that may be one under two ids: who ended, who began, how near in days and in price."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pacesetter.market.box_twins import ENDS, find_ends, find_twins

END = date(2026, 1, 21)
Floor = tuple[str, bool, int, float | None]  # symbol, named, days after END, floor price


def twins(*rows: Floor) -> list[tuple[str, str, int, float]]:
    """symbol, twin, gap and difference of each pair."""
    told = [(symbol, named, END + timedelta(days=n), floor) for symbol, named, n, floor in rows]
    schema = {"symbol": pl.String, "named": pl.Boolean, "date": pl.Date, "floor_price_usd": pl.Float64}
    ends = find_ends(pl.DataFrame(told, schema=schema, orient="row"))
    assert dict(ends.schema) == ENDS
    found = find_twins(ends)
    return found.select("symbol", "twin", "gap_days", "difference_pct").rows()


def test_the_nearest_price_comes_first_then_the_shortest_gap() -> None:
    found = twins(
        ("OLD-A", True, -9, 50.0),
        ("OLD-A", True, 0, 100.0),
        ("OLD-B", True, -1, 102.0),
        ("OLD-C", True, -4, 102.0),
        ("NEW", False, 1, 101.0),
        ("NEW", False, 5, 900.0),
    )
    # by hand: +1/100, −1/102, and the same a day and four before
    assert [(symbol, twin, gap) for symbol, twin, gap, _ in found] == [
        ("NEW", "OLD-B", 2),
        ("NEW", "OLD-C", 5),
        ("NEW", "OLD-A", 1),
    ]
    assert [one[3] for one in found] == pytest.approx([-100 / 102, -100 / 102, 1.0])


@pytest.mark.parametrize(
    ("floor", "gap", "listed"),
    [
        (103.0, 1, True),
        (97.0, 1, True),
        (103.01, 1, False),
        (96.99, 1, False),
        (100.0, 30, True),
        (100.0, 31, False),
        (100.0, 0, False),
        (100.0, -1, False),
    ],
)
def test_three_percent_and_thirty_days_are_the_limits(floor: float, gap: int, listed: bool) -> None:
    assert bool(twins(("OLD", True, 0, 100.0), ("NEW", False, gap, floor))) is listed


def test_three_percent_of_cents_is_not_lost_in_rounding() -> None:
    for cents in range(100, 100_000, 700):
        price, dearer = cents / 100, cents * 103 / 10_000
        assert twins(("OLD", True, 0, price), ("NEW", False, 1, dearer)), price
        assert not twins(("OLD", True, 0, price), ("NEW", False, 1, dearer + 0.01)), price


def test_only_an_unnamed_box_after_a_named_one_that_ended() -> None:
    assert not twins(("OLD", False, 0, 100.0), ("NEW", False, 1, 100.0))
    assert not twins(("OLD", True, 0, 100.0), ("NEW", True, 1, 100.0))
    assert not twins(("OLD", True, 0, 100.0), ("OLD", True, 2, None), ("NEW", False, 1, 100.0)), "still seen"
    assert not twins(("OLD", True, 0, None), ("NEW", False, 1, 100.0))
    assert not twins()
    unpriced = twins(
        ("OLD", True, -3, 100.0), ("OLD", True, 0, None), ("NEW", False, 1, None), ("NEW", False, 2, 100.0)
    )
    assert unpriced == [("NEW", "OLD", 5, 0.0)], "counted between the floor prices"
