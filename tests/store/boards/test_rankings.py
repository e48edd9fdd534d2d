"""Publishing: append-only versions, heads, and previous ranks in any order of publishing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from pacesetter.kernel.errors import LeaseLost
from pacesetter.store.boards.boards import (
    find_head,
    newest_published_date,
    read_board,
    read_day,
)
from pacesetter.store.boards.evidence import read_stats, read_values
from pacesetter.store.boards.histories import read_board_history
from pacesetter.store.boards.rankings import PublishCounts, publish
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.ranking import board_heads, factor_values, ranking_results
from tests.store.boards.published import AT, D, House

Run = Callable[[Callable[[Database], Any]], Any]
Ranks = Sequence[int | None]
Line = tuple[int | None, int | None, date | None, int | None]


async def put(
    db: Database,
    house: House,
    rows: Sequence[tuple[int, date, Ranks]],
    *,
    provisional: bool = False,
    claim: Any = None,
) -> PublishCounts:
    """Publish in a transaction of its own, under a cycle of its own unless one is given."""
    async with db.write() as conn:
        own = claim or await house.claim(conn, rows[0][1])
        return await publish(
            conn, own, house.publication(rows), at=AT, provisional=provisional, close=claim is None
        )


async def lines(db: Database, house: House, board: int, on: date) -> dict[str, Line]:
    """A board as read: symbol → rank, previous rank, previous date, change."""
    async with db.read() as conn:
        rows = await read_board(conn, await find_head(conn, house.boards[board], on))
    return {r.symbol: (r.current_rank, r.previous_rank, r.previous_on, r.rank_change) for r in rows}


async def built(db: Database) -> House:
    async with db.write() as conn:
        return await House().build(conn)


def test_previous_ranks_and_changes(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        assert await put(db, house, [(0, D[0], [1, 2, 3, None])]) == PublishCounts(4, 4, 1)
        await put(db, house, [(0, D[2], [3, 2, None, 1])])
        assert await lines(db, house, 0, D[2]) == {
            "AAA": (3, 1, D[0], -2),
            "BBB": (2, 2, D[0], 0),
            "CCC": (None, 3, D[0], None),
            "DDD": (1, None, D[0], None),
        }
        between = await put(db, house, [(0, D[1], [2, 1, 3, 4])])
        assert between == PublishCounts(4, 8, 2), "the later date got a version of its own"
        assert (await lines(db, house, 0, D[2]))["AAA"] == (3, 2, D[1], -1)
        assert (await lines(db, house, 0, D[1]))["AAA"] == (2, 1, D[0], -1)
        assert (await lines(db, house, 0, D[0]))["AAA"] == (1, None, None, None)

    with_database(work)


def test_equal_content_writes_nothing(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        rows = [(b, on, [1, 2, 3, None]) for b in (0, 1) for on in D[:3]]
        assert (await put(db, house, rows)).changed == 6
        assert await put(db, house, rows) == PublishCounts(24, 0, 0)
        changed = await put(db, house, [(1, D[1], [1, 2, None, 3])])
        assert changed == PublishCounts(4, 8, 2)
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM ranking_results")) == 24 + 8
            cycles = (await conn.execute(select(factor_values.c.cycle_id).distinct())).all()
            assert len(cycles) == 2, "the equal run left no values"

    with_database(work)


def test_a_provisional_date_is_no_ones_previous_until_it_is_final(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        await put(db, house, [(0, D[0], [1, 2, 3, 4])])
        await put(db, house, [(0, D[1], [2, 1, 3, 4])], provisional=True)
        await put(db, house, [(0, D[2], [4, 1, 2, 3])])
        assert (await lines(db, house, 0, D[2]))["AAA"] == (4, 1, D[0], -3)
        # the same ranks, final now: a new version, and the later date refers to it
        assert await put(db, house, [(0, D[1], [2, 1, 3, 4])]) == PublishCounts(4, 8, 2)
        assert (await lines(db, house, 0, D[2]))["AAA"] == (4, 2, D[1], -2)
        # a late provisional run takes nothing back
        assert (await put(db, house, [(0, D[1], [3, 1, 2, 4])], provisional=True)).changed == 0
        assert (await lines(db, house, 0, D[1]))["AAA"] == (2, 1, D[0], -1)
        async with db.read() as conn:
            head = await find_head(conn, house.boards[0], D[1])
        assert head is not None
        assert not head.is_provisional

    with_database(work)


def test_a_provisional_later_date_stays_provisional_when_it_gets_a_new_previous(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        await put(db, house, [(0, D[2], [1, 2, 3, 4])], provisional=True)
        await put(db, house, [(0, D[1], [2, 1, 3, 4])])
        assert (await lines(db, house, 0, D[2]))["AAA"] == (1, 2, D[1], 1)
        async with db.read() as conn:
            head = await find_head(conn, house.boards[0], D[2])
        assert head is not None
        assert head.is_provisional

    with_database(work)


def test_evidence_stays_with_the_rows_it_explains(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        async with db.write() as conn:
            old = await house.claim(conn)  # a long backfill: begins first, ends last
        await put(db, house, [(0, D[2], [1, 2, 3, 4])])
        async with db.read() as conn:
            before = await find_head(conn, house.boards[0], D[2])
        await put(db, house, [(0, D[1], [2, 1, 3, 4])], claim=old)
        async with db.read() as conn:
            head = await find_head(conn, house.boards[0], D[2])
            assert head is not None and before is not None
            assert head.cycle_id == old.cycle_id < before.cycle_id
            values = await read_values(conn, head.cycle_id, D[2])
            assert len(values) == 8
            assert values["AAA", "momentum"].raw == 0.1 * house.factors[0]
            stats = await read_stats(conn, head.cycle_id, house.method, D[2])
            assert stats["universe:equity", "momentum"].scale == 0.2

    with_database(work)


def test_chunks_of_one_cycle_may_touch_the_same_date_again(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        await put(db, house, [(0, D[2], [1, 2, 3, 4])])
        async with db.write() as conn:
            claim = await house.claim(conn)
        await put(db, house, [(0, D[0], [1, 2, 3, 4]), (0, D[1], [2, 1, 3, 4])], claim=claim)
        await put(db, house, [(0, D[2], [4, 3, 2, 1])], claim=claim)
        await put(db, house, [(1, D[2], [4, 3, 2, 1])], claim=claim)  # its values are there already
        assert (await lines(db, house, 0, D[2]))["AAA"] == (4, 2, D[1], -2)
        async with db.read() as conn:
            head = await find_head(conn, house.boards[0], D[2])
            assert head is not None
            assert head.cycle_id != claim.cycle_id
            assert len(await read_values(conn, head.cycle_id, D[2])) == 8

    with_database(work)


def test_a_lost_claim_publishes_nothing(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        async with db.write() as conn:
            claim = await house.claim(conn)
            await conn.execute(text("UPDATE cycles SET fence = fence + 1"))
        with pytest.raises(LeaseLost):
            async with db.write() as conn:
                await publish(conn, claim, house.publication([(0, D[0], [1, 2, 3, 4])]), at=AT)
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM ranking_results")) == 0
            assert await conn.scalar(text("SELECT count(*) FROM factor_values")) == 0

    with_database(work)


def test_two_publishers_at_once(with_database: Run) -> None:
    """Neither sees the other's date until it is committed: they have to queue."""

    async def work(db: Database) -> None:
        house = await built(db)
        await asyncio.gather(*(put(db, house, [(0, on, [i + 1, None, 5, 6])]) for i, on in enumerate(D)))
        for i, on in enumerate(D):
            was, before = (i, D[i - 1]) if i else (None, None)
            change = -1 if i else None
            assert (await lines(db, house, 0, on))["AAA"] == (i + 1, was, before, change)

    with_database(work)


