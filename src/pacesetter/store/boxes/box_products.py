"""Boxes as products: their symbols, what the sources call them, and the facts about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import UnknownName, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.market.box import fold_id
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.tables.box import boxes
from pacesetter.store.tables.import_ import imports
from pacesetter.store.tables.symbol import symbol_universe

FACTS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("name", "game", "set_code", "set_name", "variant", "image_url"), pl.String),
    "reprint_risk": pl.String,
    "released_on": pl.Date,
}
PRODUCT: dict[str, type[pl.DataType]] = {"symbol": pl.String, "external_id": pl.String, **FACTS}
OFFERED = 5  # boxes that begin as what is unknown
EDIT = "box_facts"  # the kind of import that a person's edit is noted as


async def list_products(conn: AsyncConnection) -> dict[str, dict[str, Any]]:
    """All boxes by their symbols, with what ``PRODUCT`` names."""
    columns = [symbol_universe.c.name if name == "name" else boxes.c[name] for name in PRODUCT]
    rows = await conn.execute(
        select(*columns).join_from(boxes, symbol_universe, symbol_universe.c.symbol == boxes.c.symbol)
    )
    return {row.symbol: dict(row._mapping) for row in rows}


async def find_product(conn: AsyncConnection, called: str) -> dict[str, Any]:
    """A box by its symbol, by what its sources call it, or by its name; ``UnknownName`` offers the next."""
    known = await list_products(conn)
    wanted = fold_id(called.strip())
    if wanted.upper() in known:
        return known[wanted.upper()]
    same = [one for one in known.values() if fold_id(one["external_id"] or "") == wanted] or [
        one for one in known.values() if (one["name"] or "").casefold() == wanted.casefold()
    ]
    same = same if wanted else []  # else every box without a name would answer to it
    if len(same) == 1:
        return same[0]
    if same:
        roots = await read_roots(conn)
        ends = {roots[one["symbol"]] for one in same}
        if len(ends) == 1:
            return known[ends.pop()]
        symbols = ", ".join(sorted(ends))
        raise UnknownName(f"several boxes are called {called!r}", mend=f"give the symbol: {symbols}")
    if not known:
        raise UnknownName(
            f"unknown box {called!r}", mend="no box is known yet: `pacesetter import boxes FILE`"
        )
    alike = begin_alike(known.values(), await read_roots(conn), wanted)
    if alike:
        more = f" and {len(alike) - OFFERED} more" if len(alike) > OFFERED else ""
        offer = f"did you mean {', '.join(alike[:OFFERED])}{more}?"
        raise UnknownName(f"unknown box {called!r}", mend=offer)
    raise unknown("box", called, [*known, *(one["name"] for one in known.values() if one["name"])])


def begin_alike(known: Iterable[Mapping[str, Any]], roots: Mapping[str, str], called: str) -> list[str]:
    """Symbols of boxes whose symbol or set code begins so, whatever letters and marks it is written in:
    ``op-01`` is ``BOX-OP01-BLUE``. Joined boxes are left out."""

    def fold(text: str | None) -> str:
        return "".join(filter(str.isalnum, (text or "").casefold()))

    start = fold(called.strip().casefold().removeprefix("box-"))
    return sorted(
        one["symbol"]
        for one in known
        if len(start) > 1
        and roots[one["symbol"]] == one["symbol"]
        and (
            fold(one["symbol"].removeprefix("BOX-")).startswith(start)
            or fold(one["set_code"]).startswith(start)
        )
    )


async def find_kept(conn: AsyncConnection, called: str) -> dict[str, Any]:
    """As ``find_product``; of a box that is joined into another, that one."""
    found = await find_product(conn, called)
    root = (await read_roots(conn))[found["symbol"]]
    return found if root == found["symbol"] else (await list_products(conn))[root]


async def taken_symbols(conn: AsyncConnection) -> set[str]:
    """Symbols that a new box cannot have."""
    taken = symbol_universe.c.symbol
    return set(await conn.scalars(select(taken).where(taken.like("BOX-%"))))


async def add_products(conn: AsyncConnection, frame: pl.DataFrame) -> None:
    """Make new boxes known: ``PRODUCT``."""
    about = frame.select(
        "symbol",
        "name",
        asset_type=pl.lit("sealed_box"),
        currency=pl.lit("USD"),
        quote_unit=pl.lit("USD"),
        added_source=pl.lit("admin"),
    )
    await load_frame(conn, symbol_universe, about)
    ids = pl.Series("id", [new_id().bytes for _ in range(frame.height)], pl.Binary)
    await load_frame(conn, boxes, frame.drop("name").insert_column(0, ids))


async def set_products(conn: AsyncConnection, frame: pl.DataFrame) -> None:
    """Give known boxes other facts: ``symbol`` and all of ``FACTS``, nulls among them."""
    if frame.is_empty():
        return
    await stage(conn, "described_boxes", frame.select("symbol", *FACTS), key=("symbol",))
    for table, names in (("symbol_universe", ["name"]), ("boxes", [f for f in FACTS if f != "name"])):
        sets = ", ".join(
            f"{name} = (SELECT d.{name} FROM described_boxes d WHERE d.symbol = {table}.symbol)"
            for name in names
        )
        differs = " OR ".join(f"d.{name} IS DISTINCT FROM {table}.{name}" for name in names)
        await conn.execute(
            text(
                f"UPDATE {table} SET {sets}, updated_at = CURRENT_TIMESTAMP WHERE EXISTS "
                f"(SELECT 1 FROM described_boxes d WHERE d.symbol = {table}.symbol AND ({differs}))"
            )
        )


async def list_edits(conn: AsyncConnection, *, undone: bool = False) -> list[Row[Any]]:
    """The edits of facts by people that stand (or all, with those that were ``undone``), oldest first: id,
    options (symbol, before, after, by), started_at, undone_at."""
    of = imports.c
    query = select(of.id, of.options, of.started_at, of.undone_at).where(of.kind == EDIT)
    if not undone:
        query = query.where(of.undone_at.is_(None))
    return list(await conn.execute(query.order_by(of.started_at, of.id)))


async def set_observed_dates(conn: AsyncConnection, symbols: Collection[str]) -> None:
    """Bring the first and last day on which boxes were seen up to their observations."""
    await stage(
        conn, "seen_boxes", pl.DataFrame({"symbol": sorted(set(symbols))}, schema={"symbol": pl.String})
    )
    seen = (
        "(SELECT {0}(o.date) FROM box_observations o "
        "WHERE o.symbol = symbol_universe.symbol AND o.known_to_revision IS NULL)"
    )
    first, last = seen.format("min"), seen.format("max")
    await conn.execute(
        text(
            f"UPDATE symbol_universe SET first_seen_date = {first}, last_seen_date = {last} "
            "WHERE symbol IN (SELECT symbol FROM seen_boxes) "
            f"AND (first_seen_date IS DISTINCT FROM {first} OR last_seen_date IS DISTINCT FROM {last})"
        )
    )
