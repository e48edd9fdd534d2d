"""Figures of boxes as text: dollars, percent, numbers, and how old they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def dollars(value: Any) -> str:
    """An amount in dollars and cents."""
    return "–" if value is None else f"{value:,.2f}"


def percent(value: Any) -> str:
    """A change in percent, with its sign."""
    if value is None:
        return "–"
    text = f"{value:+.1f} %"
    return text if text.strip("+-0. %") else "0.0 %"


def number(value: Any) -> str:
    """A number without decimals that say nothing."""
    return "–" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def writer_of(unit: str) -> Callable[[Any], str]:
    """How figures of a unit are written."""
    return {"USD": dollars, "%": percent}.get(unit, number)


def aged(days: int | None) -> str:
    """How old figures are."""
    return "" if days is None else "of today" if days <= 0 else f"{days} day{'s' * (days > 1)} old"