def test_reads(with_database: Run) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        await put(db, house, [(b, on, [2, None, 1, 2]) for b in (0, 1) for on in D[:2]])
        async with db.read() as conn:
            assert await newest_published_date(conn) == D[1]
            assert await newest_published_date(conn, house.boards[0], D[0]) == D[0]
            assert await newest_published_date(conn, until=D[0] - timedelta(days=1)) is None
            rows = await read_board(conn, await find_head(conn, house.boards[0], D[1]))
            assert [(r.symbol, r.current_rank) for r in rows] == [
                ("CCC", 1),
                ("AAA", 2),
                ("DDD", 2),
                ("BBB", None),
            ]
            day = await read_day(conn, D[1])
            assert [(r.slug, r.symbol) for r in day[:5]] == [
                ("b0", s) for s in ("CCC", "AAA", "DDD", "BBB")
            ] + [("b1", "CCC")]
            past = await read_board_history(conn, "CCC", house.boards[0])
            assert [(r.metric_date, r.symbol) for r in past] == [(D[1], "CCC"), (D[0], "CCC")]
            assert await find_head(conn, house.boards[0], D[5]) is None

    with_database(work)


@pytest.mark.parametrize("broken", ["rows", "heads", "evidence"])
def test_an_error_in_the_middle_leaves_nothing(with_database: Run, broken: str) -> None:
    async def work(db: Database) -> None:
        house = await built(db)
        publication = house.publication([(0, D[0], [1, 2, 3, 4])])
        if broken == "evidence":
            publication.factor_values[0, "symbol"] = "NOBODY"
        elif broken == "rows":
            publication.results[0, "symbol"] = "NOBODY"
        else:
            publication.factor_stats[0, "scale"] = float("inf")
        with pytest.raises(Exception, match=r"(?i)constraint"):
            async with db.write() as conn:
                await publish(conn, await house.claim(conn), publication, at=AT)
        async with db.read() as conn:
            for table in ("ranking_results", "board_heads", "factor_values", "factor_stats", "cycles"):
                assert await conn.scalar(text(f"SELECT count(*) FROM {table}")) == 0

    with_database(work)


