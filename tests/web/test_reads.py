"""Published sessions, factors in words, sparklines, and reasons in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
import pytest
from sqlalchemy import text

from pacesetter.factors.base import REASONS, factors_of
from pacesetter.jobs.boards.board_view import BoardRow, FactorView
from pacesetter.jobs.boards.sparklines import MOST, adjust, read_sparklines
from pacesetter.jobs.words import WORDS, held_bar_in_words, in_words
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import day_number, sessions_between
from pacesetter.ranking.boards import UNRANKED
from pacesetter.settings import Settings
from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import new_revision
from pacesetter.web.paging import write_cursor
from pacesetter.web.routes.quarantine import HeldItem, held_item
from pacesetter.web.routes.rankings import row_item
from tests.conftest import run
from tests.homes import EVENING, SESSIONS
from tests.web.conftest import Ask

V1 = "/api/v1"


def within(settings: Settings, work: Any) -> Any:
    """Run ``work`` with a workspace."""

    async def main() -> Any:
        async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
            return await work(ws)

    return run(main())


def test_sessions_come_newest_first_and_in_pages(ask: Ask) -> None:
    whole = ask(f"{V1}/sessions").json()
    newest = [str(on) for on in reversed(SESSIONS)]
    assert [row["on"] for row in whole["rows"]] == newest and whole["as_of"] == newest[0]
    assert all(row["boards"] == 12 and row["provisional"] is False for row in whole["rows"])
    assert (whole["count"], whole["next"]) == (3, None)
    first = ask(f"{V1}/sessions?limit=2").json()
    rest = ask(f"{V1}/sessions", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["on"] for row in first["rows"] + rest["rows"]] == newest and rest["next"] is None
    assert rest["as_of"] == newest[0] and rest["count"] == 3
    own = ask(f"{V1}/sessions?board=AI/Tech").json()
    assert [row["on"] for row in own["rows"]] == newest and own["rows"][0]["boards"] == 1
    assert ask(f"{V1}/sessions?board=nobody").status_code == 404
    for cursor in ("WzFd", "WyJ5ZXN0ZXJkYXkiXQ", "WzEsMl0"):  # [1], ["yesterday"], [1,2]
        assert ask(f"{V1}/sessions?cursor={cursor}").json()["where"] == "cursor"


def test_every_factor_says_what_it_is(ask: Ask) -> None:
    rows = ask(f"{V1}/factors").json()["rows"]
    assert [row["name"] for row in rows] == [one.name for one in factors_of("bars")]
    for row in rows:
        assert row["label"] and row["unit"] and row["formula"] and row["needs"]
        assert row["about"].endswith(".") and 20 < len(row["about"]) <= 110
        assert 1 <= row["min_observations"] <= row["window"]
    told = {row["name"]: row for row in rows}
    volume = told["volume_change"]
    assert (volume["window"], volume["min_observations"], volume["higher_is_better"]) == (127, 126, True)
    assert "2001" in volume["source"] and volume["formula"].startswith("ln(mean volume of 21")
    assert volume["used_by"] == [
        {"method": "core", "name": "volume_change", "weight": 0.1, "relative_to": None}
    ]
    week = {(use["name"], use["relative_to"]) for use in told["return_5d"]["used_by"]}
    assert week == {("momentum", None), ("relative_strength", "board_median")}
    weights: dict[str, float] = {}
    for row in rows:
        for use in row["used_by"]:
            weights[use["method"]] = weights.get(use["method"], 0.0) + use["weight"]
    assert weights == {"core": pytest.approx(1), "classic": pytest.approx(1)}


def test_sparklines_are_the_members_last_closes(ask: Ask) -> None:
    board = ask(f"{V1}/rankings/ai-tech").json()
    body = ask(f"{V1}/sparklines/ai-tech?points=5").json()
    assert [row["symbol"] for row in body["rows"]] == [row["symbol"] for row in board["rows"]]
    assert (body["board"], body["slug"], body["count"], body["measure"]) == (
        "AI/Tech",
        "ai-tech",
        5,
        "adj_close",
    )
    days = [str(on) for on in sessions_between("XNYS", dt.date(2025, 7, 18), SESSIONS[-1])]
    assert body["sessions"] == days and len(days) == 5
    for row in body["rows"]:
        prices = ask(f"{V1}/symbols/{row['symbol']}/prices?limit=5").json()["rows"]
        assert row["values"] == [float(f"{bar['close']:.7g}") for bar in prices]  # no dividend among them
    some = ask(f"{V1}/sparklines/AI/Tech?points=2&symbols=amd, NVDA,XOM&on={SESSIONS[0]}").json()
    assert sorted(row["symbol"] for row in some["rows"]) == ["AMD", "NVDA"]  # XOM is on another board
    assert some["sessions"][-1] == some["as_of"] == str(SESSIONS[0])
    assert all(len(row["values"]) == 2 for row in some["rows"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nobody", 404),
        ("ev?on=2025-07-26", 422),
        ("ev?on=2031-01-02", 422),
        ("ev?points=1", 422),
        ("ev?points=67", 422),
    ],
)
def test_sparklines_refuse_what_is_not_there(ask: Ask, path: str, status: int) -> None:
    assert ask(f"{V1}/sparklines/{path}").status_code == status


def test_sparklines_move_as_the_panel_that_is_ranked(ranked: Settings) -> None:
    """Ratios between sessions are the panel's own growth, which factors are computed from."""

    async def work(ws: Workspace) -> int:
        panel = await load_panel(
            ws.db, ws.home, sessions=[SESSIONS[-1]], calendar="XNYS", asset_types=["equity"]
        )
        found = await read_sparklines(ws, "energy", points=66)
        for symbol, values in found.closes.items():
            s = panel.symbols.index(symbol)
            own = slice(panel.offsets[s], panel.offsets[s + 1])
            seen = panel.date[own] >= day_number(found.sessions[0])
            traded = [value for value in values if value is not None]
            line, growth = np.array(traded), panel.growth[own][seen]
            assert len(line) == seen.sum() >= 60
            assert line[1:] / line[:-1] == pytest.approx(growth[1:], rel=1e-6)
            assert line[-1] == float(f"{panel.close[panel.offsets[s + 1] - 1]:.7g}")
        return len(found.closes)

    assert within(ranked, work) == 4


