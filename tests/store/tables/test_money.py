"""Exact amounts come back as they were given, sort as numbers, and never lose a digit in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from pacesetter.store.database.engine import Database
from pacesetter.store.tables.base import Money

amounts = Table("amounts", MetaData(), Column("at", Integer, primary_key=True), Column("amount", Money))
KEPT = ["0", "0.00000001", "-0.1", "12345678901.12345678", "92233720368.54775807", "-92233720368", "3"]
LOST = ["0.000000001", "92233720369", "-1e20", "NaN", "Infinity"]


async def keep(db: Database, values: list[Decimal | None]) -> list[Any]:
    async with db.write(content=False) as conn:
        await conn.run_sync(amounts.create, checkfirst=True)
        await conn.execute(amounts.delete())
        rows = [{"at": at, "amount": value} for at, value in enumerate(values)]
        await conn.execute(amounts.insert(), rows)
        found = list(await conn.scalars(select(amounts.c.amount).order_by(amounts.c.amount)))
        await conn.run_sync(amounts.drop)
    return found


def test_amounts_come_back_exactly_and_in_order(with_database) -> None:
    given_ = [Decimal(text) for text in KEPT]
    assert with_database(lambda db: keep(db, list(given_))) == sorted(given_)


@pytest.mark.parametrize("text", LOST)
def test_what_has_no_room_is_refused(with_database, text: str) -> None:
    with pytest.raises(StatementError, match="has no room"):
        with_database(lambda db: keep(db, [Decimal(text)]))


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=-(10**10), max_value=10**10, places=8))
def test_any_amount_of_eight_decimals_is_kept(value: Decimal) -> None:
    kind, dialect = Money(), sqlite.dialect()
    stored = kind.process_bind_param(value, dialect)
    assert isinstance(stored, int)
    assert kind.process_result_value(stored, dialect) == value
