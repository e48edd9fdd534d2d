"""Which state of the database an answer was made from.

Every transaction that changes what can be read gives the content a new version, as its last
statement, so that versions become visible in their order. The nonce tells two histories
apart that share their numbers: a restored backup counts on from where it was made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.tables.content import content_state
from pacesetter.store.tables.cycle import cycles


@dataclass(frozen=True, order=True)
class Content:
    """A state of all that can be read; later ones have greater versions. ``cycle``: the newest
    published one (hex, or ``none``)."""

    version: int
    nonce: str
    cycle: str

    @property
    def key(self) -> str:
        """The state as a part of keys; contains the cycle's id."""
        return f"{self.cycle}.{self.version}.{self.nonce}"


async def bump_content(conn: AsyncConnection) -> None:
    """Give the content a new version; to be the last statement of a transaction, because others wait."""
    state = content_state.c
    values = {"version": state.version + 1, "nonce": secrets.token_hex(8)}
    await conn.execute(update(content_state).where(state.id == 1).values(values))


async def read_content(conn: AsyncConnection) -> Content:
    """The state that this connection's transaction reads."""
    newest = newest_first(select(cycles.c.id), cycles).scalar_subquery()
    row = (
        await conn.execute(select(content_state.c.version, content_state.c.nonce, newest.label("cycle")))
    ).one()
    return Content(row.version, row.nonce, "none" if row.cycle is None else row.cycle.hex)


def newest_first(query: Select[Any], of: FromClause) -> Select[Any]:
    """The query (over cycles, or an alias ``of`` them) for the one that published last."""
    published = query.where(of.c.status == "published")
    return published.order_by(of.c.published_at.desc(), of.c.id.desc()).limit(1)
