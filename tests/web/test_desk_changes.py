"""Watchlist, decisions, agents, inbox, audit over HTTP: what people change at the desk, on both databases."""

from __future__ import annotations

import asyncio
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch
from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.portfolios.trade_portfolio import add_trade
from pacesetter.kernel.ids import new_id
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.accounts.users import find_user
from pacesetter.store.desk.research_texts import TextRow, hash_text, research_texts
from pacesetter.store.tables.inbox import research_texts as told
from tests.web.desk_house import EVENING, LAST, House, Visit, desk_template, house

__all__ = ["desk_template", "house"]
JSON = {"Content-Type": "application/json"}


async def actions(at: Visit) -> list[str]:
    """The audit log's actions, oldest first."""
    async with at.ws.db.read() as conn:
        return [row.action for row in reversed(await list_entries(conn, limit=1000))]


def test_a_watch_is_added_read_changed_and_removed(house: House) -> None:
    async def work(at: Visit) -> None:
        asked = {"symbol": "nvda", "condition": "price.close > 1 and rank.rank <= 100", "thesis": "it leads"}
        made = await at.ask("POST", "/watchlist", json=asked)
        assert made.status_code == 201, made.text
        body = made.json()
        assert made.headers["location"] == f"/api/v1/watchlist/{body['id']}"
        assert made.headers["cache-control"] == "no-store"
        assert (body["symbol"], body["own"], body["status"], body["thesis"]) == (
            "NVDA",
            True,
            "armed",
            "it leads",
        )
        assert body["condition"] == {
            "and": [
                {"fact": "price.close", "op": ">", "value": 1.0},
                {"fact": "rank.rank", "op": "<=", "value": 100.0},
            ]
        }
        assert body["facts"] == ["price.close", "rank.rank"] and body["text"] == asked["condition"]
        assert body["would_have"]["n"] == 1 and body["would_have"]["known"]["price.close"] > 200
        again = await at.ask("POST", "/watchlist", json=asked)
        assert (again.status_code, again.json()["where"]) == (422, body["id"])
        one = await at.get(f"/watchlist/{body['id']}")
        assert one["would_have"] == body["would_have"]
        changed = await at.send(
            "PATCH", f"/watchlist/{body['id']}", {"expires_on": "never", "hysteresis_pct": 5}
        )
        assert (changed["expires_on"], changed["hysteresis_pct"], changed["would_have"]) == (None, 5.0, None)
        as_json = {"condition": {"fact": "price.close", "op": "<", "value": 1}}
        other = await at.send("PATCH", f"/watchlist/{body['id']}", as_json)
        assert (other["text"], other["would_have"]["n"]) == ("price.close < 1", 0)
        judged = await at.send("PATCH", f"/watchlist/{body['id']}", {"holds": False, "reason": "it fell"})
        assert (judged["status"], judged["validation"]["reason"]) == ("invalid", "it fell")
        assert [row["id"] for row in (await at.get("/watchlist"))["rows"]] == [body["id"]]
        assert (await at.get("/watchlist", status="armed"))["rows"] == []
        gone = await at.send("DELETE", f"/watchlist/{body['id']}")
        assert gone["id"] == body["id"]
        assert (await at.ask("GET", f"/watchlist/{body['id']}")).status_code == 404
        assert (await actions(at)).count("watch.edited") == 3
        assert (await actions(at))[0] == "watch.added" and (await actions(at))[-1] == "watch.removed"

    house.live(work)


