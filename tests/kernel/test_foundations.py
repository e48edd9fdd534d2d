"""Errors as the tree that is drawn, identifiers as UUIDv7, dates in one spelling."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.kernel import errors
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.ids import new_id


def test_the_drawn_tree_is_the_tree() -> None:
    drawn = re.findall(r"^    ((?:[│├└─ ]{3})*)([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    path: list[str] = []
    parents = {}
    for indent, name in drawn:
        del path[len(indent) // 3 :]
        parents[name] = path[-1] if path else "Exception"
        path.append(name)
    kinds = [one for one in vars(errors).values() if isinstance(one, type)]
    assert parents == {one.__name__: one.__base__.__name__ for one in kinds if one.__base__}


def test_an_error_says_what_where_and_how_to_mend_it() -> None:
    assert str(errors.BadFile("it is cut", where="a.csv", mend="copy it again")) == (
        "it is cut (a.csv) — copy it again"
    )
    assert errors.BadDate().what == "That is not a date that can be asked for."


def test_identifiers_are_version_7_and_ascend() -> None:
    made = [new_id() for _ in range(1000)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert made == sorted(made) and len(set(made)) == 1000


@given(st.dates())
def test_a_date_is_read_as_it_is_written(on: date) -> None:
    assert parse_date(on.isoformat()) == on


@pytest.mark.parametrize(
    "text",
    ["", "2025-7-4", "20250704", "2025-02-30", "04/07/2025", "2025-07-04T00:00", "²025-07-04"],
)
def test_anything_else_is_no_date(text: str) -> None:
    with pytest.raises(errors.BadDate) as refused:
        parse_date(text, where="--on")
    assert refused.value.where == "--on" and len(refused.value.what) < 70
