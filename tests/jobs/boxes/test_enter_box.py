"""Figures and facts of boxes by hand: checked, noted with who and when, ranked at once, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.boxes.edit_box import edit_box
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.undo_import import list_imports, undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName
from tests.jobs.boxes.boxes_home import AT, TABLES, day, seen, state, write_json
from tests.jobs.home import ask, count, with_home

Home = Callable[..., Any]
BOX = "BOX-AAAA"
FLOOR = "SELECT metric_date, floor_price_usd, boxes_sold_per_day FROM unified_box_metrics ORDER BY 1"


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a home, on either database, where a box was seen on two days and another on one."""
    url = database_url if database_url.startswith("postgresql") else None
    path = write_json(
        tmp_path / "base.json", [seen("aaaa", 0, 100.0), seen("aaaa", 5, 120.0), seen("bbbb", 5, 9.0, 50.0)]
    )

    def open_home(work: Callable[[Workspace], Any]) -> Any:
        async def prepared(ws: Workspace) -> Any:
            await import_boxes(ws, path)
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url, at=AT)

    return open_home


def test_an_entry_goes_before_every_source_and_is_ranked_at_once(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        before = await state(ws)
        done = await enter_box_day(
            ws, "box-aaaa", day(5), {"floor_price_usd": 130.0, "boxes_sold": 10}, by="eve", note="at the fair"
        )
        assert (done.symbol, done.fate, done.ranked, done.replaced) == (BOX, "inserted", 1, None)
        after = await state(ws)
        row = next(one for one in after[0] if one[:2] == (BOX, day(5).isoformat()))
        assert row[2] == 130.0
        assert '"floor_price_usd": "manual"' in row[-5]
        assert '"active_listings_count": "shop"' in row[-5], "what was not entered is the source's"
        # by hand: 0.75⁵ of the hundred dollars of five days before, and the rest of 10 × 130
        assert row[8] == 100 * 0.75**5 + 1300 * (1 - 0.75**5)
        assert [(one[1], one[4]) for one in after[1][-2:]] == [(BOX, 1), ("BOX-BBBB", 2)]
        assert [(one[1], one[4]) for one in before[1][-2:]] == [(BOX, 2), ("BOX-BBBB", 1)]
        newest = next(row for row in await list_imports(ws) if row.id == done.import_id)
        assert (newest.kind, newest.started_at) == ("boxes", AT)
        assert newest.options == {
            **{"by": "eve", "note": "at the fair", "source": "manual"},
            **{"symbol": BOX, "date": day(5).isoformat()},
        }
        await undo(ws, str(done.import_id))
        assert await state(ws) == before

    home(work)


def test_a_later_entry_replaces_the_earlier_and_undo_brings_it_back(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        first = await enter_box_day(
            ws, BOX, day(2), {"floor_price_usd": 90.0, "active_listings_count": 4.0}, by="eve"
        )
        before, sizes = await state(ws), [await count(ws, table) for table in TABLES]
        same = {"active_listings_count": 4, "floor_price_usd": 90}
        again = await enter_box_day(ws, BOX, day(2), same, by="bob")
        assert (again.fate, again.import_id) == ("unchanged", None)
        assert [await count(ws, table) for table in TABLES] == sizes
        second = await enter_box_day(ws, BOX, day(2), {"floor_price_usd": 95.0}, by="bob")
        assert (second.fate, second.replaced) == ("changed", first.figures)
        assert any("active_listings_count 4" in line for line in second.said)
        assert (await ask(ws, FLOOR))[1][1] == 95.0
        assert await count(ws, "box_observations", "source = 'manual'") == 2, "the former is kept"
        await undo(ws, str(second.import_id))
        assert await state(ws) == before
        await undo(ws, str(first.import_id))
        assert await count(ws, "box_observations", "source = 'manual' AND known_to_revision IS NULL") == 0

    home(work)


@pytest.mark.parametrize(
    ("on", "figures", "error", "says"),
    [
        (AT.date() + timedelta(days=1), {"boxes_sold": 1}, BadDate, "in the future"),
        (date(1989, 12, 31), {"boxes_sold": 1}, BadDate, "before 1990"),
        (day(1), {}, InputError, "no figure"),
        (day(1), {"boxes_sold": None}, InputError, "no figure"),
        (day(1), {"volume": 5}, InputError, "no 'volume'"),
        (day(1), {"boxes_sold": -1}, InputError, "below zero"),
        (day(1), {"boxes_sold": float("nan")}, InputError, "finite"),
        (day(1), {"boxes_added": float("inf")}, InputError, "finite"),
        (day(1), {"boxes_added": 10**400}, InputError, "too large"),
        (day(1), {"boxes_sold": "3"}, InputError, "no number"),
        (day(1), {"boxes_sold": True}, InputError, "no number"),
        (day(1), {"active_listings_count": 2.5}, InputError, "whole number"),
        (day(1), {"floor_price_usd": 0.0}, InputError, "no price"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    home: Home, on: date, figures: dict[str, Any], error: type[InputError], says: str
) -> None:
    async def work(ws: Workspace) -> None:
        sizes = [await count(ws, table) for table in TABLES]
        with pytest.raises(error, match=says) as caught:
            await enter_box_day(ws, BOX, on, figures, by="eve")
        assert caught.value.mend
        assert [await count(ws, table) for table in TABLES] == sizes

    home(work)


def test_an_unknown_box_is_named_with_the_next_known(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(UnknownName, match="BOX-AAAA"):
            await enter_box_day(ws, "BOX-AAAB", day(1), {"boxes_sold": 1}, by="eve")

    home(work)


def test_a_floor_far_from_the_last_needs_to_be_confirmed(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        for floor in (19.99, 500.01):
            with pytest.raises(InputError, match="confirm") as caught:
                await enter_box_day(ws, BOX, day(3), {"floor_price_usd": floor}, by="eve")
            assert f"${floor:,.2f}" in caught.value.what
            assert f"$100.00 of {day(0)}" in caught.value.what
        for floor in (20.0, 500.0):  # five times, and a fifth, are near enough
            done = await enter_box_day(ws, BOX, day(3), {"floor_price_usd": floor}, by="eve")
            assert done.import_id is not None
            await undo(ws, str(done.import_id))
        done = await enter_box_day(ws, BOX, day(3), {"floor_price_usd": 5000.0}, by="eve", confirm=True)
        assert done.fate == "inserted"
        mended = await enter_box_day(ws, BOX, day(3), {"floor_price_usd": 101.0}, by="eve")
        assert mended.fate == "changed", "what is being mended is no measure of it"
        with pytest.raises(InputError, match=rf"\$100.00 of {day(0)}"):
            await enter_box_day(ws, BOX, day(0) - timedelta(days=9), {"floor_price_usd": 1.0}, by="eve")

    home(work)


def test_an_edit_is_checked_noted_and_taken_back(home: Home) -> None:
    facts = (
        "SELECT u.name, b.game, b.set_code, b.set_name, b.variant, b.image_url, b.reprint_risk, b.released_on"
    )
    facts += " FROM boxes b JOIN symbol_universe u ON u.symbol = b.symbol WHERE b.symbol = 'BOX-AAAA'"

    async def work(ws: Workspace) -> None:
        boards = await state(ws)
        changes = {
            "name": " Skyfarers - SF-03  Storm Court (Blue)",
            "image_url": "https://pictures.example.org/b.png",
            "reprint_risk": "High",
            "released_on": "2024-05-06",
            "variant": "Azure",
        }
        done = await edit_box(ws, "aaaa", changes, by="eve")
        assert (done.symbol, done.by) == (BOX, "eve")
        whole = ("Skyfarers - SF-03 Storm Court (Blue)", "Skyfarers", "SF-03", "Storm Court", "Azure")
        more = ("https://pictures.example.org/b.png", "high", "2024-05-06")
        assert await ask(ws, facts) == [(*whole, *more)]
        noted = next(row for row in await list_imports(ws) if row.id == done.import_id)
        assert noted.kind == "box_facts"
        assert noted.options["by"] == "eve"
        assert noted.options["before"] == dict.fromkeys(changes)
        assert noted.options["after"]["released_on"] == "2024-05-06"
        assert (await edit_box(ws, BOX, {"reprint_risk": "high"}, by="bob")).import_id is None
        second = await edit_box(ws, BOX, {"reprint_risk": "low", "variant": ""}, by="bob")
        assert second.before == {"reprint_risk": "high", "variant": "Azure"}
        assert second.after == {"reprint_risk": "low", "variant": None}
        undone = await undo(ws, str(done.import_id))
        assert (undone["restored"], undone["left"]) == (3, 2), "what was edited again since stands"
        assert await ask(ws, facts) == [(*(None,) * 6, "low", None)]
        await undo(ws, str(second.import_id))
        assert (await ask(ws, facts))[0][4:7] == (None, None, None), "what is undone does not come back"
        assert await state(ws) == boards, "facts move no rank"

    home(work)


def test_edits_are_taken_back_in_any_order(home: Home) -> None:
    texts = ("One", "Two", "Three")
    orders = {"game": (0, 1, 2), "set_code": (1, 2, 0), "set_name": (1, 0), "variant": (2, 0), "name": (1, 2)}

    async def work(ws: Workspace) -> None:
        for fact, order in orders.items():
            edits = [(await edit_box(ws, BOX, {fact: one}, by="eve")).import_id for one in texts]
            ws.clock.advance(timedelta(seconds=1))
            for at in order:
                await undo(ws, str(edits[at]))
            left = [one for at, one in enumerate(texts) if at not in order]
            column = "u.name" if fact == "name" else f"b.{fact}"
            query = f"SELECT {column} FROM boxes b JOIN symbol_universe u ON u.symbol = b.symbol"
            assert await ask(ws, f"{query} WHERE b.symbol = '{BOX}'") == [(left[-1] if left else None,)], fact

    home(work)


def test_what_a_file_said_since_an_undone_edit_comes_back(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        first = await edit_box(ws, BOX, {"variant": "One"}, by="eve")
        await undo(ws, str(first.import_id))
        file = write_json(tmp_path / "said.json", [{"box_id": "aaaa", "variant": "Blue"}])
        await import_boxes(ws, file)
        ws.clock.advance(timedelta(seconds=1))
        second = await edit_box(ws, BOX, {"variant": "Two"}, by="eve")
        await undo(ws, str(second.import_id))
        assert await ask(ws, f"SELECT variant FROM boxes WHERE symbol = '{BOX}'") == [("Blue",)]

    home(work)


def test_nothing_is_the_name_of_no_box(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        for called in ("", "  "):
            with pytest.raises(UnknownName, match="unknown box"):
                await enter_box_day(ws, called, day(6), {"boxes_sold": 1}, by="eve")

    home(work)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "nothing to change"),
        ({"symbol": "BOX-X"}, "no 'symbol'"),
        ({"name": 5}, "no text"),
        ({"name": "n" * 201}, "too long"),
        ({"set_code": "n" * 21}, "too long"),
        ({"reprint_risk": "9" * 81}, "too long"),
        ({"reprint_risk": "certain"}, "unknown reprint risk"),
        ({"released_on": "soon"}, "not a date"),
        ({"released_on": "1901-01-01"}, "before 1990"),
        ({"image_url": "http://pictures.example.org/b.png"}, "https"),
        ({"image_url": "javascript:alert(1)"}, "https"),
    ],
)
def test_facts_that_cannot_be_are_refused(home: Home, changes: dict[str, Any], says: str) -> None:
    async def work(ws: Workspace) -> None:
        imports = await count(ws, "imports")
        with pytest.raises(InputError, match=says):
            await edit_box(ws, BOX, changes, by="eve")
        assert await count(ws, "imports") == imports

    home(work)
