"""What can be asked for beyond boards: ledgers, histories, symbols, methods, trials, validation, cases."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import httpx
import polars as pl
import pytest

from pacesetter.jobs.boards.explain_changes import explain_board_changes
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.bodies.present import CSV, write_table
from tests.homes import EVENING, SESSIONS
from tests.web.conftest import Ask, ask_app

BOARD = "/api/v1/rankings/ai-tech"
V1 = "/api/v1"


def test_pages_of_a_board_neither_overlap_nor_skip(ranked: Settings) -> None:
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))

    async def walk(client: httpx.AsyncClient, **asked: Any) -> list[str]:
        found, more = [], None
        for _ in range(20):
            given = asked if more is None else {**asked, "cursor": more}
            body = (await client.get(BOARD, params=given)).json()
            assert body["count"] == 5 and len(body["rows"]) <= asked["limit"]
            found += [row["symbol"] for row in body["rows"]]
            more = body["next"]
            if more is None:
                return found
        raise AssertionError("the pages do not end")

    async def work(client: httpx.AsyncClient) -> None:
        whole = (await client.get(BOARD)).json()["rows"]
        assert await walk(client, limit=2) == [row["symbol"] for row in whole]
        for name in ("score", "composite", "rank_change", "coverage"):
            for sign in (1, -1):
                asked = {"limit": 2, "sort": name if sign > 0 else f"-{name}"}
                rows = sorted(whole, key=lambda r: (r[name] is None, sign * (r[name] or 0), r["symbol"]))
                assert await walk(client, **asked) == [row["symbol"] for row in rows]
        assert await walk(client, limit=3, sort="symbol") == sorted(row["symbol"] for row in whole)

    ask_app(app, work)


def test_a_board_is_searched_and_filtered(ask: Ask) -> None:
    found = ask(f"{BOARD}?search=micro").json()
    assert {row["symbol"] for row in found["rows"]} == {"AMD", "MSFT"} and found["count"] == 2
    assert ask(f"{BOARD}?ranked=false").json()["rows"] == []
    assert ask(f"{BOARD}?ranked=true").json()["count"] == 5


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("cursor=nonsense!", "cursor"),
        ("cursor=WyJhIl0", "cursor"),
        ("sort=colour", "sort"),
        ("limit=0", "limit"),
        ("known_at=yesterday", "known_at"),
        ("on=2025-7-24", "on"),
    ],
)
def test_a_wrong_question_names_its_parameter(ask: Ask, query: str, where: str) -> None:
    answer = ask(f"{BOARD}?{query}")
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert answer.headers["content-type"] == "application/problem+json"


def test_known_at_shows_what_was_published_by_then(ask: Ask) -> None:
    whole = ask(BOARD).json()
    at = whole["computed_at"]
    assert ask(BOARD, params={"known_at": at}).json()["rows"] == whole["rows"]
    early = ask(BOARD, params={"known_at": "2020-01-01T00:00"})
    assert early.status_code == 404 and "known by 2020" in early.json()["detail"]


def test_movers_and_a_ledger_are_those_of_the_job(ask: Ask, ranked: Settings) -> None:
    body = ask(f"{V1}/changes?board=ai-tech&from={SESSIONS[0]}&to={SESSIONS[2]}").json()
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))

    async def compute(_client: Any) -> Any:
        return await app.state.workspace.compute(
            lambda ws: explain_board_changes(ws, "ai-tech", first=SESSIONS[0], last=SESSIONS[2])
        )

    ledgers = {one.symbol: one for one in ask_app(app, compute).ledgers}
    assert (body["first"], body["last"], body["members"]) == (str(SESSIONS[0]), str(SESSIONS[2]), 5)
    for row in body["rows"]:
        shares = {name: Fraction(share) for name, share in row["rank_shares"].items()}
        assert shares == ledgers[row["symbol"]].rank_shares
        assert sum(shares.values()) == row["rank_change"] == row["rank_before"] - row["rank_after"]
    one = ask(f"{V1}/changes/nvda?board=AI/Tech&from={SESSIONS[1]}").json()
    assert one["change"]["symbol"] == "NVDA" and one["last"] == str(SESSIONS[2])
    assert one["change"]["rank_change"] or one["base_rate"]["reason"] == "no_jump"
    wrong = ask(f"{V1}/changes?board=ai-tech&from={SESSIONS[2]}&to={SESSIONS[0]}")
    assert (wrong.status_code, wrong.json()["where"]) == (422, "from")
    assert ask(f"{V1}/changes/TSLA?board=ai-tech").status_code == 404


def test_movers_of_every_board_are_those_of_each(ask: Ask) -> None:
    found = ask(f"{V1}/movers?to={SESSIONS[1]}&top=3").json()
    assert found["as_of"] == str(SESSIONS[1]) and len(found["rows"]) == 12
    for one in found["rows"]:
        alone = ask(f"{V1}/changes?board={one['slug']}&to={SESSIONS[1]}&top=3").json()
        assert one == {name: alone[name] for name in one}
    assert any(one["rows"] for one in found["rows"])
    assert [one["last"] for one in ask(f"{V1}/movers").json()["rows"]] == [str(SESSIONS[2])] * 12
    assert found["why_none"] is None
    first = ask(f"{V1}/movers?to={SESSIONS[0]}").json()
    assert (first["rows"], first["as_of"], first["stale_sessions"]) == ([], str(SESSIONS[0]), 2)
    assert first["why_none"].startswith(f"there is no published session before {SESSIONS[0]}")
    alone = ask(f"{V1}/changes?board=ai-tech&to={SESSIONS[0]}")
    body = alone.json()
    assert (alone.status_code, body["rows"], body["first"], body["last"]) == (200, [], None, str(SESSIONS[0]))
    assert body["why_none"].startswith(f"there is no published date before {SESSIONS[0]}")
    assert "backfill" in body["why_none"] and (body["members"], body["as_of"]) == (5, body["last"])
    known = ask(f"{V1}/changes?board=ai-tech&to={SESSIONS[1]}").json()
    assert known["why_none"] is None and known["methods"] == body["methods"]
    assert ask(f"{V1}/changes?board=ai-tech&to=2025-07-01").status_code == 404  # not published at all
    assert ask(f"{V1}/changes/NVDA?board=ai-tech&to={SESSIONS[0]}").status_code == 404  # no change to split
    saturday = ask(f"{V1}/movers?to=2025-07-19")
    assert saturday.status_code == 422 and "2025-07-19" in saturday.json()["detail"]


def test_history_says_how_final_and_where_it_is_heading(ask: Ask) -> None:
    body = ask(f"{V1}/history/NVDA").json()
    assert [row["date"] for row in body["rows"]] == [str(on) for on in reversed(SESSIONS)]
    assert {row["provisional"] for row in body["rows"]} == {False}
    because = "fewer than 7 published dates by this method"
    said = {"trend": None, "reason": "too_few_dates", "because": because, "left_on": None}
    assert body["boards"] == [{"board": "AI/Tech", "slug": "ai-tech", **said}]
    one = ask(f"{V1}/history/NVDA?board=ai-tech&to={SESSIONS[1]}&limit=1").json()
    assert [row["date"] for row in one["rows"]] == [str(SESSIONS[1])]
    assert ask(f"{V1}/history/NVDA?board=ev").status_code == 404


def test_symbols_are_listed_searched_and_paged(ask: Ask) -> None:
    whole = ask(f"{V1}/symbols?limit=1000").json()
    names = [row["symbol"] for row in whole["rows"]]
    assert names == sorted(names) and len(names) == whole["count"] > 50 and whole["next"] is None
    page = ask(f"{V1}/symbols?limit=10").json()
    rest = ask(f"{V1}/symbols", params={"limit": 1000, "cursor": page["next"]}).json()
    assert [row["symbol"] for row in page["rows"] + rest["rows"]] == names
    funds = ask(f"{V1}/symbols?asset_type=etf&priced=true").json()["rows"]  # the benchmark and the proxies
    assert [row["symbol"] for row in funds] == ["IWM", "MTUM", "QUAL", "SPY", "TLT", "USMV", "VTV", "VUG"]
    assert {row["symbol"] for row in ask(f"{V1}/symbols?search=NVIDIA").json()["rows"]} == {"NVDA"}


def test_a_symbol_shows_the_evidence_behind_every_number(ask: Ask) -> None:
    body = ask(f"{V1}/symbols/nvda").json()
    assert (body["about"]["symbol"], body["about"]["name"]) == ("NVDA", "NVIDIA")
    (standing,) = body["boards"]
    board = ask(BOARD).json()
    (row,) = [row for row in board["rows"] if row["symbol"] == "NVDA"]
    assert standing["row"] == row and standing["ranked"] == 5
    for name, view in row["factors"].items():
        declared = standing["factors"][name]
        made = declared["statistics"]
        sign = 1 if declared["higher_is_better"] else -1
        z = sign * (view["raw"] - made["centre"]) / made["scale"]
        assert view["normalized"] == pytest.approx(max(-3.0, min(3.0, z)), abs=1e-12)
        assert declared["formula"] and declared["unit"]
    assert body["long_term"]["score"] is None or 0 <= body["long_term"]["score"] <= 100
    assert ask(f"{V1}/symbols/NVDAA").status_code == 404
    lonely = ask(f"{V1}/symbols/SPY").json()  # on no board, and still a symbol with a year behind it
    assert lonely["boards"] == [] and lonely["long_term"]["on"] == body["as_of"]


def test_prices_are_the_newest_oldest_first(ask: Ask) -> None:
    body = ask(f"{V1}/symbols/NVDA/prices?limit=3").json()
    assert [row["date"] for row in body["rows"]] == [str(on) for on in SESSIONS]
    assert all(row["low"] <= row["close"] <= row["high"] for row in body["rows"])
    assert {row["source"] for row in body["rows"]} == {"simulated"} and body["basis"] == "raw"
    span = ask(f"{V1}/symbols/NVDA/prices?from={SESSIONS[0]}&to={SESSIONS[1]}").json()
    assert span["rows"] == body["rows"][:2]


def test_methods_factors_and_a_trial(ask: Ask) -> None:
    body = ask(f"{V1}/methods").json()
    every = {one["name"]: one for one in body["methods"]}
    core = {part["name"]: part["weight"] for part in every["core"]["factors"]}
    assert core["momentum"] == 0.3 and {"momentum", "rsi_14"} <= {one["name"] for one in body["factors"]}
    same = ask(f"{V1}/what-if", method="POST", json={"board": "ai-tech", "weights": core})
    assert same.status_code == 200
    ranks = {row["symbol"]: row["rank"] for row in ask(BOARD).json()["rows"]}
    assert {row["symbol"]: row["rank"] for row in same.json()["rows"] if row["rank"]} == ranks
    assert same.json()["ic"] == same.json()["ic_before"]
    for weights, status in (
        ({"momentum": 1.0}, 422),
        (dict.fromkeys(core, 0.0), 422),
        ({**core, "colour": 1.0}, 404),
    ):
        wrong = ask(f"{V1}/what-if", method="POST", json={"board": "ai-tech", "weights": weights})
        assert wrong.status_code == status and wrong.json()["detail"], weights
    negative = {"board": "ai-tech", "weights": {**core, "momentum": -1.0}}
    assert ask(f"{V1}/what-if", method="POST", json=negative).status_code == 422


def test_validation_cycles_and_the_health_of_the_data(ask: Ask) -> None:
    body = ask(f"{V1}/validation/ai-tech").json()
    assert {row["what"] for row in body["rows"]} >= {"score", "momentum"}
    assert {row["horizon"] for row in body["rows"]} == {1, 5, 21, 63}
    cycles = ask(f"{V1}/cycles").json()
    assert (cycles["count"], len(cycles["rows"])) == (3, 3)
    assert {row["status"] for row in cycles["rows"]} == {"published"}
    assert {row["metric_date"] for row in cycles["rows"]} == {str(on) for on in SESSIONS}
    assert ask(f"{V1}/cycles?status=failed").json()["rows"] == []
    findings = ask(f"{V1}/health/data").json()["findings"]
    assert all(f["level"] in ("ok", "warn", "bad") and f["what"] for f in findings)
    assert ask(f"{V1}/quarantine").json()["rows"] == []


def test_lists_come_as_csv_and_parquet_too(ask: Ask) -> None:
    rows = ask(BOARD).json()["rows"]
    text = ask(BOARD, headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    table = pl.read_csv(io.BytesIO(text.content))
    assert table["symbol"].to_list() == [row["symbol"] for row in rows]
    momentum = [row["factors"]["momentum"]["raw"] for row in rows]
    assert table["factors.momentum.raw"].to_list() == pytest.approx(momentum, abs=1e-15)
    packed = ask(BOARD, headers={"Accept": "application/vnd.apache.parquet, */*;q=0.1"})
    again = pl.read_parquet(io.BytesIO(packed.content))
    assert again["composite"].to_list() == [row["composite"] for row in rows]
    for accept in ("application/json, text/csv", "*/*", "text/html"):
        assert ask(BOARD, headers={"Accept": accept}).json()["rows"] == rows
    prices = ask(f"{V1}/symbols/NVDA/prices?limit=2", headers={"Accept": "text/csv"})
    assert pl.read_csv(io.BytesIO(prices.content))["date"].to_list() == [str(on) for on in SESSIONS[1:]]


def test_rows_have_the_fields_that_were_asked_for(ask: Ask) -> None:
    whole = ask(BOARD).json()
    some = ask(f"{BOARD}?fields=rank,symbol").json()
    assert some.pop("fields") == ["symbol", "rank"]  # in the rows' own order
    assert some == {**whole, "rows": [{k: row[k] for k in ("symbol", "rank")} for row in whole["rows"]]}
    wrong = ask(f"{BOARD}?fields=symbol,colour")
    assert (wrong.status_code, wrong.json()["where"]) == (422, "fields") and "rank" in wrong.json()["mend"]
    table = ask(f"{BOARD}?fields=symbol", headers={"Accept": "text/csv"})
    assert table.text.splitlines() == ["symbol", *(row["symbol"] for row in whole["rows"])]


def test_a_table_holds_no_formulas() -> None:
    rows = [
        {"symbol": "A", "name": "=1+1", "inside": {"deep": "@x", "n": -1.5}},
        {"symbol": "-B", "name": None},
    ]
    lines = write_table(rows, CSV).decode().splitlines()
    assert lines == ["symbol,name,inside.deep,inside.n", "A,'=1+1,'@x,-1.5", "'-B,,,"]


def test_a_table_keeps_exact_numbers_and_names_its_columns() -> None:
    rows = [
        {"amount": "-12.50", "rank": None, "left": [{"symbol": "A", "why": "b"}]},
        {"amount": "-=1", "rank": {"on": "B"}, "left": None},
    ]
    lines = write_table(rows, CSV).decode().splitlines()
    assert lines == ["amount,left,rank.on", '-12.50,"symbol=A, why=b",', "'-=1,,B"]
    assert write_table([], CSV, ["a", "b"]).decode() == "a,b\n"