RANKS: dict[int, Ranks] = {
    0: [1, 2, 3, 4],
    1: [4, 3, 2, 1],
    2: [None, 1, 2, 3],
    3: [2, 2, None, 1],
}
step = st.tuples(
    st.sets(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=1, max_size=6),
    st.booleans(),  # provisional
    st.booleans(),  # another chunk of the same cycle
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(st.lists(step, min_size=1, max_size=7), st.lists(st.integers(0, 3), min_size=24, max_size=24))
def test_any_order_of_publishing_ends_in_the_same_rows(
    with_database: Run, steps: list[tuple[set[tuple[int, int]], bool, bool]], content: list[int]
) -> None:
    """Each board and date has one final and one provisional content; oracle: a dictionary."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            tables = "board_heads factor_values factor_stats ranking_results cycles domains factor_versions"
            for table in f"{tables} method_versions methods symbol_universe".split():
                await conn.execute(text(f"DELETE FROM {table}"))
        house = await built(db)
        async with db.write() as conn:
            long_one = await house.claim(conn)
        now: dict[tuple[int, int], tuple[bool, Ranks]] = {}
        for places, provisional, same_cycle in steps:
            rows = [(b, D[d], RANKS[content[b * 12 + d * 2 + provisional]]) for b, d in sorted(places)]
            claim = long_one if same_cycle else None
            await put(db, house, rows, provisional=provisional, claim=claim)
            for (board, d), (_, _, ranks) in zip(sorted(places), rows, strict=True):
                if not (provisional and not now.get((board, d), (True, []))[0]):
                    now[board, d] = (provisional, ranks)
            again = await put(db, house, rows, provisional=provisional)
            assert again.written == 0
        for (board, d), (_, ranks) in now.items():
            finals = [e for b, e in now if b == board and e < d and not now[b, e][0]]
            before = max(finals, default=None)
            old = None if before is None else now[board, before][1]
            expected: dict[str, Line] = {}
            for i, symbol in enumerate(house.symbols):
                was, rank = None if old is None else old[i], ranks[i]
                change = was - rank if was is not None and rank is not None else None
                expected[symbol] = (rank, was, None if before is None else D[before], change)
            assert await lines(db, house, board, D[d]) == expected
        await check_heads(db, {(house.boards[b], D[d]) for b, d in now})

    with_database(work)


async def check_heads(db: Database, published: set[Any]) -> None:
    """One current head a board and date, no gap between the heads, rows behind every head."""
    head = board_heads.c
    async with db.read() as conn:
        heads = (await conn.execute(select(board_heads).order_by(head.head_from))).all()
        rows = await conn.execute(
            select(ranking_results.c.domain_id, ranking_results.c.metric_date, ranking_results.c.cycle_id)
        )
        have = {tuple(row) for row in rows}
    assert {(h.domain_id, h.metric_date) for h in heads if h.head_to is None} == published
    spells: dict[Any, list[Any]] = {}
    for h in heads:
        assert (h.domain_id, h.metric_date, h.cycle_id) in have
        spells.setdefault((h.domain_id, h.metric_date), []).append(h)
    for spell in spells.values():
        assert spell[-1].head_to is None
        assert all(a.head_to == b.head_from > a.head_from for a, b in pairwise(spell))
