"""Exact fractions as decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

SMALLEST = Decimal("1e-8")  # what a column of money keeps


def to_decimal(value: Fraction, step: Decimal = SMALLEST) -> Decimal:
    """The nearest multiple of ``step``, of two equally near ones the even."""
    return Decimal(round(value / Fraction(step))) * step
