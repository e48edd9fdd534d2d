"""Bars held back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import text

from pacesetter.store.bars.quarantine import held_at, held_before, hold_bars, list_held, release
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision
from tests.store.made import NOW, add_symbols, some_bars

Run = Callable[[Callable[[Database], Any]], Any]
D1 = date(2025, 1, 2)


def suspicious(symbol: str, closes: list[float]) -> pl.DataFrame:
    return some_bars(symbol, D1, closes).with_columns(reason=pl.lit("jump"), detail=pl.lit("+60 %"))


def test_holding_again_changes_nothing_and_a_release_ends_it(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA", "BBB"])
            revision, later = await new_revision(conn, "fetch", NOW), NOW + timedelta(hours=1)

            async def hold(frame: pl.DataFrame) -> int:
                return await hold_bars(conn, frame, source="t", revision=revision, fetched_at=NOW)

            frame = pl.concat([suspicious("AAA", [10, 20]), suspicious("BBB", [5])])
            assert await hold(frame) == 3
            assert await hold(frame) == 0
            assert await hold(frame.head(0)) == 0
            held = await list_held(conn)
            assert next((r.symbol, r.date) for r in held) == ("AAA", D1 + timedelta(days=1)), "newest first"
            assert {(r.reason, r.detail, r.data_source, r.fetched_at) for r in held} == {
                ("jump", "+60 %", "t", NOW)
            }
            assert [r.symbol for r in await list_held(conn, "BBB")] == ["BBB"]
            gaps = pl.DataFrame({"symbol": ["AAA", "BBB"], "first": [D1 + timedelta(days=1), D1]})
            before = await held_before(conn, gaps.with_columns(after=date(1800, 1, 1)))
            assert before.select("symbol", "close", "is_final").rows() == [("AAA", 10.0, True)]
            await release(conn, suspicious("AAA", [10, 20]), source="t", revision=revision, at=later)
            assert [r.symbol for r in await list_held(conn)] == ["BBB"]
            for at, expected in (
                (NOW - timedelta(seconds=1), []),  # nothing was known of them yet
                (NOW, ["AAA", "AAA", "BBB"]),
                (later, ["BBB"]),
                (None, ["BBB"]),
            ):
                assert [r.symbol for r in await held_at(conn, D1, D1 + timedelta(days=1), at)] == expected
            assert await held_at(conn, D1 + timedelta(days=2), date.max, None) == []
            states = await conn.execute(text("SELECT state, count(*) FROM quarantined_bars GROUP BY state"))
            assert dict(tuple(row) for row in states) == {"held": 1, "released": 2}

    with_database(work)


def test_a_confirmed_bar_that_was_never_held_gets_one_case_row(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            revision = await new_revision(conn, "import", NOW)
            for _ in range(2):
                await release(conn, suspicious("AAA", [10]), source="t", revision=revision, at=NOW)
            assert await conn.scalar(text("SELECT count(*) FROM quarantined_bars")) == 1

    with_database(work)


def test_a_decision_of_a_person_is_not_asked_for_again(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            revision = await new_revision(conn, "fetch", NOW)
            frame = suspicious("AAA", [10])
            await hold_bars(conn, frame, source="t", revision=revision, fetched_at=NOW)
            await conn.execute(text("UPDATE quarantined_bars SET state = 'accepted'"))
            assert await hold_bars(conn, frame, source="t", revision=revision, fetched_at=NOW) == 0
            other = suspicious("AAA", [17])
            assert await hold_bars(conn, other, source="t", revision=revision, fetched_at=NOW) == 1

    with_database(work)
