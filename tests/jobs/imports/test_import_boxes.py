"""Boxes taken in: the fate of every row, one transaction, the same state in whatever parts and order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.boxes import take_in_boxes
from pacesetter.jobs.boxes.edit_box import edit_box
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.imports.undo_import import undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadFile, InputError, SimulationMismatch
from tests.jobs.boxes.boxes_home import (
    AT,
    TABLES,
    day,
    heads,
    members,
    metrics,
    ranks,
    seen,
    state,
    write_json,
)
from tests.jobs.home import ask, count, with_home, write_csv

Home = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a home whose database is SQLite's and then PostgreSQL's."""
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work, **more: with_home(tmp_path / "home", work, url=url, **{"at": AT, **more})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Eight rows: five stored, one twice, one that contradicts, one that cannot be."""
    return write_json(
        tmp_path / "boxes.json",
        [
            seen("aaaa", 0, 100.0, 2.0, product_name="Skyfarers - SF-03 Storm Court Booster Box (Blue)"),
            seen("bbbb", 0, 50.0, 3.0),
            seen("aaaa", 1, 110.0, 0.0),
            seen("bbbb", 3, 55.0, 30.0),
            seen("bbbb", 3, 55.0, 30.0, market_price_usd=60),
            seen("bbbb", 3, 56.0, 30.0),
            seen("bbbb", 4, -1.0),
            {"box_id": "cccc", "name": "Dawn", "reprint_risk": "low"},
        ],
    )


def test_every_row_has_its_fate_and_the_board_its_ranks(home: Home, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_boxes(ws, file)
        assert (report.read, report.stored, report.refused, report.quarantined) == (8, 6, 2, 0)
        assert (report.inserted, report.changed, report.unchanged) == (5, 0, 1)
        assert report.reasons == {"contradicts_earlier_row": 1, "negative_number": 1}
        assert report.report_path is not None
        refused = pl.read_csv(report.report_path)
        assert refused.select("row", "symbol", "reason", "detail").rows() == [
            (6, "bbbb", "contradicts_earlier_row", "row 4 has other figures of that day and source"),
            (7, "bbbb", "negative_number", "floor_price_usd: -1.0"),
        ]
        assert await members(ws) == [
            ("BOX-BBBB", day(0).isoformat(), None),
            ("BOX-SF03-BLUE", day(0).isoformat(), None),
        ], "one that nobody has seen yet is on no board"
        facts = await ask(
            ws, "SELECT symbol, external_id, game, set_code, set_name, variant FROM boxes ORDER BY 1"
        )
        assert facts[1:] == [
            ("BOX-DAWN", "cccc", None, None, "Dawn", None),
            ("BOX-SF03-BLUE", "aaaa", "Skyfarers", "SF-03", "Storm Court", "Blue"),
        ]
        # by hand: day 0: 2 × 100 and 3 × 50; day 1: zero sales; day 3: ema = 150·0.75³ + 1650·(1 − 0.75³)
        shown = [(row[0], row[1], row[2], row[4], row[5], row[6], row[8]) for row in await ranks(ws)]
        late = 150 * 0.421875 + 1650 * 0.578125
        zero = 200 * 0.75
        blue, other = "BOX-SF03-BLUE", "BOX-BBBB"
        assert shown == [
            (day(0).isoformat(), other, 150.0, 2, None, None, None),
            (day(0).isoformat(), blue, 200.0, 1, None, None, None),
            (day(1).isoformat(), other, None, None, 2, day(0).isoformat(), "not_observed"),
            (day(1).isoformat(), blue, zero, 1, 1, day(0).isoformat(), None),
            (day(3).isoformat(), other, late, 1, None, day(1).isoformat(), None),
            (day(3).isoformat(), blue, None, None, 1, day(1).isoformat(), "not_observed"),
        ]
        beside = await ask(
            ws, "SELECT symbol, metric_date, current_rank, previous_on FROM unified_box_metrics ORDER BY 2, 1"
        )
        assert beside == [
            (other, day(0).isoformat(), 2, None),
            (blue, day(0).isoformat(), 1, None),
            (blue, day(1).isoformat(), 1, day(0).isoformat()),
            (other, day(3).isoformat(), 1, day(1).isoformat()),
        ]

    home(work)


def test_a_dry_run_says_the_same_and_keeps_nothing(home: Home, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        before = [await count(ws, table) for table in TABLES]
        dry = await import_boxes(ws, file, dry_run=True)
        assert [await count(ws, table) for table in TABLES] == before
        assert dry.import_id is None
        assert dry.report_path is None
        assert not list(ws.home.imports.glob("*"))
        real = await import_boxes(ws, file)
        figures = ("read", "stored", "inserted", "changed", "unchanged", "refused", "reasons", "said")
        assert [getattr(dry, f) for f in figures] == [getattr(real, f) for f in figures]

    home(work)


def test_the_same_file_again_changes_nothing(home: Home, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        await import_boxes(ws, file)
        before, sizes = await state(ws), [await count(ws, table) for table in TABLES]
        again = await import_boxes(ws, file)
        assert (again.stored, again.inserted, again.changed, again.unchanged, again.refused) == (
            6,
            0,
            0,
            6,
            2,
        )
        assert any("nothing is ranked again" in line for line in again.said)
        assert await state(ws) == before
        sizes[TABLES.index("imports")] += 1  # that it was tried is noted; no revision, no cycle
        assert [await count(ws, table) for table in TABLES] == sizes

    home(work)


def test_a_late_day_touches_only_what_comes_after_it(home: Home, file: Path, tmp_path: Path) -> None:
    late = write_json(tmp_path / "late.json", [seen("bbbb", 2, 52.0, 1.0)])

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, file)
        old = await ask(ws, "SELECT symbol, metric_date, updated_at FROM unified_box_metrics ORDER BY 1, 2")
        before = {row[:2]: row for row in await metrics(ws)}
        report = await import_boxes(ws, late)
        assert report.said[-1] == f"ranked again: 2 days from {day(2)} to {day(3)}"
        after = {row[:2]: row for row in await metrics(ws)}
        differ = [key for key in after if after[key] != before.get(key)]
        assert differ == [("BOX-BBBB", day(2).isoformat()), ("BOX-BBBB", day(3).isoformat())]
        assert len(old) + 1 == len(after)
        assert after[differ[1]][-2] == day(2).isoformat(), "its previous date is the new one"
        assert await heads(ws) == [day(n).isoformat() for n in (0, 1, 2, 3)]

    home(work)


def test_undo_leaves_neither_figures_nor_ranks(home: Home, file: Path, tmp_path: Path) -> None:
    other = write_json(
        tmp_path / "other.json", [seen("dddd", 1, 10.0), seen("dddd", 2, 10.0), seen("bbbb", 0, 51.0)]
    )

    async def work(ws: Workspace) -> None:
        first = await import_boxes(ws, file)
        before = await state(ws)
        second = await import_boxes(ws, other)
        assert (second.inserted, second.changed) == (2, 1)
        assert await state(ws) != before
        done = await undo(ws, str(second.import_id))
        assert (done["removed"], done["restored"], done["ranked"]) == (2, 1, 4)
        assert await state(ws) == before
        await undo(ws, str(first.import_id))
        assert await state(ws) == [[], [], [], []]
        with pytest.raises(InputError, match="undone already"):
            await undo(ws, str(first.import_id))
        again = await import_boxes(ws, file)
        assert again.inserted == 4, "the box that is a product only is known"
        assert await state(ws) == before

    home(work)


def test_what_was_known_before_an_undo_can_be_asked(home: Home, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_boxes(ws, file)
        rows = await count(ws, "ranking_results")
        await undo(ws, str(report.import_id))
        assert await count(ws, "ranking_results") == rows, "published rows stay, no head names them"
        assert await count(ws, "box_observations") == 4
        assert await count(ws, "box_observations", "known_to_revision IS NULL") == 0

    home(work)


class Killed(Exception):
    """The process that is no more."""


@contextmanager
def killing(ws: Workspace, before: int | None) -> Iterator[list[int]]:
    """Raise before the statement of that number; counts the statements."""
    engine, n = ws.db._engine.sync_engine, [0]

    def look(*_: Any) -> None:
        if n[0] == before:
            raise Killed
        n[0] += 1

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield n
    finally:
        event.remove(engine, "before_cursor_execute", look)


def test_killed_at_any_statement_it_leaves_nothing(home: Home, file: Path, tmp_path: Path) -> None:
    base = write_json(tmp_path / "base.json", [seen("bbbb", 1, 70.0), seen("eeee", 1, 7.0)])

    async def work(ws: Workspace) -> None:
        first = await import_boxes(ws, base)
        with killing(ws, None) as n:
            await import_boxes(ws, file, dry_run=True)
        total = n[0]
        before, sizes = await state(ws), [await count(ws, table) for table in TABLES]
        assert total > 60
        for at in {*range(0, total - 1, 9), total - 2}:
            with killing(ws, at), pytest.raises(Killed):
                await import_boxes(ws, file)
            assert await state(ws) == before, at
            assert [await count(ws, table) for table in TABLES] == sizes, at
        await import_boxes(ws, file)
        after = await state(ws)
        with killing(ws, None) as n:
            report = await undo(ws, str(first.import_id))
        assert report["removed"] == 2
        await import_boxes(ws, base)
        assert await state(ws) == after

    home(work)


def test_an_undo_killed_on_its_way_leaves_all(home: Home, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_boxes(ws, file)
        before = await state(ws)
        for at in range(5, 60, 11):
            with killing(ws, at), pytest.raises(Killed):
                await undo(ws, str(report.import_id))
            assert await state(ws) == before, at
        await undo(ws, str(report.import_id))
        assert await state(ws) == [[], [], [], []]

    home(work)


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # to shrink takes longer than to read
FLOORS = st.sampled_from([None, 10.0, 10.0, 12.5, 99.99])
SOLD = st.sampled_from([None, 0.0, 1.0, 1.0, 2.75])
ROWS = st.dictionaries(
    st.tuples(
        st.sampled_from(["aaaa", "bbbb", "cccc"]), st.integers(0, 40), st.sampled_from(["shop", "other"])
    ),
    st.tuples(FLOORS, SOLD, st.sampled_from([None, 0, 3, 40])),
    min_size=1,
    max_size=25,
)


@settings(max_examples=12, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, data=st.data())
def test_any_parts_in_any_order_end_like_the_whole(
    home: Home, tmp_path: Path, rows: dict[Any, Any], data: st.DataObject
) -> None:
    """And taken back, in another order, they leave nothing."""
    records = [
        seen(box, n, floor, sold, source=source, active_listings_count=listed, original_row=i)
        for i, ((box, n, source), (floor, sold, listed)) in enumerate(rows.items())
    ]
    part = data.draw(st.lists(st.integers(0, 3), min_size=len(records), max_size=len(records)))
    order = data.draw(st.permutations(range(4)))
    back = data.draw(st.permutations(range(4)))

    async def work(ws: Workspace) -> None:
        for (left,) in await ask(ws, "SELECT id FROM imports WHERE undone_at IS NULL"):
            await undo(ws, left.hex() if isinstance(left, bytes) else str(left))  # an example that failed
        whole = await import_boxes(ws, write_json(tmp_path / "whole.json", records))
        wanted = await state(ws)
        assert len(wanted[0]) == len({(box, n) for box, n, _ in rows})
        await undo(ws, str(whole.import_id))
        assert await state(ws) == [[], [], [], []]
        parts: dict[int, str] = {}
        for number in order:
            some = [record for record, at in zip(records, part, strict=True) if at == number]
            if some:
                report = await import_boxes(ws, write_json(tmp_path / f"{number}.json", some))
                assert report.inserted == len(some)
                parts[number] = str(report.import_id)
        assert await state(ws) == wanted
        for number in back:
            if number in parts:
                await undo(ws, parts[number])
        assert await state(ws) == [[], [], [], []]

    home(work)


def test_a_blank_erases_no_fact_and_files_leave_what_was_edited(home: Home, tmp_path: Path) -> None:
    def facts(**more: Any) -> Path:
        return write_json(tmp_path / "facts.json", [{"box_id": "aaaa", **more}])

    async def product(ws: Workspace) -> tuple[Any, ...]:
        rows = await ask(
            ws,
            "SELECT u.name, b.game, b.set_code, b.variant, b.reprint_risk FROM boxes b "
            "JOIN symbol_universe u ON u.symbol = b.symbol",
        )
        return rows[0]

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, write_json(tmp_path / "b.json", [seen("aaaa", 0, 5.0)]))
        assert await product(ws) == (None,) * 5
        report = await import_boxes(ws, facts(name="Skyfarers - SF-03 Storm", game="Sky", reprint_risk="low"))
        assert (report.inserted, report.changed, report.unchanged) == (0, 1, 0)
        assert await product(ws) == ("Skyfarers - SF-03 Storm", "Sky", "SF-03", None, "low")
        assert await count(ws, "boxes", "symbol = 'BOX-AAAA'") == 1, "the symbol stays"
        again = await import_boxes(ws, facts(name="", reprint_risk="low"))
        assert (again.changed, again.unchanged) == (0, 1)
        edited = await edit_box(ws, "BOX-AAAA", {"reprint_risk": "high", "set_code": ""}, by="eve")
        report = await import_boxes(ws, facts(reprint_risk="medium", variant="Red"))
        assert "1 fact stays as it was edited by hand" in report.said
        assert await product(ws) == ("Skyfarers - SF-03 Storm", "Sky", None, "Red", "high")
        await undo(ws, str(edited.import_id))
        assert await product(ws) == ("Skyfarers - SF-03 Storm", "Sky", "SF-03", "Red", "low")

    home(work)


def test_symbols_are_made_once_and_never_twice(home: Home, tmp_path: Path) -> None:
    rows = [
        seen("id-1", 0, 5.0, name="Skyfarers - SF-03 Storm"),
        seen("id-2", 0, 6.0, name="Skyfarers - SF-03 Storm"),
        seen("550e8400-0001", 0, 5.0),
        seen("550e8400-0002", 0, 5.0),
        seen("BOX-OWN-1", 0, 5.0),
    ]

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, write_json(tmp_path / "a.json", rows))
        known = await ask(ws, "SELECT external_id, symbol FROM boxes ORDER BY symbol")
        assert len({symbol for _, symbol in known}) == 5
        assert dict(known)["id-1"] == "BOX-SF03"
        assert dict(known)["id-2"] == "BOX-SF03-2"
        assert (None, "BOX-OWN-1") in known
        report = await import_boxes(ws, write_json(tmp_path / "b.json", [seen("box-sf03-2", 0, 6.0)]))
        assert (report.inserted, report.unchanged) == (0, 1), "a row may name a box by its symbol"
        both = [seen("id-2", 1, 6.0), seen("BOX-SF03-2", 1, 7.0)]
        report = await import_boxes(ws, write_json(tmp_path / "c.json", both))
        assert report.reasons == {"contradicts_earlier_row": 1}
        assert await count(ws, "boxes") == 5

    home(work)


def test_another_order_of_sources_makes_all_figures_again(home: Home, tmp_path: Path) -> None:
    rows = [seen("aaaa", 0, 5.0), seen("aaaa", 0, 9.0, source="other"), seen("bbbb", 1, 5.0)]
    path = write_json(tmp_path / "a.json", rows)

    def with_order(ws: Workspace, *names: str) -> Workspace:
        return replace(ws, settings=ws.settings.model_copy(update={"box_sources": list(names)}))

    async def work(ws: Workspace) -> None:
        floor = "SELECT floor_price_usd, sources FROM unified_box_metrics WHERE symbol = 'BOX-AAAA'"
        await import_boxes(with_order(ws, "shop"), path)
        (first,) = await ask(ws, floor)
        assert first[0] == 5.0
        report = await import_boxes(with_order(ws, "other"), path)
        assert report.unchanged == 3
        ((value, notes),) = await ask(ws, floor)
        assert value == 9.0
        assert (json.loads(notes) if isinstance(notes, str) else notes)["floor_price_usd"] == "other"
        assert (await ranks(ws))[0][2] == 9.0

    home(work)


def test_two_imports_at_once_make_a_new_box_once(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [write_json(tmp_path / f"{n}.json", [seen("aaaa", n, 100.0)]) for n in (0, 1)]
    describe, entered, both = take_in_boxes.describe_boxes, [], asyncio.Event()

    async def meet(*given: Any) -> Any:  # who reads what is known waits for the other one to do so
        entered.append(given)
        if len(entered) == len(files):
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 0.5)
        return await describe(*given)

    monkeypatch.setattr(take_in_boxes, "describe_boxes", meet)

    async def work(ws: Workspace) -> None:
        reports = await asyncio.gather(*(import_boxes(ws, file) for file in files))
        assert [report.inserted for report in reports] == [1, 1]
        assert await ask(ws, "SELECT symbol FROM boxes") == [("BOX-AAAA",)]
        assert [row[:2] for row in await metrics(ws)] == [
            ("BOX-AAAA", day(0).isoformat()), ("BOX-AAAA", day(1).isoformat()),
        ]  # fmt: skip

    home(work)


def test_an_id_in_other_letters_is_the_same_box(home: Home, tmp_path: Path) -> None:
    own = "3f2a77b1-90cd-4e11-8a55-0123456789ab"
    one = write_json(tmp_path / "one.json", [seen(own, 0, 100.0)])
    other = write_json(tmp_path / "other.json", [seen(own.upper(), 1, 100.0)])

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, other)
        await import_boxes(ws, one)
        assert await ask(ws, "SELECT external_id FROM boxes") == [(own,)]
        assert (await enter_box_day(ws, own.upper(), day(2), {"boxes_sold": 1}, by="eve")).fate == "inserted"

    home(work)


def test_boxes_never_enter_a_simulated_database(tmp_path: Path, file: Path) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(SimulationMismatch):
            await import_boxes(ws, file)
        assert await count(ws, "boxes") == 0

    with_home(tmp_path / "home", work, at=AT, simulated=True)


def test_no_provider_is_asked_for_prices_of_boxes(
    home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def note(_ws: Any, _claim: Any, _chain: Any, request: Any, _fetched: Any) -> None:
        asked.extend(request.symbols)

    async def follow_nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(fetch_bars, "choose_providers", lambda *_: ["a provider"])
    monkeypatch.setattr(fetch_bars, "follow", follow_nothing)
    monkeypatch.setattr(fetch_bars, "ask_in_turn", note)

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, file)
        await fetch_bars.fetch_and_store(ws, None, day(1), None)
        assert asked
        assert not [symbol for symbol in asked if symbol.startswith("BOX-")]

    home(work)


def test_a_file_of_nothing_is_an_error_and_nothing_is_noted(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadFile, match="no rows"):
            await import_boxes(ws, write_json(tmp_path / "none.json", []))
        assert await count(ws, "imports") == 0

    home(work)


def test_taking_prices_back_leaves_boxes_alone(home: Home, file: Path, tmp_path: Path) -> None:
    prices = write_csv(tmp_path / "p.csv", [("AAA", day(n), 10, 5) for n in range(3)])

    async def work(ws: Workspace) -> None:
        await import_boxes(ws, file)
        before = await state(ws)
        report = await import_prices(ws, prices)
        await undo(ws, str(report.import_id))
        assert await state(ws) == before

    home(work)


def test_the_real_file_is_ranked_on_all_its_days(home: Home, shared_data: Path) -> None:
    path = shared_data / "boxes" / "boosterbox_daily.csv"

    async def work(ws: Workspace) -> None:
        report = await import_boxes(ws, path)
        assert (report.read, report.stored, report.refused) == (548, 548, 0)
        assert len(await heads(ws)) == 34
        assert await count(ws, "unified_box_metrics") == 548
        before = await state(ws)
        assert (await import_boxes(ws, path)).unchanged == 548
        assert await state(ws) == before
        ranked = [row for row in before[1] if row[4] is not None]
        assert len(ranked) == await count(ws, "unified_box_metrics", "unified_volume_7d_ema IS NOT NULL")
        await undo(ws, str(report.import_id))
        assert await state(ws) == [[], [], [], []]

    home(work)
