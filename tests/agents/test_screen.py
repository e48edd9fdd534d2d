"""Screens: their files, what each operator means, and what a mistake in one is answered with."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.agents.screen import (
    SHIPPED,
    SIGNAL_TYPES,
    Criterion,
    Screen,
    apply_screen,
    load_screens,
    may_pass,
    parse_screen,
)
from pacesetter.jobs.night.user_screens import read_screens
from pacesetter.kernel.errors import InputError

HEAD = 'name = "mine"\nversion = 1\nwords = "x"\nsignal_type = "value_screen"\n'
PE = '[[criterion]]\nfact = "factor.trailing_pe"\nop = "<="\nvalue = 15\n'


def parse(text: str) -> Screen:
    return parse_screen(text, where="mine.toml")


def test_the_shipped_screens_are_read() -> None:
    shipped = load_screens()
    assert tuple(one.name for one in shipped) == SHIPPED
    assert tuple(one.signal_type for one in shipped) == SIGNAL_TYPES
    assert all(one.pass_at_least <= len(one.criteria) for one in shipped)


@pytest.mark.parametrize(
    ("op", "value", "holds", "fails"),
    [
        ("<", 2.0, [1.9], [2.0, 2.1]),
        (">", 2.0, [2.1], [2.0, 1.9]),
        ("<=", 2.0, [2.0, 1.9], [2.1]),
        (">=", 2.0, [2.0, 2.1], [1.9]),
        ("==", 2.0, [2.0], [2.1]),
        ("!=", 2.0, [2.1], [2.0]),
        ("in", (1.0, 2.0), [1.0, 2.0], [3.0]),
        ("not_in", (1.0, 2.0), [3.0], [1.0]),
    ],
)
def test_operators(op: str, value: float, holds: list[float], fails: list[float]) -> None:
    one = Criterion("price.close", op, value)
    screen = Screen("x", 1, "x", "value_screen", 1, (one,))
    for known, answer in [(v, True) for v in holds] + [(v, False) for v in fails]:
        assert one.holds({"price.close": known}) is answer
        frame = pl.DataFrame({"price.close": [known]})
        assert frame.select(may_pass(screen)).item() is answer
    assert one.holds({}) is None
    assert (
        pl.DataFrame({"price.close": [None]}, schema={"price.close": pl.Float64})
        .select(may_pass(screen))
        .item()
        is False
    )


def test_left_out_all_criteria_must_hold() -> None:
    screen = parse(HEAD + PE + PE.replace("trailing_pe", "price_to_book"))
    assert screen.pass_at_least == 2
    known: dict[str, float | str] = {"factor.trailing_pe": 10.0, "factor.price_to_book": 20.0}
    found = apply_screen(screen, known)
    assert not found.passes and [one.fact for one in found.failed] == ["factor.price_to_book"]
    assert apply_screen(parse(HEAD + "pass_at_least = 1\n" + PE + PE), {"factor.trailing_pe": 15.0}).passes


def test_words_of_a_criterion() -> None:
    assert parse(HEAD + PE).criteria[0].in_words() == "factor.trailing_pe <= 15"
    listed = Criterion("listing.sector", "in", ("Energy", "Utilities"))
    assert listed.in_words() == "listing.sector in ['Energy', 'Utilities']"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("name = ", "mine.toml", "no TOML"),
        (PE, "mine.toml", "'name' is missing"),
        (HEAD.replace("mine", "My Screen") + PE, "mine.toml", "small letters"),
        (HEAD.replace("value_screen", "news") + PE, "mine.toml", "value_screen"),
        (HEAD, "mine.toml", "criterion"),
        (HEAD + "criterion = 5\n", "mine.toml", "list of criteria"),
        (HEAD + "pass_at_least = 2\n" + PE, "mine.toml", "at most as many"),
        (HEAD + "pass_at_least = 0\n" + PE, "mine.toml", "at least 1"),
        (HEAD + "passes = 1\n" + PE, "mine.toml", "unknown key 'passes'"),
        (HEAD + PE + PE.replace("trailing_pe", "trailing_p"), "mine.toml, criterion 2", "factor.trailing_pe"),
        (HEAD + PE.replace("<=", "=<"), "mine.toml, criterion 1", "not_in"),
        (HEAD + PE.replace("15", '"15"'), "mine.toml, criterion 1", "plain number"),
        (HEAD + PE.replace("15", "true"), "mine.toml, criterion 1", "plain number"),
        (HEAD + PE.replace("15", "nan"), "mine.toml, criterion 1", "plain number"),
        (HEAD + PE.replace("15", "inf"), "mine.toml, criterion 1", "plain number"),
        (HEAD + PE.replace("<=", "in"), "mine.toml, criterion 1", "needs a list"),
        (HEAD + PE + "values = 3\n", "mine.toml, criterion 1", "unknown key 'values'"),
        (HEAD + PE.replace("factor.trailing_pe", "listing.sector"), "mine.toml, criterion 1", "is a word"),
        (
            HEAD + PE.replace("factor.trailing_pe", "listing.secto"),
            "mine.toml, criterion 1",
            "listing.sector",
        ),
        (
            HEAD + PE.replace("factor.trailing_pe", "listing.sector").replace("<=", "=="),
            "mine.toml, criterion 1",
            "text in quotes",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_mend(text: str, where: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.where == where and caught.value.mend
    assert re.search(re.escape(says), str(caught.value))


NUMBERS = st.one_of(st.none(), st.floats(-50, 50), st.integers(-3, 3).map(float))


@given(
    st.lists(
        st.tuples(st.sampled_from(["<", ">", "<=", ">=", "==", "!="]), st.integers(-3, 3)),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 6),
    st.lists(NUMBERS, min_size=3, max_size=3),
)
def test_the_quick_question_never_loses_who_passes(
    asked: list[tuple[str, int]], at_least: int, values: list[float | None]
) -> None:
    names = ("price.close", "factor.eps", "rank.rank")
    criteria = tuple(Criterion(names[i % 3], op, float(v)) for i, (op, v) in enumerate(asked))
    screen = Screen("x", 1, "x", "value_screen", min(at_least, len(criteria)), criteria)
    known: dict[str, float | str] = {n: v for n, v in zip(names, values, strict=True) if v is not None}
    frame = pl.DataFrame([dict(zip(names, values, strict=True))], schema=dict.fromkeys(names, pl.Float64))
    assert frame.select(may_pass(screen)).item() is apply_screen(screen, known).passes


def test_a_users_screens_are_read_and_flaws_are_told(tmp_path: Path) -> None:
    assert read_screens(tmp_path) == ((), ())
    folder = tmp_path / "screens"
    folder.mkdir()
    (folder / "a.toml").write_text("﻿" + HEAD + PE, "utf-8")
    (folder / "b.toml").write_text(HEAD + PE.replace("<=", "=<"))
    (folder / "c.toml").write_text(HEAD + PE)
    (folder / "d.toml").write_text(HEAD.replace("mine", "value") + PE)
    (folder / "e.toml").write_bytes(b"\xff\xfe\x00")
    (folder / "f.toml").write_text("#" * 200_000)
    (folder / "g.toml").symlink_to(folder / "a.toml")
    (folder / "h.txt").write_text("not looked at")
    screens, flaws = read_screens(tmp_path)
    assert [one.name for one in screens] == ["mine"]
    named = [re.search(r"\b([b-g])\.toml", flaw) for flaw in flaws]
    assert [found and found[1] for found in named] == list("bcdefg")
    assert "already" in flaws[1] and "already" in flaws[2] and "criterion 1" in flaws[0]
