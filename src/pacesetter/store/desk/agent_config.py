"""How agents are set: every version is kept, the newest one counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.analysis import agent_config as agent_config_table


@dataclass(frozen=True, kw_only=True)
class AgentRow:
    """One version of how an agent is set."""

    agent: str
    version: int
    enabled: bool
    weight: float
    parameters: Any
    preset: str | None = None
    user_id: UUID | None = None
    created_at: datetime | None = None


agent_config = Records(agent_config_table, AgentRow, "setting of an agent")


async def newest_versions(conn: AsyncConnection, *, at: datetime | None = None) -> dict[str, AgentRow]:
    """The version of each changed agent that counted at an instant (None: now)."""
    of = agent_config_table.c
    newest = select(of.agent, func.max(of.version).label("version")).group_by(of.agent)
    if at is not None:
        newest = newest.where(of.created_at <= at)
    last = newest.subquery()
    rows = await conn.execute(
        select(agent_config_table).join(last, (of.agent == last.c.agent) & (of.version == last.c.version))
    )
    return {row.agent: AgentRow(**row._mapping) for row in rows}


async def hold_versions(conn: AsyncConnection) -> None:
    """Nobody else adds a version until this transaction ends; on SQLite its write lock sees to that."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE agent_config IN SHARE ROW EXCLUSIVE MODE"))


async def add_versions(conn: AsyncConnection, rows: list[AgentRow]) -> None:
    """Store versions with their instant: by it an earlier night finds the settings that it worked with."""
    if rows:
        await conn.execute(insert(agent_config_table), [asdict(row) for row in rows])


async def list_versions(conn: AsyncConnection, agent: str) -> list[AgentRow]:
    """All versions of an agent, the newest first."""
    of = agent_config_table.c
    return await agent_config.find(conn, of.agent == agent, order_by=[of.version.desc()])
