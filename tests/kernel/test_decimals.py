"""Fractions as decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from pacesetter.kernel.decimals import to_decimal


@pytest.mark.parametrize(
    ("value", "step", "nearest"),
    [
        (Fraction(1, 3), "1e-8", "0.33333333"),
        (Fraction(-2, 3), "1e-8", "-0.66666667"),
        (Fraction(5, 10**9), "1e-8", "0"),  # half way: to the even one
        (Fraction(15, 10**9), "1e-8", "0.00000002"),
        (Fraction(10**12) + Fraction(1, 10**8), "1e-8", "1000000000000.00000001"),
        (Fraction(201, 2), "1", "100"),
    ],
)
def test_the_nearest_step(value: Fraction, step: str, nearest: str) -> None:
    assert to_decimal(value, Decimal(step)) == Decimal(nearest)
