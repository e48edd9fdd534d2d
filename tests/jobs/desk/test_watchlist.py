"""What people put on the watchlist: with what is said, refused and written down."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch, edit_watch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.symbols.symbols import stock_ids
from tests.agents.evidence_made import make_evidence
from tests.jobs.desk.watch_home import AT, ON, at_home, prepare
from tests.jobs.home import count, with_home


def test_what_is_added(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence(before={"AAA": {"price.close": 99.0}})
        view = await add_watch(
            ws,
            "aaa",
            WatchTerms(condition="price.close >= 100 and rank.rank <= 3", thesis=" cheap "),
            evidence=evidence,
        )
        row = view.row
        assert (row.symbol, row.status, row.thesis, row.user_id) == ("AAA", "armed", "cheap", None)
        assert (row.trigger_type, row.trigger_value) == ("composed", None)
        assert (row.hysteresis_pct, row.cool_down_days) == (2.0, 5)  # as the desk says
        assert row.expiry_date == date(2025, 9, 10)  # 180 days on
        assert view.text == "price.close >= 100 and rank.rank <= 3" and view.said == ()
        assert view.trial is not None and view.trial.firings.fired_on == (ON,)
        async with ws.db.read() as conn:
            assert row.stock_id == (await stock_ids(conn, ["AAA"]))["AAA"]
            (entry,) = await list_entries(conn, action="watch.added")
            assert entry.data["symbol"] == "AAA" and entry.data["condition"] == view.text
            assert entry.data["until"] == "2025-09-10" and entry.timestamp == AT
        simple = await add_watch(
            ws,
            "DDD",
            WatchTerms(
                trigger_type="price",
                trigger_value="< 180",
                expires_on="never",
                hysteresis_pct=0,
                cool_down_days=0,
            ),
            evidence=evidence,
        )
        assert (simple.row.trigger_type, simple.row.trigger_value) == ("price", "< 180")
        assert simple.row.condition == {"fact": "price.close", "op": "<", "value": 180.0}
        assert (simple.row.expiry_date, simple.row.stock_id) == (None, None)
        assert simple.trial is not None and simple.trial.firings.n == 0
        given = {"and": [{"fact": "event.insider"}, {"fact": "price.close", "op": ">", "value": 1}]}
        event = await add_watch(ws, "BBB", WatchTerms(condition=given, expires_on=ON), evidence=evidence)
        assert event.text == "event.insider and price.close > 1"

    at_home(tmp_path, database_url, work)


def test_what_has_no_history_is_said(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        view = await add_watch(
            ws, "AAA", WatchTerms(condition="event.earnings_surprise_pct > 5"), evidence=evidence
        )
        assert view.trial is not None and view.trial.firings.n == 0
        assert "there is no history of event.earnings_surprise_pct" in view.trial.in_words()
        view = await add_watch(
            ws, "AAA", WatchTerms(condition="price.close > 5"), evidence=make_evidence(recall=None)
        )
        assert view.trial is not None and view.trial.in_words() == "there is no history to try it on"
        view = await add_watch(
            ws, "AAA", WatchTerms(condition="price.close > 6")
        )  # no ranks yet: it is watched all the same
        assert (
            view.trial is not None
            and "no history to try it on; there are no final ranks" in view.trial.in_words()
        )

    at_home(tmp_path, database_url, work)


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"condition": "price.clsoe < 1"}, UnknownName, "price.close"),
        ({"condition": {"fact": "rank.rnk", "op": "<", "value": 1}}, UnknownName, "rank.rank"),
        ({"condition": "price.close < "}, InputError, "character 15"),
        ({"condition": {"and": []}}, InputError, "condition.and"),
        ({"condition": "event.news", "trigger_type": "event"}, InputError, "exclude each other"),
        ({"trigger_type": "price"}, InputError, "there is no condition"),
        ({}, InputError, "there is no condition"),
        ({"condition": "event.news", "expires_on": date(2025, 3, 13)}, BadDate, "2025-03-13 is over"),
        ({"condition": "event.news", "hysteresis_pct": -1}, InputError, "hysteresis_pct"),
        ({"condition": "event.news", "hysteresis_pct": float("nan")}, InputError, "hysteresis_pct"),
        ({"condition": "event.news", "cool_down_days": 1.5}, InputError, "whole number"),
        ({"condition": "event.news", "cool_down_days": 10**9}, InputError, "cool_down_days"),
        ({"condition": "event.news", "thesis": "x" * 4001}, InputError, "4001 characters"),
    ],
)
def test_what_is_refused_leaves_nothing(tmp_path: Path, given: Any, kind: type[Exception], said: str) -> None:
    async def work(ws: Workspace) -> None:
        await prepare(ws)
        with pytest.raises(kind, match=said):
            await add_watch(ws, "AAA", WatchTerms(**given), evidence=make_evidence())
        with pytest.raises(UnknownName, match="AAA"):
            await add_watch(ws, "AAAA", WatchTerms(condition="event.news"), evidence=make_evidence())
        assert await count(ws, "watchlist_entries") == await count(ws, "audit_log") == 0

    with_home(tmp_path, work, at=AT)


def test_the_same_is_not_watched_twice(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        user = await create_user(ws, "ann", "owner")
        evidence = make_evidence()
        first = await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)
        with pytest.raises(InputError, match=rf"AAA is watched for price.close > 1 already .*{first.row.id}"):
            await add_watch(
                ws, "AAA", WatchTerms(trigger_type="price", trigger_value="> 1"), evidence=evidence
            )
        await add_watch(
            ws, "AAA", WatchTerms(condition="price.close > 1"), user_id=user.id, evidence=evidence
        )
        await edit_watch(ws, first.row.id, holds=False, reason="bought")
        await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)
        other = await add_watch(ws, "AAA", WatchTerms(condition="price.close > 2"), evidence=evidence)
        with pytest.raises(InputError, match="already"):  # nor by bringing the first one back
            await edit_watch(ws, other.row.id, WatchTerms(condition="price.close > 1"), evidence=evidence)

    at_home(tmp_path, database_url, work)
