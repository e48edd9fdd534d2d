"""One box under two ids: put together, ranked again, taken back; in any order with imports and their undo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.define_board import create_board
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.boxes.edit_box import edit_box
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.boxes.join_boxes import join_boxes
from pacesetter.jobs.boxes.view_box import view_box
from pacesetter.jobs.boxes.view_box_series import view_box_lines, view_box_series
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.undo_import import list_imports, undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from tests.jobs.boxes.boxes_home import AT, TABLES, day, heads, seen, state, write_json
from tests.jobs.home import ask, count, with_home
from tests.jobs.imports.test_import_boxes import PHASES, Killed, killing

Home = Callable[..., Any]
NAME = "Skyfarers - SF-03 Storm Court (Blue)"
OLD, KEPT, OTHER = "BOX-AAAA", "BOX-SF03-BLUE", "BOX-CCCC"


@pytest.fixture
def empty(tmp_path: Path, database_url: str) -> Home:
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


@pytest.fixture
def home(empty: Home, tmp_path: Path) -> Home:
    """Work where a named box was seen on days 0 to 2, an unnamed one on 4 and 5, a third on all of them."""
    rows = [
        *(seen("bbbb", n, 100.0 + n, 2.0, product_name=NAME) for n in (0, 1, 2)),
        *(seen("aaaa", n, 100.0 + n, 2.0, reprint_risk="low") for n in (4, 5)),
        *(seen("cccc", n, 60.0, 3.0) for n in (0, 1, 2, 4, 5)),
    ]

    def run(work: Any) -> Any:
        async def prepared(ws: Workspace) -> Any:
            await import_boxes(ws, write_json(tmp_path / "base.json", rows))
            return await work(ws)

        return empty(prepared)

    return run


async def held(ws: Workspace) -> list[tuple[Any, ...]]:
    """What holds now, whoever it was told of."""
    return await ask(
        ws,
        "SELECT symbol, date, source, floor_price_usd, boxes_sold, CAST(original AS text) "
        "FROM box_observations WHERE known_to_revision IS NULL ORDER BY 1, 2, 3",
    )


async def facts(ws: Workspace) -> list[tuple[Any, ...]]:
    return await ask(
        ws,
        "SELECT b.symbol, u.name, b.game, b.set_code, b.set_name, b.variant, b.reprint_risk, b.joined_to, "
        "CAST(u.is_active AS text), u.first_seen_date, u.last_seen_date FROM boxes b "
        "JOIN symbol_universe u ON u.symbol = b.symbol ORDER BY 1",
    )


async def spells(ws: Workspace) -> list[tuple[Any, ...]]:
    return await ask(
        ws,
        "SELECT d.slug, m.symbol, m.valid_from, m.valid_to FROM domain_members m JOIN domains d "
        "ON d.id = m.domain_id WHERE m.known_to_revision IS NULL AND d.asset_type = 'sealed_box' "
        "ORDER BY 1, 2, 3",
    )


async def whole(ws: Workspace) -> list[Any]:
    return [*(await state(ws)), await held(ws), await facts(ws), await spells(ws)]


async def figures(ws: Workspace) -> list[Any]:
    """Figures, ranks and days; not what was noted of them."""
    return await state(ws)


def test_the_kept_box_has_all_days_and_the_old_one_is_gone_from_the_board(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        done = await join_boxes(ws, "box-aaaa", KEPT, by="eve")
        assert (done.symbol, done.into, done.moved, done.merged, done.ranked) == (OLD, KEPT, 2, 0, 2)
        assert done.filled == {"reprint_risk": "low"}, "what the kept one says of itself stays"
        metrics, ranks, _, members = await state(ws)
        assert [row[1] for row in metrics if row[0] == KEPT] == [day(n).isoformat() for n in (0, 1, 2, 4, 5)]
        assert OLD not in {row[0] for row in metrics} | {row[1] for row in ranks} | {m[0] for m in members}
        # by hand: seeded with 2 × 100 on day 0, then α = 1/4 of each day's dollars, two days between 2 and 4
        ema = 200.0
        for dollars, gap in ((202.0, 1), (204.0, 1), (208.0, 2), (210.0, 1)):
            ema = ema * 0.75**gap + dollars * (1 - 0.75**gap)
        last = next(row for row in ranks if row[:2] == (day(5).isoformat(), KEPT))
        assert last[2] == pytest.approx(ema, rel=1e-14)
        assert last[5] == 1, "compared with the day before, when it was the old one"
        noted = next(row for row in await list_imports(ws) if row.id == done.import_id)
        assert (noted.kind, noted.started_at, noted.options["by"]) == ("box_join", AT, "eve")
        assert (noted.options["symbol"], noted.options["into"]) == (OLD, KEPT)
        moved = await ask(
            ws,
            "SELECT date, source, told_as, fetched_at IS NOT NULL, CAST(original AS text) "
            "FROM box_observations WHERE symbol = 'BOX-SF03-BLUE' AND told_as IS NOT NULL ORDER BY 1",
        )
        assert [row[:3] for row in moved] == [(day(n).isoformat(), "shop", OLD) for n in (4, 5)]
        assert all("aaaa" in row[4] for row in moved), "in the source's own words"
        assert await count(ws, "box_observations", "symbol = 'BOX-AAAA' AND known_to_revision IS NULL") == 0
        assert await count(ws, "box_observations", "symbol = 'BOX-AAAA'") == 2, "the former versions stay"
        later = await import_boxes(ws, write_json(tmp_path / "l.json", [seen("aaaa", 6, 107.0, 2.0)]))
        assert (later.inserted, later.said[-1]) == (1, f"ranked again: {day(6)}")
        assert [row[0] for row in (await state(ws))[0] if row[1] == day(6).isoformat()] == [KEPT]

    home(work)


def test_views_of_the_old_symbol_show_the_kept_one(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await join_boxes(ws, OLD, KEPT, by="eve")
        for called in (OLD, "box-aaaa", "aaaa"):
            found = await view_box(ws, called)
            assert (found.facts.symbol, found.asked_for, found.seen.days) == (KEPT, OLD, 5)
            assert found.remarks[0] == f"{OLD} is joined into {KEPT}: this is that box"
        assert (await view_box(ws, KEPT)).asked_for is None
        assert (await view_box(ws, NAME)).facts.symbol == KEPT
        assert (await view_box_series(ws, OLD, ["rank"], limit=9)).facts.symbol == KEPT
        _, lines = await view_box_lines(ws, [OLD], "floor_price_usd", points=2)
        assert [(line.symbol, line.values) for line in lines] == [(KEPT, [104.0, 105.0])]
        entered = await enter_box_day(ws, OLD, day(7), {"floor_price_usd": 108.0}, by="eve")
        assert entered.symbol == KEPT
        assert f"{OLD} is joined into {KEPT}: it was entered there" in entered.said
        assert (await edit_box(ws, OLD, {"variant": "Azure"}, by="eve")).symbol == KEPT

    home(work)


def test_a_join_taken_back_leaves_everything_as_it_was(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        before = await whole(ws)
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        assert await whole(ws) != before
        back = await undo(ws, str(done.import_id))
        assert (back["kind"], back["ranked"]) == ("box_join", 2)
        assert await whole(ws) == before
        with pytest.raises(InputError, match="undone already"):
            await undo(ws, str(done.import_id))
        again = await join_boxes(ws, OLD, KEPT, by="eve")
        later = await import_boxes(ws, write_json(tmp_path / "l.json", [seen("aaaa", 6, 107.0, 2.0)]))
        await undo(ws, str(again.import_id))
        assert (await held(ws))[2][:2] == (OLD, day(6).isoformat()), "what was told of it since is its own"
        await undo(ws, str(later.import_id))
        assert await whole(ws) == before

    home(work)


def test_a_dry_run_says_the_same_and_keeps_nothing(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        before, sizes = await whole(ws), [await count(ws, table) for table in TABLES]
        dry = await join_boxes(ws, OLD, KEPT, by="eve", dry_run=True)
        assert dry.import_id is None
        assert await whole(ws) == before
        assert [await count(ws, table) for table in TABLES] == sizes
        real = await join_boxes(ws, OLD, KEPT, by="eve")
        assert {**vars(dry), "import_id": None} == {**vars(real), "import_id": None}

    home(work)


def test_killed_at_any_statement_a_join_leaves_nothing(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        before, sizes = await whole(ws), [await count(ws, table) for table in TABLES]
        with killing(ws, None) as n:
            await join_boxes(ws, OLD, KEPT, by="eve", dry_run=True)
        assert n[0] > 60
        for at in {*range(0, n[0] - 1, 13), n[0] - 2}:
            with killing(ws, at), pytest.raises(Killed):
                await join_boxes(ws, OLD, KEPT, by="eve")
            assert await whole(ws) == before, at
            assert [await count(ws, table) for table in TABLES] == sizes, at
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        joined = await whole(ws)
        with killing(ws, None) as n:
            pass
        for at in range(3, 100, 17):
            with killing(ws, at), pytest.raises(Killed):
                await undo(ws, str(done.import_id))
            assert await whole(ws) == joined, at

    home(work)


def test_different_figures_of_one_day_are_refused_and_equal_ones_merged(home: Home, tmp_path: Path) -> None:
    both = [seen("aaaa", 1, 101.0, 2.0), seen("aaaa", 2, 99.0, 2.0), seen("aaaa", 0, 99.0, source="else")]

    async def work(ws: Workspace) -> None:
        wrong = await import_boxes(ws, write_json(tmp_path / "both.json", both))
        before, sizes = await whole(ws), [await count(ws, table) for table in TABLES]
        with pytest.raises(InputError, match="different figures") as caught:
            await join_boxes(ws, OLD, KEPT, by="eve")
        assert f"{day(2)} (shop)" in caught.value.what
        assert str(day(1)) not in caught.value.what and str(day(0)) not in caught.value.what
        assert await whole(ws) == before
        assert [await count(ws, table) for table in TABLES] == sizes
        await undo(ws, str(wrong.import_id))
        await import_boxes(ws, write_json(tmp_path / "both.json", both[:1] + both[2:]))
        before = await whole(ws)
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        assert (done.moved, done.merged) == (3, 1)
        assert len([row for row in await held(ws) if row[0] == KEPT]) == 6
        await undo(ws, str(done.import_id))
        assert await whole(ws) == before

    home(work)


def test_what_makes_no_sense_is_refused(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match=f"{OLD} is {OLD} already"):
            await join_boxes(ws, "aaaa", OLD, by="eve")
        with pytest.raises(UnknownName, match="unknown box 'BOX-NOPE'"):
            await join_boxes(ws, OLD, "BOX-NOPE", by="eve")
        with pytest.raises(UnknownName, match="unknown box 'BOX-NOPE'"):
            await join_boxes(ws, "BOX-NOPE", OLD, by="eve")
        await undo(ws, str((await list_imports(ws))[0].id))
        await join_boxes(ws, OLD, KEPT, by="eve")
        with pytest.raises(InputError, match="circle"):
            await join_boxes(ws, KEPT, OLD, by="eve")
        with pytest.raises(InputError, match=f"joined into {KEPT} already"):
            await join_boxes(ws, OLD, OTHER, by="eve")
        assert await count(ws, "imports", "kind = 'box_join'") == 1

    home(work)


def test_into_a_joined_box_means_where_that_one_leads(empty: Home, tmp_path: Path) -> None:
    rows = [seen(box, n, 10.0) for n, box in enumerate(("aaaa", "bbbb", "cccc"))]

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, write_json(tmp_path / "b.json", rows))
        before = await whole(ws)
        first = await join_boxes(ws, "BOX-AAAA", "BOX-BBBB", by="eve")
        one = await whole(ws)
        second = await join_boxes(ws, "BOX-CCCC", "BOX-AAAA", by="eve")
        assert second.into == "BOX-BBBB"
        assert "BOX-AAAA is itself joined into BOX-BBBB" in second.said[0]
        assert {row[0] for row in await held(ws)} == {"BOX-BBBB"}
        await undo(ws, str(second.import_id))
        assert await whole(ws) == one
        second = await join_boxes(ws, "BOX-BBBB", "BOX-CCCC", by="eve")  # takes what was joined into it along
        assert {row[0] for row in await held(ws)} == {"BOX-CCCC"}
        await undo(ws, str(first.import_id))
        assert [row[0] for row in await held(ws)] == ["BOX-AAAA", "BOX-CCCC", "BOX-CCCC"]
        await undo(ws, str(second.import_id))
        assert await whole(ws) == before

    empty(work)


def test_known_before_shows_both_and_every_day_verifies(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        then = await view_board(ws, "boxes", on=day(5))
        assert OLD in {row.symbol for row in then.rows}
        instant = ws.now()
        ws.clock.advance(timedelta(minutes=1))
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        now = await view_board(ws, "boxes", on=day(5))
        assert {row.symbol for row in now.rows} == {KEPT, OTHER}
        former = await view_board(ws, "boxes", on=day(5), known_at=instant)
        assert former.rows == then.rows
        await verify_all(ws)
        ws.clock.advance(timedelta(minutes=1))
        await undo(ws, str(done.import_id))
        await verify_all(ws)
        again = await view_board(ws, "boxes", on=day(5))
        assert again.rows == then.rows

    async def verify_all(ws: Workspace) -> None:
        for on in await heads(ws):
            report = await verify_date(ws, date.fromisoformat(on))
            assert report.differences == []

    home(work)


def test_boards_of_ones_own_take_the_kept_box_and_give_it_back(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Mine", symbols=[OLD, OTHER], asset_type="sealed_box")
        await create_board(ws, "Every", rule="all", asset_type="sealed_box")
        await backfill_ranks(ws, board="every")
        assert OLD in {row.symbol for row in (await view_board(ws, "every", on=day(1))).rows}
        before = await spells(ws)
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        after = await spells(ws)
        assert OLD not in {row[1] for row in after}
        assert {row[1] for row in after if row[0] == "mine"} == {KEPT, OTHER}
        view = await view_board(ws, "mine", on=day(4))
        assert {row.symbol for row in view.rows} == {KEPT, OTHER}
        assert {row.symbol for row in (await view_board(ws, "every", on=day(1))).rows} == {KEPT, OTHER}
        await undo(ws, str(done.import_id))
        assert await spells(ws) == before
        assert {row.symbol for row in (await view_board(ws, "mine", on=day(4))).rows} == {OLD, OTHER}

    home(work)


def test_facts_that_came_with_a_join_go_with_it_unless_somebody_wrote_them(
    home: Home, tmp_path: Path
) -> None:
    async def work(ws: Workspace) -> None:
        done = await join_boxes(ws, KEPT, OLD, by="eve")  # the named one into the unnamed one
        assert done.filled["name"] == NAME
        assert (await view_box(ws, NAME)).facts.symbol == OLD, "two rows have the name, one box"
        await edit_box(ws, OLD, {"game": "Sky"}, by="eve")
        for code in ("SF-3", "SF-03"):  # as it came, but by hand
            await edit_box(ws, OLD, {"set_code": code}, by="eve")
        told = {"box_id": "bbbb", "released_on": "2024-05-06"}
        await import_boxes(ws, write_json(tmp_path / "f.json", [told]))
        assert str((await view_box(ws, OLD)).facts.released_on) == "2024-05-06", "told of the joined one"
        await undo(ws, str(done.import_id))
        box = (await view_box(ws, OLD)).facts
        assert (box.name, box.set_code, box.game, box.reprint_risk) == (None, "SF-03", "Sky", "low")

    home(work)


def test_imports_and_joins_are_taken_back_in_any_order(home: Home, tmp_path: Path) -> None:
    late = [seen("aaaa", 5, 111.0, 4.0), seen("aaaa", 6, 112.0)]

    async def work(ws: Workspace) -> None:
        before = await whole(ws)
        first = await import_boxes(ws, write_json(tmp_path / "late.json", late))
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        await undo(ws, str(first.import_id))  # its rows stand under another symbol now
        joined = await figures(ws)
        assert [(row[1], row[3]) for row in await held(ws) if row[0] == KEPT][-1] == (
            day(5).isoformat(),
            105.0,
        )
        await undo(ws, str(done.import_id))
        assert await whole(ws) == before
        await join_boxes(ws, OLD, KEPT, by="eve")
        assert await figures(ws) == joined

    home(work)


BOXES = ("aaaa", "bbbb", "cccc")
TOLD = st.dictionaries(
    st.tuples(st.sampled_from(BOXES), st.integers(0, 12), st.sampled_from(["shop", "other"])),
    st.tuples(st.sampled_from([10.0, 12.5, None]), st.sampled_from([0.0, 1.0, 2.75])),
    min_size=1,
    max_size=14,
)


def apart(box: str, n: int) -> int:
    """No two boxes were told of on one day."""
    return 3 * n + BOXES.index(box)


@settings(max_examples=10, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=TOLD, later=TOLD)
def test_joins_and_imports_end_alike_in_any_order(
    empty: Home, tmp_path: Path, first: dict[Any, Any], later: dict[Any, Any]
) -> None:
    """And a join taken back leaves what there would be without it; all taken back leave nothing."""

    def file(name: str, told: dict[Any, Any]) -> Path:
        rows = [
            seen(box, apart(box, n), floor, sold, source=source)
            for (box, n, source), (floor, sold) in told.items()
        ]
        known = [{"box_id": box, "game": "Skyfarers"} for box in BOXES]
        return write_json(tmp_path / name, known + rows)

    async def work(ws: Workspace) -> None:
        for kind in ("box_join", "boxes"):  # of an example that failed
            await undo_all(ws, kind)
        one = await import_boxes(ws, file("one.json", first))
        alone = await whole(ws)
        join = await join_boxes(ws, "BOX-AAAA", "BOX-BBBB", by="eve")
        await undo(ws, str(join.import_id))
        assert await whole(ws) == alone
        two = await import_boxes(ws, file("two.json", later))
        parted = await whole(ws)
        join = await join_boxes(ws, "BOX-AAAA", "BOX-BBBB", by="eve")
        after = await whole(ws)
        if two.inserted + two.changed:
            await undo(ws, str(two.import_id))
            await import_boxes(ws, file("two.json", later))
            assert await whole(ws) == after, "joined first, imported later"
        await undo(ws, str(join.import_id))
        assert await whole(ws) == parted
        join = await join_boxes(ws, "BOX-AAAA", "BOX-BBBB", by="eve")
        await undo(ws, str(one.import_id))
        await undo_all(ws, "boxes")
        assert await state(ws) == [[], [], [], []]
        await undo(ws, str(join.import_id))
        assert await state(ws) == [[], [], [], []]

    async def undo_all(ws: Workspace, kind: str) -> None:
        for (left,) in await ask(ws, f"SELECT id FROM imports WHERE undone_at IS NULL AND kind = '{kind}'"):
            with suppress(InputError):  # one that stored nothing
                await undo(ws, left.hex() if isinstance(left, bytes) else str(left))

    empty(work)


def test_an_entry_by_hand_keeps_its_author_through_a_join(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await enter_box_day(ws, OLD, day(5), {"boxes_sold": 9.0}, by="grace", note="counted")
        done = await join_boxes(ws, OLD, KEPT, by="eve")
        for _ in range(2):
            found = await view_box(ws, OLD, on=day(5))
            told = {one.source: (one.by, one.note) for one in found.records}
            assert told == {"manual": ("grace", "counted"), "shop": (None, None)}
            if done is not None:
                await undo(ws, str(done.import_id))
                done = None

    home(work)
