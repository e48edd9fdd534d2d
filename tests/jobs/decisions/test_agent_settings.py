"""Settings of agents on both databases: versions, audit, presets, files, and how it was at an instant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.agents.base import analysts
from pacesetter.agents.catalogue import known_agents, shipped
from pacesetter.agents.settings_file import write_settings
from pacesetter.jobs.decisions.agent_settings import (
    apply_preset,
    change_agent,
    current_settings,
    export_settings,
    import_settings,
    list_versions,
)
from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.store.accounts.audit import audit
from pacesetter.store.accounts.users import add_user
from tests.jobs.home import EVENING, ask, count, with_home

At = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> At:
    url = database_url if database_url.startswith("postgres") else None
    return lambda work, at=EVENING: with_home(tmp_path, work, url=url, at=at)


async def now(ws: Workspace, at: datetime | None = None) -> dict[str, Any]:
    async with ws.db.read() as conn:
        return await current_settings(conn, at=at)


async def entries(ws: Workspace) -> list[Any]:
    async with ws.db.read() as conn:
        return [row for row in await audit.find(conn) if row.action == "agent.changed"]


def test_shipped_until_somebody_changes_it(home: At) -> None:
    async def work(ws: Workspace) -> None:
        assert await now(ws) == {name: shipped(one) for name, one in known_agents().items()}
        assert await list_versions(ws, "value") == []

    home(work)


def test_a_change_is_a_version_and_an_entry_with_before_and_after(home: At) -> None:
    async def work(ws: Workspace) -> None:
        first = await change_agent(ws, "value", weight=2.0, parameters={"buy_from": 65})
        assert (first.version, first.weight, first.parameters["buy_from"]) == (1, 2.0, 65.0)
        assert (await now(ws))["value"] == first
        again = await change_agent(ws, "value", weight=2.0)  # equal content is no new version
        assert again == first
        second = await change_agent(ws, "value", enabled=False)
        assert second == replace(first, version=2, enabled=False)
        rows = await list_versions(ws, "value")
        assert [(row.version, row.enabled, row.weight) for row in rows] == [(2, False, 2.0), (1, True, 2.0)]
        told = [row.data for row in await entries(ws)]
        assert [(one["agent"], one["version"]) for one in told] == [("value", 1), ("value", 2)]
        assert told[0]["before"]["weight"] == 1.0 and told[0]["after"]["weight"] == 2.0
        assert told[0]["after"]["parameters"]["buy_from"] == 65.0 and told[1]["before"] == told[0]["after"]

    home(work)


def test_a_refused_change_leaves_nothing(home: At) -> None:
    async def work(ws: Workspace) -> None:
        for wrong in ({"weight": 4.0}, {"parameters": {"buy_from": -1}}, {"parameters": {"nothing": 1}}):
            with pytest.raises(InputError):
                await change_agent(ws, "value", **wrong)  # type: ignore[arg-type]
        assert (await count(ws, "agent_config"), await entries(ws)) == (0, [])

    home(work)


def test_at_least_three_analysts_stay_on(home: At) -> None:
    async def work(ws: Workspace) -> None:
        *off, _, _, last = analysts.names()
        for name in off:
            await change_agent(ws, name, enabled=False)
        with pytest.raises(InputError, match="only 2 analysts would stay on"):
            await change_agent(ws, last, enabled=False)
        one = off[0]
        swap = f"format = 1\n[agent.{last}]\nenabled = false\n[agent.{one}]\nenabled = true\n"
        assert len(await import_settings(ws, swap, where="swap.toml")) == 2  # three before, three after
        alone = f"format = 1\n[agent.{one}]\nenabled = false\n"
        for dry in (True, False):
            with pytest.raises(InputError, match=r"only 2 .* .alone.toml"):
                await import_settings(ws, alone, where="alone.toml", dry_run=dry)

    home(work)


def test_a_night_finds_the_settings_that_it_worked_with(home: At) -> None:
    later = EVENING + timedelta(days=1, milliseconds=1)

    async def first(ws: Workspace) -> None:
        await change_agent(ws, "value", weight=2.0)

    async def second(ws: Workspace) -> None:
        await change_agent(ws, "value", weight=3.0)
        assert (await now(ws))["value"].weight == 3.0
        assert (await now(ws, later))["value"].version == 2
        assert (await now(ws, later - timedelta(milliseconds=1)))["value"].weight == 2.0
        assert (await now(ws, EVENING))["value"].version == 1
        assert (await now(ws, EVENING - timedelta(seconds=1)))["value"] == shipped(known_agents()["value"])

    home(first)
    home(second, at=later)


def test_a_preset_sets_all_but_the_desk(home: At) -> None:
    async def work(ws: Workspace) -> None:
        await change_agent(ws, "desk", parameters={"mode": "paper", "portfolio": "Core"})
        await change_agent(ws, "growth", weight=3.0)
        dry = await apply_preset(ws, "momentum", dry_run=True)
        assert await count(ws, "agent_config") == 2
        changes = await apply_preset(ws, "momentum")
        assert changes == dry
        after = await now(ws)
        assert after["momentum"].weight == 3.0 and not after["contrarian"].enabled
        assert after["growth"] == replace(shipped(known_agents()["growth"]), version=2)  # back to shipped
        assert after["desk"].parameters["mode"] == "paper"
        assert {row.preset for row in await list_versions(ws, "momentum")} == {"momentum"}
        assert not any(one.changed for one in await apply_preset(ws, "momentum"))
        assert await list_versions(ws, "quality") == []

    home(work)


@pytest.mark.parametrize("form", ["toml", "json"])
def test_export_and_import_carry_everything_over(home: At, tmp_path: Path, form: Any) -> None:
    async def work(ws: Workspace) -> None:
        await change_agent(ws, "value", weight=0.1 + 0.2, parameters={"earnings_yield_points": 1e-7})
        await change_agent(ws, "risk", parameters={"stop_traded_value": 123456789.125})
        await change_agent(ws, "desk", parameters={"mode": "dry_run", "portfolio": 'Öl "2"'})
        text = await export_settings(ws, form=form)
        assert text == write_settings(await now(ws), form)
        assert not any(one.changed for one in await import_settings(ws, text, where="f", form=form))
        wanted = {name: replace(one, version=0) for name, one in (await now(ws)).items()}

        async def elsewhere(other: Workspace) -> None:
            changes = await import_settings(other, text, where="f", form=form)
            assert {one.agent for one in changes if one.changed} == {"value", "risk", "desk"}
            found = await now(other)
            assert {name: replace(one, version=0) for name, one in found.items()} == wanted
            assert await export_settings(other, form=form) == text

        await asyncio.to_thread(with_home, tmp_path / "other", elsewhere)

    home(work)


def test_a_file_is_taken_as_a_whole_or_not_at_all(home: At) -> None:
    text = "format = 1\n[agent.growth]\nweight = 2.0\n[agent.value]\nweight = 7.0\n"

    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match="weight = 7"):
            await import_settings(ws, text, where="f")
        assert await count(ws, "agent_config") == 0

    home(work)


def test_a_version_is_never_changed(home: At) -> None:
    async def work(ws: Workspace) -> None:
        await change_agent(ws, "value", weight=2.0)
        before = await ask(ws, "SELECT agent, version, weight, enabled FROM agent_config")
        for weight in (2.5, 2.0, 3.0):
            await change_agent(ws, "value", weight=weight)
        after = await ask(ws, "SELECT agent, version, weight, enabled FROM agent_config ORDER BY version")
        assert after[:1] == before
        assert [row[1:3] for row in after] == [(1, 2.0), (2, 2.5), (3, 2.0), (4, 3.0)]

    home(work)


def test_two_at_once_are_two_versions(home: At) -> None:
    async def work(ws: Workspace) -> None:
        weights = [round(1.1 + i / 10, 1) for i in range(8)]
        await asyncio.gather(*(change_agent(ws, "value", weight=weight) for weight in weights))
        rows = await list_versions(ws, "value")
        assert [row.version for row in rows] == list(range(8, 0, -1))
        assert sorted(row.weight for row in rows) == weights
        assert len(await entries(ws)) == 8

    home(work)


def test_nobody_puts_the_desk_on_another_users_portfolio(home: At) -> None:
    """What the desk decides on is read by everyone: holdings would be shown that way."""

    async def work(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            ann, ben = [await add_user(conn, name, "analyst", None) for name in ("ann", "ben")]
        await create_portfolio(ws, "Ann's own", user_id=ann)
        await create_portfolio(ws, "Ours", user_id=None)
        wanted = {"portfolio": "Ann's own"}
        with pytest.raises(UnknownName, match="portfolio"):
            await change_agent(ws, "desk", parameters=wanted, user_id=ben)
        assert (await now(ws))["desk"].parameters["portfolio"] is None and await entries(ws) == []
        await change_agent(ws, "desk", parameters=wanted, user_id=ann)
        await change_agent(ws, "desk", parameters={"mode": "read_only"}, user_id=ben)  # it stays Ann's
        after = await change_agent(ws, "desk", parameters={"portfolio": "Ours"}, user_id=ben)
        assert after.parameters == {"mode": "read_only", "portfolio": "Ours"}

    home(work)
