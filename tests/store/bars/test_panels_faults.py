"""Damaged, stale and contended segments: a panel still equals the rows."""

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
import pytest
from sqlalchemy import text

from pacesetter.market.calendar import day_number
from pacesetter.store.bars import segments
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from tests.store.bars.panel_check import SESSIONS, check, files, fill, load
from tests.store.made import NOW, bar, bars, some_bars, write

Run = Callable[[Callable[[Database], Any]], Any]


def flip(path: Path) -> None:
    """One bit in the middle."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "fault", ["flip", "truncate", "empty", "remove", "manifest", "nonsense", "folder", "format"]
)
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
            manifest.write_text(
                json.dumps({"format": segments.FORMAT, "revision": 1, "recorded": "", "segments": []})
            )
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
            await conn.execute(
                text("DELETE FROM market_data_cache WHERE known_from_revision = :r"), {"r": revision}
            )
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
                marked = panel.close[
                    np.isin(panel.date, [day_number(on) for on in days]) & (panel.owner == 0)
                ]
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
