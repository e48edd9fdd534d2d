"""A watchlist as plain dictionaries: what people and evenings do to it, without the product's rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

START = date(2025, 3, 3)
NO_NIGHT: date | None = None
CLOSE, RANK = "price.close", "rank.rank"
Facts = dict[str, float]


def above(now: Facts, old: Facts, back: float | None) -> bool | None:
    return None if CLOSE not in now else now[CLOSE] > 100 - (back or 0)


def low_or_good(now: Facts, old: Facts, back: float | None) -> bool | None:
    eased = (back or 0) / 100
    low = None if CLOSE not in now else now[CLOSE] < 50 * (1 + eased)
    good = None if RANK not in now else now[RANK] <= 10 * (1 + eased)
    return True if True in (low, good) else None if None in (low, good) else False


def crossing(now: Facts, old: Facts, back: float | None) -> bool | None:
    if CLOSE not in now:
        return None
    if back is not None:
        return now[CLOSE] > 100 - back
    if now[CLOSE] <= 100:
        return False
    return None if CLOSE not in old else old[CLOSE] <= 100


RULES: dict[str, Callable[[Facts, Facts, float | None], bool | None]] = {
    "price.close > 100": above,
    "price.close < 50 or rank.rank <= 10": low_or_good,
    "price.close crosses above 100": crossing,
}


class Model:
    """Each entry as a dictionary; whatever is refused is said by ``False`` and changes nothing."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self.today, self.night_on = START, NO_NIGHT
        self.old: dict[str, Facts] = {}

    def alive(self) -> list[dict[str, Any]]:
        return [one for one in self.all if not one["gone"]]

    def twin(self, me: dict[str, Any], but: dict[str, Any] | None = None) -> bool:
        return any(
            one is not but and one["phase"] in ("armed", "fired")
            and (one["symbol"], one["text"]) == (me["symbol"], me["text"])
            for one in self.alive()
        )  # fmt: skip

    def add(self, symbol: str, text: str, back: int, rest: int, until: Any) -> bool:
        one = {
            "symbol": symbol, "text": text, "back": back, "rest": rest, "until": None, "phase": "armed",
            "n": 0, "fired": None, "seen": self.night_on, "open_thesis": False, "gone": False,
        }  # fmt: skip
        if until != "never":
            if until < 0:
                return False
            one["until"] = self.today + timedelta(days=until)
        if self.twin(one):
            return False
        self.all.append(one)
        return True

    def edit(self, one: dict[str, Any], text: str | None, until: Any, holds: bool | None) -> bool:
        new = dict(one)
        if until is not None:
            if until != "never" and until < 0:
                return False
            new["until"] = None if until == "never" else self.today + timedelta(days=until)
        if text is not None:
            new["text"] = text
        restarts = new["text"] != one["text"]
        if restarts or (one["phase"] == "expired" and new["until"] != one["until"]):
            if (new["until"] is not None and new["until"] < self.today) or self.twin(new, one):
                return False
            new |= {"phase": "armed", "seen": self.night_on}
            if restarts:
                new |= {"n": 0, "fired": None, "open_thesis": False}
        if holds is not None:
            if new["phase"] not in ("armed", "fired"):
                return False
            new |= {"open_thesis": False, "phase": new["phase"] if holds else "invalid"}
        one.update(new)
        return True

    def night(self, on: date, facts: dict[str, Facts], sells: bool | None) -> None:
        for one in self.alive():
            if one["phase"] not in ("armed", "fired") or one["seen"] == on:
                continue
            now, old = facts.get(one["symbol"], {}), self.old.get(one["symbol"], {})
            one["seen"] = on
            rule = RULES[one["text"]]
            if one["until"] is not None and on > one["until"]:
                one["phase"] = "expired"
                continue
            if one["phase"] == "fired":
                if rule(now, old, one["back"]) is False:
                    one["phase"] = "armed"
            elif (one["fired"] is None or (on - one["fired"]).days >= one["rest"]) and rule(now, old, None):
                one |= {"phase": "fired", "fired": on, "n": one["n"] + 1, "open_thesis": True}
            if one["open_thesis"] and sells is not None:
                one["open_thesis"] = False
                if sells:
                    one["phase"] = "invalid"
        self.old, self.night_on = facts, on
