"""Answers about an exchange and about boxes side by side, on both databases: each by its own days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.conftest import _execute, run
from tests.jobs.boxes.boxes_home import AT, day
from tests.jobs.boxes.mixed_home import FRIDAY, SATURDAY, bring_boxes, bring_prices
from tests.jobs.home import with_home
from tests.web.conftest import Ask, get


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home of both, on each engine; to be read only."""
    folder, url = tmp_path_factory.mktemp(f"mixed-{request.param}"), None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        run(_execute(server, "CREATE DATABASE web_mixed"))
        url = server.rsplit("/", 1)[0] + "/web_mixed"

    async def fill(ws: Workspace) -> None:
        await bring_boxes(ws, folder)
        await bring_prices(ws, folder)

    with_home(folder, fill, url=url, at=AT)
    yield Settings(home=folder, database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]
    if url is not None:
        run(_execute(server, "DROP DATABASE web_mixed WITH (FORCE)"))


@pytest.fixture
def ask(home: Settings) -> Ask:
    app = create_app(home, simulated=False, clock=VirtualClock(AT))
    return lambda path, **more: get(app, f"/api/v1/{path}", **more)


def head_of(body: dict[str, Any]) -> tuple[Any, ...]:
    return body["as_of"], body["expected_session"], body["stale_sessions"], body["source"]


OF_EXCHANGE = (str(FRIDAY), str(FRIDAY), 0, "files")
OF_BOXES = (str(SATURDAY), str(SATURDAY), 0, "shop")  # it is Sunday: Saturday is the last whole day


def test_sessions_are_those_of_the_exchange_or_of_a_board_of_boxes(ask: Ask) -> None:
    whole = ask("sessions").json()
    assert [row["on"] for row in whole["rows"]] == [str(FRIDAY)] and whole["count"] == 1
    assert head_of(whole) == OF_EXCHANGE
    boxes = ask("sessions?board=boxes").json()
    assert [row["on"] for row in boxes["rows"]] == [str(day(n)) for n in (54, 8, 0)] and boxes["count"] == 3
    assert head_of(boxes) == OF_BOXES and boxes["fresh_until"].startswith("2026-03-02T00:")
    own = ask("sessions?board=AI/Tech").json()
    assert head_of(own) == OF_EXCHANGE


def test_a_box_as_a_symbol_is_as_old_as_its_own_days(ask: Ask) -> None:
    found = ask("symbols/BOX-SF01").json()
    assert head_of(found) == OF_BOXES and found["fresh_until"].startswith("2026-03-02T00:")
    assert [(one["slug"], one["as_of"], one["row"]["rank"]) for one in found["boards"]] == [
        ("boxes", str(SATURDAY), 1)
    ]
    assert head_of(ask("symbols/BOX-SF01/prices").json()) == (None, str(SATURDAY), None, "shop")
    assert head_of(ask("symbols/NVDA").json()) == OF_EXCHANGE
    assert head_of(ask("symbols/NVDA/prices").json()) == OF_EXCHANGE


def test_the_health_of_the_data_tells_of_boxes_once(ask: Ask) -> None:
    body = ask("health/data").json()
    assert head_of(body) == OF_EXCHANGE
    about = [one for one in body["findings"] if "box" in one["what"].casefold()]
    assert [one["what"].split(":")[0] for one in about] == ["2 boxes"]


@pytest.mark.parametrize(
    "path",
    [
        "history/BOX-SF01?board=boxes",
        "changes?board=boxes",
        "changes/BOX-SF01?board=boxes",
        "sparklines/boxes",
        "rankings/boxes",
    ],
)
def test_answers_about_boards_of_boxes_go_by_their_days(ask: Ask, path: str) -> None:
    body = ask(path).json()
    assert (body["as_of"], body["expected_session"]) == (str(SATURDAY), str(SATURDAY))
    assert (body["stale_sessions"], body["source"]) == (0, "shop")
