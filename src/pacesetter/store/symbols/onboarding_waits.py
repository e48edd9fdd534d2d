"""Symbols of the queue that nobody begins, because their prices are not stored and no source is asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.symbol import BOX
from pacesetter.store.tables.onboarding import symbol_onboarding_queue
from pacesetter.store.tables.symbol import symbol_universe

NO_SOURCE = "no_provider"  # the cause of one that waits
SAID = "no prices of it are stored, and no source is asked for any (PACESETTER_SOURCE is none)"
MEND = "import its prices: `pacesetter import prices FILE`, or start with a source: it is brought in then"

_of = symbol_onboarding_queue.c


def needs_no_source() -> ColumnElement[bool]:
    """Of the jobs those that can be done with what is stored: prices, or that it is a box."""
    known = symbol_universe.c
    enough = or_(known.last_price_date.is_not(None), known.asset_type == BOX)
    return select(known.symbol).where(known.symbol == _of.symbol, enough).exists()


def is_waiting() -> ColumnElement[bool]:
    """Of the jobs those that were said to wait for a source."""
    return and_(_of.status == "pending", func.coalesce(_of.cause, "") == NO_SOURCE)


def without_waiting() -> dict[str, Any]:
    """What to write where one is begun after all."""
    over = _of.cause == NO_SOURCE
    return {
        "cause": case((over, None), else_=_of.cause),
        "error_message": case((over, None), else_=_of.error_message),
    }


def _unsaid() -> ColumnElement[bool]:
    return and_(_of.status == "pending", ~is_waiting(), ~needs_no_source())


async def any_unsaid(conn: AsyncConnection) -> bool:
    """Whether one waits for a source and does not say so yet."""
    return await conn.scalar(select(_of.id).where(_unsaid()).limit(1)) is not None


async def say_waiting(conn: AsyncConnection, only: Collection[UUID] | None = None) -> list[str]:
    """Write why nobody begins the symbols (of the jobs ``only``) that need a source; those that are new."""
    why = {"cause": NO_SOURCE, "error_message": f"{SAID} — {MEND}"}
    wanted = _unsaid() & (true() if only is None else _of.id.in_(only))
    return sorted(
        await conn.scalars(update(symbol_onboarding_queue).where(wanted).values(**why).returning(_of.symbol))
    )


async def list_waiting(conn: AsyncConnection) -> list[str]:
    """The symbols that wait for a source, by name."""
    return list(await conn.scalars(select(_of.symbol).where(is_waiting()).order_by(_of.symbol)))