def test_splits_and_dividends_are_no_jumps_and_gaps_are_null() -> None:
    days = [dt.date(2025, 7, day) for day in (21, 22, 23, 24)]
    bars = pl.DataFrame(
        [
            ("A", days[0], 100.0, None),
            ("A", days[1], 50.0, None),  # 2:1
            ("A", days[3], 49.0, None),  # after a dividend of 1; no bar on the 23rd
            ("B", dt.date(2025, 7, 20), 7.0, 7.0),  # a day on which the calendar is closed
            ("B", days[3], 8.0, 8.0),
        ],
        schema={"symbol": pl.String, "date": pl.Date, "close": pl.Float64, "adj_close": pl.Float64},
        orient="row",
    )
    actions = pl.DataFrame(
        {
            "symbol": ["A", "A"],
            "ex_on": [days[1], days[3]],
            "kind": ["split", "dividend"],
            "value": [2.0, 1.0],
        }
    )
    lines = adjust(bars, {"A": "raw"}, actions, days)
    assert lines["A"] == [49.0, 49.0, None, 49.0]
    assert lines["B"] == [None, None, None, 8.0]
    assert adjust(bars.clear(), {}, actions, days) == {}


def test_a_large_board_is_cut(ranked: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pacesetter.jobs.boards.sparklines.MOST", 2)
    assert MOST == 1000

    async def work(ws: Workspace) -> tuple[int, int, int]:
        every = await read_sparklines(ws, "energy", points=2)
        rest = await read_sparklines(ws, "energy", points=2, symbols=["XOM"])
        return every.count, len(every.closes), len(rest.closes)

    assert within(ranked, work) == (4, 2, 1)


def test_only_the_actions_of_the_shown_days_are_read(
    sqlite_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board is shown as it was; what its members paid in other years stays where it is."""
    read: list[int] = []

    def counted(bars: Any, basis: Any, actions: pl.DataFrame, sessions: Any) -> Any:
        read.append(actions.height)
        return adjust(bars, basis, actions, sessions)

    async def frames(conn: Any, query: Any, schema: Any) -> pl.DataFrame:
        frame = await read_frame(conn, query, schema)
        read.append(frame.height)
        return frame

    monkeypatch.setattr("pacesetter.jobs.boards.sparklines.adjust", counted)
    monkeypatch.setattr("pacesetter.store.bars.actions.read_frame", frames)

    async def work(ws: Workspace) -> None:
        plain = await read_sparklines(ws, "energy", points=5)
        paid = [SESSIONS[0] - dt.timedelta(days=90 * i + 30) for i in range(100)] + [SESSIONS[-1]]
        rows = [(symbol, on, "dividend", 0.25, "USD") for symbol in plain.closes for on in paid]
        frame = pl.DataFrame(rows, schema=["symbol", "ex_on", "kind", "value", "currency"], orient="row")
        async with ws.db.write() as conn:
            await conn.execute(text("UPDATE symbol_universe SET basis = 'split'"))
            revision = await new_revision(conn, "fetch", EVENING)
            await upsert_actions(conn, frame, source="t", revision=revision, known_at=EVENING)
        read.clear()
        after = await read_sparklines(ws, "energy", points=5)
        # of each member the dividend in these days, and its first
        assert read == [2 * len(plain.closes)] * 2
        for symbol, (*_, before, newest) in after.closes.items():
            traded = plain.closes[symbol][-2]
            assert traded and newest and before == pytest.approx(traded * newest / (newest + 0.25), rel=1e-6)

    within(sqlite_home, work)


def test_the_chosen_symbols_are_looked_at_once(ranked: Settings) -> None:
    class Chosen(list[str]):
        looks = 0

        def __iter__(self) -> Iterator[str]:
            self.looks += 1
            return super().__iter__()

    chosen = Chosen(["XOM", "NVDA"])
    found = within(ranked, lambda ws: read_sparklines(ws, "energy", points=2, symbols=chosen))
    assert list(found.closes) == ["XOM"] and chosen.looks == 1


@pytest.mark.parametrize("sort", ["score", "-score", "composite", "-coverage"])
def test_a_made_up_cursor_is_answered(ask: Ask, sort: str) -> None:
    for value in (-(2**63), 2**64 - 1):
        cursor = write_cursor((False, value, "A"))
        reply = ask(f"{V1}/rankings/ai-tech?sort={sort}&cursor={cursor}")
        assert reply.status_code == 200, reply.text
        assert len(reply.json()["rows"]) in (0, 5)


def test_every_code_has_words() -> None:
    for code in (*REASONS, *UNRANKED, "no_full_month", "too_few", "no_jump"):
        assert not code or code in WORDS, code
    assert in_words(None) == ""
    held = Path("src/pacesetter/market/suspicion.py").read_text()
    assert "split_like" in held and "large_move" in held
    for code in ("stale", "unit_jump_10", "unit_jump_100", "split_like", "large_move", "level_shift"):
        assert "_" not in held_bar_in_words(code)
    assert held_bar_in_words("stale") != in_words("stale")


def test_reasons_come_with_words(ask: Ask) -> None:
    symbol = ask(f"{V1}/symbols/NVDA").json()
    history = ask(f"{V1}/history/NVDA").json()
    change = ask(f"{V1}/changes/NVDA?board=ai-tech&from={SESSIONS[0]}&to={SESSIONS[2]}").json()
    coded = [
        (symbol["long_term"], "reason", "because"),
        (history["boards"][0], "reason", "because"),
        (history["rows"][0], "unranked_reason", "unranked_because"),
        (change["base_rate"] or {"reason": "", "because": None}, "reason", "because"),
    ]
    for body, code, words in coded:
        assert body[words] == (in_words(body[code]) or None)
    assert history["boards"][0]["because"] == "fewer than 7 published dates by this method"
    assert ask(f"{V1}/rankings/ev").json()["scope_words"] in ("all equities", "this board only")
    assert symbol["boards"][0]["scope_words"] in ("all equities", "this board only")


def test_a_missing_value_says_why() -> None:
    row = BoardRow("A", None, None, None, None, 0.4, unranked_reason="low_coverage")
    row = replace(row, factors={"momentum": FactorView(None, None, 0.3, None, "too_few_bars")})
    item = row_item(row)
    assert item.unranked_because == "too few factors have a value"
    assert item.factors["momentum"].missing_because == "too few prices for the window"
    stored = dict.fromkeys(name for name in HeldItem.model_fields if name != "because")
    held = SimpleNamespace(**{**stored, "reason": "stale"})
    held.id, held.symbol, held.date = UUID(int=1), "A", SESSIONS[0]
    held.data_source, held.fetched_at = "files", EVENING
    assert held_item(held).because == "the same prices again and again"
