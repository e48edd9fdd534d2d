"""Boxes over HTTP, on both databases."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pacesetter.client import Client
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.box_measures import MEASURES
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.boxes import AT, FIRST, NAMED, SECOND, THIRD, UNPRICED, add_boxes
from tests.conftest import _execute, run
from tests.store.made import add_symbols
from tests.web.conftest import Ask, ask_app, get

CSV = {"accept": "text/csv"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home with made-up boxes, on each engine; to be read only."""
    folder, url = tmp_path_factory.mktemp(f"boxes-{request.param}"), None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        run(_execute(server, "CREATE DATABASE web_boxes"))
        url = server.rsplit("/", 1)[0] + "/web_boxes"
    settings = Settings(home=folder, database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]

    async def fill() -> None:
        opened = open_workspace(settings, clock=VirtualClock(AT), simulated=False)
        async with opened as ws, ws.db.write() as conn:
            await add_symbols(conn, ["STOCK"])
            await add_boxes(conn)

    asyncio.run(fill())
    yield settings
    if url is not None:
        run(_execute(server, "DROP DATABASE web_boxes WITH (FORCE)"))


@pytest.fixture
def ask(home: Settings) -> Ask:
    app = create_app(home, simulated=False, clock=VirtualClock(AT))
    return lambda path, **more: get(app, f"/api/v1/{path}", **more)


def test_the_leaderboard_is_of_the_newest_day_with_ranks(ask: Ask) -> None:
    body = ask("boxes").json()
    assert (body["as_of"], body["observed_on"], body["previous_on"]) == (
        str(THIRD), str(UNPRICED), str(SECOND),
    )  # fmt: skip
    (said,) = body["remarks"]
    unpriced = "2 boxes were observed, but no floor price is known, so none is ranked"
    assert said == f"{UNPRICED} is newer: {unpriced}"
    assert (body["count"], body["observed"], body["ranked"], body["next"]) == (6, 6, 5, None)
    assert (body["sort"], body["order"], body["source"]) == ("rank", "asc", "manual, shop")
    assert body["games"] == ["Skyfarers", "Élan Grove"] and body["simulated"] is False
    # by days, not by the sessions of an exchange: the day before is expected, 21 after THIRD
    assert (body["expected_session"], body["stale_sessions"], body["stale"]) == ("2026-01-30", 21, True)
    assert body["fresh_until"].startswith("2026-02-01T00:")
    rows = body["rows"]
    # by hand: SF01 200 on the first day, then 110 seven days and 363 one day later
    q = 0.75**7
    first = 0.75 * (200 * q + 110 * (1 - q)) + 0.25 * 3 * 121
    assert rows[0]["symbol"] == "BOX-SF03-BLUE" and rows[1]["symbol"] == "BOX-SF01"
    assert rows[1]["unified_volume_7d_ema"] == pytest.approx(first)
    assert rows[0]["unified_volume_7d_ema"] == pytest.approx(0.75 * 300 + 0.25 * 270)
    assert [(row["place"], row["current_rank"]) for row in rows] == [
        (1, 1), (2, 2), (3, 3), (4, 4), (4, 4), (None, None),
    ]  # fmt: skip
    assert rows[2]["unified_volume_7d_ema"] == pytest.approx(0.75 * 200 * q + 0.25 * 6 * 40)
    tied = rows[3:5]
    assert [row["symbol"] for row in tied] == ["BOX-CCCC3333", "BOX-GM01"]  # 80 both: by symbol
    assert (rows[1]["floor_price_1d_change_pct"], rows[1]["floor_price_1d_from"]) == (
        pytest.approx(10.0), str(SECOND),
    )  # fmt: skip
    assert rows[1]["sources"]["boxes_sold"] == "manual" and rows[1]["image_url"].startswith("https://")
    unnamed, last = tied[0], rows[-1]
    assert (unnamed["name"], unnamed["title"]) == (None, "unnamed cccc3333")
    assert (last["unranked_reason"], last["reasons"]["unified_volume_7d_ema"]) == (
        "sales_unknown", "sales_unknown",
    )  # fmt: skip
    assert body["words"]["sales_unknown"] == "sales unknown" and set(MEASURES) <= set(last)


