"""Exposures, daily figures and the batch over HTTP, on both databases."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.conftest import _execute, run
from tests.homes import EVENING, SESSIONS, make_simulated_home
from tests.jobs.symbols.batch_home import FACTORS
from tests.web.conftest import Ask, get
from tests.web.test_jobs import Desk, at_desk


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A ranked simulated home whose batch is done, on each engine."""
    folder = tmp_path_factory.mktemp(f"exposures-{request.param}")
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        run(_execute(server, "CREATE DATABASE web_exposures"))
        url = server.rsplit("/", 1)[0] + "/web_exposures"
    settings = make_simulated_home(folder, url)

    async def batch() -> None:
        async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
            await run_batch(ws)

    asyncio.run(batch())
    yield settings
    if url is not None:
        run(_execute(server, "DROP DATABASE web_exposures WITH (FORCE)"))


@pytest.fixture
def ask(home: Settings) -> Ask:
    app = create_app(home, simulated=True, clock=VirtualClock(EVENING))
    return lambda path, **more: get(app, f"/api/v1/{path}", **more)


LAST = str(SESSIONS[-1])


def test_a_symbol_s_exposures_with_how_sure_they_are(ask: Ask) -> None:
    body = ask("exposures/NVDA").json()
    assert (body["symbol"], body["as_of"], body["stale"], body["simulated"]) == ("NVDA", LAST, False, True)
    assert [row["factor"] for row in body["rows"]] == FACTORS
    market = body["rows"][0]
    assert market["on"] == LAST and market["origin"] == "stored" and market["reason"] is None
    assert 0.3 < market["beta"] < 2 and market["se"] > 0 and 0 < market["r2"] < 1 and market["n"] == 63
    assert market["vif"] is None and body["rows"][2]["vif"] > 1
    assert body["rows"][2]["regularisation"] == 1.0 and body["rows"][8]["minus"] == "VTV"
    gone = ask("exposures/SIM30").json()["rows"][0]
    assert (gone["beta"], gone["reason"], gone["because"]) == (None, "no_bars", "no prices")
    assert gone["origin"] == "computed"


def test_a_rolling_history_is_computed_where_it_is_not_stored(ask: Ask) -> None:
    body = ask("exposures/NVDA?from=2025-07-21&to=2025-07-24&factor=market_beta").json()
    assert [(row["on"], row["origin"]) for row in body["rows"]] == [
        ("2025-07-21", "computed"), ("2025-07-22", "computed"), ("2025-07-23", "computed"), (LAST, "stored"),
    ]  # fmt: skip
    one = ask("exposures/NVDA?on=2025-07-22").json()["rows"][0]
    assert one["beta"] == body["rows"][1]["beta"]
    table = ask("exposures/NVDA?fields=factor,beta", headers={"accept": "text/csv"}).text
    assert [row["factor"] for row in csv.DictReader(io.StringIO(table))] == FACTORS


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("exposures/NOPE1", 404, "unknown symbol"),
        ("exposures/NVDA?factor=luck", 404, "unknown factor"),
        ("exposures/NVDA?on=2025-07-26", 422, "not final"),
        ("exposures/NVDA?on=2025-07-20", 422, "no trading day"),
        ("exposures/NVDA?on=2025-07-21&from=2025-07-21", 422, "exclude"),
        ("exposures/NVDA?from=1991-01-02&to=2025-07-01", 422, "too many"),
        ("exposures/NVDA?from=2025-07-24&to=2025-07-21", 422, "is after"),
        ("exposures/NVDA?from=2025-07-19&to=2025-07-20", 422, "no session"),
        ("daily-metrics/NOPE1", 404, "unknown symbol"),
        ("daily-metrics?sort=luck", 422, ""),
        ("batch?limit=0", 422, ""),
    ],
)
def test_mistakes_are_named(ask: Ask, path: str, status: int, said: str) -> None:
    answer = ask(path)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_the_factors(ask: Ask) -> None:
    body = ask("factor-definitions").json()
    assert [row["name"] for row in body["rows"]] == FACTORS and body["as_of"] == LAST
    spread = body["rows"][8]
    assert (spread["proxy"], spread["minus"], spread["window"], spread["proxy_priced_on"]) == (
        "VUG", "VTV", 126, LAST,
    )  # fmt: skip