def test_a_watch_is_its_owners_and_one_of_nobody_is_everyones(house: House) -> None:
    async def work(at: Visit) -> None:
        everyones = await add_watch(at.ws, "AMD", WatchTerms(condition="price.close < 1"))
        mine = await at.send(
            "POST", "/watchlist", {"symbol": "NVDA", "condition": "price.close < 1"}, status=201
        )
        seen = {by: (await at.get("/watchlist", by=by))["rows"] for by in ("ada", "ben", "eve", "owner")}
        assert {row["id"]: row["own"] for row in seen["ada"]} == {
            str(everyones.row.id): False,
            mine["id"]: True,
        }
        for by in ("ben", "eve", "owner"):
            assert [row["id"] for row in seen[by]] == [str(everyones.row.id)], by
            assert (await at.ask("GET", f"/watchlist/{mine['id']}", by=by)).status_code == 404
        for method in ("PATCH", "DELETE"):
            given = {"json": {"thesis": "stolen"}} if method == "PATCH" else {}
            answer = await at.ask(method, f"/watchlist/{mine['id']}", by="ben", **given)
            assert answer.status_code == 404, method
        assert (await at.get(f"/watchlist/{mine['id']}"))["thesis"] is None
        # the same wish of two people is two entries
        await at.send(
            "POST", "/watchlist", {"symbol": "NVDA", "condition": "price.close < 1"}, by="ben", status=201
        )
        assert (await at.get("/desk", by="eve"))["fired"] == 0

    house.live(work)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"symbol": "NOBODY", "condition": "price.close < 1"}, 404),
        ({"symbol": "NVDA"}, 422),
        ({"symbol": "NVDA", "condition": "price.closed < 1"}, 404),
        ({"symbol": "NVDA", "condition": "price.close <"}, 422),
        ({"symbol": "NVDA", "condition": {"and": []}}, 422),
        ({"symbol": "NVDA", "condition": {"fact": "price.close", "op": "<", "value": "1"}}, 422),
        ({"symbol": "NVDA", "condition": {"fact": "price.close", "op": "<", "value": 1e999}}, 400),
        ({"symbol": "NVDA", "condition": "price.close < 1", "expires_on": "2020-01-01"}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "expires_on": "soon"}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "hysteresis_pct": 101}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "cool_down_days": 1.5}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "colour": "red"}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "thesis": "x" * 4001}, 422),
        ({"symbol": "NVDA", "condition": "price.close < 1", "trigger_type": "price"}, 422),
    ],
)
def test_a_wrong_watch_is_refused_in_words(house: House, asked: dict[str, Any], status: int) -> None:
    async def work(at: Visit) -> None:
        answer = await at.ask("POST", "/watchlist", content=json.dumps(asked), headers=JSON)
        assert answer.status_code in (status, 422), answer.text
        assert answer.json()["detail"] and answer.headers["content-type"] == "application/problem+json"
        assert (await at.get("/watchlist"))["rows"] == [] and await actions(at) == []

    house.live(work)


def test_trying_stores_nothing_and_counts(house: House) -> None:
    async def work(at: Visit) -> None:
        asked = {"symbol": "NVDA", "condition": "price.close > 1"}
        body = await at.send("POST", "/watchlist/try", asked, by="eve")
        assert (body["words"], body["would_have"]["n"]) == ("the close is above 1", 1)
        assert len(body["would_have"]["fired_on"]) == 1 and body["as_of"] == str(LAST)
        assert (await at.get("/watchlist"))["rows"] == [] and await actions(at) == []
        facts = await at.get("/facts")
        assert {row["fact"]: row["words"] for row in facts["rows"]}["price.close"]
        assert [one["op"] for one in facts["ops"]] == ["<", ">", "<=", ">=", "crosses_above", "crosses_below"]
        values = {row["fact"]: row["value"] for row in (await at.get("/facts/nvda"))["rows"]}
        assert set(values) == {row["fact"] for row in facts["rows"]}
        prices = (await at.get("/symbols/NVDA/prices", limit=1))["rows"]
        assert values["price.close"] == pytest.approx(prices[-1]["close"]) and values["rank.rank"] >= 1

    house.live(work)


async def proposals(at: Visit) -> list[dict[str, Any]]:
    """What waits for an answer."""
    rows: list[dict[str, Any]] = (await at.get("/decisions", waiting="true"))["rows"]
    return rows