def test_every_sort_gives_every_box_once_best_first_and_missing_last(home: Settings) -> None:
    async def walk(client: httpx.AsyncClient, sort: str, order: str | None) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = []
        asked = {"sort": sort, "limit": "2"} | ({"order": order} if order else {})
        for _ in range(9):
            body = (await client.get("/api/v1/boxes", params=asked)).json()
            seen += body["rows"]
            if body["next"] is None:
                return seen
            asked["cursor"] = body["next"]
        raise AssertionError("it does not end")

    async def work(client: httpx.AsyncClient) -> None:
        for sort in ("rank", *MEASURES):
            for order in (None, "asc", "desc"):
                check_order(await walk(client, sort, order), sort, order)

    ask_app(create_app(home, simulated=False, clock=VirtualClock(AT)), work)


def check_order(seen: list[dict[str, Any]], sort: str, order: str | None) -> None:
    """Every box once, in order, each at the place that counting gives it."""
    assert sorted(row["symbol"] for row in seen) == sorted(set(NAMED) - {"BOX-NEVER"})
    name = "current_rank" if sort == "rank" else sort
    down = order == "desc" if order else sort != "rank" and MEASURES[sort].higher_is_better
    values = [row[name] for row in seen if row[name] is not None]
    assert values == sorted(values, reverse=down) and all(row[name] is None for row in seen[len(values) :])
    for row in seen:
        mine = row[name]
        if mine is not None:
            assert row["place"] == 1 + sum(one > mine if down else one < mine for one in values)
        else:
            assert row["place"] is None and (sort == "rank" or row["reasons"][sort])


def test_filters_keep_places(ask: Ask) -> None:
    body = ask("boxes?game=élan grove&sort=floor_price_usd").json()
    assert [(row["symbol"], row["place"]) for row in body["rows"]] == [("BOX-GM01", 3), ("BOX-GM02", 3)]
    assert (body["count"], body["observed"]) == (2, 6)
    found = ask("boxes?search=STORM").json()["rows"]
    assert [row["symbol"] for row in found] == ["BOX-SF03-BLUE"]
    assert ask("boxes?search=nothing").json()["rows"] == []
    old = ask(f"boxes?on={FIRST}").json()
    assert (old["as_of"], old["previous_on"], old["remarks"]) == (str(FIRST), None, [])
    assert {row["rank_change"] for row in old["rows"]} == {None}
    none = ask(f"boxes?on={UNPRICED}").json()
    assert none["ranked"] == 0 and "none is ranked" in none["remarks"][0]
    assert {row["unranked_reason"] for row in none["rows"]} == {"no_floor"}


def test_a_page_after_another_is_of_the_same_day(ask: Ask) -> None:
    cursor = ask(f"boxes?on={SECOND}&limit=1").json()["next"]
    body = ask(f"boxes?limit=5&cursor={cursor}").json()
    assert body["as_of"] == str(SECOND) and len(body["rows"]) == 2
    for wrong in (f"on={THIRD}&", "sort=liquidity_score&", "order=desc&"):
        answer = ask(f"boxes?{wrong}cursor={cursor}")
        assert answer.status_code == 422 and answer.json()["where"] == "cursor", wrong


def test_csv_and_chosen_fields(ask: Ask) -> None:
    answer = ask("boxes", headers=CSV)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["symbol"] for row in rows][:2] == ["BOX-SF03-BLUE", "BOX-SF01"]
    assert float(rows[1]["floor_price_usd"]) == 121.0 and rows[-1]["current_rank"] == ""
    some = ask("boxes?fields=symbol,place&limit=1").json()
    assert some["rows"] == [{"symbol": "BOX-SF03-BLUE", "place": 1}]
    series = ask("boxes/BOX-SF01/series", headers=CSV).text
    assert series.splitlines()[0] == "date,gap_days,values.floor_price_usd"


