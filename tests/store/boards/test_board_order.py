"""Symbols are ordered by their code points, whatever language a server's database is set to."""

from __future__ import annotations

from typing import Any

import yaml
from sqlalchemy import event

from pacesetter.store.boards.boards import find_head, ranked_symbols, read_board, read_day
from pacesetter.store.boards.memberships import add_members, members_on
from pacesetter.store.boards.rankings import publish
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision
from tests.architecture.tree import ROOT
from tests.store.boards.published import AT, D, House


def test_every_order_by_symbol_names_its_collation(with_database) -> None:
    """Read off the statements: the server of these tests knows no language to be wrong in."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            house = await House().build(conn)
            claim = await house.claim(conn)
            await publish(conn, claim, house.publication([(0, D[0], [2, None, 2, None])]), at=AT)
            revision = await new_revision(conn, "fetch", AT)
            await add_members(conn, house.boards[0], ["DDD", "BBB"], since=D[0], revision=revision)
        async with db.read() as conn:
            head = await find_head(conn, house.boards[0], D[0])
            said: list[str] = []

            def keep(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
                said.append(statement)

            event.listen(conn.sync_connection, "before_cursor_execute", keep)
            in_order = ["AAA", "CCC", "BBB", "DDD"]
            assert [row.symbol for row in await read_board(conn, head)] == in_order
            assert await ranked_symbols(conn, head) == in_order
            assert [row.symbol for row in await read_day(conn, D[0])] == in_order
            assert await members_on(conn, house.boards[0], D[0]) == ["BBB", "DDD"]
        collation = {"sqlite": '"BINARY"', "postgresql": '"C"'}[db.dialect]
        orders = [" ".join(statement.split("ORDER BY")[1].split()) for statement in said]
        assert len(orders) == 4
        for order in orders:
            assert order.split("symbol", 1)[1].startswith(f" COLLATE {collation}"), order

    with_database(work)


def test_the_composed_server_orders_as_well() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    options = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert options == ["--locale=C", "--encoding=UTF8"]
