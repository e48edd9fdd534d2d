"""Data health: prices that are late or held back, what failed, fundamentals that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, name_some, write_day
from pacesetter.reports.night import Health, Night
from pacesetter.reports.section import Item, Told, section

MOST_NAMED = 8


@section("data_health", order=90, title="Data health", always=True, nothing="All data are current.")
def tell_data_health(night: Night, _: Sequence[Told]) -> list[Item]:
    """What is wrong with the data that the night rests on."""
    health = night.health
    found = []
    if health.as_of:
        found.append(Item("as_of", "As of", health.as_of, str(night.on), brief=health.as_of, material=False))
    if health.newest_on is None or health.newest_on < night.on:
        newest = "there are none" if health.newest_on is None else f"newest {write_day(health.newest_on)}"
        found.append(
            _item("newest", "Prices", f"not of {write_day(night.on)}: {newest}", str(health.newest_on))
        )
    if health.stale:
        names = [f"{symbol} ({late})" for symbol, late in health.stale]
        said = f"{count(len(names), 'price')} late, by so many sessions: {name_some(names, MOST_NAMED)}"
        found.append(_item("late", "Late prices", said, sorted(symbol for symbol, _ in health.stale)))
    found += [
        _item(
            f"held {one.symbol} {one.on}",
            "Held back",
            f"{one.symbol} of {write_day(one.on)}: {one.reason}",
            one.reason,
        )
        for one in health.held[:MOST_NAMED]
    ]
    if len(health.held) > MOST_NAMED:
        more = len(health.held) - MOST_NAMED
        found.append(_item("held more", "Held back", f"and {count(more, 'price')} more", more))
    found += [_item(f"failed {i}", "Failed", words, words) for i, words in enumerate(health.failed)]
    if health.bare:
        found.append(_bare(health))
    return found


def _item(key: str, title: str, words: str, mark: object) -> Item:
    return Item(key, title, words, mark, "warn", brief=f"{title[0].lower()}{title[1:]}: {words}", lasts=True)


def _bare(health: Health) -> Item:
    n = len(health.bare)
    of = f"{n:,} of {count(health.n_equities, 'stock')}"
    words = f"{of} without any: {name_some(health.bare, MOST_NAMED)}"
    return Item(
        "fundamentals",
        "Fundamentals",
        words,
        mark=n,
        brief=f"{of} without fundamentals",
        lasts=True,
        material=False,
    )