def test_a_box_in_full(ask: Ask) -> None:
    body = ask("boxes/BOX-SF01").json()
    assert (body["as_of"], body["ranked"], body["observed"]) == (str(THIRD), 5, 6)
    assert (body["first_observed_on"], body["last_observed_on"], body["observed_days"]) == (
        str(FIRST), str(UNPRICED), 4,
    )  # fmt: skip
    assert body["remarks"] == [f"it was observed on {UNPRICED}, too, but not with what a rank needs"]
    day = body["day"]
    assert (day["current_rank"], day["previous_rank"], day["previous_on"]) == (2, 2, str(SECOND))
    assert day["sources"] == {
        "floor_price_usd": "shop", "active_listings_count": "shop",
        "boxes_sold": "manual", "boxes_added": "shop",
    }  # fmt: skip
    assert day["reasons"]["liquidity_score"] == "few_days" and body["words"]["few_days"]
    assert [one["name"] for one in body["measures"]] == list(MEASURES)
    assert [(one["date"], one["gap_days"]) for one in body["series"]] == [
        (str(FIRST), None), (str(SECOND), 7), (str(THIRD), 1),
    ]  # fmt: skip
    assert set(body["series"][0]["values"]) == {
        "floor_price_usd", "daily_volume_usd", "unified_volume_7d_ema", "active_listings_count", "rank",
    }  # fmt: skip
    assert [(one["date"], one["previous_on"]) for one in body["ranks"]] == [
        (str(THIRD), str(SECOND)), (str(SECOND), str(FIRST)), (str(FIRST), None),
    ]  # fmt: skip
    assert [(one["source"], one["boxes_sold"], one["by"]) for one in body["observations"]] == [
        ("manual", 3.0, "ada"), ("shop", 2.0, None),
    ]  # fmt: skip
    early = ask(f"boxes/BOX-SF01?on={FIRST}").json()
    assert early["as_of"] == str(FIRST) and len(early["series"]) == 1 and early["remarks"] == []


def test_a_box_by_what_its_source_calls_it_without_a_name_and_never_seen(ask: Ask) -> None:
    unnamed = ask("boxes/cccc3333-01").json()
    assert unnamed["box"]["symbol"] == "BOX-CCCC3333" and "--name" in unnamed["remarks"][0]
    never = ask("boxes/box-never").json()
    assert (never["as_of"], never["day"], never["observed_days"], never["series"]) == (None, None, 0, [])
    assert "never observed" in never["remarks"][0] and never["stale_sessions"] is None
    assert never["source"] is None


MISTAKES = [
    ("boxes?sort=luck", 422, "known: rank, floor_price_usd, "),
    ("boxes?sort=-rank", 422, "unknown measure"),
    ("boxes?order=up", 422, "order"),
    ("boxes?limit=101", 422, "limit"),
    ("boxes?limit=0", 422, "limit"),
    ("boxes?game=Chess", 422, "known: Skyfarers, Élan Grove"),
    ("boxes?on=2026-01-05", 404, f"the nearest dates with observations: {FIRST} and {SECOND}"),
    ("boxes?on=2027-01-05", 404, f"the nearest date with observations: {UNPRICED}"),
    ("boxes?on=5.1.2026", 422, "is not a date"),
    ("boxes?cursor=WyJhIl0", 422, "cursor"),
    ("boxes?cursor=WyJyYW5rIiwiYXNjIiwiMjAyNi0wMS0wOSIsZmFsc2UsMWUzMDAsIkIiXQ", 422, "cursor"),
    ("boxes/STOCK", 404, "STOCK is an equity, not a sealed box"),
    ("boxes/BOX-SF1", 404, "did you mean BOX-SF"),
    (f"boxes/BOX-GM01?on={SECOND}", 404, f"BOX-GM01 was not observed on {SECOND}"),
    ("boxes/BOX-NEVER?on=2026-01-01", 404, "was not observed"),
    ("boxes/BOX-SF01/series?measure=luck", 422, "unknown measure 'luck'"),
    ("boxes/BOX-SF01/series?measure=,", 422, "no measure is named"),
    ("boxes/BOX-SF01/series?from=2026-01-09&to=2026-01-01", 422, "is after"),
    ("boxes/NOPE/series", 404, "unknown box"),
    ("boxes/BOX-SF01/observations?cursor=WyJhIl0", 422, "cursor"),
    ("boxes/sparklines?symbols=BOX-SF01,STOCK", 404, "STOCK is an equity, not a sealed box"),
    ("boxes/sparklines?measure=luck", 422, "unknown measure"),
    ("boxes/market?days=2", 422, "days"),
    ("boxes/market?days=seven", 422, "days"),
]


