"""Boards of boxes by the engine of all boards: backfill, verify, the ledger, other measures, one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import rankdata

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.compute_board import compute_board
from pacesetter.jobs.boards.define_board import create_board, edit_board, remove_board
from pacesetter.jobs.boards.explain_changes import explain_board_changes
from pacesetter.jobs.boards.jump_base_rates import base_rates
from pacesetter.jobs.boards.keep_method import save_method
from pacesetter.jobs.boards.measure_confidence import measure_confidence
from pacesetter.jobs.boards.sparklines import read_sparklines
from pacesetter.jobs.boards.symbol_history import read_symbol_history
from pacesetter.jobs.boards.try_weights import load_history
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.boards.view_leaders import view_leaders
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.boxes.view_boxes import BoxesAsked, view_boxes, why_unranked
from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.store.boards import boards as stored
from pacesetter.store.boxes.box_pages import BoxDay
from tests.jobs.boxes.boxes_home import AT, day, metrics, ranks, seen, write_json
from tests.jobs.home import ask, with_home

Home = Callable[[Any], Any]
GAPS = (0, 1, 3, 8, 9, 20)  # days on which somebody looked
LONE = {"floor_price_usd": 100.0, "boxes_sold": 1.0, "active_listings_count": 7.0}  # of a person
SOLD = {"aaaa": (2, 0, 5, 1, 1, 1), "bbbb": (4, 4, None, 4, 0, 9), "cccc": (None, 1, 1, 1, 1, None)}


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a home with three boxes on six days, none of them with a floor on the last one."""
    url = database_url if database_url.startswith("postgresql") else None
    rows = [
        seen(box, n, None if n == GAPS[-1] else 100.0, sold[at])
        for box, sold in SOLD.items()
        for at, n in enumerate(GAPS)
        if sold[at] is not None
    ]
    file = write_json(tmp_path / "boxes.json", rows)

    def run(work: Any) -> Any:
        async def prepared(ws: Workspace) -> Any:
            await import_boxes(ws, file)
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url, at=AT)

    return run


