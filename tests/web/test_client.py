"""The Python client against the application itself."""

from __future__ import annotations

from typing import Any

import httpx
import polars as pl
import pytest

from pacesetter.client import Client, connection
from pacesetter.client.frames import to_frame
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import ApiError
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.homes import EVENING, SESSIONS
from tests.web.conftest import Ask, get


class InThisProcess(httpx.BaseTransport):
    """Hands a request to the application, as a socket would."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        app = create_app(self.settings, simulated=True, clock=VirtualClock(EVENING))
        found = get(
            app,
            request.url.raw_path.decode(),
            request.method,
            content=request.read(),
            headers={k: v for k, v in request.headers.items() if k.lower() != "host"},
        )
        keep = {"content-type": found.headers["content-type"]}
        return httpx.Response(found.status_code, content=found.content, headers=keep)


@pytest.fixture
def wire(ranked: Settings) -> InThisProcess:
    return InThisProcess(ranked)


def test_frames_in_one_line(wire: InThisProcess, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with Client(transport=wire) as client:
        ranks = client.ranks("AI/Tech")
        rows = ask("/api/v1/rankings/ai-tech").json()["rows"]
        assert ranks["symbol"].to_list() == [row["symbol"] for row in rows]
        assert ranks["factors.momentum.raw"].to_list() == [row["factors"]["momentum"]["raw"] for row in rows]
        assert ranks["previous_on"].to_list() == [SESSIONS[1]] * 5
        monkeypatch.setattr(connection, "PAGE", 2)
        assert client.ranks("ai-tech", sort="-score").equals(
            ranks.sort(["score", "symbol"], descending=[True, False])
        )
        assert len(client.leaders()) == 12
        assert client.history("NVDA")["date"].to_list() == list(reversed(SESSIONS))
        assert client.prices("NVDA", from_=SESSIONS[1])["date"].to_list() == list(SESSIONS[1:])
        assert client.symbols(search="nvidia")["symbol"].to_list() == ["NVDA"]
        assert isinstance(client.changes("ai-tech", from_=SESSIONS[0]), pl.DataFrame)
        assert client.changes("ai-tech", "NVDA")["change"]["symbol"] == "NVDA"
        movers = client.movers(to=SESSIONS[1])
        board = movers["slug"][0]
        alone = client.changes(board, to=SESSIONS[1])
        assert movers.filter(slug=board)["symbol"].to_list() == alone["symbol"].to_list()
        assert movers["last_on"].unique().to_list() == [SESSIONS[1]] and movers["slug"].n_unique() > 1
        exposures = client.exposures("NVDA")
        assert exposures["factor"].n_unique() == 12 and exposures["beta"].null_count() == 0
        assert client.daily_metrics(sort="-return_1d").is_empty()  # the batch has not run here
        assert client.portfolios().is_empty()
        assert client.get("health/live") == {"status": "live", "version": "0.1.0"}


def test_a_board_of_many_pages_is_of_one_session() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        on = asked.get("on", "2025-07-23" if "cursor" not in asked else "2025-07-24")  # published in between
        body = {"as_of": on, "next": None if "cursor" in asked else "more", "rows": [{"on": on}]}
        return httpx.Response(200, json=body)

    with Client(transport=httpx.MockTransport(answer)) as client:
        assert client.ranks("ai-tech")["on"].to_list() == ["2025-07-23", "2025-07-23"]


def test_what_is_null_in_some_rows_is_no_column_beside_its_parts() -> None:
    rows = [{"symbol": "A", "trend": None}, {"symbol": "B", "trend": {"slope": 1.5}}]
    frame = to_frame(rows)
    assert frame.columns == ["symbol", "trend.slope"]
    assert frame["trend.slope"].to_list() == [None, 1.5]
    assert to_frame(rows[:1]).columns == ["symbol", "trend"]


def test_a_refusal_says_what_where_and_how_to_mend_it(ranked: Settings) -> None:
    client = Client(transport=InThisProcess(ranked))
    with pytest.raises(ApiError) as caught:
        client.ranks("ai-tech", sort="colour")
    assert caught.value.where == "sort"
    with pytest.raises(ApiError, match="NVDAA"):
        client.history("NVDAA")
    with pytest.raises(ApiError, match="on"):
        client.leaders(on="2025-7-1")


def test_a_server_that_is_not_there_is_said() -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(ApiError, match="does not answer") as caught:
        Client(transport=httpx.MockTransport(fail)).leaders()
    assert "pacesetter up" in caught.value.mend


def test_what_is_no_problem_answer_is_said_too() -> None:
    odd: Any = httpx.MockTransport(lambda _request: httpx.Response(502, text="<html>"))
    with pytest.raises(ApiError, match="502"):
        Client(transport=odd).leaders()


def test_a_key_is_shown_with_every_request() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json={"leaders": []})

    Client(key="secret", transport=httpx.MockTransport(answer)).leaders()
    assert seen == ["Bearer secret"]
