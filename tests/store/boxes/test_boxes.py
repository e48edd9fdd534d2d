"""Observations of boxes: versioned, idempotent, asked as they were known, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select, text

from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.store.boards.memberships import end_members, membership
from pacesetter.store.boxes.box_board import follow_observations, take_board
from pacesetter.store.boxes.box_products import (
    FACTS,
    find_product,
    list_products,
    set_observed_dates,
    set_products,
    taken_symbols,
)
from pacesetter.store.boxes.boxes import read_observations, read_touched
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision, newest_revision
from pacesetter.store.import_undo import undo_import
from pacesetter.store.symbols.domains import add_domain, find_domain, set_active
from pacesetter.store.tables.domain import domains
from tests.store.boxes.boxes_made import Seen, add_boxes, bring
from tests.store.made import NOW

Run = Callable[[Callable[[Database], Any]], Any]
D1 = date(2026, 1, 5)
D2, D3 = D1 + timedelta(days=1), D1 + timedelta(days=2)
A: Seen = ("BOX-A", D1, "shop", 10.0, 5.0, 1.0, 3.0)
B: Seen = ("BOX-B", D1, "shop", 20.0, None, 0.0, 0.0)


def changed(row: Seen, **to: float | None) -> Seen:
    names = ("floor", "listings", "sold", "added")
    figures = [to.get(name, value) for name, value in zip(names, row[3:], strict=True)]
    return (*row[:3], *figures)  # type: ignore[return-value]


def test_new_changed_and_equal_observations(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            counts, first, _ = await bring(conn, [A, B])
            assert counts == Counts(2, 0, 0)
            counts, second, _ = await bring(conn, [A, B])
            assert counts == Counts(0, 0, 2)
            assert (await read_touched(conn, second)).is_empty()
            blank = changed(B, sold=None)  # null is another figure than zero
            counts, third, _ = await bring(conn, [A, blank, (*A[:2], "other", *A[3:])])
            assert counts == Counts(1, 1, 1)
            assert (await read_touched(conn, third)).rows() == [("BOX-A", D1), ("BOX-B", D1)]
            assert (await read_observations(conn)).rows() == [(*A[:2], "other", *A[3:]), A, blank]
            assert (await read_observations(conn, at=first)).rows() == [A, B]
            assert (await read_observations(conn, at=first - 1)).is_empty()
            assert (await read_observations(conn, symbols=["BOX-B"])).rows() == [blank]
            assert (await read_observations(conn, symbols=[])).is_empty()
            assert (await read_observations(conn, until=D1 - timedelta(days=1))).is_empty()
            assert await conn.scalar(text("SELECT count(*) FROM box_observations")) == 4, (
                "the old one is kept"
            )

    with_database(work)


def test_an_import_is_taken_back_with_what_it_replaced(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            await bring(conn, [A])
            better = changed(A, floor=11.0)
            _, revision, second = await bring(conn, [better, B])
            _, _, third = await bring(conn, [changed(A, floor=12.0)])
            await undo_import(conn, second, NOW)
            assert (await read_observations(conn)).rows() == [changed(A, floor=12.0)]
            assert (await read_touched(conn, await newest_revision(conn))).rows() == [("BOX-B", D1)]
            await undo_import(conn, third, NOW)
            assert (await read_observations(conn)).rows() == [A], "not the one that was taken back before"
            assert (await read_observations(conn, at=revision)).rows() == [better, B], "what was known then"
            found = await conn.execute(text("SELECT original FROM box_observations"))
            assert {str(cells).replace(" ", "") for (cells,) in found} <= {'{"a":"1"}', "{'a':'1'}"}

    with_database(work)


def test_facts_are_set_and_cleared_in_both_tables(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"], name="Storm Court", game="Skyfarers", released_on=D1)
            known = await list_products(conn)
            assert known["BOX-A"] == {
                **{"symbol": "BOX-A", "external_id": "box-a", **dict.fromkeys(FACTS)},
                **{"name": "Storm Court", "game": "Skyfarers", "released_on": D1},
            }
            new = known["BOX-A"] | {"name": "Dawn", "game": None, "reprint_risk": "low"}
            frame = pl.DataFrame([new], schema={"symbol": pl.String, "external_id": pl.String, **FACTS})
            await set_products(conn, frame)
            assert await list_products(conn) == known | {"BOX-A": new}
            kinds = await conn.execute(
                text("SELECT DISTINCT asset_type, currency, quote_unit, exchange_mic FROM symbol_universe")
            )
            assert kinds.all() == [("sealed_box", "USD", "USD", None)]
            assert await taken_symbols(conn) == {"BOX-A", "BOX-B"}
            for called in ("box-a", "BOX-A", " dawn "):
                assert (await find_product(conn, called))["symbol"] == "BOX-A"
            with pytest.raises(UnknownName, match="did you mean"):
                await find_product(conn, "BOX-C")
            await set_products(conn, frame.with_columns(symbol=pl.lit("BOX-B")))
            with pytest.raises(UnknownName, match="BOX-A, BOX-B"):
                await find_product(conn, "dawn")

    with_database(work)


def test_first_and_last_day_follow_the_observations(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            _, _, first = await bring(conn, [A, ("BOX-A", D3, "shop", 1.0, None, None, None)])
            query = text("SELECT first_seen_date, last_seen_date FROM symbol_universe ORDER BY symbol")
            for days in ((str(D1), str(D3)), ("None", "None")):
                await set_observed_dates(conn, ["BOX-A"])
                found = [tuple(map(str, row)) for row in await conn.execute(query)]
                assert found == [days, ("None", "None")]
                if days[0] != "None":
                    await undo_import(conn, first, NOW)

    with_database(work)


async def spells(conn: Any) -> list[tuple[str, date, date | None]]:
    board = (await find_domain(conn, "boxes")).id
    return [(s.symbol, s.valid_from, s.valid_to) for s in await membership(conn) if s.domain_id == board]


def test_a_box_is_a_member_from_its_first_observation_on(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])

            async def follow(*rows: Seen) -> tuple[int, Any]:
                _, revision, import_id = await bring(conn, rows)
                await follow_observations(conn, ["BOX-A", "BOX-B"], revision=revision)
                return revision, import_id

            middle, _ = await follow((*A[:1], D2, *A[2:]), B)  # type: ignore[arg-type]
            assert await spells(conn) == [("BOX-A", D2, None), ("BOX-B", D1, None)]
            _, earlier = await follow(A)
            assert await spells(conn) == [("BOX-A", D1, None), ("BOX-B", D1, None)]
            then = [s.valid_from for s in await membership(conn, middle) if s.symbol == "BOX-A"]
            assert then == [D2], "what was known then stays"
            await undo_import(conn, earlier, NOW)
            await follow_observations(conn, ["BOX-A", "BOX-B"], revision=await newest_revision(conn))
            assert await spells(conn) == [("BOX-A", D2, None), ("BOX-B", D1, None)]
            board = await take_board(conn)
            revision = await new_revision(conn, "repair", NOW)
            await end_members(conn, board, ["BOX-A"], on=D3, revision=revision)
            await follow(A)
            assert await spells(conn) == [("BOX-A", D2, D3), ("BOX-B", D1, None)], "ended by hand"
            row = await find_domain(conn, "boxes")
            assert (row.name, row.kind, row.asset_type, row.calendar, row.method) == (
                *("Boxes", "measure", "sealed_box", "24/7", "boxes"),
            )

    with_database(work)


def test_without_any_observation_it_is_no_member(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A"])
            _, revision, import_id = await bring(conn, [A])
            await follow_observations(conn, ["BOX-A"], revision=revision)
            await undo_import(conn, import_id, NOW)
            await follow_observations(conn, ["BOX-A"], revision=await newest_revision(conn))
            assert await spells(conn) == []

    with_database(work)


@pytest.mark.parametrize(
    ("name", "slug", "asset_type", "rule"),
    [
        ("Boxes", "mine", "equity", None),
        ("BOXES", "mine", "equity", None),
        ("Boxes", "boxes", "sealed_box", "all"),
        ("Boxes", "boxes", "sealed_box", None),
        ("My boxes", "boxes", "sealed_box", None),
    ],
)
def test_a_board_of_that_name_is_not_taken_over_until_it_is_removed(
    with_database: Run, name: str, slug: str, asset_type: str, rule: str | None
) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            other = await add_domain(
                conn, name, slug, description=None, rule=rule, asset_type=asset_type, method="core"
            )
            with pytest.raises(InputError, match=f"board {name!r}.*`pacesetter domains remove"):
                await take_board(conn)
            await set_active(conn, other, active=False)
            board = await take_board(conn)
            assert board != other
            assert await take_board(conn) == board
            own = await find_domain(conn, "boxes")
            assert (own.id, own.name, own.kind) == (board, "Boxes", "measure")
            left = (await conn.execute(select(domains).where(domains.c.id == other))).one()
            assert (left.name, left.slug, left.is_active) == ("Boxes (removed 1)", "boxes-removed-1", False)
            assert left.rule == rule

    with_database(work)


def test_the_board_of_all_boxes_comes_back_into_use(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            board = await take_board(conn)
            await set_active(conn, board, active=False)
            assert await take_board(conn) == board
            assert (await find_domain(conn, "boxes")).is_active

    with_database(work)


def test_a_board_of_boxes_goes_by_every_day(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            for kind, calendar in (("sealed_box", "24/7"), ("equity", "XNYS")):
                await add_domain(
                    conn, kind, kind, description=None, rule=None, asset_type=kind, method="boxes"
                )
                assert (await find_domain(conn, kind)).calendar == calendar

    with_database(work)
