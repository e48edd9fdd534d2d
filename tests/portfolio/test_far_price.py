"""The edges of a price that can be of its day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pacesetter.portfolio.far_price import DayRange, tell_far_price

ON = date(2025, 7, 22)
DAY = DayRange(Decimal(80), Decimal(100), Decimal("99.5"), "USD")


@pytest.mark.parametrize("price", ["76", "80", "90", "100", "105"])
def test_near_enough(price: str) -> None:
    assert tell_far_price("AAA", ON, Decimal(price), DAY) is None


def test_dividends_that_were_taken_off_since_leave_room_above() -> None:
    day = DayRange(Decimal(80), Decimal(100), Decimal(90), "USD", taken_off=Decimal("0.2"))
    assert tell_far_price("AAA", ON, Decimal(126), day) is None
    assert tell_far_price("AAA", ON, Decimal("126.01"), day) is not None
    assert tell_far_price("AAA", ON, Decimal("75.99"), day) is not None


@pytest.mark.parametrize(
    ("price", "side"),
    [
        ("75.99", "below the low"),
        ("0", "below the low"),
        ("105.01", "above the high"),
        ("9950", "above the high"),
    ],
)
def test_too_far(price: str, side: str) -> None:
    said = tell_far_price("AAA", ON, Decimal(price), DAY)
    assert said is not None and said.startswith(f"AAA at {price} on 2025-07-22 is more than 5 % {side}")
    assert "(low 80, high 100, close 99.5 USD)" in said