@pytest.mark.parametrize("sort", ["symbol", "-return_1y", "trailing_pe", "-market_beta", "-symbol"])
def test_pages_of_daily_figures_hold_every_symbol_once_in_order(ask: Ask, sort: str) -> None:
    seen: list[dict[str, Any]] = []
    path = f"daily-metrics?sort={sort}&limit=30"
    cursor = ""
    for _ in range(9):
        body = ask(path + cursor).json()
        seen += body["rows"]
        if body["next"] is None:
            break
        cursor = f"&cursor={body['next']}"
    assert len(seen) == body["count"] == len({row["symbol"] for row in seen}) > 80
    name = sort.removeprefix("-")
    values = [row[name] for row in seen if row[name] is not None]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert all(row[name] is None for row in seen[len(values) :])
    wrong = ask(f"daily-metrics?sort={sort}&cursor=WyJhIl0")
    assert wrong.status_code == 422


def test_daily_figures_of_a_sector_and_of_a_symbol(ask: Ask) -> None:
    one = ask("daily-metrics/NVDA").json()
    assert one["on"] == one["as_of"] == LAST and one["price"] > 0 and one["market_beta"] is not None
    assert 0 <= one["data_quality"] <= 100 and (one["quality_notes"] or one["data_quality"] == 100)
    old = ask("daily-metrics/SIM30").json()
    assert old["on"] < "2024-09-20" and old["stale"] is True and old["quality_notes"]
    rows = ask("daily-metrics?sector=Nothing").json()
    assert (rows["count"], rows["rows"], rows["next"]) == (0, [], None)
    some = ask("daily-metrics?fields=symbol,price&limit=2").json()
    assert some["fields"] == ["symbol", "price"] and list(some["rows"][0]) == ["symbol", "price"]
    table = ask("daily-metrics?limit=3", headers={"accept": "text/csv"}).text
    assert len(list(csv.DictReader(io.StringIO(table)))) == 3


def test_the_phases_of_the_batch(ask: Ask) -> None:
    body = ask("batch").json()
    assert body["as_of"] == LAST and body["scheduled_for"] == "2025-07-25T01:00:00Z"
    (day,) = body["rows"]
    assert (day["on"], day["state"]) == (LAST, "done") and len(day["phases"]) == 6
    ridge = day["phases"][3]
    (left,) = ridge["problems"]
    assert left["reason"] == "no_bars" and left["count"] == len(left["symbols"]) == 2
    assert ridge["done"] + left["count"] == ridge["total"] and left["because"] == "no prices"


def test_a_batch_is_asked_for_like_any_job(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        wrong = await desk.post(kind="batch", boards=["ev"])
        assert wrong.status_code == 422 and "takes on" in wrong.text
        job = await desk.ask(kind="batch", on=str(SESSIONS[0]))
        assert job["parameters"] == {"on": str(SESSIONS[0])}
        done = await desk.until(job)
        assert done["state"] == "done" and f"measured {SESSIONS[0]}" in done["message"], done
        await desk.until(await desk.ask(kind="batch"))
        newest = await desk.until(await desk.ask(kind="batch"))
        assert f"{LAST} was measured before" in newest["message"], newest

    at_desk(home, work)


def test_before_any_batch_figures_say_so(ranked: Settings) -> None:
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))
    missing = get(app, "/api/v1/daily-metrics/NVDA")
    assert missing.status_code == 404 and "pacesetter batch" in missing.json()["mend"]
    body = get(app, "/api/v1/exposures/NVDA").json()
    assert date.fromisoformat(body["as_of"]) == SESSIONS[-1]
    assert {row["origin"] for row in body["rows"]} == {"computed"}
    empty = get(app, "/api/v1/daily-metrics").json()
    assert (empty["count"], empty["as_of"]) == (0, None)
    assert get(app, "/api/v1/batch").json()["rows"] == []
