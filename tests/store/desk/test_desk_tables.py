"""Each table of the research desk: its columns, defaults, relations, JSON, and typed rows in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.accounts.audit import audit
from pacesetter.store.database.engine import Database
from pacesetter.store.tables import metadata
from tests.store.desk.desk_rows import AT, JSON, ON, add_apple, rows_of, without_times

Run = Callable[[Callable[[Database], Any]], Any]
TABLES = sorted(rows_of(new_id()))
DESK = [*TABLES, "audit_log"]
CHANGES: dict[str, tuple[str, Any]] = {
    "signals": ("score", 1.5),
    "convergences": ("score", 0.0),
    "research_queue": ("reason", "other"),
    "desk_nights": ("resting", []),
    "watchlist_entries": ("condition", {"fact": "price.close"}),
    "analysis_results": ("risks", []),
    "agent_config": ("preset", None),
    "decisions": ("challenge", {}),
    "reports": ("sent_at", AT + timedelta(days=1)),
    "inbox_files": ("report", {"rows": 1}),
    "research_texts": ("body", "other"),
}
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("signals", {"score": 100.1}),
    ("signals", {"score": float("inf")}),
    ("signals", {"confidence": -0.1}),
    ("convergences", {"band": "huge"}),
    ("research_queue", {"status": "queued"}),  # it left, and so is queued no more
    ("research_queue", {"status": "gone"}),
    ("desk_nights", {"regime": "sideways"}),
    ("watchlist_entries", {"status": "watching"}),
    ("watchlist_entries", {"trigger_type": "moon"}),
    ("watchlist_entries", {"cool_down_days": -1}),
    ("analysis_results", {"recommendation": "MAYBE"}),
    ("analysis_results", {"score": -1.0}),
    ("agent_config", {"weight": 0.05}),
    ("agent_config", {"weight": 3.5}),
    ("agent_config", {"version": 0}),
    ("decisions", {"mode": "live"}),
    ("decisions", {"status": "done"}),
    ("decisions", {"action": "buy"}),
    ("reports", {"version": 0}),
    ("inbox_files", {"status": "seen"}),
    ("research_texts", {"kind": "rumour"}),
]
UNKNOWN: list[tuple[str, str]] = [  # (table, column with a foreign key)
    *((table, "symbol") for table in TABLES if "symbol" in metadata.tables[table].c),
    *((table, "stock_id") for table in TABLES if "stock_id" in metadata.tables[table].c),
    *(("decisions", name) for name in ("portfolio_id", "trade_id", "answered_by")),
    *((table, "user_id") for table in ("agent_config", "watchlist_entries", "research_texts")),
    ("research_texts", "inbox_file_id"),
]


def test_every_column_has_a_field() -> None:
    every = {name: records for name, (records, _) in rows_of(new_id()).items()} | {"audit_log": audit}
    for name, records in every.items():
        assert {field.name for field in fields(records.kind)} == set(metadata.tables[name].c.keys()), name


def test_what_lists_filter_by_is_indexed() -> None:
    """Every foreign key, and what the lists are asked by."""
    asked = {
        "signals": {"signal_on", "symbol", "signal_type"},
        "research_queue": {"symbol", "status", "entered_on"},
        "watchlist_entries": {"symbol", "status", "deleted_at"},
        "decisions": {"status", "decided_on", "symbol"},
        "reports": {"kind", "date"},
        "audit_log": {"timestamp", "action"},
    }
    for name in DESK:
        table = metadata.tables[name]
        heads = [next(iter(index.columns)).name for index in table.indexes]
        heads += [next(iter(one.columns)).name for one in table.constraints if len(list(one.columns))]
        needed = asked.get(name, set()) | {key.parent.name for key in table.foreign_keys}
        assert needed <= set(heads), (name, needed - set(heads))


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_kept_changed_and_removed(with_database: Run, table: str) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            records, row = rows_of(await add_apple(conn))[table]
            await records.add(conn, [row])
            key = tuple(getattr(row, name) for name in records.keys)
            kept = await records.get(conn, *key)
            assert without_times(kept) == row
            for name in ("created_at", "updated_at"):
                if hasattr(kept, name):
                    assert abs(getattr(kept, name) - datetime.now(UTC)) < timedelta(minutes=5)
            assert await records.count(conn) == 1 == len(await records.find(conn))
            name, value = CHANGES[table]
            changed = await records.change(conn, *key, **{name: value})
            assert without_times(changed) == replace(row, **{name: value})
            with pytest.raises(UnknownName, match="column of a"):
                await records.change(conn, *key, nothing=1)
            await records.remove(conn, *key, at=AT)
            with pytest.raises(UnknownName):
                await records.get(conn, *key)
            assert await records.find(conn) == [] and await records.count(conn) == 0
            left = await conn.scalar(text(f"SELECT count(*) FROM {table}"))
            assert left == (1 if records.is_soft else 0)
            with pytest.raises(UnknownName):
                await records.remove(conn, *key, at=AT)

    with_database(work)


async def refused(conn: AsyncConnection, records: Any, row: Any) -> bool:
    point = await conn.begin_nested()
    try:
        await records.add(conn, [row])
    except IntegrityError:
        await point.rollback()
        return True
    await point.rollback()
    return False


def test_the_database_refuses_what_is_wrong(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            made = rows_of(await add_apple(conn))
            for table, over in WRONG:
                records, row = made[table]
                assert not await refused(conn, records, row), table
                assert await refused(conn, records, replace(row, **over)), (table, over)

    with_database(work)


def test_what_a_row_refers_to_exists(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            made = rows_of(await add_apple(conn))
            for table, column in UNKNOWN:
                records, row = made[table]
                stray = "NOBODY" if column == "symbol" else new_id()
                assert await refused(conn, records, replace(row, **{column: stray})), (table, column)

    with_database(work)


def test_defaults_are_the_databases_own(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            made = rows_of(await add_apple(conn))
            for table, (records, row) in made.items():
                stored = metadata.tables[table]
                given = {
                    column.name: getattr(row, column.name)
                    for column in stored.columns
                    if column.server_default is None and column.name in records.names
                }
                if table == "research_queue":
                    given["left_on"] = None
                await conn.execute(insert(stored), [given])
                kept = (await conn.execute(select(stored))).one()
                for column in stored.columns:
                    if column.server_default is not None and not column.name.endswith("_at"):
                        default = next(f.default for f in fields(records.kind) if f.name == column.name)
                        assert getattr(kept, column.name) == default, (table, column.name)

    with_database(work)


def test_put_changes_what_is_there_and_keeps_its_key(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            records, row = rows_of(await add_apple(conn))["signals"]
            by = ("symbol", "signal_type", "source", "signal_on")
            await records.put(conn, [row], by=by)
            await records.put(conn, [replace(row, id=new_id(), score=3.0, data={})], by=by)
            assert [without_times(one) for one in await records.find(conn)] == [
                replace(row, score=3.0, data={})
            ]

    with_database(work)


def test_json_can_be_asked_inside_on_both(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            records, row = rows_of(await add_apple(conn))["signals"]
            await records.add(conn, [row])
            inside = records.table.c.data["b"]["nested"]["deep"][0].as_float()
            assert await conn.scalar(select(inside)) == JSON["b"]["nested"]["deep"][0]
            if conn.dialect.name == "postgresql":
                kind = "SELECT data_type FROM information_schema.columns WHERE table_name = 'signals'"
                assert "jsonb" in set(await conn.scalars(text(kind)))

    with_database(work)


def test_one_open_entry_of_the_queue_a_symbol(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            records, left = rows_of(await add_apple(conn))["research_queue"]
            is_open = replace(left, id=new_id(), status="queued", left_on=None)
            await records.add(conn, [left, replace(left, id=new_id()), is_open])
            assert await refused(conn, records, replace(is_open, id=new_id()))
            assert not await refused(conn, records, replace(left, id=new_id(), entered_on=ON))

    with_database(work)


def test_one_application_of_a_content(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            records, file = rows_of(await add_apple(conn))["inbox_files"]
            await records.add(conn, [file])
            assert await refused(conn, records, replace(file, id=new_id(), status="applying"))
            assert not await refused(conn, records, replace(file, id=new_id(), status="duplicate"))
            assert not await refused(conn, records, replace(file, id=new_id(), folder="prices"))

    with_database(work)
