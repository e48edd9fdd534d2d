"""Entries of the watchlist as people change and remove them, beside the nights that check them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch, edit_watch, list_watches, remove_watch, show_watch
from pacesetter.jobs.night.check_watchlist import check_watches, store_watched
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName
from pacesetter.store.accounts.audit import check_chain, list_entries
from pacesetter.store.desk.watchlist import find_watches, open_watches
from pacesetter.store.tables.watchlist import watchlist_entries
from tests.agents.evidence_made import make_evidence
from tests.jobs.desk.watch_home import DESK, ON, at_home
from tests.jobs.home import count
from tests.jobs.night.test_desk_queue import end_night


def test_another_condition_starts_armed_again(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        watch_id = (
            await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)
        ).row.id
        async with ws.db.write() as conn:
            found = check_watches(await open_watches(conn), evidence, {}, DESK)
            assert await store_watched(conn, found) == 1
            await end_night(conn, ON, frozenset())
        (view,) = await list_watches(ws, status="fired")
        assert (view.row.times_triggered, view.row.to_validate, view.row.last_triggered_on) == (1, True, ON)
        view = await edit_watch(
            ws, watch_id, WatchTerms(thesis="other", hysteresis_pct=7, cool_down_days=1, expires_on="never")
        )
        assert (view.row.status, view.row.thesis, view.row.expiry_date) == ("fired", "other", None)
        assert (view.row.hysteresis_pct, view.row.cool_down_days, view.trial) == (7.0, 1, None)
        view = await edit_watch(
            ws, watch_id, WatchTerms(condition="price.close > 1.0"), evidence=evidence
        )  # the same
        assert view.row.status == "fired" and view.trial is None
        view = await edit_watch(ws, watch_id, WatchTerms(condition="rank.rank <= 2"), evidence=evidence)
        row = view.row
        assert (row.status, row.to_validate, row.times_triggered) == ("armed", False, 0)
        assert (row.last_triggered_on, row.details, row.checked_on) == (None, None, ON)
        assert (row.trigger_type, row.trigger_value) == ("rank", "2") and view.trial is not None
        async with ws.db.read() as conn:
            edits = await list_entries(conn, action="watch.edited")
            assert len(edits) == 2
            assert edits[0].data["before"]["condition"] == "price.close > 1"
            assert edits[0].data["after"]["condition"] == "rank.rank <= 2"
            assert (await check_chain(conn)).breaks == ()
            # the night of ON is done: that it holds shows in the next one
            assert check_watches(await find_watches(conn), evidence, {}, DESK)[0].change is None
            later = make_evidence(on=ON + timedelta(days=3))
            assert check_watches(await find_watches(conn), later, {}, DESK)[0].change == "fired"

    at_home(tmp_path, database_url, work)


def test_a_person_says_whether_the_thesis_holds(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        watch_id = (
            await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)
        ).row.id
        async with ws.db.write() as conn:
            await store_watched(conn, check_watches(await open_watches(conn), evidence, {}, DESK))
        view = await edit_watch(ws, watch_id, holds=True, reason="still cheap")
        assert (view.row.status, view.row.to_validate) == ("fired", False)
        assert view.row.details["validation"] == {"on": "2025-03-14", "holds": True, "reason": "still cheap"}
        view = await edit_watch(ws, watch_id, holds=False)
        assert view.row.status == "invalid"
        with pytest.raises(InputError, match="invalid already"):
            await edit_watch(ws, watch_id, holds=True)

    at_home(tmp_path, database_url, work)


def test_an_expired_one_comes_back_with_another_date(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        watch_id = (
            await add_watch(
                ws, "AAA", WatchTerms(condition="price.close > 1e6", expires_on=ON), evidence=evidence
            )
        ).row.id
        late = make_evidence(on=ON + timedelta(days=3))
        async with ws.db.write() as conn:
            (found,) = check_watches(await open_watches(conn), late, {}, DESK)
            await store_watched(conn, [found])
            await conn.execute(update(watchlist_entries).values(expiry_date=ON - timedelta(days=9)))
        assert found.change == "expired"
        with pytest.raises(BadDate, match="its last date was 2025-03-05"):
            await edit_watch(ws, watch_id, WatchTerms(condition="price.close > 2"), evidence=evidence)
        view = await edit_watch(ws, watch_id, WatchTerms(expires_on=ON + timedelta(days=30)))
        assert view.row.status == "armed"

    at_home(tmp_path, database_url, work)


def test_what_is_removed_is_kept_and_not_seen(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        watch_id = (
            await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)
        ).row.id
        async with ws.db.read() as conn:
            read = await open_watches(conn)
        await remove_watch(ws, watch_id)
        assert await list_watches(ws) == []
        async with ws.db.write() as conn:
            assert await open_watches(conn) == []
            assert (
                await store_watched(conn, check_watches(read, evidence, {}, DESK)) == 0
            )  # by a night under way
        assert await count(ws, "watchlist_entries", "deleted_at IS NOT NULL AND status = 'armed'") == 1
        for work_ in (remove_watch, show_watch, edit_watch):
            with pytest.raises(UnknownName, match="there is no entry of the watchlist"):
                await work_(ws, watch_id)
        async with ws.db.read() as conn:
            assert [e.action for e in await list_entries(conn, action="watch")] == [
                "watch.removed",
                "watch.added",
            ]

    at_home(tmp_path, database_url, work)


def test_a_night_does_not_write_over_what_a_person_changed_meanwhile(
    tmp_path: Path, database_url: str
) -> None:
    async def work(ws: Workspace) -> None:
        evidence = make_evidence()
        one = (await add_watch(ws, "AAA", WatchTerms(condition="price.close > 1"), evidence=evidence)).row.id
        await add_watch(ws, "BBB", WatchTerms(condition="price.close > 1"), evidence=evidence)
        async with ws.db.read() as conn:
            found = check_watches(await find_watches(conn), evidence, {}, DESK)
        await edit_watch(ws, one, WatchTerms(condition="price.close > 1e6"), evidence=evidence)
        async with ws.db.write() as conn:
            assert await store_watched(conn, found) == 1
            apart = {row.symbol: row.status for row in await find_watches(conn)}
        assert apart == {"AAA": "armed", "BBB": "fired"}

    at_home(tmp_path, database_url, work)
