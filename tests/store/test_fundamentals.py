"""Fundamentals and corporate actions: dated, versioned, idempotent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import text

from pacesetter.store.actions import list_actions, upsert_actions
from pacesetter.store.counts import Counts
from pacesetter.store.engine import Database
from pacesetter.store.fundamentals import list_facts, upsert_fundamentals
from pacesetter.store.revisions import new_revision
from tests.store.made import NOW, add_symbols

Run = Callable[[Callable[[Database], Any]], Any]
MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)


async def store(conn: Any, frame: pl.DataFrame, known_on: date | None = MAY) -> Counts:
    revision = await new_revision(conn, "import", NOW)
    return await upsert_fundamentals(
        conn, frame, known_on=known_on, revision=revision, fetched_at=NOW, source="t"
    )


def test_new_changed_and_equal_snapshots(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA", "BBB"])
            frame = pl.DataFrame({"symbol": ["AAA", "BBB"], "eps": [1.5, None], "market_cap": [1e12, 2e9]})
            assert await store(conn, frame) == Counts(2, 0, 0)
            assert await store(conn, frame) == Counts(0, 0, 2)
            better = frame.with_columns(eps=pl.Series([1.5, 0.25]))
            assert await store(conn, better) == Counts(0, 1, 1)
            assert await store(conn, better, known_on=JUNE) == Counts(2, 0, 0)
            facts = await list_facts(conn, MAY)
            assert facts.select("symbol", "as_of", "known_on", "eps").rows() == [
                ("AAA", MAY, MAY, 1.5),
                ("BBB", MAY, MAY, 0.25),
            ]
            assert (await list_facts(conn, date(2025, 4, 30))).is_empty()
            assert (await list_facts(conn, JUNE)).height == 4
            assert await conn.scalar(text("SELECT count(*) FROM fundamentals")) == 5, "the old value is kept"

    with_database(work)


def test_own_dates_and_a_doubled_line(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            frame = pl.DataFrame(
                {
                    "symbol": ["AAA", "AAA", "AAA"],
                    "as_of": [date(2025, 3, 31), date(2025, 3, 31), None],
                    "known_on": [MAY, MAY, JUNE],
                    "eps": [1.0, 2.0, 3.0],
                    "currency": ["USD", "USD", "GBP"],
                }
            )
            assert await store(conn, frame, known_on=None) == Counts(2, 0, 0)
            facts = await list_facts(conn, JUNE)
            assert facts.select("as_of", "known_on", "eps", "currency").rows() == [
                (date(2025, 3, 31), MAY, 2.0, "USD"),
                (JUNE, JUNE, 3.0, "GBP"),
            ]
            assert await store(conn, frame.head(0)) == Counts()

    with_database(work)


def test_actions_are_versioned(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])

            async def put(rows: list[tuple[date, str, float]]) -> int:
                frame = pl.DataFrame(
                    [("AAA", on, kind, value, "USD") for on, kind, value in rows],
                    schema=["symbol", "ex_on", "kind", "value", "currency"],
                    orient="row",
                )
                revision = await new_revision(conn, "fetch", NOW)
                return await upsert_actions(conn, frame, source="t", revision=revision, known_at=NOW)

            assert await put([(MAY, "split", 4.0), (MAY, "dividend", 0.5)]) == 2
            assert await put([(MAY, "split", 4.0), (MAY, "dividend", 0.5)]) == 0
            assert await put([(MAY, "dividend", 0.75)]) == 1
            now = await list_actions(conn)
            assert sorted(now.select("kind", "value").rows()) == [("dividend", 0.75), ("split", 4.0)]
            assert await conn.scalar(text("SELECT count(*) FROM corporate_actions")) == 3

    with_database(work)