def test_mistakes_are_named(home: Settings) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        for path, status, said in MISTAKES:
            answer = await client.get(f"/api/v1/{path}")
            assert (answer.status_code, said in answer.text) == (status, True), (path, answer.text)

    ask_app(create_app(home, simulated=False, clock=VirtualClock(AT)), work)


def test_a_series_has_points_only_where_somebody_looked(ask: Ask) -> None:
    body = ask("boxes/BOX-GM01/series?measure=floor_price_usd,rank").json()
    assert body["measures"] == ["floor_price_usd", "rank"] and body["as_of"] == str(UNPRICED)
    assert body["rows"] == [
        {"date": str(FIRST), "gap_days": None, "values": {"floor_price_usd": 80.0, "rank": 3}},
        {"date": str(THIRD), "gap_days": 8, "values": {"floor_price_usd": 80.0, "rank": 4}},
        {"date": str(UNPRICED), "gap_days": 11, "values": {"floor_price_usd": None, "rank": None}},
    ]
    one = ask(f"boxes/BOX-GM01/series?from={SECOND}&to={THIRD}&limit=1").json()["rows"]
    assert [(row["date"], row["gap_days"]) for row in one] == [(str(THIRD), 8)]
    assert ask("boxes/BOX-NEVER/series").json()["rows"] == []


def test_sparklines_in_the_order_asked_for(ask: Ask) -> None:
    body = ask("boxes/sparklines?symbols=BOX-SF02,BOX-SF01,BOX-NEVER&points=2").json()
    assert body["rows"] == [
        {"symbol": "BOX-SF02", "dates": [str(SECOND), str(THIRD)], "values": [40.0, 40.0]},
        {"symbol": "BOX-SF01", "dates": [str(SECOND), str(THIRD)], "values": [110.0, 121.0]},
        {"symbol": "BOX-NEVER", "dates": [], "values": []},
    ]
    every = ask(f"boxes/sparklines?on={FIRST}").json()
    assert [row["symbol"] for row in every["rows"]] == ["BOX-SF01", "BOX-SF02", "BOX-GM01"]  # 200 twice


def test_the_market(ask: Ask) -> None:
    body = ask("boxes/market").json()
    assert body["as_of"] == str(THIRD) and body["remarks"][0].startswith(f"{UNPRICED} is newer")
    days = {row["date"]: row for row in body["rows"]}
    # by hand: SF01 +10 %, SF02 −20 % → ×0.95; then SF01 +10 %, SF02 0, SF03 −10 % → ×1
    assert [days[str(on)]["index"] for on in (FIRST, SECOND, THIRD)] == [
        100.0, pytest.approx(95.0), pytest.approx(95.0),
    ]  # fmt: skip
    assert days[str(SECOND)]["linked_on"] == str(FIRST) and days[str(UNPRICED)]["index"] is None
    assert [days[str(THIRD)][name] for name in ("advancing", "declining", "breadth")] == [1, 1, 0.0]
    assert days[str(THIRD)]["volume_usd"] == 3 * 121 + 6 * 40 + 270 + 80 + 80
    assert [one["days"] for one in body["movers"]] == [1, 7, 30]
    day, week, month = body["movers"]
    assert [(one["symbol"], one["compared_on"]) for one in day["gainers"]] == [("BOX-SF01", str(SECOND))]
    assert [(one["symbol"], one["change_pct"]) for one in day["losers"]] == [
        ("BOX-SF03-BLUE", pytest.approx(-10.0))
    ]  # fmt: skip
    assert [one["compared_on"] for one in week["losers"]] == [str(FIRST)] and month["gainers"] == []
    some = ask(f"boxes/market?from={SECOND}&to={SECOND}&days=7").json()
    assert [row["index"] for row in some["rows"]] == [pytest.approx(95.0)]
    assert [one["days"] for one in some["movers"]] == [7] and some["as_of"] == str(SECOND)
    assert len(list(csv.DictReader(io.StringIO(ask("boxes/market", headers=CSV).text)))) == 4


