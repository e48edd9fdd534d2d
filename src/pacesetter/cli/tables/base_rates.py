"""Base rates of jumps in words and as JSON: what happened, which is no forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pacesetter.ranking.base_rate import BaseRate

FIELDS = ("n", "median", "share_positive", "low", "high", "reason")
FEWEST_SAID = "no base rate below 30"
NO_RATES = "note: no base rates: nobody jumped, or these are not final ranks of two published dates in a row"
RATES_FOOT = (
    "followed by: median return over the next 21 sessions beyond the board's mean, share positive, of n "
    f"jumps at least as large ({FEWEST_SAID}); what happened, no forecast"
)


def rate_payload(rate: BaseRate | None) -> dict[str, Any] | None:
    """The JSON of a base rate."""
    return None if rate is None else {name: getattr(rate, name) for name in FIELDS}


def rate_in_words(change: int, rate: BaseRate | None) -> list[str]:
    """The line below a symbol's table; none where there was no jump."""
    if rate is None or rate.reason == "no_jump":
        return []
    if rate.median is None:
        return [f"only {rate.n} such jumps have ended since: {FEWEST_SAID}"]
    size = "1 place" if abs(change) == 1 else f"{abs(change)} places"
    return [
        f"jumps of at least {size} {'up' if change > 0 else 'down'} on this board were followed, over the "
        f"next 21 sessions, by a median of {percent(rate.median)} beyond the board's mean (90 % interval "
        f"{percent(rate.low)} to {percent(rate.high)}), positive in {share(rate)} of {rate.n} cases; "
        "what happened, no forecast"
    ]


def rate_in_short(rate: BaseRate | None) -> str:
    """A base rate in one cell."""
    if rate is None or rate.reason == "no_jump":
        return ""
    if rate.median is None:
        return f"n = {rate.n}"
    return f"{percent(rate.median)} ({share(rate)} of {rate.n})"


def percent(value: float | None) -> str:
    """A return with its sign, in percent with one decimal; what rounds to nothing has none."""
    shown = round(100 * (value or 0.0), 1) + 0.0
    return f"{shown:+.1f} %".replace("-", "−") if shown else "0.0 %"


def share(rate: BaseRate) -> str:
    """The share above zero in whole percent."""
    return f"{100 * (rate.share_positive or 0.0):.0f} %"
