"""What a fact is measured in, how it is written in a sentence, and what a claim check binds it to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pacesetter.research.claim import SHARE, StoredValue
from pacesetter.research.mention import PERCENT

SHARES = frozenset(
    f"factor.{name}"
    for name in (
        *("momentum", "volatility", "relative_strength", "financial_ratio", "revenue_growth", "roe"),
        *("gross_margin", "operating_margin", "profit_margin", "dividend_yield"),
    )
) | {"technical.volatility_21d", "technical.volatility_63d", "value.earnings_yield"}
WHOLE = frozenset(
    (*("rank.rank", "rank.change", "rank.n", "freshness.sessions_behind", "risk.missing_sessions"),)
)
SCALES = ((1e12, 1e12, "trillion"), (1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e5, 1e3, "thousand"))
LONGEST = 1e15  # a number from here on is written with a power of ten


def unit_of(name: str) -> str:
    """``%``, ``share`` (0.1 is 10 %), or nothing for a plain number."""
    if name in SHARES:
        return SHARE
    return PERCENT if name.endswith("_pct") or name == "rank.percentile" else ""


def write_fact(name: str, value: float) -> str:
    """The number as it stands in a sentence: ``12.5``, ``−3.4 %``, ``1.20 million``."""
    unit = unit_of(name)
    if unit == SHARE:
        return f"{write_number(100 * value, 1)} %"
    if unit == PERCENT:
        return f"{write_number(value, 1)} %"
    if name in WHOLE or (name.startswith("event.") and value == int(value)):
        return write_number(value, 0)
    for least, size, word in SCALES:
        if least <= abs(value) < LONGEST:
            return f"{write_number(value / size, 2)} {word}"
    return write_number(value, 1 if name == "technical.rsi_14" else 2)


def write_number(value: float, places: int) -> str:
    """A number with so many places, a true minus, and none before a zero."""
    text = f"{value:.{places}f}" if abs(value) < LONGEST else f"{value:.3e}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−", 1)


def stored_values(figures: Mapping[str, Any]) -> dict[str, StoredValue]:
    """Facts and an opinion's ``key_metrics`` as the claim check takes them; what is neither a number nor a
    date (as text, too) is left out."""
    found = {}
    for name, value in figures.items():
        if isinstance(value, str):
            try:
                found[name] = StoredValue(date.fromisoformat(value))
            except ValueError:
                continue
        elif isinstance(value, date):
            found[name] = StoredValue(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[name] = StoredValue(value, unit_of(name))
    return found
