"""What the pages on which one works rely on: previews, warm trials, months, and reading what one wrote."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.boards import try_weights
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web import trials
from pacesetter.web.app import create_app
from tests.homes import EVENING
from tests.web.conftest import Ask, ask_app

WEIGHTS = {
    "momentum": 0.6,
    "volume_change": 0.1,
    "volatility": 0.1,
    "relative_strength": 0.1,
    "financial_ratio": 0.1,
}


async def make_key(settings: Settings) -> dict[str, str]:
    """The header of a key that may change things."""
    async with open_workspace(settings, simulated=True, clock=VirtualClock(EVENING)) as ws:
        await create_user(ws, "anna", "owner", None)
        made = await create_key(ws, "anna", "tests", scopes=["read", "write"])
    return {"Authorization": f"Bearer {made.secret}"}


def test_who_changes_something_reads_it_in_the_next_answer(sqlite_home: Settings) -> None:
    key = asyncio.run(make_key(sqlite_home))
    app = create_app(sqlite_home, simulated=True, clock=VirtualClock(EVENING))

    async def work(client: httpx.AsyncClient) -> None:
        client.headers.update(key)
        for i in range(8):
            before = await client.get("/api/v1/domains")
            body = {"name": f"Mine {i}", "symbols": ["NVDA"]}
            assert (await client.post("/api/v1/domains", json=body)).status_code == 201
            tag = {"If-None-Match": before.headers["etag"]}
            after = await client.get("/api/v1/domains", headers=tag)
            assert after.status_code == 200, i
            assert f"mine-{i}" in [one["slug"] for one in after.json()["domains"]]

    ask_app(app, work)


def test_a_preview_names_what_it_cannot_take(ask: Ask) -> None:
    given = ["nvda", "NVDA", "amd", "ZZZQ", "!!", "SPY"]
    seen = ask("/api/v1/domains/preview", method="POST", json={"symbols": given}).json()
    assert [one["symbol"] for one in seen["members"]][:2] == ["NVDA", "AMD"]
    assert seen["members"][0]["priced_until"] == "2025-07-24"
    assert "ZZZQ" in seen["unknown"] and seen["unreadable"] == ["!!"]
    slugs = [one["slug"] for one in ask("/api/v1/domains").json()["domains"]]
    assert len(slugs) == 12  # nothing was stored


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "either symbols or a rule"),
        ({"symbols": ["NVDA"], "rule": "all"}, "either symbols or a rule"),
        ({"rule": "sector > 3"}, "is no condition"),
        ({"rule": "colour = red"}, "colour"),
    ],
)
def test_a_preview_that_cannot_be_made_says_why(ask: Ask, body: dict[str, Any], said: str) -> None:
    answer = ask("/api/v1/domains/preview", method="POST", json=body)
    assert answer.status_code in (404, 422)
    assert said in answer.json()["detail"]


def test_a_rule_previews_whom_it_picks(ask: Ask) -> None:
    seen = ask("/api/v1/domains/preview", method="POST", json={"rule": "all"}).json()
    assert {"NVDA", "TSLA"} <= {one["symbol"] for one in seen["members"]}
    assert seen["unknown"] == seen["unreadable"] == []


def test_a_warm_trial_is_the_cold_one_and_follows_the_content(
    sqlite_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asyncio.run(make_key(sqlite_home))
    app = create_app(sqlite_home, simulated=True, clock=VirtualClock(EVENING))
    prepared = []

    async def counted(*given: Any, **more: Any) -> Any:
        prepared.append(given[1])
        return await try_weights.prepare_trial(*given, **more)

    monkeypatch.setattr(trials, "prepare_trial", counted)

    async def work(client: httpx.AsyncClient) -> None:
        client.headers.update(key)
        asked = {"board": "ai-tech", "weights": WEIGHTS}
        cold = (await client.post("/api/v1/what-if", json=asked)).json()
        warm = [(await client.post("/api/v1/what-if", json=asked)).json() for _ in range(3)]
        assert warm == [cold] * 3 and prepared == ["ai-tech"]
        other = {"board": "ai-tech", "weights": {**WEIGHTS, "momentum": 0.0}}
        assert (await client.post("/api/v1/what-if", json=other)).json()["rows"] != cold["rows"]
        assert (await client.post("/api/v1/what-if", json={**asked, "board": "ev"})).status_code == 200
        assert prepared == ["ai-tech", "ev"]
        changed = await client.patch("/api/v1/domains/ev", json={"add": ["AMD"], "on": "2025-01-02"})
        assert changed.status_code == 200, changed.text
        rows = (await client.post("/api/v1/what-if", json={**asked, "board": "ev"})).json()["rows"]
        assert "AMD" in [row["symbol"] for row in rows] and prepared == ["ai-tech", "ev", "ev"]

    ask_app(app, work)


def test_months_average_the_days(ask: Ask) -> None:
    body = ask("/api/v1/validation/ai-tech").json()
    by_horizon = {row["horizon"]: row for row in body["rows"] if row["what"] == "score"}
    assert body["months"]
    for horizon, row in by_horizon.items():
        months = [one for one in body["months"] if one["horizon"] == horizon]
        assert [one["month"] for one in months] == sorted({one["month"] for one in months})
        assert all(one["month"].endswith("-01") for one in months)
        assert sum(one["n"] for one in months) == row["n"]
        if row["n"]:
            mean = sum(one["ic"] * one["n"] for one in months) / row["n"]
            assert mean == pytest.approx(row["ic"], abs=1e-12)
