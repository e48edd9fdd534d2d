"""Panels from cached segments equal the rows, whatever happened to either."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import text

from pacesetter.market.calendar import day_number, sessions_between
from pacesetter.market.panel import Panel
from pacesetter.store import segments
from pacesetter.store.actions import upsert_actions
from pacesetter.store.engine import Database
from pacesetter.store.fundamentals import upsert_fundamentals
from pacesetter.store.home import Home
from pacesetter.store.import_undo import undo_import
from pacesetter.store.panels import load_panel
from pacesetter.store.revisions import new_revision
from tests.store.made import NOW, add_symbols, bar, bars, bring, some_bars, write

Run = Callable[[Callable[[Database], Any]], Any]
FIRST, LAST = date(2022, 11, 1), date(2024, 3, 15)
SESSIONS = sessions_between("XNYS", FIRST, LAST)


async def load(db: Database, home: Home, sessions: list[date] = SESSIONS, **more: Any) -> Panel:
    wanted = {"calendar": "XNYS", "asset_types": ["equity"], "benchmark": "SPY", **more}
    return await load_panel(db, home, sessions=sessions, **wanted)


async def fill(db: Database, rng: np.random.Generator) -> None:
    """Three stocks and SPY with holes, in an order that is not the symbols'."""
    async with db.write() as conn:
        await add_symbols(conn, ["B-B", "AAA", "ZZZ"], basis="split_dividend")
        await add_symbols(conn, ["SPY", "QQQ"], kind="etf", basis="split_dividend")
        rows = []
        for symbol in ("ZZZ", "SPY", "B-B", "QQQ", "AAA"):
            for on in SESSIONS:
                if rng.random() < 0.8:
                    volume = None if rng.random() < 0.1 else int(rng.integers(0, 10**9))
                    rows.append(bar(symbol, on, float(rng.lognormal()), volume=volume))
        await write(conn, bars(rows))


async def as_rows(db: Database, kinds: tuple[str, ...] = ("equity",), until: date = LAST) -> pl.DataFrame:
    """What the database holds, by plain SQL."""
    async with db.read() as conn:
        rows = await conn.execute(
            text(
                "SELECT b.symbol, b.date, b.close, b.volume, b.is_final FROM market_data_cache b "
                "JOIN symbol_universe u ON u.symbol = b.symbol "
                f"WHERE u.asset_type IN ('{chr(39).join(kinds)}') OR u.symbol = 'SPY'"
            )
        )
        plain = [(s, date.fromisoformat(str(d)), c, v, bool(f)) for s, d, c, v, f in rows]
    names = ["symbol", "date", "close", "volume", "final"]
    frame = pl.DataFrame(plain, schema=names, orient="row").filter(pl.col("date") <= until)
    return frame.with_columns(pl.col("volume").cast(pl.Float64)).sort("symbol", "date")


def as_frame(panel: Panel) -> pl.DataFrame:
    """A panel's bars in the same form."""
    return pl.DataFrame(
        {
            "symbol": [panel.symbols[i] for i in panel.owner],
            "date": pl.Series(panel.date, dtype=pl.Int32).cast(pl.Date),
            "close": panel.close,
            "volume": pl.Series(panel.volume).fill_nan(None),
            "final": panel.final,
        }
    )


async def check(db: Database, home: Home) -> Panel:
    """The panel equals the rows."""
    panel = await load(db, home)
    assert as_frame(panel).equals(await as_rows(db))
    return panel


def files(home: Home) -> dict[str, Path]:
    """Named segment files by period."""
    (manifest,) = home.panels.glob("*/manifest.json")
    plain = json.loads(manifest.read_text())["segments"]
    return {period: manifest.parent / one["file"] for period, one in plain.items()}


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


