"""The migrations build exactly the tables that the code declares, up and down, with data in place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import inspect, text

from pacesetter.kernel.ids import new_id
from pacesetter.store.bars.bars import newest_price_date, upsert_bars
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.database.schema import differences, downgrade, head, pending, script_directory, upgrade
from pacesetter.store.symbols.symbols import upsert_symbols
from pacesetter.store.tables import metadata

NOW = datetime(2025, 7, 25, tzinfo=UTC)


async def fill(db: Database) -> None:
    bars = pl.DataFrame(
        {"symbol": ["AAPL"], "date": [date(2025, 7, 24)], "close": [213.76], "volume": [46_022_600]}
    ).with_columns(
        *[pl.lit(None, pl.Float64).alias(c) for c in ("open", "high", "low", "adj_close")],
        is_final=pl.lit(value=True),
    )
    async with db.write() as conn:
        await upsert_symbols(conn, ["AAPL"], asset_type=None, source="admin")
        revision = await new_revision(conn, "fetch", NOW)
        await upsert_bars(conn, bars, source="files", revision=revision, fetched_at=NOW)
        domain = "INSERT INTO domains (id, name, slug) VALUES (:id, 'One', 'one')"
        identity = new_id()
        await conn.execute(text(domain), {"id": identity.bytes if db.dialect == "sqlite" else identity})


def test_migrations_equal_the_declared_tables(with_database) -> None:
    async def check(db: Database) -> None:
        assert await pending(db) == []
        assert await differences(db) == []
        async with db.read() as conn:
            tables = await conn.run_sync(lambda c: set(inspect(c).get_table_names()))
        assert tables == set(metadata.tables) | {"alembic_version"}

    with_database(check)


def test_every_revision_goes_down_and_up_with_data_in_place(with_database) -> None:
    revisions = [script.revision for script in script_directory().walk_revisions()]

    async def check(db: Database) -> None:
        await fill(db)
        for index, revision in enumerate(revisions):
            below = revisions[index + 1] if index + 1 < len(revisions) else "base"
            await downgrade(db, below)
            if below != "base":  # what the lower revision owns is still there
                async with db.read() as conn:
                    assert await newest_price_date(conn) == date(2025, 7, 24)
            await upgrade(db, revision)
            assert await pending(db) == revisions[:index][::-1]
            await upgrade(db)
            assert await differences(db) == []
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT version_num FROM alembic_version")) == head()
            assert await newest_price_date(conn) is None  # base emptied it

    with_database(check)


def test_a_difference_is_seen(with_database) -> None:
    async def check(db: Database) -> None:
        async with db.write() as conn:
            await conn.execute(text("DROP INDEX ix_domains_position"))
        assert await differences(db) != []

    with_database(check)
