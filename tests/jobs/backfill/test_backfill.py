"""Backfill, known-at and verify on both databases, in virtual time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from pacesetter.jobs.backfill import backfill_ranks as backfill
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, StoreError
from pacesetter.market.calendar import sessions_between
from tests.jobs.boards.test_cycle import ROWS, evening, publish, set_time
from tests.jobs.home import ask, count, with_home, write_csv

DAYS = sessions_between("XNYS", date(2024, 1, 2), date(2025, 7, 25))
SYMBOLS = ("AAPL", "AMD", "GOOGL", "JPM", "MSFT", "NVDA", "GS", "BAC", "MS")


def rows(seed: int = 7) -> list[tuple[object, ...]]:
    rng = np.random.default_rng(seed)
    walks = 100 * np.exp(np.cumsum(rng.normal(0, 0.015, (len(DAYS), len(SYMBOLS))), axis=0))
    return [
        (symbol, on, round(float(walks[t, s]), 4), 1000 + 7 * t + s)
        for t, on in enumerate(DAYS)
        for s, symbol in enumerate(SYMBOLS)
    ]


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    url = database_url if database_url.startswith("postgresql") else None

    def run(work: Any, name: str = "home") -> Any:
        async def prepared(ws: Workspace) -> Any:
            set_time(ws, evening(DAYS[-1]))
            await import_prices(ws, write_csv(tmp_path / f"{name}.csv", rows()))
            return await work(ws)

        return with_home(tmp_path / name, prepared, url=url if name == "home" else None)

    return run


def test_a_backfill_publishes_what_cycles_in_order_would(home, monkeypatch) -> None:
    monkeypatch.setattr(backfill, "CHUNK", 4)
    span = DAYS[-10:]

    async def one_by_one(ws: Workspace) -> list[tuple[Any, ...]]:
        for on in span:
            await publish(ws, on, source="none")
        return await ask(ws, ROWS)

    async def filled(ws: Workspace) -> list[tuple[Any, ...]]:
        await publish(ws, DAYS[-1], source="none")  # as a user has it: the newest date first
        report = await backfill_ranks(ws, first=span[0], last=span[-2])
        assert (report.asked, report.published, len(report.boards)) == (9, 9, 12)
        assert await count(ws, "cycles", "status <> 'published'") == 0
        assert await ask(ws, "SELECT DISTINCT data_source FROM cycles") == [("files",)]
        found = await ask(ws, ROWS)
        heads = await count(ws, "board_heads")
        again = await backfill_ranks(ws, first=span[0], last=span[-2])
        assert (again.published, again.changed) == (9, 0)
        assert await count(ws, "board_heads") == heads
        return found

    assert home(filled) == home(one_by_one, "other")


def test_a_stopped_backfill_goes_on_behind_its_last_chunk(home, monkeypatch) -> None:
    monkeypatch.setattr(backfill, "CHUNK", 3)

    async def work(ws: Workspace) -> None:
        plain, calls = backfill.rankings.publish, []

        async def fail_late(*args: Any, **more: Any) -> Any:
            calls.append(1)
            if len(calls) == 3:
                raise StoreError("the disk is full")
            return await plain(*args, **more)

        monkeypatch.setattr(backfill.rankings, "publish", fail_late)
        with pytest.raises(StoreError):
            await backfill_ranks(ws, first=DAYS[-9], last=DAYS[-1])
        monkeypatch.setattr(backfill.rankings, "publish", plain)
        published = await ask(ws, "SELECT DISTINCT metric_date FROM board_heads ORDER BY 1")
        assert [on for (on,) in published] == [on.isoformat() for on in DAYS[-9:-3]]
        report = await backfill_ranks(ws, first=DAYS[-9], last=DAYS[-1])
        assert (report.resumed_after, report.published) == (DAYS[-4], 3)
        assert await ask(
            ws, "SELECT kind, status, count(*) FROM cycles WHERE kind = 'backfill' GROUP BY 1, 2"
        ) == [("backfill", "published", 1)]
        resumed = await ask(ws, ROWS)
        other = await backfill_ranks(ws, first=DAYS[-9], last=DAYS[-1])
        assert other.resumed_after is None and other.changed == 0
        assert await ask(ws, ROWS) == resumed

    home(work)


def test_all_history_leaves_out_the_start_and_names_what_is_missing(home) -> None:
    async def work(ws: Workspace) -> None:
        report = await backfill_ranks(ws, board="AI/Tech")
        assert report.asked == len(DAYS) and 0 < report.published < report.asked
        assert report.problems[0].startswith("nobody can be ranked up to")
        first = await ask(ws, "SELECT min(metric_date) FROM board_heads")
        board = await view_board(ws, "AI/Tech", on=date.fromisoformat(first[0][0]))
        assert any(row.rank for row in board.rows)
        assert await ask(
            ws, "SELECT DISTINCT slug FROM board_heads h JOIN domains d ON d.id = h.domain_id"
        ) == [("ai-tech",)]
        other = await backfill_ranks(ws, first=DAYS[-2])
        assert any(line.startswith("Semiconductors") and "TSM" in line for line in other.problems)

    home(work)


def test_nothing_is_published_behind_the_newest_price(home) -> None:
    async def work(ws: Workspace) -> None:
        set_time(ws, evening(DAYS[-1]) + timedelta(days=40))
        report = await backfill_ranks(ws, first=DAYS[-2])
        assert (report.first, report.last, report.asked) == (DAYS[-2], DAYS[-1], 2)
        with pytest.raises(InputError, match="no prices"):
            await backfill_ranks(ws, board="Energy")

    home(work)


def test_wrong_dates_are_refused(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadDate):
            await backfill_ranks(ws, first=DAYS[5], last=DAYS[4])
        with pytest.raises(BadDate):
            await backfill_ranks(ws, first=DAYS[-1] + timedelta(days=1))

    home(work)


def test_a_correction_leaves_what_was_published_and_known_as_it_was(home, tmp_path: Path) -> None:
    on = DAYS[-3]

    async def work(ws: Workspace) -> None:
        await run_cycle(ws, on=on, source="none")
        before = await view_board(ws, "AI/Tech", on=on)
        unpublished = await view_board(ws, "Finance", on=DAYS[-5])
        then = evening(DAYS[-1]) + timedelta(hours=1)
        set_time(ws, then + timedelta(hours=1))
        bent = [(s, d, c * 1.1 if d == DAYS[-60] else c, v) for s, d, c, v in rows()]  # type: ignore[operator]
        await import_prices(ws, write_csv(tmp_path / "bent.csv", bent))
        known = await view_board(ws, "AI/Tech", on=on, known_at=then)
        assert (known.origin, known.rows) == ("published", before.rows)
        computed = await view_board(ws, "Finance", on=DAYS[-5], known_at=then)
        assert (computed.origin, computed.rows) == ("computed", unpublished.rows)
        assert (await view_board(ws, "Finance", on=DAYS[-5])).rows != unpublished.rows
        report = await verify_date(ws, on)
        assert (report.differences, report.rows, report.remarks) == ([], 50, [])
        await backfill_ranks(ws, first=on, last=on)  # ranked again with what is known now: a new version
        assert (await view_board(ws, "AI/Tech", on=on)).rows != before.rows
        assert (await view_board(ws, "AI/Tech", on=on, known_at=then)).rows == before.rows
        assert (await verify_date(ws, on)).differences == []

    home(work)


def test_verify_names_what_was_tampered_with(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=DAYS[-4], last=DAYS[-1])
        on = DAYS[-2]
        assert (await verify_date(ws, on)).differences == []
        day = on if ws.db.dialect == "postgresql" else on.isoformat()
        harms = (
            ("UPDATE ranking_results SET score = score + 1e-9 WHERE symbol = 'NVDA'", "score"),
            ("UPDATE ranking_results SET previous_rank = 77 WHERE symbol = 'AMD'", "previous_rank"),
            ("UPDATE factor_values SET raw = raw * 2 WHERE symbol = 'JPM'", "raw"),
            ("UPDATE factor_stats SET scale = 1 WHERE scope <> ''", "scale"),
            ("DELETE FROM ranking_results WHERE symbol = 'GS'", "the row itself"),
            ("UPDATE market_data_cache SET close = close + 0.01 WHERE symbol = 'MS'", "data"),
        )
        for harm, column in harms:
            sql = f"{harm} AND {'date' if 'market' in harm else 'metric_date'} = :on"
            async with ws.db.write() as conn:
                await conn.execute(text(sql), {"on": day})
            if "market_data_cache" in sql:  # the panel's files do not know of a change behind their back
                for path in ws.home.panels.rglob("*"):
                    path.is_file() and path.unlink()
            found = (await verify_date(ws, on)).differences
            assert column in {name for one in found for name in (one.column, one.where)}, sql

    home(work)


def test_nothing_published_is_said(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match="nothing is published"):
            await verify_date(ws, DAYS[-1])

    home(work)