def test_imports_taken_back_are_noticed(
    with_database: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        clean = await check(db, home)
        async with db.write() as conn:
            wrong = await bring(
                conn, pl.concat([some_bars("AAA", date(2023, 5, 1), [1.0] * 5), some_bars("ZZZ", FIRST, [2.0])])
            )
        assert len((await check(db, home)).date) >= len(clean.date)
        async with db.write() as conn:
            await undo_import(conn, wrong, NOW)
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


def flip(path: Path) -> None:
    """One bit in the middle."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize("fault", ["flip", "truncate", "empty", "remove", "manifest", "nonsense", "folder", "format"])
def test_damage_is_found_and_mended(
    with_database: Run, rng: np.random.Generator, tmp_path: Path, fault: str
) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        clean = await check(db, home)
        file = files(home)["2023"]
        manifest = file.parent / "manifest.json"
        if fault == "flip":
            flip(file)
        elif fault == "truncate":
            os.truncate(file, file.stat().st_size // 2)
        elif fault == "empty":
            file.write_bytes(b"")
        elif fault == "remove":
            file.unlink()
        elif fault == "manifest":
            manifest.write_text(manifest.read_text()[:50])
        elif fault == "nonsense":
            manifest.write_text(json.dumps({"format": segments.FORMAT, "revision": 1, "recorded": "", "segments": []}))
        elif fault == "format":
            manifest.write_text(manifest.read_text().replace(f'"format": {segments.FORMAT}', '"format": 1'))
        else:
            shutil.rmtree(home.panels)
        again = await check(db, home)
        for name in ("date", "open", "high", "low", "close", "volume", "growth"):
            assert getattr(again, name).tobytes() == getattr(clean, name).tobytes(), name

    with_database(work)


def test_a_restored_database_with_other_rows_under_the_same_number(
    with_database: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    """Revisions count again from the backup's: the number alone does not name the state."""

    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        async with db.write() as conn:
            _, revision = await write(conn, some_bars("AAA", date(2023, 5, 1), [1.0]))
        await check(db, home)
        async with db.write() as conn:  # what a restore and another fetch leave behind
            await conn.execute(text("DELETE FROM market_data_cache WHERE known_from_revision = :r"), {"r": revision})
            await conn.execute(text("DELETE FROM market_data_revisions WHERE known_to = :r"), {"r": revision})
            await conn.execute(text("DELETE FROM data_revisions WHERE revision = :r"), {"r": revision})
            if db.dialect == "postgresql":
                sequence = "pg_get_serial_sequence('data_revisions', 'revision')"
                await conn.execute(text(f"SELECT setval({sequence}, {revision - 1})"))
        await check(db, home)
        async with db.write() as conn:
            later = NOW + timedelta(days=1)
            _, same = await write(conn, some_bars("ZZZ", date(2023, 6, 1), [2.0]), at=later)
        assert same == revision
        await check(db, home)

    with_database(work)


def test_writers_and_readers_side_by_side(
    with_database: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    """Loading while others write and build: every panel is some whole state, the last one the last."""

    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        days = [on for on in SESSIONS if on.day == 15]

        async def writer() -> None:
            for value in range(1, 9):
                async with db.write() as conn:
                    await write(conn, bars([bar("AAA", on, float(1000 + value)) for on in days]))

        async def reader() -> None:
            for _ in range(5):
                panel = await load(db, home)
                marked = panel.close[np.isin(panel.date, [day_number(on) for on in days]) & (panel.owner == 0)]
                assert len(set(marked[marked >= 1000])) <= 1, "a state that never was"

        await asyncio.gather(writer(), reader(), reader())
        await check(db, home)

    with_database(work)


def test_old_strays_go_and_young_ones_stay(
    with_database: Run, rng: np.random.Generator, tmp_path: Path
) -> None:
    async def work(db: Database) -> None:
        home = Home(tmp_path)
        await fill(db, rng)
        await check(db, home)
        folder = files(home)["2023"].parent
        old, young = folder / "2020-old.arrow", folder / "manifest.young.part"
        for stray in (old, young):
            stray.write_bytes(b"x")
        os.utime(old, (1.7e9, 1.7e9))
        async with db.write() as conn:
            await write(conn, some_bars("AAA", date(2023, 5, 1), [1.0]))
        await check(db, home)
        assert (old.exists(), young.exists()) == (False, True)

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
                [(*a, "USD") for a in actions], schema=["symbol", "ex_on", "kind", "value", "currency"], orient="row"
            )
            await upsert_actions(conn, frame, source="t", revision=revision, known_at=NOW)
        panel = await load(db, Home(tmp_path))
        growth = {s: panel.growth[panel.offsets[i] + 1 : panel.offsets[i + 1]] for i, s in enumerate(panel.symbols)}
        assert list(growth["raw"]) == [(99 + 2) / 100, 50 * 2 / 99]
        assert list(growth["split"]) == [(49.5 + 1) / 50, 50 / 49.5]
        assert list(growth["split_dividend"]) == [49.5 / 49, 50 / 49.5]
        assert list(growth["vendor"]) == [49.5 / 49, 50 / 49.5]

    with_database(work)


def test_facts_known_by_then(with_database: Run, rng: np.random.Generator, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        await fill(db, rng)
        async with db.write() as conn:
            revision = await new_revision(conn, "import", NOW)
            for on, eps in ((date(2023, 5, 2), 1.5), (date(2023, 2, 1), 1.0), (date(2024, 6, 1), 9.0)):
                frame = pl.DataFrame({"symbol": ["ZZZ", "AAA", "QQQ"], "eps": [eps, None, 3.0], "currency": "USD"})
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
