"""One box under two ids: what was observed of it is put together, as an import that can be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boxes.describe_boxes import edited_facts, fill_blanks
from pacesetter.jobs.boxes.edit_box import as_frame, plain, unpack
from pacesetter.jobs.boxes.take_in_boxes import remake, spell_days
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id
from pacesetter.store.boxes.box_joins import (
    JOIN,
    find_clashes,
    hand_back_boards,
    hand_over_boards,
    hold_joins,
    is_active,
    joined_into,
    read_roots,
    set_joined,
)
from pacesetter.store.boxes.box_products import find_product, list_products, set_products
from pacesetter.store.boxes.box_tellings import keys_of_boxes, settle
from pacesetter.store.boxes.boxes import read_observations, read_touched
from pacesetter.store.database.revisions import (
    finish_import,
    mark_undone,
    new_revision,
    revision_of_import,
    start_import,
)

MOST_NAMED = 20  # days in a refusal


@dataclass(frozen=True)
class BoxesJoined:
    """A join: ``moved`` observations of ``symbol`` belong to ``into`` now, ``merged`` stood there too;
    ``filled``: facts that it lacked. ``import_id`` takes it back; None for a dry run."""

    symbol: str
    into: str
    by: str
    import_id: UUID | None
    moved: int
    merged: int
    filled: Mapping[str, Any]
    ranked: int
    said: list[str] = field(default_factory=list)


async def join_boxes(ws: Workspace, symbol: str, into: str, *, by: str, dry_run: bool = False) -> BoxesJoined:
    """Say that a box (its symbol, external id or name) is ``into``: its observations, and those to come, are
    that one's, which is measured and ranked again; all in one transaction.

    Into one that is itself joined means into where that leads. ``dry_run`` does it and takes it back.
    ``InputError`` for a box with itself, in a circle, for one that is joined already, and where both have
    other figures of the same day and source; ``UnknownName`` for what is no box.
    """
    at = ws.now()
    async with ws.db.write() as conn:
        await hold_joins(conn)
        old, kept, roots = await find_both(conn, symbol, into)
        root = roots[kept]
        await refuse_clashes(conn, old, root)
        held = (await read_observations(conn, symbols=[old])).height
        there = (await read_observations(conn, symbols=[root])).height
        filled = await fill_facts(conn, old, root)
        was_active = await is_active(conn, old)
        options = {"symbol": old, "into": kept, "by": by, "filled": plain(filled), "active": was_active}
        import_id = new_id()
        await start_import(
            conn,
            import_id,
            kind=JOIN,
            file_name=f"{old} is {kept}",
            sha256=hashlib.sha256(f"{old} {kept}".encode()).hexdigest(),
            options=options,
            at=at,
        )
        revision = await new_revision(conn, "import", at, import_id)
        await set_joined(conn, old, kept, active=False)
        await settle(conn, await keys_of_boxes(conn, old, root), revision=revision)
        boards = await hand_over_boards(conn, old, root, revision=revision)
        days = await rank_again(ws, conn, revision, boards, by=by)
        merged = held + there - (await read_observations(conn, symbols=[root])).height
        counts = {"read": held, "stored": held, "quarantined": 0, "refused": 0}
        await finish_import(
            conn, import_id, counts={**counts, "changed": held - merged, "unchanged": merged}, at=at
        )
        if dry_run:
            await conn.rollback()
    said = [f"{kept} is itself joined into {root}: that is where it went"] if root != kept else []
    said += [f"ranked again: {spell_days(days)}"] if days else ["nothing was observed of it yet"]
    done = None if dry_run else import_id
    return BoxesJoined(old, root, by, done, held - merged, merged, filled, len(days), said)


async def undo_join(ws: Workspace, conn: AsyncConnection, found: Row[Any], at: datetime) -> dict[str, Any]:
    """Part two boxes again: each has what was told of it, before the join and since, and facts that came with
    the join are gone unless they were edited; within the caller's transaction."""
    options = found.options
    old, roots = options["symbol"], await read_roots(conn)
    root = roots[old]
    joined = await revision_of_import(conn, found.id)
    revision = await new_revision(conn, "undo", at, found.id)
    await mark_undone(conn, found.id, at)
    keys = await keys_of_boxes(conn, old, root)
    await set_joined(conn, old, None, active=options["active"])
    removed, restored = await settle(conn, keys, revision=revision)
    await take_facts_back(conn, roots[options["into"]], unpack(options["filled"]))
    boards = 0
    if joined is not None:
        boards = await hand_back_boards(conn, old, root, joined=joined, revision=revision)
    days = await rank_again(ws, conn, revision, boards, by="undo")
    return {"removed": removed, "restored": restored, "ranked": len(days)}


async def find_both(conn: AsyncConnection, symbol: str, into: str) -> tuple[str, str, Mapping[str, str]]:
    """The symbols of two boxes that can be joined, and where each box leads."""
    old = (await find_product(conn, symbol))["symbol"]
    kept = (await find_product(conn, into))["symbol"]
    roots = await read_roots(conn)
    already = await joined_into(conn, old)
    if old == kept:
        raise InputError(f"{old} is {old} already", where="join", mend="name two boxes")
    if already is not None:
        raise InputError(
            f"{old} is joined into {already} already",
            where="join",
            mend=f"join {roots[old]}, or take that back first: `pacesetter import list` names it",
        )
    if roots[kept] == old:
        raise InputError(
            f"{kept} is joined into {old} itself: they would stand in a circle",
            where="join",
            mend="they are one box already; `pacesetter import undo` takes a join back",
        )
    return old, kept, roots


async def refuse_clashes(conn: AsyncConnection, old: str, root: str) -> None:
    """``InputError`` names the days of which both have other figures."""
    clashes = await find_clashes(conn, old, root)
    if not clashes:
        return
    told = [f"{day} ({source})" for day, source in clashes[:MOST_NAMED]]
    told += [f"{len(clashes) - MOST_NAMED} more"] if len(clashes) > MOST_NAMED else []
    raise InputError(
        f"{old} and {root} have different figures of the same day and source: {', '.join(told)}",
        where="join",
        mend="they may be two boxes; else take the wrong figures back first (`pacesetter import undo`)",
    )


async def fill_facts(conn: AsyncConnection, old: str, root: str) -> dict[str, Any]:
    """Give a box the facts of another that it lacks, but those that a person has emptied; which these are."""
    known = await list_products(conn)
    filled = fill_blanks(known[root], known[old], (await edited_facts(conn)).get(root, ()))
    if filled:
        await set_products(conn, as_frame([{**known[root], **filled}]))
    return filled


async def take_facts_back(conn: AsyncConnection, symbol: str, filled: Mapping[str, Any]) -> None:
    """Empty facts that came with a join, and are still so by nobody's hand."""
    whole = (await list_products(conn))[symbol]
    edited = (await edited_facts(conn)).get(symbol, ())
    emptied = {name: None for name in filled if whole[name] == filled[name] and name not in edited}
    if emptied:
        await set_products(conn, as_frame([{**whole, **emptied}]))


async def rank_again(
    ws: Workspace, conn: AsyncConnection, revision: int, boards: int, *, by: str
) -> list[date]:
    """Measure and rank what a revision changed, and all days where boards have other members."""
    touched = await read_touched(conn, revision)
    return await remake(ws, conn, touched, revision=revision, by=by, every_day=boards > 0)
