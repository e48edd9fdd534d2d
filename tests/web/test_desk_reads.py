"""The desk, its signals, convergence, queue, opinions and reports over HTTP, on both databases."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.decisions.view_decisions import list_decisions as decisions_of
from pacesetter.research.desk import load_desk
from pacesetter.store.desk.analyses import analyses
from pacesetter.store.desk.convergences import convergences
from pacesetter.store.desk.desk_reports import reports
from pacesetter.store.desk.nights import nights
from pacesetter.store.desk.research_queue import research_queue
from pacesetter.store.desk.signals import signals
from pacesetter.web.bodies.present import CSV
from tests.web.desk_house import LAST, NIGHTS, House, Visit, desk_template, house

__all__ = ["desk_template", "house"]


def test_the_desk_at_a_glance_and_its_nights(house: House) -> None:
    async def work(at: Visit) -> None:
        body = await at.get("/desk")
        assert (body["as_of"], body["simulated"], body["mode"]) == (str(LAST), True, "manual")
        assert (body["report_on"], body["due"], body["portfolio"]) == (str(LAST), [], None)
        rows = (await at.get("/nights", limit=100))["rows"]
        async with at.ws.db.read() as conn:
            stored = await nights.find(conn)
        assert [row["on"] for row in rows] == [str(on) for on in reversed(NIGHTS)]
        assert {row["on"]: row["fingerprint"] for row in rows} == {
            str(night.night_on): night.fingerprint for night in stored
        }
        assert body["night"] == rows[0]
        assert re.match(r"SPY is [\d.]+ % (above|below) its mean of 200 sessions", body["regime_reason"])
        assert [row["counts"] for row in rows] == [
            night.counts for night in sorted(stored, key=lambda one: one.night_on, reverse=True)
        ]
        waiting = [row for row in await decisions_of(at.ws, waiting=True)]
        assert body["waiting"] == len(waiting) > 0
        assert [row["on"] for row in (await at.get("/nights", limit=2))["rows"]] == [
            str(on) for on in NIGHTS[:-3:-1]
        ]

    house.live(work)


def test_signals_fade_as_their_rules_say(house: House) -> None:
    async def work(at: Visit) -> None:
        rules = await at.get("/signals/rules")
        of = {row["signal_type"]: row for row in rules["rows"]}
        assert set(of) == set(load_desk().signals) and len(of["news"]["decay"]["curve"]) == 91
        assert of["news"]["decay"]["curve"][3] == 0.5 and of["manual"]["decay"]["curve"][90] == 1.0
        assert of["value_screen"]["decay"]["curve"][30] == 0.5
        assert (
            of["near_high"]["agents"] == ["near_high"] and of["near_high"]["decay"]["zero_after_days"] == 15
        )
        assert {row["name"]: row["score_from"] for row in rules["bands"]} == {
            "monitor": 0,
            "research": 31,
            "deep_analysis": 61,
            "priority": 91,
        }
        assert [row["factor"] for row in rules["bonus"]] == [1.0, 1.1, 1.25, 1.4]
        body = await at.get("/signals", on=str(LAST), days=400)
        async with at.ws.db.read() as conn:
            stored = await signals.find(conn)
        assert len(body["rows"]) == len(stored) > 2
        for row in body["rows"]:
            age = (LAST - date.fromisoformat(row["signal_on"])).days
            left = of[row["signal_type"]]["decay"]["curve"][age]
            assert (row["age_days"], row["decay_factor"]) == (age, left)
            assert row["decayed"] == row["score"] * left
        order = [(-date.fromisoformat(row["signal_on"]).toordinal(), -row["score"]) for row in body["rows"]]
        assert order == sorted(order)
        one = body["rows"][0]
        narrow = {"symbol": one["symbol"].lower(), "type": one["signal_type"], "source": one["source"]}
        found = (await at.get("/signals", on=str(LAST), days=400, **narrow))["rows"]
        assert one in found and {row["symbol"] for row in found} == {one["symbol"]}
        assert (await at.get("/signals", on=str(LAST), source="nobody"))["rows"] == []
        later = (await at.get("/signals", on=str(LAST + timedelta(days=2)), days=400))["rows"]
        assert [row["age_days"] for row in later] == [row["age_days"] + 2 for row in body["rows"]]

    house.live(work)


def test_pages_of_signals_neither_overlap_nor_skip(house: House) -> None:
    async def work(at: Visit) -> None:
        whole = (await at.get("/signals", on=str(LAST), days=400))["rows"]
        for size in (1, 2, 3):
            found: list[Any] = []
            more: str | None = None
            while True:
                asked: dict[str, Any] = {"days": 400, "limit": size} | (
                    {"on": str(LAST)} if more is None else {"cursor": more}
                )
                body = await at.get("/signals", **asked)
                assert len(body["rows"]) <= size
                found += body["rows"]
                more = body["next"]
                if more is None:
                    break
            assert found == whole, size
        assert (await at.ask("GET", "/signals?cursor=WyJhIl0")).status_code == 422
        other = (await at.get("/signals", on=str(LAST), days=400, limit=1))["next"]
        wrong = await at.ask("GET", "/signals", params={"on": "2025-07-01", "cursor": other})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "cursor")

    house.live(work)


def test_convergence_is_the_product_of_its_parts_and_fades(house: House) -> None:
    async def work(at: Visit) -> None:
        body = await at.get("/convergence")
        async with at.ws.db.read() as conn:
            stored = await convergences.find(conn, convergences.table.c.converged_on == LAST)
        assert {row["symbol"]: row["score"] for row in body["rows"]} == {r.symbol: r.score for r in stored}
        assert [row["score"] for row in body["rows"]] == sorted((r.score for r in stored), reverse=True)
        assert body["count"] == sum(body["bands"].values()) == len(stored) > 0
        whole = [await at.get(f"/convergence/{row['symbol']}") for row in body["rows"]]
        best, one = next(  # of one kind, so that what is left of it can be told by hand
            (row, one)
            for row, one in zip(body["rows"], whole, strict=True)
            if {part["signal_type"] for part in one["parts"]} == {"near_high"}
        )
        left = math.fsum(part["decayed"] for part in one["parts"])
        product = left * one["regime_multiplier"] * one["sector_multiplier"] * one["bonus"]
        assert one["score"] == best["score"] == round(product, 9)
        assert one["fades"][0] == {"date": str(LAST), "score": one["score"], "band": one["band"]}
        assert len(one["fades"]) == 31
        day10 = one["fades"][10]["score"]  # by hand: what is left of each part ten days later
        assert one["bonus"] == 1.0
        later = sum(part["base_score"] * max(0.0, 1 - (part["age_days"] + 10) / 15) for part in one["parts"])
        assert day10 == pytest.approx(later * one["regime_multiplier"] * one["sector_multiplier"])
        assert [row["date"] for row in one["past"]] == [str(on) for on in NIGHTS]
        assert one["past"][-1]["score"] == one["score"] and one["past"][0]["score"] == 0
        earlier = await at.get(f"/convergence/{best['symbol']}", on=str(NIGHTS[2]))
        assert earlier["on"] == str(NIGHTS[2]) and len(earlier["past"]) == 3
        nothing = await at.get("/convergence/XOM")
        assert (nothing["score"], nothing["parts"], nothing["band"]) == (0.0, [], "monitor")
        assert {row["score"] for row in nothing["fades"]} == {0.0}
        band = best["band"]
        only = await at.get("/convergence", band=band)
        assert {row["band"] for row in only["rows"]} == {band} and only["count"] == body["bands"][band]
        assert (await at.ask("GET", "/convergence?on=2025-07-12")).status_code == 404
        assert (await at.ask("GET", "/convergence/NOBODY")).status_code == 404
        paged = await at.get("/convergence", limit=1)
        rest = await at.get("/convergence", limit=100, cursor=paged["next"])
        assert paged["rows"] + rest["rows"] == body["rows"]

    house.live(work)


def test_the_queue_who_waits_who_left_and_a_symbols_past(house: House) -> None:
    async def work(at: Visit) -> None:
        async with at.ws.db.read() as conn:
            stored = await research_queue.find(conn)
        waits = (await at.get("/research-queue"))["rows"]
        left = (await at.get("/research-queue", state="left"))["rows"]
        assert len(waits) == sum(row.status == "queued" for row in stored)
        assert {row["id"] for row in left} == {str(row.id) for row in stored if row.status != "queued"}
        assert left and all(row["reason"] and row["left_on"] for row in left)
        assert [row["left_on"] for row in left] == sorted((row["left_on"] for row in left), reverse=True)
        one = left[0]
        days = date.fromisoformat(one["left_on"]) - date.fromisoformat(one["entered_on"])
        assert one["days_waited"] == days.days and one["breakdown"]["score"] == one["score"]
        past = await at.get(f"/research-queue/{one['symbol'].lower()}")
        assert past["symbol"] == one["symbol"] and one in past["rows"]
        assert (await at.get("/research-queue/XOM"))["rows"] == []
        by_status = (await at.get("/research-queue", status=one["status"]))["rows"]
        assert by_status and {row["status"] for row in by_status} == {one["status"]}

    house.live(work)


def test_opinions_of_a_night_and_of_a_symbol(house: House) -> None:
    async def work(at: Visit) -> None:
        async with at.ws.db.read() as conn:
            stored = await analyses.find(conn)
        newest = max(row.analysed_on for row in stored)
        body = await at.get("/analyses")
        assert body["on"] == str(newest)
        rows = [row for row in stored if row.analysed_on == newest]
        assert {row["id"]: row["reasoning"] for row in body["rows"]} == {str(r.id): r.reasoning for r in rows}
        one = body["rows"][0]
        assert one["points"] and all(0 <= point["points"] <= point["limit"] for point in one["points"])
        assert "points" not in one["metrics"] and one["told"] is None
        some = await at.get("/analyses", symbol=one["symbol"], analyst=one["analyst"], on="2030-01-02")
        assert some["rows"] == [one]
        first = min(row.analysed_on for row in stored)
        assert (await at.get("/analyses", on=str(first)))["on"] == str(first)
        assert (await at.get("/analyses", on="2020-01-02"))["rows"] == []

    house.live(work)


def test_what_a_language_model_added_is_told_with_its_checks(house: House) -> None:
    told = {
        "model": "m",
        "request": "0" * 64,
        "thesis": {
            "text": "It is ~~3 %~~ up.",
            "kept": [],
            "struck": [{"start": 6, "text": "3 %", "reason": "it is 2 %"}],
        },
        "would_change": {
            "text": "A loss.",
            "kept": [{"start": 0, "text": "A", "name": "factor.eps"}],
            "struck": [],
        },
        "ignored": [],
    }

    async def work(at: Visit) -> None:
        async with at.ws.db.write() as conn:
            first, second, *_ = await analyses.find(conn)
            await analyses.change(conn, first.id, told=told)
            await analyses.change(conn, second.id, told={"model": "m", "reason": "no time"})
        rows = (await at.get("/analyses", symbol=first.symbol, on=str(first.analysed_on)))["rows"]
        said = {row["id"]: row["told"] for row in rows}
        assert said[str(first.id)]["thesis"]["text"] == "It is ~~3 %~~ up."
        assert said[str(first.id)]["thesis"]["struck"][0]["reason"] == "it is 2 %"
        assert said[str(first.id)]["would_change"]["kept"][0]["name"] == "factor.eps"
        assert said[str(second.id)] == {
            "model": "m",
            "reason": "no time",
            "thesis": None,
            "would_change": None,
        }

    house.live(work)


def test_reports_as_data_page_and_text(house: House) -> None:
    async def work(at: Visit) -> None:
        rows = (await at.get("/reports"))["rows"]
        assert [row["on"] for row in rows] == [str(on) for on in reversed(NIGHTS)]
        body = await at.get("/reports/morning")
        async with at.ws.db.read() as conn:
            (stored,) = await reports.find(conn, reports.table.c.date == LAST)
        assert (body["on"], body["title"], body["versions"]) == (str(LAST), stored.content["title"], 1)
        assert [one["name"] for one in body["sections"]] == [
            one["name"] for one in stored.content["sections"]
        ]
        assert "standing" not in body
        earlier = await at.get("/reports/morning", on=str(NIGHTS[1]), version=1)
        assert (earlier["on"], earlier["previous_on"]) == (str(NIGHTS[1]), str(NIGHTS[0]))
        assert (await at.ask("GET", "/reports/morning?version=2")).status_code == 404
        page = await at.ask("GET", "/reports/morning?format=html")
        policy = page.headers["content-security-policy"]
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and policy.endswith("sandbox")
        assert "script" not in policy and "unsafe" not in policy and "<script" not in page.text
        assert stored.content["title"] in page.text
        text = await at.ask("GET", "/reports/morning?format=markdown")
        assert text.headers["content-type"] == "text/markdown; charset=utf-8"
        assert text.text.startswith(f"# {stored.content['title']}")

    house.live(work)


def test_hostile_texts_of_a_report_stay_texts(house: House) -> None:
    bad = '<script>alert(1)</script><img src=x onerror=alert(1)><style>*{color:url("https://a.example")}'

    async def work(at: Visit) -> None:
        async with at.ws.db.write() as conn:
            (stored,) = await reports.find(conn, reports.table.c.date == LAST)
            content = stored.content | {"title": bad, "words": bad}
            await reports.change(conn, stored.id, content=content)
        page = await at.ask("GET", "/reports/morning?format=html")
        assert bad not in page.text and "<script" not in page.text and "<img src=x" not in page.text
        assert page.text.count("<style>") == 1
        assert page.headers["content-security-policy"].count("sha256-") == 1

    house.live(work)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/nights", {}),
        ("/signals", {"days": "400"}),
        ("/convergence", {}),
        ("/research-queue", {"state": "left"}),
        ("/analyses", {}),
        ("/decisions", {}),
        ("/reports", {}),
    ],
)
def test_lists_come_as_csv_too(house: House, path: str, asked: dict[str, str]) -> None:
    async def work(at: Visit) -> None:
        body = await at.get(path, **asked)
        table = await at.ask("GET", path, params=asked, headers={"Accept": CSV})
        assert table.headers["content-type"].startswith(CSV)
        frame = pl.read_csv(table.content, infer_schema=False)
        assert len(frame) == len(body["rows"]) > 0
        name = next(name for name in ("symbol", "on") if name in frame.columns)
        assert frame[name].to_list() == [row[name] for row in body["rows"]]
        part = await at.get(path, **asked, fields=name)
        assert part["rows"] == [{name: row[name]} for row in body["rows"]]

    house.live(work)


def test_an_empty_desk_says_so(ask: Any) -> None:
    body = ask("/api/v1/desk").json()
    assert (body["night"], body["report_on"], body["waiting"], body["as_of"]) == (None, None, 0, None)
    for path in (
        "nights",
        "signals",
        "convergence",
        "research-queue",
        "decisions",
        "analyses",
        "reports",
    ):
        assert ask(f"/api/v1/{path}").json()["rows"] == [], path
    for path in ("convergence/NVDA", "reports/morning"):
        answer = ask(f"/api/v1/{path}")
        assert answer.status_code == 404 and answer.json()["mend"], path


@pytest.mark.parametrize(
    "path",
    [
        "/signals?on=0001-01-01&days=400",
        "/signals?on=9999-12-31&days=400",
        "/convergence?on=0001-01-01",
        "/analyses?on=9999-12-31",
        "/reports/morning?on=0001-01-01",
        "/signals?type=%27%3B--",
        "/signals?symbol=%F0%9F%92%A5",
        "/research-queue/%2e%2e",
        "/audit?before=4611686018427387904",
        "/audit?action=%25",
        "/facts/..",
        "/agents/%3Cscript%3E",
    ],
)
def test_odd_questions_are_answered_or_refused(house: House, path: str) -> None:
    async def work(at: Visit) -> None:
        answer = await at.ask("GET", path, by="owner")
        assert answer.status_code in (200, 404, 422), answer.text
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json"

    house.live(work)
