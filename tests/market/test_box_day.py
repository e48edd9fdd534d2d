"""Which day stands for the market when nobody asks for one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pacesetter.market.box_day import LOOK_BACK, choose_day, find_fuller, find_thin


def chosen(*counts: int) -> int | None:
    """Which of some days, newest first, is chosen."""
    days = [(date(2026, 3, 1) - timedelta(days=n), ranked) for n, ranked in enumerate(counts)]
    found = choose_day(days)
    return None if found is None else (date(2026, 3, 1) - found).days


@pytest.mark.parametrize(
    ("counts", "day"),
    [
        ((), None),
        ((1,), 0),
        ((1, 1000), 1),
        ((499, 1000), 1),
        ((500, 1000), 0),
        ((1, 1, 1000), 2),  # two lone entries one after the other are no market either
        ((1, 400, 1000, 900), 2),
        ((600, 1, 1000), 0),
        ((3,) * LOOK_BACK + (1000,), 0),  # the few are all that is looked at nowadays
        ((3,) * (LOOK_BACK - 1) + (1000,), LOOK_BACK - 1),
    ],
)
def test_a_day_with_fewer_than_half_of_the_ranks_is_passed_over(counts: tuple[int, ...], day: int) -> None:
    assert chosen(*counts) == day


def test_a_thin_day_is_told_with_the_fullest_of_the_seven_before_it() -> None:
    first = date(2026, 3, 1)
    days = [(first - timedelta(days=2 * n), many) for n, many in enumerate((8, 1, 9, 18, 19, 18, 21, 2, 40))]
    eight, one, nine, *_ = days
    assert find_fuller(days) == (date(2026, 2, 17), 21)  # the 40 are the ninth
    assert find_fuller(days[4:]) == (date(2026, 2, 13), 40)  # 19, and five days before it
    assert find_fuller(days[1:]) == (date(2026, 2, 13), 40)
    assert find_fuller(days[5:7]) is None and find_fuller([]) is None and find_fuller(days[-1:]) is None
    assert [thin for thin, _ in find_thin(days)] == [eight, one, nine, *days[3:6], days[7]]
    assert find_thin([(first, 10), (first - timedelta(days=1), 20)]) == []  # half as many are enough
