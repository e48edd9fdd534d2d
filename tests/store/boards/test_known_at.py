"""A panel and memberships as they were known at each data revision, whatever came later."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from sqlalchemy import text

from pacesetter.kernel.ids import new_id
from pacesetter.market.panel import Panel
from pacesetter.store.bars.fundamentals import upsert_fundamentals
from pacesetter.store.boards.memberships import add_members, end_members, membership
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.revisions import new_revision, newest_revision, revision_at
from pacesetter.store.import_undo import undo_import
from tests.store.bars.panel_check import SESSIONS, fill, load
from tests.store.made import NOW, add_symbols, bar, bars, bring, write


def same(one: Panel, other: Panel) -> bool:
    """Whether two panels hold the same bytes."""
    names = ("offsets", "date", "open", "high", "low", "close", "volume", "growth", "final")
    alike = all(getattr(one, n).tobytes() == getattr(other, n).tobytes() for n in names)
    facts = [p.facts for p in (one, other) if p.facts is not None]
    known = (
        all(facts[0].values[m].tobytes() == facts[1].values[m].tobytes() for m in facts[0].values)
        and facts[0].known_on.tolist() == facts[1].known_on.tolist()
    )
    return alike and known and one.symbols == other.symbols


async def change_at_random(db: Database, rng: np.random.Generator, step: int) -> None:
    """A correction of some bars, new bars, a dividend, a fact."""
    async with db.write() as conn:
        days = [SESSIONS[i] for i in rng.choice(len(SESSIONS), 5, replace=False)]
        days.append(SESSIONS[-1] + timedelta(days=step + 1))
        symbol = ["AAA", "B-B", "ZZZ", "SPY"][int(rng.integers(4))]
        _, revision = await write(conn, bars([bar(symbol, on, float(rng.lognormal())) for on in days]))
        fact = {"symbol": ["AAA"], "eps": [float(rng.normal())], "known_on": [SESSIONS[3]]}
        await upsert_fundamentals(
            conn, pl.DataFrame(fact), known_on=None, revision=revision, fetched_at=NOW, source="t"
        )


def test_a_panel_at_a_revision_is_what_was_loaded_then(with_database, rng, tmp_path: Path) -> None:
    home = Home(tmp_path)
    until = [*SESSIONS, SESSIONS[-1] + timedelta(days=30)]

    async def work(db: Database) -> None:
        await fill(db, rng)
        then: dict[int, Panel] = {}

        async def remember() -> None:
            panel = await load(db, home, until)
            then[panel.revision] = panel

        await remember()
        for step in range(4):
            await change_at_random(db, rng, step)
            await remember()
        async with db.write() as conn:
            await add_symbols(conn, ["NEW"], basis="raw")
            made = [bar("NEW", on, 5.0) for on in SESSIONS[:3]] + [bar("AAA", SESSIONS[0], 7.0)]
            import_id = await bring(conn, bars(made))
        await remember()
        async with db.write() as conn:
            await undo_import(conn, import_id, NOW)
        await remember()
        assert len(then) >= 6
        for revision, panel in then.items():
            assert same(await load(db, home, until, at=revision), panel), revision
            assert (await load(db, home, until, at=revision)).revision == revision
        first, last = min(then), max(then)
        assert not same(then[first], then[last])

    with_database(work)


def test_before_the_first_revision_there_is_nothing(with_database, rng, tmp_path: Path) -> None:
    async def work(db: Database) -> None:
        await fill(db, rng)
        panel = await load(db, Home(tmp_path), at=0)
        assert panel.symbols == () and panel.revision == 0

    with_database(work)


def test_the_revision_of_an_instant(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            made = [await new_revision(conn, "fetch", NOW + timedelta(hours=h)) for h in range(3)]
            assert await revision_at(conn, NOW - timedelta(seconds=1)) == 0
            assert await revision_at(conn, NOW + timedelta(minutes=90)) == made[1]
            assert await revision_at(conn, NOW + timedelta(days=1)) == made[2] == await newest_revision(conn)

    with_database(work)


def test_memberships_as_they_were_known(with_database) -> None:
    d1, d2, d3 = date(2025, 1, 2), date(2025, 2, 3), date(2025, 3, 3)

    async def work(db: Database) -> None:
        domain = new_id()
        async with db.write() as conn:
            await add_symbols(conn, ["AAA", "BBB"])
            sql = text("INSERT INTO domains (id, name, slug) VALUES (:id, 'One', 'one')")
            await conn.execute(sql, {"id": domain.bytes if db.dialect == "sqlite" else domain})
            r1 = await new_revision(conn, "repair", NOW)
            assert await add_members(conn, domain, ["AAA", "BBB"], since=d2, revision=r1) == ["AAA", "BBB"]
            assert await add_members(conn, domain, ["AAA"], since=d3, revision=r1) == []
        async with db.write() as conn:
            r2 = await new_revision(conn, "repair", NOW)
            assert await end_members(conn, domain, ["BBB"], on=d3, revision=r2) == ["BBB"]
            assert await add_members(conn, domain, ["AAA"], since=d1, revision=r2) == ["AAA"]
        async with db.read() as conn:

            async def at(revision: int | None) -> list[tuple[str, date, date | None]]:
                return [(m.symbol, m.valid_from, m.valid_to) for m in await membership(conn, revision)]

            assert await at(0) == []
            assert await at(r1) == [("AAA", d2, None), ("BBB", d2, None)]
            assert await at(r2) == await at(None) == [("AAA", d1, None), ("BBB", d2, d3)]

    with_database(work)
