"""The board of all boxes: made with the first of them, a box is a member from its first observation on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import polars as pl
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.store.bars.bars import timed
from pacesetter.store.boards.memberships import add_members, end_members, membership
from pacesetter.store.database.bulk import chunks, stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.symbols.domains import add_domain, set_active
from pacesetter.store.tables.box import box_observations, boxes
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads

NAME, SLUG, METHOD, KIND = "Boxes", "boxes", "boxes", "sealed_box"
MEASURE = "measure"  # the kind of board that it is, and no other
EVER = date(1, 1, 1)


async def take_board(conn: AsyncConnection) -> UUID:
    """The id of the board of all boxes, which is made where it is missing, and back in use where it is not.

    A removed board that has its name gives it up; its history stays with it. ``InputError`` names one in
    use that has it.
    """
    for row in (await conn.execute(select(domains).order_by(domains.c.id))).all():
        if row.kind == MEASURE and row.slug == SLUG:
            if not row.is_active:
                await set_active(conn, row.id, active=True)
            board: UUID = row.id
            return board
        if row.slug != SLUG and row.name.casefold() != NAME.casefold():
            continue
        if row.is_active:
            raise InputError(
                f"the board {row.name!r} has the name of the board that all boxes stand on",
                where="boards",
                mend=f"`pacesetter domains remove {row.slug}` frees it, and keeps what was published",
            )
        await give_up_name(conn, row.id)
    about = "Sealed boxes by what is sold of them, smoothed over a week"
    board = await add_domain(conn, NAME, SLUG, description=about, rule=None, asset_type=KIND, method=METHOD)
    await conn.execute(update(domains).where(domains.c.id == board).values(kind=MEASURE))
    return board


async def give_up_name(conn: AsyncConnection, board: UUID) -> None:
    """Call a removed board another name."""
    slugs = set(await conn.scalars(select(domains.c.slug)))
    number = next(n for n in count(1) if f"{SLUG}-removed-{n}" not in slugs)
    values = {"name": f"{NAME} (removed {number})", "slug": f"{SLUG}-removed-{number}"}
    await conn.execute(update(domains).where(domains.c.id == board).values(values))


async def has_boxes(conn: AsyncConnection) -> bool:
    """Whether any box is known."""
    return await conn.scalar(select(boxes.c.symbol).limit(1)) is not None


async def follow_observations(
    conn: AsyncConnection, symbols: Collection[str], *, revision: int
) -> tuple[date, date] | None:
    """Let each of ``symbols`` be a member from its first observation on; without any it never was one.

    Returns from when on, and until before which day, the board has other members than it had. A box
    whose membership somebody has ended by hand is left as it is.
    """
    board = await take_board(conn)
    first = await first_observed(conn, symbols)
    spells: dict[str, list[tuple[date, date | None]]] = {}
    for spell in await membership(conn):
        if spell.domain_id == board:
            spells.setdefault(spell.symbol, []).append((spell.valid_from, spell.valid_to))
    moved: dict[str, set[date]] = {}  # the days since when it was, and since when it is a member
    for symbol in sorted(set(symbols)):
        since = {start for start, _ in spells.get(symbol, [])}
        now = {first[symbol]} if symbol in first else set()
        if since != now and all(end is None for _, end in spells.get(symbol, [])):
            moved[symbol] = {min(since, default=date.max), min(now, default=date.max)}
    await end_members(conn, board, [one for one in moved if one in spells], on=EVER, revision=revision)
    joining = {symbol: first[symbol] for symbol in moved if symbol in first}
    for since_on in sorted(set(joining.values())):
        some = [symbol for symbol, on in joining.items() if on == since_on]
        await add_members(conn, board, some, since=since_on, revision=revision)
    if not moved:
        return None
    return min(min(days) for days in moved.values()), max(max(days) for days in moved.values())


async def first_observed(conn: AsyncConnection, symbols: Collection[str]) -> dict[str, date]:
    """The first day on which each box was observed, of those that were."""
    seen = box_observations.c
    query = select(seen.symbol, func.min(seen.date)).where(seen.known_to_revision.is_(None))
    found: dict[str, date] = {}
    for chunk in chunks(set(symbols)):
        rows = await conn.execute(query.where(seen.symbol.in_(chunk)).group_by(seen.symbol))
        found |= {symbol: on for symbol, on in rows}
    return found


async def retire_days(conn: AsyncConnection, days: Collection[date], at: datetime) -> list[date]:
    """End what boards of boxes show of those ``days`` on which nothing was observed (any more); the rows
    stay, as history. Returns the published days that came next: their previous ranks are others now."""
    if conn.dialect.name == "postgresql":  # as publishing does: dates refer to each other
        await conn.execute(text("LOCK TABLE board_heads IN SHARE ROW EXCLUSIVE MODE"))
    await stage(conn, "touched_days", pl.DataFrame({"day": sorted(set(days))}, schema={"day": pl.Date}))
    of_boxes = "h.head_to IS NULL AND h.domain_id IN (SELECT d.id FROM domains d WHERE d.asset_type = :kind)"
    empty = (
        f"{of_boxes} AND h.metric_date IN (SELECT day FROM touched_days) AND NOT EXISTS (SELECT 1 "
        "FROM box_observations o WHERE o.date = h.metric_date AND o.known_to_revision IS NULL)"
    )
    kind = {"kind": KIND}
    newest = await conn.scalar(
        text(f"SELECT max(h.head_from) AS newest FROM board_heads h WHERE {empty}").columns(
            newest=board_heads.c.head_from.type
        ),
        kind,
    )
    if newest is None:
        return []
    gone = await read_frame(
        conn,
        text(f"SELECT h.domain_id, h.metric_date FROM board_heads h WHERE {empty}").bindparams(**kind),
        {"domain_id": pl.Binary, "metric_date": pl.Date},
    )
    await conn.execute(
        timed(f"UPDATE board_heads AS h SET head_to = :at WHERE {empty}"),
        {"at": max(at, newest + timedelta(microseconds=1)), **kind},
    )
    left = await read_frame(
        conn,
        text(f"SELECT h.domain_id, h.metric_date FROM board_heads h WHERE {of_boxes}").bindparams(**kind),
        {"domain_id": pl.Binary, "metric_date": pl.Date},
    )
    following = gone.join(left.rename({"metric_date": "next"}), on="domain_id").filter(
        pl.col("next") > pl.col("metric_date")
    )
    nearest = following.group_by("domain_id", "metric_date").agg(pl.col("next").min())
    return nearest["next"].unique().sort().to_list()
