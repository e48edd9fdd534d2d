"""Imports: the fate of every row, nothing kept by a dry run, nothing changed by a second time, all undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.imports.undo_import import undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BasisMismatch, InputError
from tests.jobs.home import ask, count, with_home, write_csv

Home = Callable[..., Any]
TABLES = ("market_data_cache", "market_data_revisions", "quarantined_bars", "imports", "symbol_universe")
FIRST = date(2025, 1, 6)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a home whose database is SQLite's and then PostgreSQL's."""
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work, **more: with_home(tmp_path / "home", work, url=url, **more)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def rows(symbol: str, closes: list[float], start: int = 0) -> list[tuple[object, ...]]:
    return [(symbol, day(start + i), close, 1000 + i) for i, close in enumerate(closes)]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Nine rows: six good, one jump, one impossible, one that is no bar at all."""
    bad = [("BBB", day(3), -5, 1), ("BBB", "yesterday", 5, 1)]
    return write_csv(
        tmp_path / "made.csv", [*rows("AAA", [10, 10.1, 1010, 10.2]), *rows("BBB", [5, 5.1, 5.2]), *bad]
    )


async def state(ws: Workspace) -> list[Any]:
    """All that an import may touch."""
    bars = await ask(ws, "SELECT symbol, date, close, volume FROM market_data_cache ORDER BY 1, 2")
    held = await ask(ws, "SELECT symbol, date, close, state FROM quarantined_bars ORDER BY 1, 2")
    return [bars, held]


def test_every_row_has_its_fate(home: Home, made: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_prices(ws, made)
        assert (report.read, report.stored, report.quarantined, report.refused) == (9, 6, 1, 2)
        assert (report.inserted, report.changed, report.unchanged, report.released) == (6, 0, 0, 0)
        assert report.reasons["unit_jump_100"] == report.reasons["price_not_positive"] == 1
        assert sum(report.reasons.values()) == 3
        assert report.report_path is not None
        refused = pl.read_csv(report.report_path)
        assert sorted(refused["row"].to_list()) == [8, 9]
        assert refused["reason"].null_count() == 0
        assert await count(ws, "market_data_cache") == 6
        assert (await state(ws))[1] == [("AAA", day(2).isoformat(), 1010.0, "held")]

    home(work)


def test_a_dry_run_says_the_same_and_keeps_nothing(home: Home, made: Path, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        before = [await count(ws, table) for table in TABLES]
        dry = await import_prices(ws, made, dry_run=True)
        assert [await count(ws, table) for table in TABLES] == before
        assert dry.import_id is None and dry.report_path is None
        assert not list(ws.home.imports.glob("*"))
        real = await import_prices(ws, made)
        figures = ("read", "stored", "inserted", "quarantined", "refused", "reasons")
        assert [getattr(dry, f) for f in figures] == [getattr(real, f) for f in figures]

    home(work)


def test_the_same_file_again_changes_nothing(home: Home, made: Path) -> None:
    async def work(ws: Workspace) -> None:
        await import_prices(ws, made)
        before = await state(ws)
        again = await import_prices(ws, made)
        assert (again.stored, again.inserted, again.changed, again.unchanged) == (6, 0, 0, 6)
        assert (again.quarantined, again.refused, again.read) == (1, 2, 9)
        assert await state(ws) == before
        assert await count(ws, "market_data_revisions") == 0

    home(work)


def test_undo_brings_back_what_was_there_before(home: Home, made: Path, tmp_path: Path) -> None:
    newer = write_csv(tmp_path / "newer.csv", [*rows("AAA", [10, 10.15]), *rows("CCC", [7, 7.1])])

    async def work(ws: Workspace) -> None:
        await import_prices(ws, made)
        before = await state(ws)
        report = await import_prices(ws, newer)
        assert (report.inserted, report.changed, report.unchanged) == (2, 1, 1)
        assert await state(ws) != before
        assert await count(ws, "market_data_revisions") == 1
        await undo(ws, str(report.import_id))
        assert await state(ws) == before
        with pytest.raises(InputError, match="undone already"):
            await undo(ws, str(report.import_id))

    home(work)


def test_undo_of_the_first_import_leaves_no_bar(home: Home, made: Path) -> None:
    async def work(ws: Workspace) -> None:
        report = await import_prices(ws, made)
        await undo(ws, str(report.import_id))
        assert await count(ws, "market_data_cache") == 0
        assert await count(ws, "quarantined_bars", "state = 'held'") == 0
        again = await import_prices(ws, made)
        assert (again.inserted, again.quarantined) == (6, 1)

    home(work)


def test_another_adjustment_basis_is_refused_and_nothing_is_kept(home: Home, made: Path) -> None:
    async def work(ws: Workspace) -> None:
        await import_prices(ws, made, basis="split")
        before = await state(ws)
        with pytest.raises(BasisMismatch) as caught:
            await import_prices(ws, made, basis="raw")
        assert "AAA" in caught.value.what and "'split'" in caught.value.what and "'raw'" in caught.value.what
        assert caught.value.where == made.name and "--basis split" in caught.value.mend
        assert await state(ws) == before
        assert await count(ws, "imports") == 1

    home(work)


def test_bars_of_an_earlier_file_that_a_later_one_confirms_are_no_rows_of_it(
    home: Home, tmp_path: Path
) -> None:
    first = write_csv(tmp_path / "first.csv", rows("AAA", [10, 10.1, 31, 31.5]))
    second = write_csv(tmp_path / "second.csv", rows("AAA", [32], start=4))

    async def work(ws: Workspace) -> None:
        assert (await import_prices(ws, first)).quarantined == 2
        report = await import_prices(ws, second)
        assert (report.read, report.stored, report.released) == (1, 1, 3)
        bars, held = await state(ws)
        assert [close for *_, close, _ in bars] == [10, 10.1, 31, 31.5, 32]
        assert {fate for *_, fate in held} == {"released"}

    home(work)


def test_days_far_apart_are_judged_against_what_is_stored_between_them(home: Home, tmp_path: Path) -> None:
    risen = [10 * 1.02**i for i in range(60)]
    whole = write_csv(tmp_path / "whole.csv", rows("AAA", risen))
    patch = write_csv(
        tmp_path / "patch.csv", [*rows("AAA", [10.1]), *rows("AAA", [risen[59] * 1.01], start=59)]
    )

    async def work(ws: Workspace) -> None:
        assert (await import_prices(ws, whole)).quarantined == 0
        report = await import_prices(ws, patch)
        assert (report.changed, report.quarantined) == (2, 0)

    home(work)


def test_a_split_that_the_file_names_is_no_jump(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "split.csv", rows("AAA", [100, 101, 25.5, 25.6]))
    frame = pl.read_csv(path).with_columns(pl.Series("Stock Splits", [0.0, 0.0, 4.0, 0.0]))
    frame.write_csv(path)

    async def work(ws: Workspace) -> None:
        report = await import_prices(ws, path, basis="raw")
        assert (report.stored, report.quarantined) == (4, 0)
        assert await ask(ws, "SELECT symbol, ex_on, kind, value FROM corporate_actions") == [
            ("AAA", day(2).isoformat(), "split", 4.0)
        ]

    home(work)
