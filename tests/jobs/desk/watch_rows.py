"""Entries of the watchlist for tests."""

from __future__ import annotations

from typing import Any

from pacesetter.kernel.ids import new_id
from pacesetter.research.condition import write_condition
from pacesetter.research.condition_text import parse_text
from pacesetter.research.opinion import Opinion
from pacesetter.research.trigger import name_trigger
from pacesetter.store.desk.watchlist import WatchRow


def make_watch(text: str = "price.close > 100", symbol: str = "AAA", **over: Any) -> WatchRow:
    """An armed entry without hysteresis, cool-down or end."""
    condition = parse_text(text)
    kind, value = name_trigger(condition)
    given: dict[str, Any] = {"hysteresis_pct": 0.0, "cool_down_days": 0} | over
    row = {"id": new_id(), "symbol": symbol, "trigger_type": kind, "trigger_value": value}
    return WatchRow(**(row | {"condition": write_condition(condition)} | given))


def make_opinions(*answers: str, confidence: float = 1.0) -> tuple[Opinion, ...]:
    """One opinion an answer, by analysts a, b, c …"""
    return tuple(
        Opinion("abcdefgh"[i], answer, 50.0, confidence, "because")  # type: ignore[arg-type]
        for i, answer in enumerate(answers)
    )