def test_ranks_are_those_of_the_stored_figures(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        stored_figures = await ask(
            ws, "SELECT metric_date, unified_volume_7d_ema, current_rank FROM unified_box_metrics ORDER BY 1"
        )
        days = sorted({row[0] for row in stored_figures})
        assert len(days) == len(GAPS)
        for on in days:
            here = [row for row in stored_figures if row[0] == on]
            known = [row for row in here if row[1] is not None]
            assert [row[2] for row in known] == rankdata([-row[1] for row in known], "min").tolist()
            assert all(row[2] is None for row in here if row[1] is None)

    home(work)


@pytest.mark.parametrize("order", [(5, 0, 3, 1, 4, 2), (2, 3, 1, 0, 5, 4)])
def test_any_order_of_backfilled_days_and_every_repetition_end_alike(home: Home, order: Any) -> None:
    async def work(ws: Workspace) -> None:
        before = await ranks(ws), await metrics(ws)
        cycles = "SELECT count(*) FROM ranking_results"
        rows = await ask(ws, cycles)
        for at in order:
            report = await backfill_ranks(ws, board="boxes", first=day(GAPS[at]), last=day(GAPS[at]))
            assert (report.published, report.changed) == (1, 0)
        assert (await ranks(ws), await metrics(ws)) == before
        assert await ask(ws, cycles) == rows

        # from nothing, in that order: the same rows
        for table in ("board_heads", "ranking_results", "factor_values", "factor_stats"):
            await erase(ws, f"DELETE FROM {table}")
        await erase(ws, "UPDATE unified_box_metrics SET current_rank = NULL, previous_rank = NULL")
        for at in order:
            await backfill_ranks(ws, board="boxes", first=day(GAPS[at]), last=day(GAPS[at]))
        assert (await ranks(ws), await metrics(ws)) == before

    home(work)


async def erase(ws: Workspace, sql: str) -> None:
    from sqlalchemy import text

    async with ws.db.write() as conn:
        await conn.execute(text(sql))


def test_a_day_can_be_verified_and_a_changed_figure_is_found(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        for n in GAPS:
            report = await verify_date(ws, day(n))
            assert (report.differences, report.boards) == ([], ["Boxes"])
        await erase(ws, "UPDATE box_observations SET boxes_sold = 3 WHERE boxes_sold = 2")
        assert (await verify_date(ws, day(3))).differences
        with pytest.raises(InputError, match="nothing is published"):
            await verify_date(ws, day(4))

    home(work)


def test_a_late_day_leaves_what_was_known_before_it(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        then = await view_board(ws, "boxes", on=day(3))
        instant = ws.now()
        ws.clock.advance(timedelta(minutes=1))
        late = write_json(tmp_path / "late.json", [seen("cccc", 2, 100.0, 90.0)])
        await import_boxes(ws, late)
        now = await view_board(ws, "boxes", on=day(3))
        assert [row.symbol for row in now.rows] != [row.symbol for row in then.rows]
        former = await view_board(ws, "boxes", on=day(3), known_at=instant)
        assert former.rows == then.rows
        assert now.previous_on == day(2)
        assert then.previous_on == day(1)
        changes = await explain_board_changes(ws, "boxes", first=day(2), last=day(3))
        for ledger in changes.ledgers:
            if ledger.rank_change is not None:
                assert sum(ledger.rank_shares.values()) == ledger.rank_change

    home(work)


def test_what_boxes_have_not_is_refused_or_left_out(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        assert await measure_confidence(ws) == 0
        with pytest.raises(InputError, match="no returns"):
            await load_history(ws, "boxes")
        newest = day(GAPS[-2])
        rates = await base_rates(ws, "boxes", newest, ["BOX-AAAA", "BOX-BBBB"])
        assert {rate.reason for rate in rates.values()} == {"no_returns"}
        with pytest.raises(InputError, match="ranks boxes"):
            await compute_board(ws, "AI/Tech", method="boxes", on=date(2026, 1, 6))
        with pytest.raises(BadDate, match="no box was observed on 2026-01-07"):
            await view_board(ws, "boxes", on=day(2))
        with pytest.raises(InputError, match="days of their own"):
            await backfill_ranks(ws, boards=["boxes", "AI/Tech"])
        async with ws.db.read() as conn:  # no day of boxes makes others look late, nor leads them
            assert await stored.newest_published_date(conn) is None
        assert (await view_leaders(ws)).leaders == []
        assert (await view_leaders(ws, on=day(3))).leaders == []

    home(work)


def test_the_board_without_a_date_is_of_the_newest_day_with_ranks(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        view = await view_board(ws, "boxes")
        assert view.as_of == day(9)
        assert view.stale_sessions == (AT.date() - day(9)).days - 1  # yesterday is the last whole day
        last = await view_board(ws, "boxes", on=day(20))
        assert {row.unranked_reason for row in last.rows} == {"no_factors", "not_observed"}
        lines = await read_sparklines(ws, "boxes", points=3)
        assert lines.sessions == [day(3), day(8), day(9)]
        assert lines.closes["BOX-BBBB"] == [None, 100.0, 100.0]
        history = await read_symbol_history(ws, "BOX-BBBB")
        assert [row.unranked_reason for row in history.boards[0].rows][:2] == ["no_factors", None]

    home(work)


def test_a_lone_entry_is_not_the_market_of_its_day(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await save_method(ws, BY_LISTINGS, where="mine")
        entered = await enter_box_day(ws, "BOX-AAAA", day(21), LONE, by="eve")
        found = await view_boxes(ws, BoxesAsked())
        assert (found.as_of, found.ranked, found.observed_on) == (day(9), 3, day(21))
        assert found.remarks == [f"{day(21)} is newer: 1 box is ranked there so far, and 3 on {day(9)}"]
        view = await view_board(ws, "boxes")
        assert (view.as_of, view.remarks) == (day(9), found.remarks)
        thin = f"{day(21)} is a thin day: 1 box is ranked on it, and 3 on {day(9)}"
        nobody = f"nobody is ranked on {day(20)}, which these ranks are compared with: the others are new"
        assert thin in entered.said and [one for one in await diagnose(ws) if thin in one.what]
        lone = await view_boxes(ws, BoxesAsked(on=day(21)))
        assert (lone.ranked, lone.remarks) == (1, [thin, nobody])
        assert (await view_board(ws, "boxes", on=day(21))).remarks == [thin, nobody]
        computed = await view_board(ws, "boxes", on=day(21), method="by-listings")
        assert (computed.origin, computed.remarks) == ("computed", [thin])
        entered = await enter_box_day(ws, "BOX-CCCC", day(21), LONE, by="eve")
        found = await view_boxes(ws, BoxesAsked())
        assert (found.as_of, found.ranked, found.remarks) == (day(21), 2, [nobody]), "half of them"
        assert (await view_board(ws, "boxes")).as_of == day(21)
        assert not [said for said in entered.said if "thin" in said]
        assert (await view_boxes(ws, BoxesAsked(on=day(9)))).remarks == []
        assert (await view_board(ws, "boxes", on=day(9))).remarks == []

    home(work)


def test_the_day_after_a_thin_one_says_what_its_ranks_are_compared_with(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await enter_box_day(ws, "BOX-AAAA", day(5), LONE, by="eve")
        found = await view_boxes(ws, BoxesAsked(on=day(8)))
        only = f"only 1 box is ranked on {day(5)}, which these ranks are compared with: the others are new"
        assert (found.previous_on, found.ranked, found.remarks) == (day(5), 3, [only])
        assert (await view_board(ws, "boxes", on=day(8))).remarks == [only]
        assert (await view_board(ws, "boxes", on=day(5))).remarks[0].startswith(f"{day(5)} is a thin day: 1")

    home(work)


def test_the_board_of_all_boxes_keeps_its_method_and_stays(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await save_method(ws, BY_LISTINGS, where="mine")
        with pytest.raises(InputError, match=r"always ranked.*domains add.*--method by-listings"):
            await edit_board(ws, "boxes", method="by-listings")
        assert (await edit_board(ws, "boxes", method="boxes")).slug == "boxes"
        with pytest.raises(InputError, match="all boxes stand on"):
            await remove_board(ws, "Boxes")
        assert (await view_boxes(ws, BoxesAsked())).ranked == 3

    home(work)


def test_boxes_that_left_the_board_say_so(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        await edit_board(ws, "boxes", drop=["BOX-AAAA"], on=day(0))
        await backfill_ranks(ws, board="boxes")
        found = await view_boxes(ws, BoxesAsked(on=day(9)))
        reasons = {row.facts.symbol: row.unranked_reason for row in found.rows}
        assert reasons == {"BOX-AAAA": "not_on_board", "BOX-BBBB": None, "BOX-CCCC": None}
        assert why_unranked(BoxDay(day(9), 3, 3, 3, 0, None, [], 0)).endswith("none of them is on the board")

    home(work)


BY_LISTINGS = (
    'name = "by-listings"\nversion = 1\ntitle = "Most offered"\nnormalise = "measure"\n\n'
    '[[factor]]\nname = "active_listings_count"\nweight = 1.0\n'
)


def test_boards_of_ones_own_by_another_measure(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await save_method(ws, BY_LISTINGS, where="mine")
        made = await create_board(ws, "Offered", rule="all", asset_type="sealed_box", method="by-listings")
        assert made.ranked_by == "backfill ranks --board offered"
        await backfill_ranks(ws, board="offered")
        view = await view_board(ws, "offered", on=day(9))
        assert [(row.rank, row.composite) for row in view.rows] == [(1, 20.0)] * 3
        # a new box joins the board by its rule, with all its days, and is ranked where it comes in
        more = write_json(tmp_path / "more.json", [seen("dddd", 9, 5.0, 1.0, active_listings_count=21)])
        await import_boxes(ws, more)
        view = await view_board(ws, "offered", on=day(9))
        assert [row.symbol for row in view.rows if row.rank == 1] == ["BOX-DDDD"]
        with pytest.raises(InputError, match="no box is called BOX-NOPE"):
            await create_board(ws, "Wrong", symbols=["BOX-NOPE"], asset_type="sealed_box")
        with pytest.raises(InputError, match="ranks what an exchange trades"):
            await create_board(ws, "Wrong", rule="all", asset_type="sealed_box", method="core")
        with pytest.raises(InputError, match="sealed_box"):
            await create_board(ws, "Wrong", rule="all", asset_type="sealed_boxes")

    home(work)
