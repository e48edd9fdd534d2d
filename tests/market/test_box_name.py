"""What names of products say, and the symbols that are made of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.market.box import make_symbol, read_name
from pacesetter.market.symbol import normalise_symbol

ID = "3f2a77b1-90cd-4e11-8a55-0123456789ab"
OTHER = "3f2a77b1-90cd-4e11-8a55-0123456789cd"

NAMES = {
    "Skyfarers - SF-03 Storm Court Booster Box": ("Skyfarers", "SF-03", "Storm Court", None),
    "Skyfarers - SF-03 Storm Court Booster Box (Blue)": ("Skyfarers", "SF-03", "Storm Court", "Blue"),
    "Skyfarers SF03 Storm Court": ("Skyfarers", "SF-03", "Storm Court", None),
    "  Skyfarers  –  SF-03   Storm Court  ": ("Skyfarers", "SF-03", "Storm Court", None),
    "Skyfarers | SF-03 | Storm Court | Booster Box": ("Skyfarers", "SF-03", "Storm Court", None),
    "Skyfarers - Storm Court (SF-03) Booster Box": ("Skyfarers", "SF-03", "Storm Court", None),
    "Storm Court [SF-03, Blue]": (None, "SF-03", "Storm Court", "Blue"),
    "Storm Court SF-03": (None, "SF-03", "Storm Court", None),
    "SF-03": (None, "SF-03", None, None),
    "Grim Tides - GTX12a 3 Moons Sealed Booster Display": ("Grim Tides", "GTX-12a", "3 Moons", None),
    "Grim Tides (EN) - GT-1 Ebb Booster Box (2nd Print)": ("Grim Tides", "GT-1", "Ebb", "EN 2nd Print"),
    "Skyfarers - Premium Booster Booster Box": ("Skyfarers", None, "Premium Booster", None),
    "Skyfarers - The Deep - Storm Court": ("Skyfarers", None, "The Deep - Storm Court", None),
    "Storm Court 2nd Edition": (None, None, "Storm Court 2nd Edition", None),
    "PS5 - Storm Court": ("PS5", None, "Storm Court", None),  # one digit without a dash is no set
    "Skyfarers - AB1 Storm Court": ("Skyfarers", None, "AB1 Storm Court", None),
    "Storm Court Vol-2": (None, None, "Storm Court Vol-2", None),  # a set code has capitals
    "": (None, None, None, None),
    "   ": (None, None, None, None),
}  # fmt: skip

SYMBOLS = {
    "Skyfarers - SF-03 Storm Court Booster Box": "BOX-SF03",
    "Skyfarers - SF03 Storm Court Booster Box": "BOX-SF03",
    "Skyfarers - SF-03 Storm Court Booster Box (Blue)": "BOX-SF03-BLUE",
    "Grim Tides - GTX12a Low Water [Erste Auflage]": "BOX-GTX12A-ERSTE-AUFLAGE",
    "Storm Court": "BOX-STORM-COURT",
    "Tempête d'Été — Édition Spéciale": "BOX-TEMPETE-DETE-EDITION",
    "Große Łódź & Ærø": "BOX-GROSSE-LODZ-AERO",
    "ﬁre \uff33\uff25\uff34": "BOX-FIRE-SET",
    "嵐の宮廷": "BOX-3F2A77B1",  # no letter of a symbol in it
    "嵐 Storm": "BOX-STORM",
    "Storm/Court: $5.00 + 1^2": "BOX-STORM-COURT-5-00-1-2",
    "Skyfarers The Long Night of Storms Booster Box": "BOX-SKYFARERS-THE-LONG-NIGHT-OF",
    "Skyfarers The Longest Night of Storms Booster Box": "BOX-SKYFARERS-THE-LONGEST-NIGHT",
    "Skyfarers The Longer Night of Storms": "BOX-SKYFARERS-THE-LONGER-NIGHT",
    "S" * 300: "BOX-" + "S" * 27,
    "": "BOX-3F2A77B1",
    " \t": "BOX-3F2A77B1",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read(name: str) -> None:
    assert tuple(read_name(name)) == NAMES[name]


def test_no_name_is_read_as_an_empty_one() -> None:
    assert read_name(None) == read_name("")


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_symbol_is_made(name: str) -> None:
    assert make_symbol(name, ID, ()) == SYMBOLS[name]


def test_no_name_at_all() -> None:
    assert make_symbol(None, ID, ()) == "BOX-3F2A77B1"
    assert make_symbol(None, "a/17", ()) == "BOX-A-17"
    assert make_symbol(None, "嵐", ()) == "BOX-UNNAMED"


def test_what_would_be_the_same_gets_a_number() -> None:
    taken: list[str] = []
    for _ in range(11):
        taken.append(make_symbol("SF-03 Storm Court", ID, taken))
    assert taken == ["BOX-SF03", *[f"BOX-SF03-{n}" for n in range(2, 12)]]
    long = {make_symbol("S" * 300, ID, ())}
    long.add(make_symbol("S" * 300, ID, long))
    assert long == {"BOX-" + "S" * 27, "BOX-" + "S" * 25 + "-2"}


def test_unnamed_boxes_whose_ids_begin_alike_show_their_ends() -> None:
    taken = ["BOX-3F2A77B1"]
    taken.append(make_symbol(None, ID, taken))
    taken.append(make_symbol(None, OTHER, taken))
    taken.append(make_symbol(None, OTHER, taken))
    assert taken[1:] == ["BOX-3F2A77B1-89AB", "BOX-3F2A77B1-89CD", "BOX-3F2A77B1-89CD-2"]
    assert make_symbol(None, "17", ["BOX-17"]) == "BOX-17-2"


TEXT = st.text(max_size=60) | st.text("ABSF 0123-–|()[]é/", max_size=40)


@given(st.lists(st.tuples(st.none() | TEXT, st.text(min_size=1, max_size=50)), max_size=12))
def test_every_symbol_is_a_symbol_of_its_own(boxes: list[tuple[str | None, str]]) -> None:
    taken: set[str] = set()
    for name, external_id in boxes:
        symbol = make_symbol(name, external_id, taken)
        assert normalise_symbol(symbol) == symbol
        assert symbol not in taken
        assert re.fullmatch(r"BOX-[A-Z0-9]([A-Z0-9-]*[A-Z0-9])?", symbol)
        assert len(symbol) <= 31
        taken.add(symbol)


@given(TEXT | st.text("SF- 0(", min_size=200, max_size=500))
def test_parts_of_a_name_fit_their_columns(name: str) -> None:
    said = read_name(name)
    for part, longest in zip(said, (80, 20, 120, 80), strict=True):
        assert part is None or (0 < len(part) <= longest and part == part.strip())