def test_everything_recorded_of_a_box(ask: Ask) -> None:
    seen: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(9):
        body = ask(f"boxes/BOX-SF01/observations?limit=3{cursor}").json()
        seen += body["rows"]
        if body["next"] is None:
            break
        cursor = f"&cursor={body['next']}"
    assert len(seen) == body["count"] == 7
    replaced = [one for one in seen if not one["current"]]
    assert [(one["date"], one["source"], one["floor_price_usd"]) for one in replaced] == [
        (str(THIRD), "manual", 999.0)
    ]  # fmt: skip
    assert replaced[0]["replaced_cause"] == "import" and replaced[0]["replaced_import"]
    (now,) = [one for one in seen if one["source"] == "manual" and one["current"]]
    assert (now["by"], now["note"]) == ("ada", "counted again")
    assert now["import_id"] == replaced[0]["replaced_import"]
    assert now["original"] == {"floor": "None"} and body["edits"] == []


def test_what_the_measures_mean(ask: Ask) -> None:
    body = ask("boxes/measures").json()
    assert body["ranked_by"] == "unified_volume_7d_ema"
    assert [row["name"] for row in body["rows"]] == list(MEASURES)
    assert all(row["formula"] and row["about"] and row["unit"] for row in body["rows"])


def test_answers_are_kept_until_something_changes(home: Settings) -> None:
    app = create_app(home, simulated=False, clock=VirtualClock(AT))

    async def work(client: httpx.AsyncClient) -> None:
        for path in ("", "/BOX-SF01", "/BOX-SF01/series", "/market", "/sparklines", "/measures"):
            url = f"/api/v1/boxes{path}"
            first = await client.get(url)
            assert first.status_code == 200 and "etag" in first.headers, path
            again = await client.get(url, headers={"if-none-match": first.headers["etag"]})
            assert again.status_code == 304, path
        assert app.state.upkeep.answers.counts["made"] == 6

    ask_app(app, work)


def test_frames_in_one_line(home: Settings) -> None:
    app = create_app(home, simulated=False, clock=VirtualClock(AT))

    def answer(request: httpx.Request) -> httpx.Response:
        found = get(app, request.url.raw_path.decode())
        return httpx.Response(found.status_code, content=found.content)

    with Client(transport=httpx.MockTransport(answer)) as client:
        boxes = client.boxes(limit=2)  # in three pages
        assert boxes["symbol"].to_list()[:2] == ["BOX-SF03-BLUE", "BOX-SF01"] and len(boxes) == 6
        assert boxes["floor_price_1d_from"].to_list()[1] == SECOND
        assert client.boxes(sort="floor_price_usd", order="asc")["symbol"][0] == "BOX-SF02"
        assert client.box("BOX-SF01", on=FIRST)["day"]["floor_price_usd"] == 100.0
        series = client.box_series("BOX-SF01", "rank", "floor_price_usd", to=THIRD)
        assert series.columns == ["date", "gap_days", "rank", "floor_price_usd"]
        assert series["date"].to_list() == [FIRST, SECOND, THIRD]
        market = client.box_market()
        assert market["linked_on"].to_list()[1] == FIRST and market["index"][0] == 100.0


def test_before_any_box_answers_say_so(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path, source="none", _env_file=None)  # type: ignore[call-arg]
    app = create_app(settings, simulated=False, clock=VirtualClock(AT))
    for path in ("boxes", "boxes/market"):
        body = get(app, f"/api/v1/{path}").json()
        assert (body["as_of"], body["rows"]) == (None, []) and "pacesetter import boxes" in body["remarks"][0]
    assert get(app, "/api/v1/boxes/sparklines").json()["rows"] == []
    missing = get(app, "/api/v1/boxes/BOX-SF01")
    assert missing.status_code == 404 and "pacesetter import boxes" in missing.json()["mend"]
    assert get(app, "/api/v1/boxes?on=2026-01-01").json()["rows"] == []
