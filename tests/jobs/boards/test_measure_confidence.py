"""Intervals of the newest ranks: measured after publication, once, and rebuilt by verify."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards import measure_confidence as job
from pacesetter.jobs.boards.define_board import create_board, edit_board, remove_board
from pacesetter.jobs.boards.measure_confidence import measure_confidence
from pacesetter.jobs.boards.rank_dates import plan_boards
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.runner.scheduler import propose_tick
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.ranking import confidence
from pacesetter.ranking.confidence import Board, rank_intervals
from pacesetter.ranking.trend import score_trend
from pacesetter.store.bars.panels import load_panel
from tests.jobs.backfill.test_backfill import DAYS, home
from tests.jobs.boards.test_cycle import publish
from tests.jobs.home import ask, count, write_csv

__all__ = ["home"]
NEWEST = DAYS[-1]
ALL = "SELECT * FROM rank_intervals ORDER BY domain_id, symbol"


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence.rank_intervals, "__defaults__", (30,))


def test_intervals_are_those_of_the_cycle_and_measured_once(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        assert await count(ws, "rank_intervals") == 0  # publication does not wait for them
        assert await measure_confidence(ws) == 2  # the boards with members that have prices
        stored = await ask(ws, ALL)
        ranked = await count(ws, "ranking_results", "current_rank IS NOT NULL")
        assert len(stored) == ranked > 0
        assert await measure_confidence(ws) == 0
        assert await ask(ws, ALL) == stored

        view = await view_board(ws, "AI/Tech")
        (plan,) = await plan_boards(ws, slugs=["ai-tech"])
        panel = await load_panel(
            ws.db,
            ws.home,
            sessions=[NEWEST],
            calendar="XNYS",
            asset_types={"equity"},
            benchmark="SPY",
        )
        async with ws.db.read() as conn:
            seed = await conn.scalar(text("SELECT fingerprint FROM cycles"))
        values = {p.uses: evaluate(factors.get(p.uses), panel) for p in plan.method.factors}
        board = Board(plan.slug, "equity", plan.method, plan.members(panel)[0])
        (found,) = rank_intervals(panel, [board], values, seed)
        assert len(found.order) == 5
        for place, s in enumerate(found.order):
            row = view.rows[place]
            assert row.symbol == panel.symbols[s] and row.interval is not None
            assert (row.interval.low, row.interval.high) == (found.low[s], found.high[s])
            assert row.interval.n_ranked == found.ranked[s]
            if place < 4:
                assert row.interval.flip_share == found.flips[place]
                assert row.interval.tied_with_next == found.tied[place]
            else:
                assert (row.interval.flip_share, row.interval.tied_with_next) == (None, False)

    home(work)


def test_only_the_newest_date_has_intervals_and_a_new_previous_rank_keeps_them(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        await measure_confidence(ws)
        stored = await ask(ws, ALL)
        await publish(ws, DAYS[-2], source="none")  # gives the newest date new heads, not new evidence
        assert (await view_board(ws, "Finance")).previous_on == DAYS[-2]
        assert await measure_confidence(ws) == 0
        assert await ask(ws, ALL) == stored
        assert (await view_board(ws, "Finance")).rows[0].interval is not None
        assert (await view_board(ws, "Finance", on=DAYS[-2])).rows[0].interval is None

    home(work)


def test_verify_rebuilds_the_intervals(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        before = await verify_date(ws, NEWEST)
        await measure_confidence(ws)
        after = await verify_date(ws, NEWEST)
        assert (before.differences, after.differences) == ([], [])
        assert after.numbers == before.numbers + await count(ws, "rank_intervals")
        async with ws.db.write() as conn:
            await conn.execute(
                text("UPDATE rank_intervals SET high_rank = high_rank + 1 WHERE symbol = 'NVDA'")
            )
        (difference,) = [d for d in (await verify_date(ws, NEWEST)).differences if "ai-tech" in d.where]
        assert (difference.table, difference.where, difference.column) == (
            "rank intervals",
            "ai-tech NVDA",
            "high_rank",
        )

    home(work)


def test_nothing_published_is_nothing_to_measure(home) -> None:
    async def work(ws: Workspace) -> Any:
        return await measure_confidence(ws)

    assert home(work) == 0


def test_the_trend_is_of_the_last_seven_published_scores(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=DAYS[-9], last=DAYS[-1])
        board = await view_board(ws, "AI/Tech")
        scores: dict[str, list[float]] = {}
        for on in DAYS[-7:]:
            for row in (await view_board(ws, "AI/Tech", on=on)).rows:
                scores.setdefault(row.symbol, []).append(np.nan if row.score is None else row.score)
        assert len(board.rows) == 5
        for row in board.rows:
            assert row.trend == score_trend(np.array(scores[row.symbol]))
        assert any(row.trend for row in board.rows)
        early = await view_board(ws, "AI/Tech", on=DAYS[-4])  # only six dates up to it
        assert all(row.trend is None for row in early.rows)

    home(work)


def test_what_is_stored_says_how_many_were_drawn(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        await measure_confidence(ws)
        assert await ask(ws, "SELECT DISTINCT n_draws FROM rank_intervals") == [(30,)]

    home(work)


def test_a_measurement_that_fails_is_no_failed_cycle(home, monkeypatch) -> None:
    async def fail(*_args: Any) -> int:
        raise InputError("no plug-in of that name")

    async def work(ws: Workspace) -> None:
        monkeypatch.setattr(job, "measure_confidence", fail)
        assert await job.try_measuring(ws) == "no plug-in of that name"
        settings = ws.settings.model_copy(update={"source": "none"})
        report = await propose_tick(settings, simulated=False, clock=ws.clock)
        assert report is not None and report.status == "published"

    home(work)


def test_two_processes_measure_the_same_once(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        await asyncio.gather(measure_confidence(ws), measure_confidence(ws))
        ranked = await count(ws, "ranking_results", "current_rank IS NOT NULL")
        assert await count(ws, "rank_intervals") == ranked

    home(work)


def test_verify_passes_when_a_board_of_another_kind_was_removed(home, tmp_path) -> None:
    async def work(ws: Workspace) -> None:
        funds = [
            (s, on, 50.0 + n + i, 100) for i, on in enumerate(DAYS) for n, s in enumerate(("QQQ", "IWM"))
        ]
        await import_prices(ws, write_csv(tmp_path / "funds.csv", funds), asset_type="etf")
        await create_board(ws, "Funds", symbols=["QQQ", "IWM"], asset_type="etf")
        await publish(ws, NEWEST, source="none")
        assert (await verify_date(ws, NEWEST)).differences == []
        await remove_board(ws, "Funds")
        assert (await verify_date(ws, NEWEST)).differences == []
        with pytest.raises(BadDate, match="XNYS has no session on it"):
            await verify_date(ws, date(2025, 7, 20))

    home(work)


def test_who_has_left_is_not_on_a_board_computed_now(home) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, NEWEST, source="none")
        await edit_board(ws, "AI/Tech", drop=["MSFT"], on=DAYS[-3])
        now = await view_board(ws, "AI/Tech", on=NEWEST, method="classic")
        then = await view_board(ws, "AI/Tech", on=DAYS[-5], method="classic")
        assert "MSFT" not in {row.symbol for row in now.rows}
        assert "MSFT" in {row.symbol for row in then.rows}
        with pytest.raises(InputError, match="nothing was known by 2020"):
            await view_board(ws, "AI/Tech", on=NEWEST, known_at=datetime(2020, 1, 1, tzinfo=UTC))

    home(work)
