"""A symbol's history, its trend and its long-term score on both databases, in virtual time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.explain_symbol import explain_symbol
from pacesetter.jobs.boards.symbol_history import BoardHistory, read_symbol_history
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName
from pacesetter.ranking.trend import long_term_score
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.symbols.domains import find_domain, set_method
from tests.jobs.backfill.test_backfill import DAYS, SYMBOLS, rows
from tests.jobs.boards.test_cycle import ROWS, evening, publish, set_time
from tests.jobs.home import ask, with_home, write_csv

SPAN = DAYS[-9:]
SHOWN = ("rank", "previous_rank", "previous_on", "rank_change", "composite", "score", "coverage")


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    url = database_url if database_url.startswith("postgresql") else None

    def run(work: Any) -> None:
        async def prepared(ws: Workspace) -> None:
            set_time(ws, evening(DAYS[-1]))
            await import_prices(ws, write_csv(tmp_path / "prices.csv", rows()))
            await work(ws)

        with_home(tmp_path / "home", prepared, url=url)

    return run


async def change(ws: Workspace, sql: str, on: date) -> None:
    """Do something to the stored rows of a date."""
    async with ws.db.write() as conn:
        await conn.execute(text(sql), {"on": on if ws.db.dialect == "postgresql" else on.isoformat()})


async def of_board(ws: Workspace, **more: Any) -> BoardHistory:
    (found,) = (await read_symbol_history(ws, "NVDA", board="ai-tech", **more)).boards
    return found


def slope(scores: list[float | None]) -> float:
    return float(np.polyfit(np.arange(7), np.array(scores, dtype=float), 1)[0])


def test_a_history_is_what_was_published_newest_first(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        stored = {(slug, on, symbol): values for slug, on, symbol, *values in await ask(ws, ROWS)}
        seen = 0
        for symbol in SYMBOLS:
            for one in (await read_symbol_history(ws, symbol)).boards:
                assert [row.on for row in one.rows] == SPAN[::-1]
                for row in one.rows:
                    plain = [getattr(row, name) for name in SHOWN]
                    plain = [value.isoformat() if isinstance(value, date) else value for value in plain]
                    assert plain == stored.pop((one.slug, row.on.isoformat(), symbol))[:7]
                    assert (row.provisional, row.method) == (False, "core v1")
                    seen += row.rank is not None
                assert one.points == [(row.on, row.rank) for row in one.rows[::-1]]
        assert seen > 50 and not {key[2] for key in stored} & set(SYMBOLS)

    home(work)


def test_the_trend_is_that_of_the_seven_dates_up_to_the_newest_shown(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        scores = [row.score for row in (await of_board(ws)).rows[::-1]]
        for last, seven in ((SPAN[-1], scores[2:]), (SPAN[-2], scores[1:8]), (SPAN[-3], scores[:7])):
            view = (await of_board(ws, first=last, last=last)).trend  # dates before --from count, too
            assert view.trend is not None and view.until == last
            assert view.trend.slope == pytest.approx(slope(seven), abs=1e-9)
        early = (await of_board(ws, last=SPAN[5])).trend
        assert (early.trend, early.reason, early.until) == (None, "too_few_dates", SPAN[5])

    home(work)


def test_provisional_ranks_are_shown_and_do_not_count(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        before = (await of_board(ws, last=SPAN[-2])).trend
        await change(ws, "UPDATE board_heads SET is_provisional = true WHERE metric_date = :on", SPAN[-1])
        found = await of_board(ws)
        assert [row.provisional for row in found.rows] == [True] + [False] * 8
        assert found.trend == before and before.until == SPAN[-2]

    home(work)


def test_a_date_off_the_board_and_an_unranked_one_take_the_trend_away(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        of_nvda = "WHERE symbol = 'NVDA' AND metric_date = :on"
        await change(ws, f"DELETE FROM ranking_results {of_nvda}", SPAN[4])
        found = await of_board(ws)
        assert [row.on for row in found.rows] == [on for on in SPAN[::-1] if on != SPAN[4]]
        assert found.points[4] == (SPAN[4], None) and found.points[5][1] is not None
        assert (found.trend.trend, found.trend.reason) == (None, "unranked_date")
        reason = "unranked_reason = 'low_coverage', current_rank = NULL"
        await change(ws, f"UPDATE ranking_results SET {reason} {of_nvda}", SPAN[-1])
        newest = (await of_board(ws)).rows[0]
        assert (newest.rank, newest.unranked_reason) == (None, "low_coverage")

    home(work)


@pytest.mark.parametrize("order", [("core", "classic"), ("classic", "core")])
def test_another_method_has_a_trend_of_its_own(home, order: tuple[str, str]) -> None:
    async def choose(ws: Workspace, method: str) -> None:
        async with ws.db.write() as conn:
            await set_method(conn, (await find_domain(conn, "ai-tech")).id, method)

    async def work(ws: Workspace) -> None:
        await choose(ws, order[0])
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        await choose(ws, order[1])
        set_time(ws, evening(SPAN[-1]) + timedelta(hours=1))
        await run_cycle(ws, on=SPAN[-1], source="none")
        found = await of_board(ws)
        assert [row.on for row in found.rows] == SPAN[::-1]
        assert [row.method for row in found.rows] == [f"{order[1]} v1"] + 8 * [f"{order[0]} v1"]
        assert (found.trend.trend, found.trend.reason) == (None, "too_few_dates")

    home(work)


def test_what_was_published_by_an_instant(home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, SPAN[-2], source="none")
        await publish(ws, SPAN[-1], source="none")
        then = evening(SPAN[-1]) + timedelta(hours=1)
        first = await of_board(ws)
        earlier = await of_board(ws, known_at=evening(SPAN[-2]) + timedelta(hours=1))
        assert earlier.rows == first.rows[1:] and len(earlier.rows) == 1
        set_time(ws, then + timedelta(hours=1))
        bent = [(s, d, c * 1.5 if s == "NVDA" and d > DAYS[-80] else c, v) for s, d, c, v in rows()]  # type: ignore[operator]
        await import_prices(ws, write_csv(tmp_path / "bent.csv", bent))
        await backfill_ranks(ws, first=SPAN[-2], last=SPAN[-1])
        assert (await of_board(ws)).rows != first.rows
        assert (await of_board(ws, known_at=then)).rows == first.rows
        with pytest.raises(InputError, match="was published by"):
            await of_board(ws, known_at=evening(SPAN[-3]))

    home(work)


def test_mistakes_are_said_in_one_line(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match="no rank of NVDA is published yet"):
            await read_symbol_history(ws, "NVDA")
        await publish(ws, SPAN[-1], source="none")
        with pytest.raises(UnknownName, match="unknown symbol"):
            await read_symbol_history(ws, "NVDAA")
        with pytest.raises(UnknownName, match="unknown board"):
            await read_symbol_history(ws, "NVDA", board="nowhere")
        with pytest.raises(InputError, match="NVDA is not on the board 'EV'"):
            await read_symbol_history(ws, "NVDA", board="ev")
        with pytest.raises(BadDate, match="is after"):
            await read_symbol_history(ws, "NVDA", first=SPAN[-1], last=SPAN[-2])
        with pytest.raises(BadDate, match=f"from {SPAN[0]} to {SPAN[1]}"):
            await read_symbol_history(ws, "NVDA", first=SPAN[0], last=SPAN[1])

    home(work)


def test_explain_says_the_trend_and_the_long_term_score(home) -> None:
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, first=SPAN[0], last=SPAN[-1])
        for on in (SPAN[-1], SPAN[-3]):
            told = await explain_symbol(ws, "NVDA", on=on)
            (one,) = told.boards
            assert one.trend == (await of_board(ws, last=on)).trend
            assert one.trend is not None and one.trend.trend is not None
            everybody = await load_panel(
                ws.db, ws.home, sessions=[on], calendar="XNYS", asset_types={"equity"}, benchmark="SPY"
            )
            wanted = long_term_score(everybody, everybody.symbols.index("NVDA"))
            assert told.long_term == wanted and wanted.score is not None
            assert told.long_term_on == on
        early = await explain_symbol(ws, "NVDA", on=DAYS[200])  # not published: computed on the spot
        assert early.boards[0].trend is None
        assert (early.long_term.score, early.long_term.reason) == (None, "too_few_bars")
        assert (await explain_symbol(ws, "TSM")).long_term.reason == "no_bars"

    home(work)
