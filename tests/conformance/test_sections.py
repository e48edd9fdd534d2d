"""Every section, shipped or plugged in, keeps what a section must."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.reports.morning import compose
from pacesetter.reports.night import Night
from pacesetter.reports.section import Figure, Item, Section, Told, in_order, sections
from tests.conformance.check_section import check_section
from tests.reports.night_made import make_night, make_quiet

NIGHTS = [make_night(), make_quiet(), make_quiet(market=None)]
ORDER = [
    *("headline", "new_buys", "sells", "traded", "portfolio_alerts", "watchlist_triggers", "queue"),
    *("rank_movers", "market_context", "discovery_summary", "data_health"),
]


def test_the_page_has_its_order() -> None:
    assert [one.name for one in in_order()] == ORDER


@pytest.mark.parametrize("name", ORDER)
def test_a_section_keeps_its_promises(name: str) -> None:
    assert check_section(sections.get(name), NIGHTS) > 0


def chatty(_: Night, __: Sequence[Told]) -> list[Item]:
    return [Item("luck", "Luck", mark=next(TICKS))]


TICKS = iter(range(1000))


def test_who_says_the_same_again_is_found() -> None:
    with pytest.raises(AssertionError, match=r"chatty (differs|says twice)"):
        check_section(Section("chatty", 5, "Chatty", chatty), [make_night()])


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([Item("a", "A"), Item("a", "B")], "two items"),
        ([Item("", "A")], "no key"),
        ([Item("a", "A", tone="loud")], "tone"),  # type: ignore[arg-type]
        ([Item("a", "A", figures=[Figure("x", "1")]), Item("b", "B")], "columns"),
    ],
)
def test_broken_items_are_refused(items: list[Item], why: str) -> None:
    with pytest.raises(InputError, match=why):
        compose(make_night(), None, [Section("own", 5, "Own", lambda *_: items, layout="table")])


def test_a_section_of_ones_own_is_told_in_its_place() -> None:
    own = Section("own", 15, "Own", lambda *_: [Item("tip", "Tip", "<b>buy</b> umbrellas")])
    content = compose(make_night(), None, sorted([*in_order(), own], key=lambda one: one.order))
    assert [part["name"] for part in content["sections"]][:3] == ["headline", "new_buys", "own"]
