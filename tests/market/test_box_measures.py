"""The measures: all that are stored, each with words for somebody who has never heard of it."""

from __future__ import annotations

from pacesetter.market.box_measures import MEASURES
from pacesetter.store.tables.box import METRICS


def test_they_are_the_stored_ones_in_their_order() -> None:
    assert tuple(MEASURES) == METRICS
    assert all(one.name == name for name, one in MEASURES.items())


def test_each_says_what_it_is() -> None:
    units = {"USD", "%", "boxes", "boxes a day", "listings", "days", "0-10"}
    assert {one.unit for one in MEASURES.values()} == units
    for one in MEASURES.values():
        assert one.formula
        assert one.about.endswith(".")
    assert len({one.title for one in MEASURES.values()}) == len(MEASURES)


def test_what_takes_days_is_better_short() -> None:
    low = {one.name for one in MEASURES.values() if not one.higher_is_better}
    assert low == {"days_to_20pct_increase", "expected_days_to_sell"}
