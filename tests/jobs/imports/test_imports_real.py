"""Real files through the whole import, and what is ranked from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.imports.import_fundamentals import import_fundamentals
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from tests.jobs.home import ask, count, with_home

ON = date(2025, 7, 24)


def test_the_dirty_file_leaves_no_row_without_a_fate(tmp_path: Path, shared_data: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_prices(ws, shared_data / "prices/us_dirty_2020_2021.parquet")
        assert report.read == 1_015_907 == report.stored + report.quarantined + report.refused
        assert await count(ws, "market_data_cache") == report.stored == report.inserted
        assert await count(ws, "quarantined_bars", "state = 'held'") == report.quarantined
        assert sum(report.reasons.values()) == report.quarantined + report.refused
        assert report.report_path is not None
        refused = pl.read_csv(report.report_path, infer_schema_length=None)
        assert refused.height == report.refused
        assert refused["row"].is_unique().all()
        assert await count(ws, "market_data_cache", "close <= 0 OR open <= 0 OR high < low") == 0

    with_home(tmp_path, work)


def test_the_main_job_on_real_input(tmp_path: Path, shared_data: Path) -> None:
    facts = shared_data / "fundamentals/sp500_constituents_financials.csv"

    async def work(ws: Workspace) -> None:
        stocks = await import_prices(ws, shared_data / "prices/us_sp500_2014_2025.parquet")
        assert (stocks.read, stocks.refused) == (1_357_433, 6)
        assert stocks.read == stocks.stored + stocks.quarantined + stocks.refused
        funds = await import_prices(ws, shared_data / "factors/us_etfs_2014_2026.parquet")
        assert funds.read == 652_522 == funds.stored + funds.quarantined + funds.refused
        kinds = dict(await ask(ws, "SELECT symbol, asset_type FROM symbol_universe"))
        assert (kinds["AAPL"], kinds["SPY"], kinds["_IRX"]) == ("equity", "etf", "index")
        known = await import_fundamentals(ws, facts, known_on=date(2025, 7, 1))
        assert known.read == 503 == known.stored + known.refused
        report = await run_cycle(ws, on=ON)
        assert (report.status, report.boards, report.provisional) == ("published", 12, False)
        board = await view_board(ws, "AI/Tech", on=ON)
        assert sorted(row.rank for row in board.rows) == [1, 2, 3, 4, 5]
        assert {row.coverage for row in board.rows} == {1.0}
        apple = next(row for row in board.rows if row.symbol == "AAPL")
        eps = pl.read_csv(facts, infer_schema_length=None).filter(pl.col("Symbol") == "AAPL")
        close = (
            pl.scan_parquet(shared_data / "prices/us_sp500_2014_2025.parquet")
            .filter(pl.col("symbol") == "AAPL", pl.col("date") == ON)
            .collect()
        )
        expected = float(eps["Earnings/Share"][0]) / close["close"][0]
        assert apple.factors["financial_ratio"].raw == pytest.approx(expected, rel=1e-12)
        again = await import_prices(ws, shared_data / "prices/us_sp500_2014_2025.parquet")
        assert (again.inserted, again.changed, again.unchanged) == (0, 0, stocks.stored)

    with_home(tmp_path, work)


def test_facts_without_a_date_are_not_known_before_their_import(tmp_path: Path, shared_data: Path) -> None:
    async def work(ws: Workspace) -> None:
        frame = pl.scan_parquet(shared_data / "prices/us_sp500_2014_2025.parquet")
        part = frame.filter(pl.col("date") >= date(2024, 1, 2), pl.col("symbol") < "C").collect()
        part.write_parquet(tmp_path / "part.parquet")
        await import_prices(ws, tmp_path / "part.parquet")
        report = await import_fundamentals(ws, shared_data / "fundamentals/sp500_constituents_financials.csv")
        assert any("known from today (2025-07-24)" in line for line in report.said)
        await run_cycle(ws, on=date(2025, 7, 23))
        board = await view_board(ws, "Finance", on=date(2025, 7, 23))
        bank = next(row for row in board.rows if row.symbol == "BAC")
        assert bank.factors["financial_ratio"].missing_reason == "not_known"
        assert bank.coverage == pytest.approx(0.8)

    with_home(tmp_path / "home", work)
