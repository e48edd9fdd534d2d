"""The boxes that were observed on a date: pages of them, cut and ranked by the database.

Symbols are compared by their code points, as Python does, and missing values come last in
either direction, so that both engines give the same pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, cast, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box_day import LOOK_BACK, Ranked, choose_day
from pacesetter.store.boards.board_pages import by_symbol
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.tables.box import box_observations, boxes, unified_box_metrics
from pacesetter.store.tables.symbol import symbol_universe

Place = tuple[bool, float, str]  # (value is missing, value, symbol): a row's place under a sort

RANK = "current_rank"
FACTS = ("external_id", "game", "set_code", "set_name", "variant", "released_on", "image_url", "reprint_risk")
CHANGES = (1, 7, 30)  # days over which floor prices are compared
_of = unified_box_metrics.c


@dataclass(frozen=True)
class BoxDay:
    """What there is of a date: boxes observed, those of them with a floor price, with what ranks need and
    with a rank, the date that their previous ranks belong to, who observed, and boxes that have no name."""

    on: date
    observed: int
    priced: int
    measured: int
    ranked: int
    previous_on: date | None
    sources: list[str]
    unnamed: int = 0


def box_rows(*more: Any) -> Select[Any]:
    """Boxes with their facts, name and figures: a row a box and observed date."""
    facts = [boxes.c[name] for name in FACTS]
    query = select(unified_box_metrics, symbol_universe.c.name, *facts, *more)
    return query.join(boxes, boxes.c.symbol == _of.symbol).join(
        symbol_universe, symbol_universe.c.symbol == _of.symbol
    )


async def newest_box_dates(
    conn: AsyncConnection, *, until: date | None = None
) -> tuple[date | None, date | None]:
    """The newest date with ranks enough to stand for the market, and the newest with observations, up to
    ``until``."""
    ranked, observed = await count_ranked_boxes(conn, until=until)
    if until is not None:
        observed = await conn.scalar(select(func.max(_of.metric_date)).where(_of.metric_date <= until))
    return choose_day(ranked), observed


async def count_ranked_boxes(
    conn: AsyncConnection, *, until: date | None = None, most: int | None = LOOK_BACK
) -> tuple[list[Ranked], date | None]:
    """The newest ``most`` days with ranks (up to ``until``; None: all of them), newest first, with how many
    boxes have one; and the newest day of all with observations."""
    newest = select(func.max(_of.metric_date))
    counted = select(_of.metric_date, func.count(), newest.scalar_subquery())
    counted = counted.where(_of.current_rank.is_not(None))
    if until is not None:
        counted = counted.where(_of.metric_date <= until)
    counted = counted.group_by(_of.metric_date).order_by(_of.metric_date.desc()).limit(most)
    found = (await conn.execute(counted)).all()
    observed = found[0][2] if found else await conn.scalar(newest)
    return [(day, many) for day, many, _ in found], observed


async def nearest_box_dates(conn: AsyncConnection, on: date, symbol: str | None = None) -> list[date]:
    """The last observed date before ``on`` and the first after it; fewer at either end."""
    wanted = [_of.symbol == symbol] if symbol is not None else []
    before = await conn.scalar(select(func.max(_of.metric_date)).where(_of.metric_date < on, *wanted))
    after = await conn.scalar(select(func.min(_of.metric_date)).where(_of.metric_date > on, *wanted))
    return [day for day in (before, after) if day is not None]


async def describe_box_day(conn: AsyncConnection, on: date) -> BoxDay | None:
    """What there is of a date; None where no box was observed on it."""
    seen, about = box_observations.c, symbol_universe.c
    counted = (_of.floor_price_usd, _of.unified_volume_7d_ema, _of.current_rank)
    nameless = (
        select(func.count())
        .join_from(unified_box_metrics, symbol_universe, about.symbol == _of.symbol)
        .where(_of.metric_date == on, about.name.is_(None))
        .scalar_subquery()
    )
    counts = (func.count(), *map(func.count, counted), func.max(_of.previous_on), nameless)
    whole = select(null().label("source"), *counts).where(_of.metric_date == on)
    told = select(seen.source, *(cast(null(), one.type) for one in counts)).distinct()
    told = told.where(seen.date == on, seen.known_to_revision.is_(None))
    found: list[Any] = [*await conn.execute(whole.union_all(told))]  # one statement: each costs a journey
    _, observed, priced, measured, ranked, previous_on, unnamed = next(
        row for row in found if row[1] is not None
    )
    if not observed:
        return None
    sources = sorted(row[0] for row in found if row[1] is None)
    return BoxDay(on, observed, priced, measured, ranked, previous_on, sources, unnamed)


async def list_games(conn: AsyncConnection) -> list[str]:
    """The games that boxes are of."""
    games = await conn.scalars(
        select(boxes.c.game).distinct().where(boxes.c.game.is_not(None), boxes.c.joined_to.is_(None))
    )
    return sorted(games)


async def match_boxes(conn: AsyncConnection, *, game: str | None, search: str | None) -> list[str]:
    """Boxes of a game whose symbol, name, set or external id contains a text, however capitalised.

    Looked through here, because databases differ in what they take for the same letter.
    """
    told = (boxes.c.set_code, boxes.c.set_name, boxes.c.external_id)
    query = select(boxes.c.symbol, symbol_universe.c.name, *told, boxes.c.game).join(
        symbol_universe, symbol_universe.c.symbol == boxes.c.symbol
    )
    text = (search or "").casefold()
    found = {
        row.symbol
        for row in await conn.execute(query)
        if (game is None or (row.game or "").casefold() == game.casefold())
        and text in " ".join(part or "" for part in row[:-1]).casefold()
    }
    roots = await read_roots(conn)
    return sorted({roots[symbol] for symbol in found})  # what is told of a joined one is told of that one


async def page_boxes(
    conn: AsyncConnection,
    on: date,
    sort: str,
    *,
    down: bool,
    after: Place | None,
    limit: int,
    among: Sequence[str] | None = None,
) -> list[Row[Any]]:
    """At most ``limit`` boxes of a date behind the place ``after``, by one of ``METRICS`` or ``RANK``.

    ``place`` of a row: its competition rank among all boxes of the date that have a value, whoever of
    them is asked for. Missing values last either way, equal ones by symbol.
    """
    value, symbol = _of[sort], by_symbol(conn, _of.symbol)
    among_them = [] if among is None else [_of.symbol.in_(among)]
    rows: list[Row[Any]] = []
    if after is None or not after[0]:
        # first whose rows they are, then the rows: nothing is joined that is not shown
        first = value.desc() if down else value
        place = func.rank().over(order_by=first).label("place")
        placed = select(_of.symbol, value.label("value"), place)
        every = placed.where(_of.metric_date == on, value.is_not(None)).subquery("every_box").c
        named = by_symbol(conn, every.symbol)
        chosen = select(every.symbol, every.place)
        if among is not None:
            chosen = chosen.where(every.symbol.in_(among))
        if after is not None:
            beyond = every.value < after[1] if down else every.value > after[1]
            chosen = chosen.where(or_(beyond, and_(every.value == after[1], named > after[2])))
        ends = chosen.order_by(every.value.desc() if down else every.value, named).limit(limit)
        page = ends.subquery("page_of_boxes")
        query = box_rows(page.c.place).join(page, page.c.symbol == _of.symbol)
        rows += await conn.execute(query.where(_of.metric_date == on).order_by(first, symbol))
    if len(rows) < limit:
        query = box_rows(null().label("place")).where(_of.metric_date == on, value.is_(None), *among_them)
        if after is not None and after[0]:
            query = query.where(symbol > after[2])
        rows += await conn.execute(query.order_by(symbol).limit(limit - len(rows)))
    return rows


async def count_boxes(conn: AsyncConnection, on: date, among: Sequence[str]) -> int:
    """How many of some boxes were observed on a date."""
    query = select(func.count()).where(_of.metric_date == on, _of.symbol.in_(among))
    return int(await conn.scalar(query) or 0)


async def find_last_seen(conn: AsyncConnection, among: Sequence[str]) -> tuple[int, date | None]:
    """How many of some boxes were ever observed, and the newest date of that."""
    query = select(func.count(_of.symbol.distinct()), func.max(_of.metric_date))
    many, last = (await conn.execute(query.where(_of.symbol.in_(among)))).one()
    return int(many), last


async def list_reasons(conn: AsyncConnection, on: date) -> list[dict[str, str]]:
    """For each box of a date why figures of it are missing, by measure."""
    return [dict(told) for told in await conn.scalars(select(_of.reasons).where(_of.metric_date == on))]


async def find_movers(conn: AsyncConnection, on: date, days: int, *, up: bool, most: int) -> list[Row[Any]]:
    """The boxes whose floor price rose (or fell) the most over so many days, one of ``CHANGES``."""
    change = _of[f"floor_price_{days}d_change_pct"]
    order = (change.desc() if up else change, by_symbol(conn, _of.symbol))
    moved = change > 0 if up else change < 0
    query = box_rows().where(_of.metric_date == on, moved).order_by(*order).limit(most)
    return list(await conn.execute(query))
