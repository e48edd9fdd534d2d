"""How the agents are set: read, changed, put back, carried over; every change is a version, and audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.base import Parameter
from pacesetter.agents.catalogue import (
    KnownAgent,
    check_analysts,
    find_agent,
    known_agents,
    set_agent,
    shipped,
)
from pacesetter.agents.setting import AgentSetting
from pacesetter.agents.settings_file import Form, load_preset, parse_settings, write_settings
from pacesetter.jobs.proposals.desk_terms import DESK
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk import agent_config as stored
from pacesetter.store.desk.agent_config import AgentRow
from pacesetter.store.portfolios.portfolios import find_portfolio, seen_by


@dataclass(frozen=True)
class AgentChange:
    """An agent before and after; its version is that of after, and moved where something changed."""

    agent: str
    before: AgentSetting
    after: AgentSetting

    @property
    def changed(self) -> bool:
        """Whether anything but the version differs."""
        return content_of(self.before) != content_of(self.after)


def content_of(setting: AgentSetting) -> dict[str, Any]:
    """What is set, as plain JSON."""
    return {
        "enabled": setting.enabled,
        "weight": setting.weight,
        "parameters": dict(setting.parameters),
    }


async def current_settings(conn: AsyncConnection, *, at: datetime | None = None) -> dict[str, AgentSetting]:
    """Every agent's setting, shipped or changed, parameters complete; as it was ``at`` an instant (None:
    now). A parameter that no agent has any more is left out."""
    rows = await stored.newest_versions(conn, at=at)
    return {name: restore(agent, rows.get(name)) for name, agent in known_agents().items()}


def restore(agent: KnownAgent, row: AgentRow | None) -> AgentSetting:
    """The setting of a stored version, or as it is shipped."""
    base = shipped(agent)
    if row is None:
        return base
    given = dict(base.parameters)
    for name, setter in agent.parameters.items():
        if name in row.parameters:
            value = row.parameters[name]  # a whole number comes back from JSON as such
            given[name] = float(value) if isinstance(setter, Parameter) else value
    return AgentSetting(row.agent, row.version, row.enabled, row.weight, given)


async def change_agent(
    ws: Workspace,
    agent: str,
    *,
    enabled: bool | None = None,
    weight: float | None = None,
    parameters: Mapping[str, Any] | None = None,
    user_id: UUID | None = None,
) -> AgentSetting:
    """Set something of an agent otherwise, and how it is set then; equal content is no new version.

    ``InputError`` for a wrong weight or parameter, and where fewer than three analysts would stay on.
    """
    known = find_agent(agent)
    async with ws.db.write() as conn:
        await stored.hold_versions(conn)
        before = (await current_settings(conn))[agent]
        after = set_agent(known, before, enabled=enabled, weight=weight, parameters=parameters)
        (change,) = await _keep(ws, conn, {agent: after}, user_id=user_id)
    return change.after


async def apply_preset(
    ws: Workspace, name: str, *, dry_run: bool = False, user_id: UUID | None = None
) -> tuple[AgentChange, ...]:
    """Set all agents but the desk as a preset says; what it does not speak of goes back to how it is
    shipped. Gives every agent before and after."""
    preset = load_preset(name)
    wanted = {
        one.name: preset.settings.get(one.name, shipped(one))
        for one in known_agents().values()
        if one.kind != "desk"
    }
    return await _apply(ws, wanted, preset=name, dry_run=dry_run, user_id=user_id)


async def export_settings(ws: Workspace, *, form: Form = "toml", at: datetime | None = None) -> str:
    """Every agent's setting as a file that ``import_settings`` takes."""
    async with ws.db.read() as conn:
        return write_settings(await current_settings(conn, at=at), form)


async def import_settings(
    ws: Workspace,
    text: str,
    *,
    where: str,
    form: Form = "toml",
    dry_run: bool = False,
    user_id: UUID | None = None,
) -> tuple[AgentChange, ...]:
    """Set the agents of a file as it says, all or none; ``dry_run`` only says what would change."""
    return await _apply(
        ws, parse_settings(text, where=where, form=form), where=where, dry_run=dry_run, user_id=user_id
    )


async def list_versions(ws: Workspace, agent: str) -> list[AgentRow]:
    """How an agent was set over time, the newest first; nothing where nobody changed it."""
    find_agent(agent)
    async with ws.db.read() as conn:
        return await stored.list_versions(conn, agent)


async def _apply(
    ws: Workspace,
    wanted: Mapping[str, AgentSetting],
    *,
    preset: str | None = None,
    where: str = "",
    dry_run: bool,
    user_id: UUID | None,
) -> tuple[AgentChange, ...]:
    if dry_run:
        async with ws.db.read() as conn:
            return _compare(await current_settings(conn), wanted, where)
    async with ws.db.write() as conn:
        await stored.hold_versions(conn)
        return await _keep(ws, conn, wanted, preset=preset, where=where, user_id=user_id)


def _compare(
    before: Mapping[str, AgentSetting], wanted: Mapping[str, AgentSetting], where: str
) -> tuple[AgentChange, ...]:
    """What the wanted settings change; a changed one has the next version."""
    changes = []
    for name, after in sorted(wanted.items()):
        moved = content_of(before[name]) != content_of(after)
        version = before[name].version + moved
        changes.append(AgentChange(name, before[name], replace(after, version=version)))
    if any(change.changed for change in changes):
        check_analysts({**before, **{change.agent: change.after for change in changes}}, where)
    return tuple(changes)


async def _keep(
    ws: Workspace,
    conn: AsyncConnection,
    wanted: Mapping[str, AgentSetting],
    *,
    preset: str | None = None,
    where: str = "",
    user_id: UUID | None,
) -> tuple[AgentChange, ...]:
    """Store what changes as new versions, each with its entry in the audit log."""
    changes = _compare(await current_settings(conn), wanted, where)
    fresh = [change for change in changes if change.changed]
    if user_id is not None:
        await _refuse_unseen(conn, fresh, user_id)
    now = ws.now()
    rows = [
        AgentRow(
            agent=change.agent,
            version=change.after.version,
            preset=preset,
            user_id=user_id,
            created_at=now,
            **content_of(change.after),
        )
        for change in fresh
    ]
    await stored.add_versions(conn, rows)
    for change in fresh:
        data = {
            "agent": change.agent,
            "version": change.after.version,
            "preset": preset,
            "before": content_of(change.before),
            "after": content_of(change.after),
        }
        await write_entry(conn, "agent.changed", data, at=now, user_id=user_id)
    return changes


async def _refuse_unseen(conn: AsyncConnection, fresh: Sequence[AgentChange], user_id: UUID) -> None:
    """``UnknownName`` for a portfolio that this user may not see: everyone reads what the desk decides on."""
    for change in fresh:
        name = change.after.parameters.get("portfolio")
        if change.agent == DESK and name and name != change.before.parameters.get("portfolio"):
            await find_portfolio(conn, str(name), seen_by(user_id))
