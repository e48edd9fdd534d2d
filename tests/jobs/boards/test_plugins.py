"""Other people's providers: chosen by name, and said by the doctor when they do not load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pacesetter.jobs.bars.choose_provider import choose_providers
from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel import registry
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import ConfigError, SimulationMismatch, UnknownName
from pacesetter.providers.base import providers
from pacesetter.settings import Settings
from tests.conftest import run


class Broker:
    """A provider of somebody else's."""

    name = "broker"


def fail() -> None:
    raise ImportError("no module named broker_api")


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plug-ins beside the product: ``broker`` and ``gone``, which does not load."""
    providers.names()
    monkeypatch.setattr(providers, "_things", dict(providers._things))
    monkeypatch.setattr(providers, "loaded", set())
    monkeypatch.setattr(providers, "failures", [])
    points = [
        SimpleNamespace(name="broker", load=lambda: providers.add("broker", Broker)),  # type: ignore[arg-type]
        SimpleNamespace(name="gone", load=fail),
    ]
    group = "pacesetter.providers"
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == providers._group else [])
    assert providers._group == group


def opened(home: Path, work: Callable[[Workspace], Any], **settings: Any) -> Any:
    async def main() -> Any:
        made = Settings(home=home, _env_file=None, **settings)
        async with open_workspace(made, clock=VirtualClock(datetime(2025, 7, 24, 22, tzinfo=UTC))) as ws:
            found = work(ws)
            return await found if hasattr(found, "__await__") else found

    return run(main())


def test_the_configured_order_with_a_plug_in(tmp_path: Path) -> None:
    chain = opened(tmp_path, choose_providers, providers=["broker", "yahoo"], plugins=["broker"])
    assert [type(one).__name__ for one in chain] == ["Broker", "Yahoo"]


def test_a_provider_that_is_not_named_as_a_plug_in_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="broker"):
        opened(tmp_path, choose_providers, providers=["broker"])


def test_a_plug_in_that_does_not_load_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="broker_api"):
        opened(tmp_path, choose_providers, providers=["gone"], plugins=["gone"])
    found = opened(tmp_path, diagnose, plugins=["gone", "absent", "broker"])
    said = [one.what for one in found if "plug-in" in one.what]
    assert len(said) == 2
    assert "gone does not load" in said[0] and "no plug-in called absent" in said[1]


def test_the_simulated_market_is_never_one_of_several(tmp_path: Path) -> None:
    with pytest.raises(SimulationMismatch):
        opened(tmp_path, choose_providers, providers=["yahoo", "simulated"])