def test_a_decision_from_proposal_to_trade(house: House) -> None:
    async def work(at: Visit) -> None:
        ada = await _user(at, "ada")
        mine = await create_portfolio(at.ws, "Long run", user_id=ada)
        await add_trade(
            at.ws, mine.id, action="deposit", amount=Decimal(100_000), traded_on=date(2025, 7, 14)
        )
        first, second, *_ = await proposals(at)
        assert first["waiting"] and first["action"] == "BUY" and first["why"]
        whole = await at.get(f"/decisions/{first['id']}")
        assert whole["votes"]["shares"]["BUY"] == whole["bullish_share"] and whole["challenge"]["stands"]
        assert len(whole["opinions"]) >= 3 and whole["exit"]["stop_price"] == whole["stop_loss"]
        early = await at.ask("POST", f"/decisions/{first['id']}/trade", json={"price": "1", "quantity": 1})
        assert early.status_code == 422, early.text  # not approved yet
        changed = await at.send("POST", f"/decisions/{first['id']}/modify", {"quantity": "4", "stop": "1.5"})
        assert (changed["status"], changed["quantity"], changed["stop_loss"]) == ("modified", "4", "1.5")
        assert changed["proposed"]["stop_loss"] == first["stop_loss"] and changed["kept"]
        approved = await at.send("POST", f"/decisions/{first['id']}/approve")
        assert (approved["status"], approved["answered_by"], approved["waiting"]) == (
            "approved",
            "ada",
            False,
        )
        twice = await at.ask("POST", f"/decisions/{first['id']}/approve")
        assert twice.status_code == 422, twice.text
        given = {"price": first["entry_price"], "traded_on": str(LAST), "commission": "1"}
        other = await at.ask(
            "POST", f"/decisions/{first['id']}/trade", json={**given, "portfolio": "Nowhere"}
        )
        assert other.status_code == 404
        stranger = await at.ask(
            "POST", f"/decisions/{first['id']}/trade", json={**given, "portfolio": "Long run"}, by="ben"
        )
        assert stranger.status_code == 404  # ada's alone
        done = await at.send("POST", f"/decisions/{first['id']}/trade", {**given, "portfolio": "Long run"})
        assert (done["status"], done["portfolio_id"]) == ("traded", str(mine.id))
        trades = (await at.get(f"/portfolios/{mine.id}/trades"))["rows"]
        assert {row["id"] for row in trades} >= {done["trade_id"]}
        (held,) = (await at.get(f"/portfolios/{mine.id}/positions"))["rows"]
        assert (held["symbol"], held["stop_loss"]) == (first["symbol"], "1.5")
        no = await at.send("POST", f"/decisions/{second['id']}/reject", {"reason": "too dear"}, by="ben")
        assert (no["status"], no["answer"], no["answered_by"]) == ("rejected", "too dear", "ben")
        assert not {first["id"], second["id"]} & {row["id"] for row in await proposals(at)}
        assert await actions(at) == [
            "decision.modified",
            "decision.approved",
            "decision.traded",
            "decision.rejected",
        ]

    house.live(work)


async def _user(at: Visit, name: str) -> UUID:
    async with at.ws.db.read() as conn:
        found: UUID = (await find_user(conn, name)).id
    return found


def test_two_who_answer_at_once_do_not_both_win(house: House) -> None:
    async def work(at: Visit) -> None:
        first, *_ = await proposals(at)
        at_once = [
            at.ask("POST", f"/decisions/{first['id']}/approve"),
            at.ask("POST", f"/decisions/{first['id']}/reject", json={"reason": "no"}, by="ben"),
        ]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*at_once))
        assert statuses == [200, 422]
        assert len(await actions(at)) == 1

    house.live(work)


def test_an_answer_that_is_sent_again_is_given_once(house: House) -> None:
    async def work(at: Visit) -> None:
        first, *_ = await proposals(at)
        key = {"Idempotency-Key": "one"}
        path = f"/decisions/{first['id']}/reject"
        answers = [await at.ask("POST", path, json={"reason": "no"}, headers=key) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].content == answers[1].content and await actions(at) == ["decision.rejected"]

    house.live(work)


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("reject", {}),
        ("reject", {"reason": ""}),
        ("reject", {"reason": "   "}),
        ("reject", {"reason": "x" * 501}),
        ("modify", {}),
        ("modify", {"quantity": 0}),
        ("modify", {"stop": -1}),
        ("modify", {"stop": 1e12}),
        ("modify", {"target": "1e-9"}),
        ("modify", {"colour": 1}),
        ("trade", {}),
        ("trade", {"price": "NaN"}),
        ("trade", {"price": 1, "traded_on": "0001-01-01"}),
        ("trade", {"price": 1, "traded_on": "9999-12-31", "quantity": 1}),
        ("trade", {"price": 1, "currency": "usd"}),
    ],
)
def test_a_wrong_answer_changes_nothing(house: House, verb: str, asked: dict[str, Any]) -> None:
    async def work(at: Visit) -> None:
        first, *_ = await proposals(at)
        answer = await at.ask("POST", f"/decisions/{first['id']}/{verb}", json=asked)
        assert answer.status_code == 422, answer.text
        assert (await proposals(at))[0] == first and await actions(at) == []

    house.live(work)


