"""Agents: who looks for signals, who has opinions, how each is set, and what became of its word."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pacesetter.agents.catalogue import LEAST_ANALYSTS, find_agent, known_agents
from pacesetter.agents.settings_file import Form, load_preset, preset_names
from pacesetter.jobs.decisions import agent_settings as jobs
from pacesetter.jobs.decisions.agent_settings import AgentChange, current_settings
from pacesetter.jobs.decisions.track_record import track_record
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.users import list_users
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.agent import AgentChangeItem, AgentItem, VersionItem, agent_item, change_item
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.inputs import Given
from pacesetter.web.kept.kept import kept
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["agents"], dependencies=[Requires("read")])
AgentName = Annotated[str, Path(max_length=80, description="Name of an agent, such as value.")]
Kind = Literal["analyst", "discovery", "desk"]
LARGEST = 200_000  # characters of a file of settings


class AgentsBody(Body):
    """Every agent. The record is measured with the prices up to `record_on`."""

    least_analysts: int = Field(description="So many analysts have to stay on.")
    record_on: dt.date | None
    benchmark: str | None = Field(description="What calls are measured against; null: against 0.")
    rows: list[AgentItem]


class AgentBody(Body, AgentItem):
    """One agent, with every version of its settings, newest first."""

    versions: list[VersionItem]


class PresetItem(BaseModel):
    """Settings of all agents under a name."""

    name: str
    title: str


class PresetsBody(Body):
    """The presets that come with the product."""

    rows: list[PresetItem]


class AgentChanged(Given):
    """What to set otherwise; what is not there stays as it is."""

    enabled: bool | None = None
    weight: float | None = Field(None, description="Of an analyst: how much its word counts.")
    parameters: dict[str, float | str | None] | None = Field(None, max_length=100)


class DryRun(Given):
    """Whether to do it."""

    dry_run: bool = Field(False, description="True: only say what would change.")


class SettingsText(BaseModel):
    """Every agent's settings as the text of a file."""

    form: Form
    text: str


class SettingsGiven(DryRun):
    """A file of settings, as the export gives it. Agents that are not in it stay as they are."""

    form: Form = "toml"
    text: str = Field(min_length=1, max_length=LARGEST)


class AgentChangesBody(Body):
    """What changed, or would."""

    dry_run: bool
    changed: int
    rows: list[AgentChangeItem]


@router.get("/agents")
@kept("series")
async def read_agents(
    ws: Reading,
    kind: Annotated[Kind | None, Query(description="Only agents of this kind.")] = None,
) -> AgentsBody:
    """All agents: analysts, then discovery agents, then the desk itself."""
    async with ws.db.read() as conn:
        settings = await current_settings(conn)
    found = await track_record(ws)
    return AgentsBody(
        **await freshness(ws, await newest_on(ws)),
        least_analysts=LEAST_ANALYSTS,
        record_on=found.on,
        benchmark=found.benchmark,
        rows=[
            agent_item(one, settings[name], found.records.get(name, ()))
            for name, one in known_agents().items()
            if kind in (None, one.kind)
        ],
    )


@router.get("/agents/presets")
@kept("series")
async def read_presets(ws: Reading) -> PresetsBody:
    """The presets, each with what it is for."""
    rows = [PresetItem(name=name, title=load_preset(name).title) for name in preset_names()]
    return PresetsBody(**await freshness(ws, await newest_on(ws)), rows=rows)


@router.post("/agents/presets/{name}", dependencies=[Requires("write")])
async def apply_preset(
    ws: Reading,
    who: Asking,
    name: Annotated[str, Path(max_length=80, description="Name of a preset.")],
    asked: DryRun,
) -> AgentChangesBody:
    """Set all agents but the desk as a preset says; what it does not speak of goes back to as shipped."""
    changes = await jobs.apply_preset(ws, name, dry_run=asked.dry_run, user_id=who.user_id)
    return await tell_changes(ws, changes, asked.dry_run)


@router.get("/agents/export")
@kept("detail")
async def export_agents(
    ws: Reading, form: Annotated[Form, Query(description="Of the text.")] = "toml"
) -> SettingsText:
    """Every agent's settings as a text that the import takes."""
    return SettingsText(form=form, text=await jobs.export_settings(ws, form=form))


@router.post("/agents/import", dependencies=[Requires("write")])
async def import_agents(ws: Reading, who: Asking, asked: SettingsGiven) -> AgentChangesBody:
    """Set agents as a text says, all or none."""
    changes = await jobs.import_settings(
        ws, asked.text, where="text", form=asked.form, dry_run=asked.dry_run, user_id=who.user_id
    )
    return await tell_changes(ws, changes, asked.dry_run)


@router.get("/agents/{name}")
@kept("detail")
async def read_agent(ws: Reading, name: AgentName) -> AgentBody:
    """One agent with its parameters, its record, and how it was set over time."""
    return await tell(ws, name)


@router.patch("/agents/{name}", dependencies=[Requires("write")])
async def change_agent(ws: Reading, who: Asking, name: AgentName, asked: AgentChanged) -> AgentBody:
    """Turn an agent on or off, or change its weight or parameters; it counts from the next night on."""
    await jobs.change_agent(
        ws,
        find_agent(name).name,
        enabled=asked.enabled,
        weight=asked.weight,
        parameters=asked.parameters,
        user_id=who.user_id,
    )
    return await tell(ws, name)


async def tell(ws: Workspace, name: str) -> AgentBody:
    """An agent as an answer."""
    known = find_agent(name)
    async with ws.db.read() as conn:
        setting = (await current_settings(conn))[name]
        users = {user.id: user.name for user in await list_users(conn)}
    found = await track_record(ws) if known.kind == "analyst" else None
    versions = [
        VersionItem(
            **{one: getattr(row, one) for one in ("version", "enabled", "weight", "parameters", "preset")},
            by=None if row.user_id is None else users.get(row.user_id, "?"),
            set_at=row.created_at,
        )
        for row in await jobs.list_versions(ws, name)
    ]
    item = agent_item(known, setting, () if found is None else found.records.get(name, ()))
    return AgentBody(**await freshness(ws, await newest_on(ws)), **vars(item), versions=versions)


async def tell_changes(ws: Workspace, changes: tuple[AgentChange, ...], dry_run: bool) -> AgentChangesBody:
    """Changes as an answer."""
    fresh: dict[str, Any] = await freshness(ws, await newest_on(ws))
    rows = [change_item(one) for one in changes]
    return AgentChangesBody(**fresh, dry_run=dry_run, changed=sum(row.changed for row in rows), rows=rows)
