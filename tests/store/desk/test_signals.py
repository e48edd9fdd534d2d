"""Signals of a session are exactly what was found last; old ones are loaded as convergence takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.research.signal import SCHEMA, Signal, frame_signals
from pacesetter.store.database.engine import Database
from pacesetter.store.desk.signals import find_signals, load_signals, signals, store_signals
from pacesetter.store.symbols.symbols import upsert_symbols

ON = date(2025, 3, 14)
AT = datetime(2025, 3, 17, 7, tzinfo=UTC)
Call = Callable[[Callable[[Database], Any]], Any]


def found(symbol: str, kind: str = "news", score: float = 20.0, on: date = ON, **over: Any) -> Signal:
    fields: dict[str, Any] = {
        "source": kind,
        "confidence": 0.5,
        "data": {"on": on.isoformat(), "n": 1},
    } | over
    return Signal(symbol=symbol, signal_type=kind, score=score, seen_on=on, **fields)


async def put(db: Database, given: list[Signal], on: date = ON) -> None:
    async with db.write() as conn:
        await upsert_symbols(conn, ["A", "B"], asset_type="equity", source="admin")
        await upsert_symbols(conn, ["E"], asset_type="etf", source="admin")
        await store_signals(conn, given, on=on, at=AT)


def test_a_second_run_keeps_changes_and_removes(with_database: Call) -> None:
    async def work(db: Database) -> None:
        await put(db, [found("A", on=ON - timedelta(days=1))], ON - timedelta(days=1))
        first = [found("A"), found("A", "insider", 30.0), found("E")]
        await put(db, first)
        async with db.read() as conn:
            rows = {(r.symbol, r.signal_type): r for r in await signals.find(conn)}
            of_day = await find_signals(conn, until=ON, days=1)
        assert len(of_day) == 3 and [r.score for r in of_day] == [30.0, 20.0, 20.0]
        assert of_day[0].stock_id is not None and of_day[-1].symbol == "E" and of_day[-1].stock_id is None
        assert of_day[0].timestamp == AT and of_day[0].data == {"on": "2025-03-14", "n": 1}
        await put(db, first)
        await put(db, [found("A", score=25.0), found("B")])
        async with db.read() as conn:
            after = await find_signals(conn, until=ON, days=1)
            assert [(r.symbol, r.score) for r in after] == [("A", 25.0), ("B", 20.0)]
            assert after[0].id == rows["A", "news"].id
            assert await signals.count(conn) == 3  # the day before is as it was

    with_database(work)


def test_signals_of_another_day_are_refused(with_database: Call) -> None:
    async def work(db: Database) -> None:
        with pytest.raises(InputError, match="2025-03-13"):
            await put(db, [found("A", on=ON - timedelta(days=1))])

    with_database(work)


def test_what_convergence_gets(with_database: Call) -> None:
    async def work(db: Database) -> None:
        days = [ON - timedelta(days=n) for n in (400, 399, 1, 0)] + [ON + timedelta(days=1)]
        for n, day in enumerate(days):
            await put(db, [found("A", score=float(n), on=day)], day)
        async with db.write() as conn:
            await store_signals(conn, [found("B", score=9.0)], on=ON, at=AT)
            (row,) = await find_signals(conn, until=ON, days=1)
            assert row.symbol == "B"  # the day's signals are those of the last call
            old = (await find_signals(conn, symbol="A", until=ON - timedelta(days=1), days=1))[0]
        async with db.read() as conn:
            frame = await load_signals(conn, ON)
            assert frame.schema == SCHEMA and frame["score"].to_list() == [1.0, 2.0, 9.0]
            fresh = await load_signals(conn, ON, found=[found("E", score=7.0)])
            assert fresh["score"].to_list() == [1.0, 2.0, 7.0] and fresh["symbol"].to_list() == [
                "A",
                "A",
                "E",
            ]
            assert (await load_signals(conn, ON, found=[]))["score"].to_list() == [1.0, 2.0]
        async with db.write() as conn:
            await signals.change(conn, old.id, expired_at=AT)
        async with db.read() as conn:
            assert (await load_signals(conn, ON))["score"].to_list() == [1.0, 9.0]
            empty = await load_signals(conn, date(2020, 1, 1))
            assert empty.is_empty() and empty.schema == SCHEMA

    with_database(work)


def test_stored_and_loaded_is_the_frame_that_was_found(with_database: Call) -> None:
    given = [
        found(s, k, 10 + i / 3) for i, (s, k) in enumerate([("A", "insider"), ("A", "news"), ("B", "manual")])
    ]

    async def work(db: Database) -> pl.DataFrame:
        await put(db, given)
        async with db.read() as conn:
            return await load_signals(conn, ON)

    assert with_database(work).equals(frame_signals(given))


def test_finding_by_symbol_type_and_source(with_database: Call) -> None:
    async def work(db: Database) -> None:
        given = [found("A"), found("A", "value_screen", 25.0, source="mine"), found("B", score=21.0)]
        await put(db, given)
        async with db.read() as conn:
            assert {r.symbol for r in await find_signals(conn, symbol="A")} == {"A"}
            assert [r.source for r in await find_signals(conn, signal_type="value_screen")] == ["mine"]
            assert len(await find_signals(conn, source="news")) == 2
            assert [r.score for r in await find_signals(conn, limit=2)] == [25.0, 21.0]

    with_database(work)
