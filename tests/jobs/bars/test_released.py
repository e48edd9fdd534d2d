"""A bar that was held back and then confirmed: marked meanwhile, and its dates are ranked again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.calendar import sessions_between
from pacesetter.providers.base import FetchRequest, FetchResult
from pacesetter.providers.files.prices import read_prices
from tests.jobs.boards.test_cycle import ROWS, evening, publish, set_time
from tests.jobs.home import ask, count, with_home, write_csv

DAYS = sessions_between("XNYS", date(2024, 1, 2), date(2025, 7, 25))
SYMBOLS = ("AAPL", "AMD", "GOOGL", "MSFT", "NVDA")
RISE_ON = DAYS[-4]


def rows(first: date, last: date) -> list[tuple[object, ...]]:
    """Walks; NVDA stands 80 % higher from ``RISE_ON`` on."""
    rng = np.random.default_rng(7)
    walks = 100 * np.exp(np.cumsum(rng.normal(0, 0.015, (len(DAYS), len(SYMBOLS))), axis=0))
    return [
        (
            symbol,
            on,
            round(float(walks[t, s]) * (1.8 if symbol == "NVDA" and on >= RISE_ON else 1.0), 4),
            1000 + t,
        )
        for t, on in enumerate(DAYS)
        for s, symbol in enumerate(SYMBOLS)
        if first <= on <= last
    ]


@pytest.fixture
def url(database_url: str) -> str | None:
    return database_url if database_url.startswith("postgresql") else None


def test_the_dates_that_a_released_bar_touches_are_ranked_again(url: str | None, tmp_path: Path) -> None:
    async def bring(ws: Workspace, first: date, last: date) -> None:
        set_time(ws, evening(last))
        await import_prices(ws, write_csv(tmp_path / f"{last}.csv", rows(first, last)))

    async def day_by_day(ws: Workspace) -> list[tuple[Any, ...]]:
        again, held = [], []
        first = DAYS[0]
        for on in DAYS[-5:]:
            await bring(ws, first, on)
            again.append(list((await publish(ws, on, source="none")).again))
            board = await view_board(ws, "AI/Tech", on=on)
            held.append({row.symbol: row.held_bars for row in board.rows if row.held_bars})
            first = on
        assert held == [{}, {"NVDA": 1}, {"NVDA": 2}, {}, {}]
        assert again == [[], [], [], DAYS[-4:-2], []]
        versions = await ask(
            ws,
            "SELECT metric_date, count(*) FROM board_heads h JOIN domains d ON d.id = h.domain_id "
            "WHERE d.slug = 'ai-tech' GROUP BY 1 ORDER BY 1",
        )
        assert [n for _, n in versions] == [1, 2, 2, 1, 1]
        return await ask(ws, ROWS)

    async def at_once(ws: Workspace) -> list[tuple[Any, ...]]:
        await bring(ws, DAYS[0], DAYS[-1])
        for on in DAYS[-5:]:
            await publish(ws, on, source="none")
        return await ask(ws, ROWS)

    piecemeal = with_home(tmp_path / "piecemeal", day_by_day, url=url)
    assert piecemeal == with_home(tmp_path / "once", at_once)
    ranks = {(on, symbol): rank for slug, on, symbol, rank, *_ in piecemeal if slug == "ai-tech"}
    assert ranks[(DAYS[-1].isoformat(), "NVDA")] is not None


def test_a_second_source_releases_what_the_first_gave(url: str | None, tmp_path: Path) -> None:
    class Second:
        name = "yahoo"

        def symbols(self) -> tuple[str, ...]:
            return ()

        def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
            wanted = [row for row in rows(request.first, request.last) if row[0] in request.symbols]
            bars = read_prices(write_csv(tmp_path / "second.csv", wanted)).frame.select(list(BAR_SCHEMA))
            return FetchResult(bars, self.name, clock.now(), basis="raw")

    async def work(ws: Workspace) -> None:
        set_time(ws, evening(RISE_ON))
        await import_prices(ws, write_csv(tmp_path / "first.csv", rows(DAYS[0], RISE_ON)), basis="raw")
        assert await count(ws, "quarantined_bars", "state = 'held'") == 1
        report = await publish(ws, RISE_ON)
        assert not report.failures
        assert await ask(ws, "SELECT state FROM quarantined_bars WHERE symbol = 'NVDA'") == [("released",)]
        board = await view_board(ws, "AI/Tech", on=RISE_ON)
        assert {row.symbol for row in board.rows if row.rank} == set(SYMBOLS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch_bars, "choose_providers", lambda *_: [Second()])
        with_home(tmp_path / "home", work, url=url)
