"""Panels from cached segments equal the rows, whatever happened to either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pacesetter.market.calendar import day_number
from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.bars.fundamentals import upsert_fundamentals
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.import_undo import undo_import
from tests.store.bars.panel_check import FIRST, SESSIONS, as_frame, as_rows, check, files, fill, load
from tests.store.made import NOW, add_symbols, bar, bars, bring, some_bars, write

Run = Callable[[Callable[[Database], Any]], Any]


def test_a_panel_equals_the_rows(with_database: Run, rng: np.random.Generator, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        await fill(db, rng)
        panel = await check(db, Home(tmp_path))
        assert panel.symbols == ("AAA", "B-B", "SPY", "ZZZ"), "the benchmark, but no other fund"
        assert panel.benchmark == 2
        assert panel.asset_type == ("equity", "equity", "etf", "equity")
        assert list(panel.sessions) == [day_number(on) for on in SESSIONS]
        starts = panel.offsets[:-1]
        assert np.isnan(panel.growth[starts]).all()
        inner = np.setdiff1d(np.arange(1, len(panel.date)), starts)
        assert np.array_equal(panel.growth[inner], panel.close[inner] / panel.close[inner - 1])
        assert set(files(Home(tmp_path))) == {"2022", "2023", "2024-01", "2024-02", "2024-03"}
        early = await load(db, Home(tmp_path), SESSIONS[:100])
        assert as_frame(early).equals(await as_rows(db, until=SESSIONS[99]))
        both = await load(db, Home(tmp_path), asset_types=["equity", "etf"], benchmark=None)
        assert both.benchmark is None
        assert "QQQ" in both.symbols

    with_database(work)


def test_only_touched_segments_are_built_again(
    with_database: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        await check(db, home)
        before = files(home)
        await check(db, home)
        assert files(home) == before
        async with db.write() as conn:
            await write(conn, bars([bar("AAA", date(2024, 2, 6), 77.0), bar("AAA", date(2022, 12, 1), 5.0)]))
        await check(db, home)
        after = files(home)
        assert {period for period in after if after[period] != before[period]} == {"2022", "2024-02"}
        async with db.write() as conn:  # a new month, and a revision that touches no bar
            await write(conn, bars([bar("AAA", date(2024, 4, 2), 78.0)]))
            await new_revision(conn, "fetch", NOW)
        await check(db, home)
        assert set(files(home)) - set(after) == {"2024-04"}

    with_database(work)


def test_a_year_that_ends_is_one_segment(with_database: Run, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            await write(conn, some_bars("AAA", date(2023, 11, 20), [10.0 + i for i in range(30)]))
        await check(db, home)
        assert set(files(home)) == {"2023-11", "2023-12"}
        async with db.write() as conn:
            year = await bring(conn, bars([bar("AAA", date(2024, 1, 2), 9.0)]))
        await check(db, home)
        assert set(files(home)) == {"2023", "2024-01"}
        async with db.write() as conn:
            await undo_import(conn, year, NOW)
        await check(db, home)
        assert set(files(home)) == {"2023-11", "2023-12"}

    with_database(work)


def test_imports_taken_back_are_noticed(with_database: Run, rng: np.random.Generator, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        clean = await check(db, home)
        async with db.write() as conn:
            wrong = await bring(
                conn,
                pl.concat([some_bars("AAA", date(2023, 5, 1), [1.0] * 5), some_bars("ZZZ", FIRST, [2.0])]),
            )
        assert len((await check(db, home)).date) >= len(clean.date)
        async with db.write() as conn:
            await undo_import(conn, wrong, NOW)
        again = await check(db, home)
        async with db.write() as conn:  # nothing is restored in this year, only taken out
            added = await bring(conn, bars([bar("AAA", date(2023, 7, 1), 3.0)]))
        assert len((await check(db, home)).date) == len(clean.date) + 1
        async with db.write() as conn:
            await undo_import(conn, added, NOW)
        again = await check(db, home)
        assert again.close.tobytes() == clean.close.tobytes()
        assert again.growth.tobytes() == clean.growth.tobytes()

    with_database(work)


def test_all_bars_gone_is_an_empty_panel(with_database: Run, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        assert len((await load(db, home)).date) == 0
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            only = await bring(conn, some_bars("AAA", FIRST, [10, 11]))
        assert len((await load(db, home)).date) == 2
        async with db.write() as conn:
            await undo_import(conn, only, NOW)
        empty = await load(db, home)
        assert (empty.n_symbols, len(empty.growth)) == (0, 0)
        async with db.write() as conn:
            await bring(conn, some_bars("AAA", FIRST, [12]))
        assert list((await load(db, home)).close) == [12]

    with_database(work)


def test_growth_by_basis_and_known_actions(with_database: Run, tmp_path: Path) -> None:
    """Worked by hand: a dividend of 2 on the second bar, a 2:1 split on the third."""

    async def work(db: Database) -> None:
        on = SESSIONS[:3]
        async with db.write() as conn:
            for basis in ("raw", "split", "split_dividend"):
                await add_symbols(conn, [basis], basis=basis)
            await add_symbols(conn, ["vendor"], basis="split")
            _, revision = await write(
                conn,
                pl.concat(
                    [
                        bars([bar("raw", d, c) for d, c in zip(on, [100, 99, 50], strict=True)]),
                        bars([bar("split", d, c) for d, c in zip(on, [50, 49.5, 50], strict=True)]),
                        bars([bar("split_dividend", d, c) for d, c in zip(on, [49, 49.5, 50], strict=True)]),
                        bars(
                            [
                                bar("vendor", d, c, adj_close=a)
                                for d, c, a in zip(on, [50, 49.5, 50], [49, 49.5, 50], strict=True)
                            ]
                        ),
                    ]
                ),
            )
            actions = [
                ("raw", on[1], "dividend", 2.0),
                ("raw", on[2], "split", 2.0),
                ("split", on[1], "dividend", 1.0),
                ("split", on[2], "split", 2.0),
                ("split_dividend", on[1], "dividend", 1.0),
            ]
            frame = pl.DataFrame(
                [(*a, "USD") for a in actions],
                schema=["symbol", "ex_on", "kind", "value", "currency"],
                orient="row",
            )
            await upsert_actions(conn, frame, source="t", revision=revision, known_at=NOW)
        panel = await load(db, Home(tmp_path))
        growth = {
            s: panel.growth[panel.offsets[i] + 1 : panel.offsets[i + 1]] for i, s in enumerate(panel.symbols)
        }
        assert list(growth["raw"]) == [(99 + 2) / 100, 50 * 2 / 99]
        assert list(growth["split"]) == [(49.5 + 1) / 50, 50 / 49.5]
        assert list(growth["split_dividend"]) == [49.5 / 49, 50 / 49.5]
        assert list(growth["vendor"]) == [49.5 / 49, 50 / 49.5]
        rows = slice(*panel.offsets[panel.symbols.index("raw") :][:2])
        assert panel.volume[rows].tolist() == [1000, 1000, 500]
        assert panel.turnover[rows].tolist() == [100_000, 99_000, 50_000]

    with_database(work)


def test_facts_known_by_then(with_database: Run, rng: np.random.Generator, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        await fill(db, rng)
        async with db.write() as conn:
            revision = await new_revision(conn, "import", NOW)
            for on, eps in ((date(2023, 5, 2), 1.5), (date(2023, 2, 1), 1.0), (date(2024, 6, 1), 9.0)):
                frame = pl.DataFrame(
                    {"symbol": ["ZZZ", "AAA", "QQQ"], "eps": [eps, None, 3.0], "currency": "USD"}
                )
                await upsert_fundamentals(
                    conn, frame, known_on=on, revision=revision, fetched_at=NOW, source="t"
                )
        facts = (await load(db, Home(tmp_path))).facts
        assert facts is not None
        assert list(facts.symbol) == [0, 0, 3, 3]
        assert list(facts.known_on) == [day_number(date(2023, 2, 1)), day_number(date(2023, 5, 2))] * 2
        assert np.array_equal(facts.values["eps"], [np.nan, np.nan, 1.0, 1.5], equal_nan=True)
        assert facts.currency == ("USD",) * 4

    with_database(work)