def test_an_expired_decision_and_a_desk_that_may_only_read(house: House) -> None:
    async def work(at: Visit) -> None:
        first, *_ = await proposals(at)
        await at.send("PATCH", "/agents/desk", {"parameters": {"mode": "dry_run"}})
        said = await at.send("POST", f"/decisions/{first['id']}/approve")
        assert (said["kept"], said["status"]) == (False, "approved")
        assert (await at.get(f"/decisions/{first['id']}"))["status"] == "proposed"
        await at.send("PATCH", "/agents/desk", {"parameters": {"mode": "read_only"}})
        assert (await at.ask("POST", f"/decisions/{first['id']}/approve")).status_code == 422
        await at.send("PATCH", "/agents/desk", {"parameters": {"mode": "manual"}})
        house.clock.advance(datetime(2025, 8, 20, 12, tzinfo=EVENING.tzinfo) - house.clock.now())
        late = await at.ask("POST", f"/decisions/{first['id']}/approve")
        assert late.status_code in (401, 422)

    house.live(work)


def test_agents_are_listed_set_and_put_back(house: House) -> None:
    async def work(at: Visit) -> None:
        body = await at.get("/agents")
        rows = {row["name"]: row for row in body["rows"]}
        kinds = {
            kind: sum(row["kind"] == kind for row in rows.values())
            for kind in ("analyst", "discovery", "desk")
        }
        assert kinds["analyst"] == 8 and kinds["desk"] == 1 and kinds["discovery"] >= 8
        value = rows["value"]
        assert (value["version"], value["weight"], value["changed"]) == (0, 1.0, False)
        buy = next(one for one in value["parameters"] if one["name"] == "buy_from")
        assert buy["kind"] == "number" and buy["least"] <= buy["value"] <= buy["most"] and buy["words"]
        mode = next(one for one in rows["desk"]["parameters"] if one["name"] == "mode")
        assert mode["among"] == ["manual", "paper", "read_only", "dry_run"] and not rows["desk"]["can_be_off"]
        assert rows["near_high"]["least_weight"] == rows["near_high"]["most_weight"] == 1.0
        calls = [call for row in rows.values() for call in row["record"]]
        assert calls and all((call["hit_rate"] is None) == (call["n"] == 0) for call in calls)
        changed = await at.send("PATCH", "/agents/value", {"weight": 2, "parameters": {"buy_from": 75}})
        assert (changed["version"], changed["weight"], changed["changed"]) == (1, 2.0, True)
        (version,) = changed["versions"]
        assert (version["by"], version["weight"], version["parameters"]["buy_from"]) == ("ada", 2.0, 75.0)
        same = await at.send("PATCH", "/agents/value", {"weight": 2.0})
        assert same["version"] == 1
        fresh = {row["name"]: row for row in (await at.get("/agents"))["rows"]}
        assert fresh["value"]["weight"] == 2.0  # not the kept answer of before
        text = await at.get("/agents/export")
        tried = await at.send("POST", "/agents/presets/cautious", {"dry_run": True})
        assert tried["changed"] > 0 and (await at.get("/agents/export")) == text
        done = await at.send("POST", "/agents/presets/cautious", {})
        assert done["rows"] == tried["rows"] and (await at.get("/agents/export")) != text
        back = await at.send("POST", "/agents/import", text)
        assert back["changed"] > 0 and (await at.get("/agents/export")) == text
        as_json = await at.get("/agents/export", form="json")
        again = await at.send("POST", "/agents/import", {**as_json, "dry_run": True})
        assert again["changed"] == 0
        assert set(await actions(at)) == {"agent.changed"}

    house.live(work)


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/agents/valu", {"weight": 2}, 404),
        ("/agents/value", {"weight": 3.5}, 422),
        ("/agents/value", {"parameters": {"buy_form": 70}}, 404),
        ("/agents/value", {"parameters": {"buy_from": "high"}}, 422),
        ("/agents/value", {"parameters": {"buy_from": 1}}, 422),
        ("/agents/desk", {"enabled": False}, 422),
        ("/agents/desk", {"parameters": {"mode": "live"}}, 422),
        ("/agents/near_high", {"weight": 2}, 422),
        ("/agents/value", {"enabled": "no"}, 422),
    ],
)
def test_a_wrong_setting_is_refused(house: House, path: str, asked: dict[str, Any], status: int) -> None:
    async def work(at: Visit) -> None:
        answer = await at.ask("PATCH", path, json=asked)
        assert answer.status_code == status, answer.text
        assert await actions(at) == []

    house.live(work)


def test_fewer_than_three_analysts_cannot_stay(house: House) -> None:
    async def work(at: Visit) -> None:
        names = [row["name"] for row in (await at.get("/agents", kind="analyst"))["rows"]]
        for name in names[3:]:
            await at.send("PATCH", f"/agents/{name}", {"enabled": False})
        last = await at.ask("PATCH", f"/agents/{names[0]}", json={"enabled": False})
        assert last.status_code == 422 and "3" in last.json()["mend"]
        wrong = await at.ask("POST", "/agents/import", json={"text": "format = 1\n[agent.nobody]\n"})
        assert wrong.status_code == 404, wrong.text
        assert (await at.ask("POST", "/agents/import", json={"text": "weight ="})).status_code == 422

    house.live(work)


