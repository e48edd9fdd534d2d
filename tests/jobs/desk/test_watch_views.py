"""The watchlist as it is listed, shown and named: to whom, and with what is to know of a symbol."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.desk.name_watch import name_watch
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch, edit_watch, list_watches, remove_watch, show_watch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.research.watch import History
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.desk.watchlist import watchlist
from pacesetter.store.tables.symbol import symbol_aliases, symbol_universe
from tests.agents.evidence_made import make_evidence
from tests.jobs.desk.watch_home import AT, ON, at_home, prepare
from tests.jobs.home import with_home


def test_one_s_own_is_nobody_else_s(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        ann, bob = [(await create_user(ws, name, "owner")).id for name in ("ann", "bob")]
        mine = (
            await add_watch(
                ws, "AAA", WatchTerms(condition="price.close > 1"), user_id=ann, evidence=evidence
            )
        ).row.id
        shared = (
            await add_watch(ws, "BBB", WatchTerms(condition="price.close > 1"), evidence=evidence)
        ).row.id
        assert [v.row.id for v in await list_watches(ws, user_id=ann)] == [mine, shared]
        assert [v.row.id for v in await list_watches(ws, user_id=bob)] == [shared]
        assert len(await list_watches(ws)) == 2
        assert [v.row.id for v in await list_watches(ws, symbol="bbb")] == [shared]
        for work_ in (show_watch, edit_watch, remove_watch):
            with pytest.raises(UnknownName, match="there is no entry"):
                await work_(ws, mine, user_id=bob)
        await edit_watch(ws, shared, WatchTerms(thesis="ours"), user_id=bob)
        async with ws.db.read() as conn:
            assert (await list_entries(conn, action="watch.edited"))[0].user_id == bob
        with pytest.raises(UnknownName, match="did you mean armed"):
            await list_watches(ws, status="arme")

    at_home(tmp_path, database_url, work)


def test_symbols_that_changed_their_name_or_are_gone(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        for symbol in ("AAA", "BBB", "CCC"):
            await add_watch(ws, symbol, WatchTerms(condition="price.close > 1e6"), evidence=evidence)
        async with ws.db.write() as conn:
            of = symbol_universe.c.symbol
            alias = {"alias": "BBB", "valid_from": ON, "symbol": "AAA"}
            await conn.execute(insert(symbol_aliases).values(alias))
            old = {"is_active": False, "last_price_date": date(2025, 2, 3)}
            await conn.execute(update(symbol_universe).where(of == "CCC").values(old))
            await conn.execute(insert(symbol_aliases).values({**alias, "alias": "OLD"}))
        said = {view.row.symbol: view.said for view in await list_watches(ws)}
        assert said == {
            "AAA": (),
            "BBB": ("BBB is called AAA now: watch that",),
            "CCC": ("CCC is delisted, or followed no more", "CCC has no price after 2025-02-03"),
        }
        view = await add_watch(ws, "old", WatchTerms(condition="price.close < 1"), evidence=evidence)
        assert view.row.symbol == "AAA" and view.said == ("OLD is called AAA now",)
        bare = make_evidence(symbols=["AAA"], recall=lambda _: History([], {}))
        gone = await add_watch(ws, "CCC", WatchTerms(condition="rank.rank < 1"), evidence=bare)
        assert gone.trial is not None and gone.trial.in_words() == "there is no history to try it on"

    at_home(tmp_path, database_url, work)


def test_one_is_named_by_its_symbol(tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await prepare(ws)
        evidence = make_evidence()
        with pytest.raises(InputError, match="AAA is not on the watchlist"):
            await name_watch(ws, "AAA")
        one = (await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)).row.id
        assert await name_watch(ws, "aaa") == await name_watch(ws, str(one)) == one
        await add_watch(ws, "AAA", WatchTerms(condition="price.close > 2"), evidence=evidence)
        with pytest.raises(InputError, match=rf"AAA has 2 entries.*{one}"):
            await name_watch(ws, "AAA")
        with pytest.raises(UnknownName):
            await show_watch(ws, new_id())

    with_home(tmp_path, work, at=AT)


def test_an_entry_that_cannot_be_read_is_shown_all_the_same(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        one = (await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)).row.id
        async with ws.db.write() as conn:
            await watchlist.change(conn, one, condition={"fact": "price.close"})
        view = await show_watch(ws, one, evidence=evidence)
        assert "cannot be read" in view.said[0] and view.text == "{'fact': 'price.close'}"
        assert (await list_watches(ws))[0].text == view.text

    at_home(tmp_path, database_url, work)
