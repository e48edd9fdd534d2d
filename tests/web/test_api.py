"""The API over both engines: figures, freshness, problems."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.jobs.boards.board_view import BoardView
from pacesetter.jobs.boards.compute_board import compute_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.auth.permission import routes_of
from tests.homes import EVENING, SESSIONS, settings_for
from tests.web.conftest import Ask, ask_app, get

HEAD = {"as_of", "expected_session", "fresh_until", "stale", "stale_sessions", "simulated", "source"}
PATHS = [
    "/api/v1/domains",
    "/api/v1/rankings",
    "/api/v1/rankings/ev",
    "/api/v1/history/NVDA",
    "/api/v1/health/ready",
]
SHORT = ["/api/domains", "/api/rankings", "/api/rankings/ev", "/api/history/NVDA", "/api/health"]


@pytest.mark.parametrize("path", PATHS)
def test_every_body_says_how_fresh_it_is(ask: Ask, path: str) -> None:
    answer = ask(path)
    body = answer.json()
    assert answer.status_code == 200 and set(body) >= HEAD
    assert (body["as_of"], body["expected_session"]) == (str(SESSIONS[-1]), str(SESSIONS[-1]))
    assert (body["stale"], body["stale_sessions"]) == (False, 0)
    assert (body["simulated"], body["source"]) == (True, "simulated")
    assert body["fresh_until"] == "2025-07-25T20:20:00Z"


@pytest.mark.parametrize(("short", "long"), list(zip(SHORT, PATHS, strict=True)))
def test_short_forms_answer_the_same(ask: Ask, short: str, long: str) -> None:
    assert ask(short).content == ask(long).content


def test_boards(ask: Ask) -> None:
    boards = ask("/api/v1/domains").json()["domains"]
    assert len(boards) == 12 and sum(len(board["members"]) for board in boards) == 50
    assert boards[0]["slug"] == "ai-tech" and "NVDA" in boards[0]["members"]


@pytest.mark.parametrize("name", ["ai-tech", "AI%2FTech", "AI/Tech", "ai%2Ftech"])
def test_board_by_slug_and_name(ask: Ask, name: str) -> None:
    assert ask(f"/api/v1/rankings/{name}").json()["board"] == "AI/Tech"


def test_board_rows_add_up(ask: Ask) -> None:
    body = ask("/api/v1/rankings/ai-tech").json()
    assert (body["method"], body["origin"], body["previous_on"]) == ("core", "published", str(SESSIONS[-2]))
    ranks = [row["rank"] for row in body["rows"]]
    assert ranks == sorted(ranks) and ranks[0] == 1
    for row in body["rows"]:
        total = sum(f["contribution"] for f in row["factors"].values())
        assert row["composite"] == pytest.approx(total, abs=1e-12)
        assert row["rank_change"] == row["previous_rank"] - row["rank"]


def test_on_top_and_method(ask: Ask) -> None:
    body = ask(f"/api/v1/rankings/ev?on={SESSIONS[0]}&top=2").json()
    assert body["as_of"] == str(SESSIONS[0]) and len(body["rows"]) == 2
    assert body["stale"] is True and body["stale_sessions"] == 2
    assert body["rows"][0]["previous_rank"] is None
    classic = ask("/api/v1/rankings/ev?method=classic").json()
    assert (classic["method"], classic["origin"]) == ("classic", "computed")


def test_leaders_are_the_first_of_their_boards(ask: Ask) -> None:
    body = ask("/api/v1/rankings?top=3").json()
    assert len(body["leaders"]) == 12 and len(body["best"]) == 3
    for leader in body["leaders"][:3]:
        first = ask(f"/api/v1/rankings/{leader['slug']}?top=1").json()["rows"][0]
        assert (leader["symbol"], leader["score"]) == (first["symbol"], first["score"])


def test_history_is_newest_first(ask: Ask) -> None:
    body = ask("/api/v1/history/nvda").json()
    assert body["symbol"] == "NVDA"
    assert [row["date"] for row in body["rows"]] == [str(day) for day in reversed(SESSIONS)]
    for row, before in zip(body["rows"], body["rows"][1:], strict=False):
        assert row["previous_rank"] == before["rank"] and row["previous_on"] == before["date"]
    assert len(ask("/api/v1/history/NVDA?limit=1").json()["rows"]) == 1


def test_ready_and_live(ask: Ask) -> None:
    assert ask("/api/v1/health/live").json()["status"] == "live"
    body = ask("/api/v1/health/ready").json()
    assert (body["status"], body["freshness"]) == ("ready", "current")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/rankings/semis", 404, "Semiconductors"),
        ("/api/v1/rankings/ev?method=cor", 404, "core"),
        ("/api/v1/history/NVDAX", 404, "NVDA"),
        ("/api/v1/rankings/ev?on=24.07.2025", 422, "YYYY-MM-DD"),
        ("/api/v1/rankings?on=1753315200", 422, "YYYY-MM-DD"),
        ("/api/v1/rankings/ev?on=2025-07-19", 422, "no trading day"),
        ("/api/v1/rankings/ev?on=2999-01-01", 422, "not opened"),
        ("/api/v1/rankings/ev?top=0", 422, "top"),
        ("/api/v1/rankings/ev?top=many", 422, "top"),
        ("/api/v1/nothing", 404, "Not Found"),
    ],
)
def test_problems(ask: Ask, path: str, status: int, said: str) -> None:
    answer = ask(path)
    body = answer.json()
    assert answer.status_code == status == body["status"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "detail", "instance"} <= set(body) and said in answer.text
    assert body["instance"] == path.partition("?")[0]


def test_stale_by_one_session_is_a_warning(ranked: Settings) -> None:
    clock = VirtualClock(EVENING + timedelta(days=1))  # Friday's session is final now
    body = get(create_app(ranked, simulated=True, clock=clock), "/api/v1/health/ready").json()
    assert (body["stale_sessions"], body["freshness"], body["stale"]) == (1, "warning", True)


def test_friday_is_current_until_monday_closes(ranked: Settings) -> None:
    monday = EVENING + timedelta(days=3, hours=18)  # 16:00 UTC: before Monday's close
    body = get(create_app(ranked, simulated=True, clock=VirtualClock(monday)), "/api/v1/rankings").json()
    assert (body["expected_session"], body["stale_sessions"]) == ("2025-07-25", 1)


def test_empty_home(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path), clock=VirtualClock(EVENING))
    leaders = get(app, "/api/v1/rankings").json()
    assert (leaders["as_of"], leaders["leaders"], leaders["stale"]) == (None, [], True)
    board = get(app, "/api/v1/rankings/ev")
    assert board.status_code == 404 and "pacesetter cycle" in board.json()["mend"]
    assert get(app, "/api/v1/health/ready").json()["freshness"] == "critical"


def test_openapi_describes_every_route(ask: Ask, ranked: Settings) -> None:
    document = ask("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    described = {(method.upper(), path) for path, one in document["paths"].items() for method in one}
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))
    routes = {(method, path.replace(":path}", "}")) for method, path, _ in routes_of(app)}
    assert described == {r for r in routes if r[1].startswith("/api/v1/") and "openapi" not in r[1]}
    assert len(described) > 25


def test_requests_are_answered_while_a_board_is_computed(
    ranked: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The computation holds its own thread, so the loop of the requests stays free."""

    begun, answered = threading.Event(), threading.Event()

    async def compute_slowly(ws: Workspace, board: str, **more: Any) -> BoardView:
        begun.set()
        assert answered.wait(240)  # blocks whatever loop it runs on
        return await compute_board(ws, board, **more)

    monkeypatch.setattr("pacesetter.web.routes.rankings.compute_board", compute_slowly)
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))

    async def ask_both(client: httpx.AsyncClient) -> None:
        slow = asyncio.create_task(client.get("/api/v1/rankings/ev?method=classic"))
        assert await asyncio.to_thread(begun.wait, 240)
        assert (await client.get("/api/v1/rankings/ev")).json()["origin"] == "published"
        answered.set()
        assert (await slow).json()["origin"] == "computed"

    ask_app(app, ask_both)