def test_the_audit_log_is_the_owners_and_shows_tampering(house: House) -> None:
    async def work(at: Visit) -> None:
        for weight in (1.5, 2.0, 2.5):
            await at.send("PATCH", "/agents/value", {"weight": weight})
        body = await at.get("/audit", by="owner", limit=2)
        assert [row["sequence"] for row in body["rows"]] == [3, 2] and body["next"] == 2
        rest = await at.get("/audit", by="owner", before=2)
        assert [row["sequence"] for row in rest["rows"]] == [1] and rest["next"] is None
        assert {row["by"] for row in body["rows"]} == {"ada"}
        assert body["rows"][0]["data"]["after"]["weight"] == 2.5
        assert (await at.get("/audit", by="owner", action="decision"))["rows"] == []
        check = await at.get("/audit/verify", by="owner")
        assert (check["n"], check["holds"], check["head"]) == (3, True, body["rows"][0]["hash"])
        assert (await at.get("/audit/verify", by="owner", head=rest["rows"][0]["hash"]))["holds"]
        assert not (await at.get("/audit/verify", by="owner", head="f" * 64))["holds"]
        for by in ("ada", "eve"):
            assert (await at.ask("GET", "/audit", by=by)).status_code == 403

    house.live(work)


def test_the_inbox_texts_and_the_model(house: House) -> None:
    async def work(at: Visit) -> None:
        body = await at.get("/inbox")
        assert (body["exists"], body["rows"]) == (False, []) and Path(body["path"]).name == "inbox"
        assert (await at.get("/inbox", by="eve"))["path"] is None  # where things lie is no reader's business
        looked = await at.send("POST", "/inbox/look")
        assert (looked["busy"], looked["rows"]) == (False, [])
        long = "word " * 200
        rows = [
            TextRow(
                id=new_id(),
                kind=kind,
                symbol=symbol,
                noted_on=LAST - timedelta(days=n),
                known_at=EVENING,
                title=f"title {n}",
                source="a paper",
                body=long,
                data={},
                sha256=hash_text(kind, symbol, LAST, f"{n}", "a paper", long, {}),
            )
            for n, (kind, symbol) in enumerate([("news", "NVDA"), ("insider", "NVDA"), ("macro", None)])
        ]
        async with at.ws.db.write() as conn:
            await conn.execute(delete(told))
            await research_texts.add(conn, rows)
        texts = await at.get("/texts")
        assert [row["title"] for row in texts["rows"]] == ["title 0", "title 1", "title 2"]
        assert len(texts["rows"][0]["excerpt"]) <= 401 and texts["rows"][0]["n_characters"] == len(long)
        assert (await at.get("/texts", symbol="nvda", kind="insider"))["count"] == 1
        page = await at.get("/texts", limit=1)
        more = await at.get("/texts", cursor=page["next"])
        assert page["rows"] + more["rows"] == texts["rows"] and page["count"] == 3
        assert (await at.ask("GET", "/texts?cursor=WyJhIl0")).status_code == 422
        model = await at.get("/model")
        assert not model["configured"] and "key" not in str(
            {k: v for k, v in model.items() if k != "key_set"}
        )

    house.live(work)


def test_a_report_is_sent_by_the_owner_alone(house: House) -> None:
    async def work(at: Visit) -> None:
        assert (await at.ask("POST", "/reports/morning/send", json={})).status_code == 403
        said = await at.send("POST", "/reports/morning/send", {}, by="owner")
        assert (said["status"], said["on"]) == ("nobody", str(LAST))
        assert (
            await at.ask("POST", "/reports/morning/send", json={"on": "2025-07-13"}, by="owner")
        ).status_code == 404

    house.live(work)


def test_a_night_can_be_asked_for_as_a_job(house: House) -> None:
    async def work(at: Visit) -> None:
        job = await at.send("POST", "/jobs", {"kind": "night", "on": str(LAST)}, status=202)
        assert (job["kind"], job["parameters"]) == ("night", {"on": str(LAST)})
        assert (await at.send("POST", "/jobs", {"kind": "night"}, status=202))["parameters"] == {}
        assert (await at.ask("POST", "/jobs", json={"kind": "night", "from": str(LAST)})).status_code == 422

    house.live(work)
