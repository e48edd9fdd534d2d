"""The firsts of very many boards, and of boards under several methods."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from pacesetter.kernel.ids import new_id
from pacesetter.store.boards.leaders import best_rows, count_boards, first_rows
from pacesetter.store.boards.rankings import publish
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.method import method_versions, methods
from tests.store.boards.published import AT, D, House

MANY = 1100  # SQLite reads no expression of more than 1000 terms


def test_the_leaders_of_very_many_boards(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            house = await House().build(conn)
            more = [new_id() for _ in range(2, MANY)]
            rows = [{"id": i, "name": f"B{n}", "slug": f"m{n}", "position": n} for n, i in enumerate(more, 2)]
            await conn.execute(insert(domains), rows)
            house.boards += more
            ranks = [[1 + (s + b) % 4 for s in range(4)] for b in range(MANY)]
            publication = house.publication([(b, D[0], ranks[b]) for b in range(MANY)])
            await publish(conn, await house.claim(conn), publication, at=AT)
        async with db.read() as conn:
            boards = await count_boards(conn, D[0])
            assert [(b.domain_id, b.members, b.ranked) for b in boards] == [(i, 4, 4) for i in house.boards]
            firsts = await first_rows(conn, boards)
            expected = {i: house.symbols[own.index(1)] for i, own in zip(house.boards, ranks, strict=True)}
            assert {i: row.symbol for i, row in firsts.items()} == expected
            best = await best_rows(conn, boards, 10)
            last = dict(zip(house.symbols, ranks[-1], strict=True))  # a symbol counts under its last board
            assert [(row.symbol, row.place) for row in best] == sorted(last.items(), key=lambda one: one[1])
            few = [boards[0], boards[5]]
            assert set(await first_rows(conn, few)) == {board.domain_id for board in few}
            under = dict(zip(house.symbols, ranks[5], strict=True))
            assert {row.symbol: row.place for row in await best_rows(conn, few, None)} == under

    with_database(work)


def test_the_leaders_are_those_of_the_method_published_last(with_database) -> None:
    """Also where another date, an older version and another method stand beside it."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            house = await House().build(conn)
            first, other, method_id = house.method, new_id(), new_id()
            await conn.execute(insert(methods).values(id=method_id, name="other"))
            version = {
                "id": other,
                "method_id": method_id,
                "version": 1,
                "definition": {},
                "sha256": "1" * 64,
            }
            await conn.execute(insert(method_versions).values(version))
            turns = [
                (first, [(0, D[0], [4, 3, 2, 1]), (1, D[0], [4, 3, 2, 1])]),
                (first, [(0, D[0], [3, 1, 2, 4])]),
                (other, [(0, D[0], [2, 3, 1, 4])]),
                (other, [(0, D[1], [1, 2, 3, 4])]),
            ]
            for later, (house.method, rows) in enumerate(turns):
                at = AT + timedelta(minutes=later)
                claim = await house.claim(conn, rows[0][1], at)
                await publish(conn, claim, house.publication(rows), at=at)
        async with db.read() as conn:
            boards = await count_boards(conn, D[0])
            assert [board.method_version_id for board in boards] == [other, first]
            firsts = await first_rows(conn, boards)
            assert [firsts[i].symbol for i in house.boards] == ["CCC", "DDD"]
            best = await best_rows(conn, boards[:1], None)
            assert [(row.symbol, row.place) for row in best] == [
                ("CCC", 1),
                ("AAA", 2),
                ("BBB", 3),
                ("DDD", 4),
            ]

    with_database(work)
