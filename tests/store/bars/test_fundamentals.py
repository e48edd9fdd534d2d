"""Fundamentals and corporate actions: dated, versioned, idempotent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import text

from pacesetter.market.growth import measure_growth
from pacesetter.store.bars.actions import actions_within, list_actions, upsert_actions
from pacesetter.store.bars.fundamentals import list_facts, upsert_fundamentals
from pacesetter.store.bars.panels import code_actions
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision
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


def test_the_actions_of_a_window_give_the_growth_of_all(with_database: Run, rng: np.random.Generator) -> None:
    """Whatever was paid before or after: the growth between bars in the window is the same bit for bit."""
    days = [MAY + timedelta(days=i) for i in range(60)]
    first, last = days[20], days[39]
    symbols = [f"S{i}" for i in range(12)]

    async def work(db: Database) -> None:
        rows = [
            (symbol, on, kind, float(rng.uniform(0.1, 3)), "USD")
            for symbol in symbols[:-1]
            for on in days
            for kind in ("split", "dividend")
            if rng.random() < (0.02 if symbol < "S5" else 0.2)
        ]
        rows += [("S0", days[1], "dividend", 0.5, "USD"), ("S1", days[-1], "split", 2.0, "USD")]
        frame = pl.DataFrame(rows, schema=["symbol", "ex_on", "kind", "value", "currency"], orient="row")
        async with db.write() as conn:
            await add_symbols(conn, symbols)
            for factor in (1.0, 1.5):  # the second time some are corrected
                put = frame.with_columns(pl.col("value") * factor).sample(fraction=factor / 2 + 0.2, seed=1)
                revision = await new_revision(conn, "fetch", NOW)
                await upsert_actions(conn, put, source="t", revision=revision, known_at=NOW)
            every = await list_actions(conn)
            asked = symbols[::2] + symbols[-1:]
            some = await actions_within(conn, asked, first, last)
            assert (await actions_within(conn, [], first, last)).is_empty()
        inside = every.filter(pl.col("symbol").is_in(asked) & pl.col("ex_on").is_between(first, last))
        assert inside.join(some, on=some.columns, how="anti").is_empty() and not inside.is_empty()
        outside = some.join(inside, on=some.columns, how="anti")
        assert outside["symbol"].n_unique() <= len(asked) and len(outside) <= 2 * len(asked)
        n = 20
        owner = np.repeat(np.arange(len(asked)), n).astype(np.int32)
        date_of = np.tile(
            np.array([(on - date(1970, 1, 1)).days for on in days[20:40]], np.int32), len(asked)
        )
        close, adjusted = rng.uniform(1, 9, len(owner)), rng.uniform(1, 9, len(owner))
        for basis in ("raw", "split", "split_dividend"):
            growths = [
                measure_growth(
                    owner, date_of, close, adjusted, [basis] * len(asked), code_actions(actions, asked)
                )
                for actions in (every, some)
            ]
            np.testing.assert_array_equal(*growths)

    with_database(work)
