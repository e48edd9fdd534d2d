"""Bars: set-based writes that keep what they replace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.bars.bars import bars_before, bars_between, newest_price_date, price_on
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision
from tests.store.made import NOW, add_symbols, bar, bars, closes, history, some_bars, write

Run = Callable[[Callable[[Database], Any]], Any]
D1 = date(2025, 1, 2)


def test_a_new_a_changed_and_an_equal_bar(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA", "BBB"])
            first, r1 = await write(conn, some_bars("AAA", D1, [10, 11, 12]))
            assert first == Counts(3, 0, 0, 0)
            again, _ = await write(conn, some_bars("AAA", D1, [10, 11, 12]))
            assert again == Counts(0, 0, 3, 0)
            assert await history(conn) == []
            mixed = pl.concat([some_bars("AAA", D1, [10, 11.5, 12, 13]), some_bars("BBB", D1, [5])])
            counts, r3 = await write(conn, mixed)
            assert counts == Counts(2, 1, 2, 0)
            assert await history(conn) == [("AAA", "2025-01-03", r1, r3, 11.0)]
            known = await conn.execute(
                text(
                    "SELECT close, known_from_revision FROM market_data_cache "
                    "WHERE symbol = 'AAA' ORDER BY date"
                )
            )
            assert [tuple(row) for row in known] == [(10, r1), (11.5, r3), (12, r1), (13, r3)]

    with_database(work)


def test_every_compared_column_makes_a_revision(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            base = bar("AAA", D1, 10.0)
            await write(conn, bars([base]))
            changes: list[dict[str, Any]] = [
                {"open": 10.5},
                {"open": None},
                {"high": 11.25},
                {"low": 8.0},
                {"volume": None},
                {"volume": 0},
                {"close": 10.25},
                {"is_final": False},
                {"adj_close": 9.0},
            ]
            for n, change in enumerate(changes, 1):
                base = {**base, **change}
                counts, _ = await write(conn, bars([base]))
                assert counts == Counts(0, 1, 0, 0), change
                assert len(await history(conn)) == n
            (row,) = (await bars_between(conn, "AAA", D1, D1)).to_dicts()
            assert row == base

    with_database(work)


def test_a_restated_adj_close_is_no_revision_where_actions_are_known(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            _, revision = await write(conn, some_bars("AAA", D1, [10], adj_close=9.0))
            paid = {"symbol": "AAA", "ex_on": D1, "kind": "dividend", "value": 0.5, "currency": "USD"}
            await upsert_actions(conn, pl.DataFrame([paid]), source="t", revision=revision, known_at=NOW)
            counts, _ = await write(conn, some_bars("AAA", D1, [10], adj_close=8.5))
            assert counts == Counts(0, 0, 1, 0)
            assert await history(conn) == []

    with_database(work)


def test_a_repair_stands_against_a_fetch_and_gives_way_to_a_repair(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            await write(conn, some_bars("AAA", D1, [10, 11]))
            repaired, _ = await write(conn, some_bars("AAA", D1, [10.5]), cause="repair")
            assert repaired == Counts(0, 1, 0, 0)
            fetched, _ = await write(conn, some_bars("AAA", D1, [10, 11.5]))
            assert fetched == Counts(0, 1, 1, 1)
            assert await closes(conn) == {("AAA", "2025-01-02"): 10.5, ("AAA", "2025-01-03"): 11.5}
            once_more, _ = await write(conn, some_bars("AAA", D1, [10.75]), cause="repair")
            assert once_more == Counts(0, 1, 0, 0)
            assert (await closes(conn))["AAA", "2025-01-02"] == 10.75

    with_database(work)


def test_questions_about_prices(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            assert await newest_price_date(conn) is None
            await add_symbols(conn, ["AAA", "BBB", "CCC"])
            await write(conn, pl.concat([some_bars("AAA", D1, [10, 11, 12]), some_bars("BBB", D1, [5])]))
            assert await newest_price_date(conn) == D1 + timedelta(days=2)
            assert await newest_price_date(conn, "BBB") == D1
            assert await newest_price_date(conn, "CCC") is None
            found = await price_on(conn, "AAA", D1)
            assert found is not None
            assert (found.close, found.volume, found.data_source, found.fetched_at) == (10, 1000, "test", NOW)
            assert await price_on(conn, "AAA", D1 - timedelta(days=1)) is None
            between = await bars_between(conn, "AAA", D1 + timedelta(days=1), D1 + timedelta(days=9))
            assert between["close"].to_list() == [11, 12]
            gaps = pl.DataFrame({"symbol": ["AAA", "CCC"], "first": [D1 + timedelta(days=2)] * 2})
            tail = await bars_before(conn, gaps.with_columns(after=date(1800, 1, 1)), n=1)
            assert tail.select("symbol", "close").rows() == [("AAA", 11.0)]

    with_database(work)


def test_a_revision_is_never_seen_before_a_smaller_one(with_database: Run) -> None:
    """Who takes the smaller number commits first, however long it works."""

    async def work(db: Database) -> None:
        done: list[int] = []
        started = asyncio.Event()

        async def slow() -> None:
            async with db.write() as conn:
                revision = await new_revision(conn, "import", NOW)
                started.set()
                await asyncio.sleep(0.3)
                done.append(revision)

        async def quick() -> None:
            await started.wait()
            async with db.write() as conn:
                done.append(await new_revision(conn, "fetch", NOW))

        await asyncio.gather(slow(), quick())
        assert done == sorted(done)

    with_database(work)


def test_extreme_numbers_come_back_bit_for_bit(with_database: Run) -> None:
    values = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1 / 3, 123456.789e-7]

    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            await write(conn, some_bars("AAA", D1, values, high=None, low=None, volume=2**62))
            stored = await bars_between(conn, "AAA", D1, D1 + timedelta(days=9))
            assert stored["close"].to_list() == values
            assert stored["volume"].to_list() == [2**62] * 5
            again, _ = await write(conn, some_bars("AAA", D1, values, high=None, low=None, volume=2**62))
            assert again == Counts(0, 0, 5, 0)

    with_database(work)


deliveries = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["AAA", "BBB", "C-D"]), st.integers(0, 4)),
        st.tuples(st.integers(1, 3), st.sampled_from([None, 7, 8])),
        max_size=8,
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(deliveries)
def test_any_deliveries_end_as_a_dictionary_would(
    with_database: Run, batches: list[dict[tuple[str, int], tuple[int, int | None]]]
) -> None:
    """Oracle: a dictionary of the newest values, and a list of the replaced ones."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            for table in ("market_data_cache", "market_data_revisions"):
                await conn.execute(text(f"DELETE FROM {table}"))
            if not await conn.scalar(text("SELECT count(*) FROM symbol_universe")):
                await add_symbols(conn, ["AAA", "BBB", "C-D"])
            now: dict[tuple[str, str], tuple[int, int | None, int]] = {}
            past: list[tuple[Any, ...]] = []
            for batch in batches:
                rows = [bar(s, D1 + timedelta(days=d), c, volume=v) for (s, d), (c, v) in batch.items()]
                counts, revision = await write(conn, bars(rows))
                expected = [0, 0, 0, 0]
                for (symbol, day), (close, volume) in batch.items():
                    key = (symbol, str(D1 + timedelta(days=day)))
                    old = now.get(key)
                    kind = 0 if old is None else 2 if old[:2] == (close, volume) else 1
                    expected[kind] += 1
                    if kind == 1 and old is not None:
                        past.append((*key, old[2], revision, old[0]))
                    if kind < 2:
                        now[key] = (close, volume, revision)
                assert counts == Counts(*expected)
            assert await closes(conn) == {key: value[0] for key, value in now.items()}
            assert sorted(await history(conn)) == sorted(past)

    with_database(work)
