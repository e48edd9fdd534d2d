"""Whole nights on real prices: the same bytes each time, on both engines, and nothing of the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate
from pacesetter.market.calendar import sessions_between
from tests.jobs.home import ask, count, with_home
from tests.jobs.night.night_home import Source, fill, morning, read_made, work_nights

SPAN = (date(2025, 3, 1), date(2025, 4, 30))
SHORT = (date(2025, 3, 14), date(2025, 3, 26))


@pytest.fixture(scope="module")
def source(shared_data: Path, full_counts: bool) -> Source:
    """All stocks from March to April 2025 under full counts, a third of them over nine sessions otherwise."""
    first, last = SPAN if full_counts else SHORT
    return Source(shared_data, 1 if full_counts else 3, first, last)


def work_through(folder: Path, source: Source, url: str | None = None) -> dict[str, bytes]:
    """What the desk makes of a span, session by session, in a home of its own."""
    folder.mkdir(exist_ok=True)
    dates = sessions_between("XNYS", source.first, source.last)

    async def work(ws: Workspace) -> dict[str, bytes]:
        await fill(ws, source, folder)
        await work_nights(ws, dates)
        assert await count(ws, "desk_nights") == len(dates)
        return await read_made(ws)

    return with_home(folder / "home", work, url=url, at=morning(source.last) + timedelta(days=1))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, source: Source) -> tuple[Path, dict[str, bytes]]:
    """The home, and what was made in it on SQLite."""
    folder = tmp_path_factory.mktemp("nights")
    return folder / "home", work_through(folder, source)


@pytest.mark.timeout(3600)
def test_the_nights_have_something_in_them(made: tuple[Path, dict[str, bytes]], source: Source) -> None:
    """A desk that finds nothing would pass every comparison below."""
    rows = {name: told.count(b"\n") + 1 if told else 0 for name, told in made[1].items()}
    print(rows)
    assert min(rows.values()) > 0 and rows["signals"] > 20 and rows["decisions"] > 5

    async def look(ws: Workspace) -> None:
        kinds = {row[0] for row in await ask(ws, "SELECT DISTINCT signal_type FROM signals")}
        assert {"price_move", "unusual_volume"} <= kinds
        assert await count(ws, "decisions", "action = 'BUY'") > 0
        assert await count(ws, "decisions", "status IN ('traded', 'closed')") > 0, "paper trades were made"
        assert await count(ws, "watchlist_entries", "times_triggered > 0") > 0
        assert await count(ws, "analysis_results") > 0 and await count(ws, "research_queue") > 0

    with_home(made[0], look, at=morning(source.last))


@pytest.mark.timeout(3600)
def test_worked_through_again_they_are_the_same_bytes(
    made: tuple[Path, dict[str, bytes]], source: Source, tmp_path: Path, database_url: str
) -> None:
    """In another home, filled anew, on either engine."""
    url = database_url if database_url.startswith("postgresql") else None
    again = work_through(tmp_path, source, url)
    assert [name for name in again if again[name] != made[1][name]] == []


@pytest.mark.timeout(3600)
def test_the_future_changes_nothing_before_it(
    made: tuple[Path, dict[str, bytes]], source: Source, tmp_path: Path
) -> None:
    """Bars after the last night: not there at all, or three times as high."""
    for name, over in (("without", {"bars_until": source.last}), ("bent", {"bent": True})):
        other = work_through(tmp_path / name, replace(source, **over))
        assert [table for table in other if other[table] != made[1][table]] == [], name


@pytest.mark.timeout(3600)
def test_a_night_is_done_once_and_only_forward(
    made: tuple[Path, dict[str, bytes]], source: Source, rng: np.random.Generator
) -> None:
    dates = sessions_between("XNYS", source.first, source.last)
    asked = [dates[-1], *(dates[int(i)] for i in rng.integers(0, len(dates), 3))]

    async def work(ws: Workspace) -> None:
        for on in asked:
            assert (await run_night(ws, on)).status == "known"
        with pytest.raises(BadDate, match="before it"):
            await run_night(ws, dates[0] - timedelta(days=3))
        assert await read_made(ws) == made[1]

    with_home(made[0], work, at=morning(source.last) + timedelta(days=2))


def test_signals_are_where_the_prices_say(made: tuple[Path, dict[str, bytes]], source: Source) -> None:
    """A move that was told is one that a plain loop over the file's closes finds, too."""
    frame = pl.read_parquet(made[0].parent / "stocks.parquet").sort("symbol", "date")
    told: set[tuple[str, str]] = set()

    async def look(ws: Workspace) -> None:
        rows = await ask(ws, "SELECT symbol, signal_on FROM signals WHERE signal_type = 'price_move'")
        told.update((symbol, str(on)) for symbol, on in rows)

    with_home(made[0], look, at=morning(source.last))
    assert told
    for symbol, on in told:
        closes = frame.filter(
            pl.col("symbol") == symbol, pl.col("date").cast(pl.Date) <= date.fromisoformat(on)
        )
        last = closes["close"].to_list()[-6:]
        day, week = last[-1] / last[-2] - 1, last[-1] / last[0] - 1
        assert abs(day) >= 0.0999999 or abs(week) >= 0.1999999, (symbol, on, day, week)
