"""How a convergence score came about, as an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field


class SignalPartItem(BaseModel):
    """What one signal adds."""

    signal_type: str
    source: str
    seen_on: dt.date
    score: float
    confidence: float
    base_score: float = Field(description="The score, times the confidence where the desk counts that.")
    age_days: int
    decay_factor: float
    decayed: float = Field(description="base_score × decay_factor: what it adds.")
    counts_as_kind: bool = Field(description="Whether its type counts to the bonus.")


class BreakdownItem(BaseModel):
    """score = decayed_sum × regime × sector × bonus; a symbol without any signal has a score of 0."""

    on: dt.date
    score: float
    band: str
    decayed_sum: float
    regime: str | None
    regime_multiplier: float
    sector_favour: str | None = Field(description="favoured, neutral or avoided.")
    sector_multiplier: float
    kinds: list[str] = Field(description="Types that count to the bonus.")
    bonus: float
    parts: list[SignalPartItem]


def breakdown_item(told: Mapping[str, Any], on: dt.date, band: str = "monitor") -> BreakdownItem:
    """A stored breakdown; one of a symbol without signals says its score alone."""
    given = {"on": on, "score": 0.0, "band": band, "decayed_sum": 0.0, "bonus": 1.0, **told}
    for name in ("regime", "sector_favour"):
        given.setdefault(name, None)
    for name in ("regime_multiplier", "sector_multiplier"):
        given.setdefault(name, 1.0)
    given.setdefault("kinds", [])
    given["parts"] = [
        SignalPartItem(**{name: part[name] for name in SignalPartItem.model_fields})
        for part in told.get("parts", [])
    ]
    return BreakdownItem(**{name: given[name] for name in BreakdownItem.model_fields})
