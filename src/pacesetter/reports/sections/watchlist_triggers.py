"""Watchlist triggers: which condition holds now, with the values, and whether the thesis still does."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, write_number
from pacesetter.reports.night import Night, Trigger
from pacesetter.reports.section import Figure, Item, Points, Told, Tone, section

SAID = {
    "fired": "triggered",
    "standing": "triggered",
    "rearmed": "back: waiting again",
    "expired": "expired",
    "invalid": "closed: the thesis does not hold",
}
ORDER = ("fired", "invalid", "rearmed", "expired", "standing")
TONES: dict[str, Tone] = {"fired": "warn", "standing": "warn", "invalid": "bad"}


@section(
    "watchlist_triggers", order=40, title="Watchlist triggers", layout="cards", nothing="No watch triggered."
)
def tell_watchlist_triggers(night: Night, _: Sequence[Told]) -> list[Item]:
    """Entries of the watchlist that fired, went back, ended, or stand fired."""
    triggers = sorted(night.triggers, key=lambda t: (ORDER.index(t.change), t.symbol, t.condition))
    seen: dict[str, int] = {}
    return [_tell(one, seen) for one in triggers]


def _tell(trigger: Trigger, seen: dict[str, int]) -> Item:
    key = f"{trigger.symbol} · {trigger.condition}"
    seen[key] = seen.get(key, 0) + 1
    said = SAID[trigger.change]
    verdict = {True: "still holds", False: "does not hold any more", None: "nobody knows"}[trigger.holds]
    thesis = (f"{trigger.thesis}", f"{verdict}: {trigger.reason}" if trigger.reason else verdict)
    return Item(
        key=key if seen[key] == 1 else f"{key} · {seen[key]}",
        title=f"{trigger.symbol} · {trigger.name}" if trigger.name else trigger.symbol,
        words=f"{said}: {trigger.condition}"
        + (f" ({count(trigger.times, 'time')} so far)" if trigger.times > 1 else ""),
        mark=[said, trigger.holds],
        tone=TONES.get(trigger.change, "plain"),
        figures=[
            Figure(words, write_number(value, 2 if abs(value) >= 1 else 4), value)
            for words, value in trigger.values
        ],
        points=[Points("Thesis", thesis)] if trigger.thesis else [],
        brief=f"{trigger.symbol} {said}: {trigger.condition}",
        lasts=trigger.change in ("fired", "standing"),
        material=trigger.change != "standing" or trigger.holds is False,
    )
