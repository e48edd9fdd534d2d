"""One observation a box and day out of several sources."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pacesetter.market.box import FIELDS, merge_observations
from pacesetter.store.tables.box import OBSERVED
from tests.market.box_histories import observe, on, random_observations, same_bits

NAN = float("nan")
ROWS = [
    ("BOX-A", 0, "north", 100.0, None, 2.0, None),
    ("BOX-A", 0, "south", 90.0, 7.0, None, None),
    ("BOX-A", 0, "attic", 80.0, 5.0, 9.0, 1.0),
    ("BOX-A", 1, "south", None, None, None, None),
    ("BOX-B", 0, "attic", 10.0, 0.0, 0.0, NAN),
]


def merged(rows: list[tuple], *priority: str) -> list[tuple]:
    """Each day's (value, source) by field."""
    made = merge_observations(observe(rows), priority).to_dicts()
    return [(d["symbol"], d["date"], *[(d[f], d[f"{f}_source"]) for f in FIELDS]) for d in made]


def test_the_fields_are_the_stored_ones() -> None:
    assert FIELDS == OBSERVED


def test_each_field_is_of_the_first_source_that_has_it() -> None:
    assert merged(ROWS, "north", "south") == [
        ("BOX-A", on(0), (100, "north"), (7, "south"), (2, "north"), (1, "attic")),
        ("BOX-A", on(1), (None, None), (None, None), (None, None), (None, None)),
        ("BOX-B", on(0), (10, "attic"), (0, "attic"), (0, "attic"), (None, None)),
    ]


def test_sources_without_a_place_follow_by_name() -> None:
    assert merged(ROWS, "south")[0][2:] == ((90, "south"), (7, "south"), (9, "attic"), (1, "attic"))
    assert merged(ROWS)[0][2:] == ((80, "attic"), (5, "attic"), (9, "attic"), (1, "attic"))


@pytest.mark.parametrize("priority", [[], ["north"], ["north", "manual"], ["manual", "north"], ["zoo"]])
def test_what_a_person_entered_goes_first(priority: list[str]) -> None:
    entered = ("BOX-A", 0, "manual", 70.0, None, None, 0.0)
    by_hand = merged([*ROWS, entered], *priority)[0]
    assert (by_hand[2], by_hand[5]) == ((70, "manual"), (0, "manual"))
    assert by_hand[4] == ((2, "north") if "north" in priority else (9, "attic"))


def test_a_source_that_is_named_twice_has_its_first_place() -> None:
    assert merged(ROWS, "south", "north", "south") == merged(ROWS, "south", "north")


def test_the_order_of_rows_changes_nothing(rng: np.random.Generator) -> None:
    rows = random_observations(rng, 30)
    made = merge_observations(rows, ["south"])
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(2**32)))
    assert same_bits(merge_observations(shuffled, ["south"]), made)


def test_nothing_observed() -> None:
    made = merge_observations(observe([]), ["north"])
    assert made.is_empty()
    assert made.schema == merge_observations(observe(ROWS), []).schema
    assert made.schema["boxes_sold"] == pl.Float64
