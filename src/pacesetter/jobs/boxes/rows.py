"""Boxes as people look at them: facts, figures, why one is missing, and which measures there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter, InputError, UnknownName
from pacesetter.market.box_measures import MEASURES
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.boxes.box_pages import CHANGES, FACTS, RANK, nearest_box_dates
from pacesetter.store.boxes.box_products import find_product
from pacesetter.store.boxes.box_records import find_box
from pacesetter.store.tables.symbol import symbol_universe

RANKED_BY = "unified_volume_7d_ema"
NAME_IT = "name it: `pacesetter boxes edit SYMBOL --name NAME`"
NO_BOXES = "`pacesetter import boxes FILE` brings boxes in"
SORTS = ("rank", *MEASURES)
KINDS = {
    "equity": "an equity",
    "etf": "an ETF",
    "fund": "a fund",
    "index": "an index",
    "option": "an option",
    "option_underlying": "what options are written on",
    "sealed_box": "a sealed box",
}


@dataclass(frozen=True)
class BoxFacts:
    """What a box is; an unnamed one has the name None and is known by what its source calls it."""

    symbol: str
    name: str | None
    external_id: str | None
    game: str | None
    set_code: str | None
    set_name: str | None
    variant: str | None
    released_on: date | None
    image_url: str | None
    reprint_risk: str | None

    @property
    def title(self) -> str:
        """Its name, or what stands in its place."""
        return self.name or f"unnamed {(self.external_id or '')[:8]}".strip()


@dataclass(frozen=True)
class BoxRow:
    """A box on a date. ``place``: its competition rank under the sort that was asked for, among all boxes
    of the date; None without a value. ``figures`` by measure, and for each that is missing its
    ``reasons`` code; ``compared_on``: the dates that the changes of the floor price are measured from, by
    days; ``sources``: who gave each observed figure; ``n_observed``: days of the last 30 with known sales.
    """

    facts: BoxFacts
    on: date
    place: int | None
    current_rank: int | None
    previous_rank: int | None
    previous_on: date | None
    rank_change: int | None
    figures: dict[str, float | None]
    reasons: dict[str, str]
    compared_on: dict[int, date | None]
    sources: dict[str, str]
    n_observed: int

    @property
    def unranked_reason(self) -> str | None:
        """Why there is no rank; None for a ranked box. One with what a rank needs is not on the board."""
        return self.reasons.get(RANKED_BY, "not_on_board") if self.current_rank is None else None


def facts_of(row: Any) -> BoxFacts:
    """The facts in a stored row."""
    return BoxFacts(row.symbol, row.name, **{name: getattr(row, name) for name in FACTS})


def box_row(row: Any) -> BoxRow:
    """A stored row as people look at it."""
    ranks = (RANK, "previous_rank", "previous_on", "rank_change")
    return BoxRow(
        facts=facts_of(row),
        on=row.metric_date,
        place=row.place,
        **{name: getattr(row, name) for name in ranks},
        figures={name: getattr(row, name) for name in MEASURES},
        reasons=dict(row.reasons),
        compared_on={days: getattr(row, f"floor_price_{days}d_from") for days in CHANGES},
        sources=dict(row.sources),
        n_observed=row.n_observed,
    )


def say_reasons(rows: Iterable[BoxRow]) -> dict[str, str]:
    """The codes of missing figures and ranks in rows, in words."""
    codes = {code for row in rows for code in row.reasons.values()}
    codes |= {row.unranked_reason for row in rows if row.unranked_reason}
    return {code: in_words(code) for code in sorted(codes)}


def check_measure(name: str, *, where: str) -> str:
    """A measure, or ``rank``; ``BadParameter`` lists what there is."""
    if name not in SORTS:
        raise BadParameter(f"unknown measure {name!r}", where=where, mend=f"known: {', '.join(SORTS)}")
    return name


def column_of(name: str) -> str:
    """The stored column of a measure, or of ``rank``."""
    return RANK if name == "rank" else name


def age_of(ws: Workspace, as_of: date | None) -> int | None:
    """Days between the figures and today (UTC); None without figures."""
    return None if as_of is None else (ws.now().date() - as_of).days


async def look_up_box(conn: AsyncConnection, called: str) -> BoxFacts:
    """A box by its symbol, what its sources call it, or its name; the one that it is joined into where it
    is. ``UnknownName`` says what that symbol is, or offers the nearest boxes."""
    return (await look_up_asked(conn, called))[1]


async def look_up_asked(conn: AsyncConnection, called: str) -> tuple[str | None, BoxFacts]:
    """As ``look_up_box``, and the symbol of the box that was asked for where another is shown."""
    symbol = called.strip().upper()
    found = await find_box(conn, symbol)
    if found is None:
        about = symbol_universe.c
        kind = await conn.scalar(select(about.asset_type).where(about.symbol == symbol))
        if kind is not None:
            raise UnknownName(
                f"{symbol} is {KINDS.get(kind, kind)}, not a sealed box",
                mend="`pacesetter boxes` lists the boxes, `pacesetter explain` tells of other symbols",
            )
        found = await find_box(conn, (await find_product(conn, called))["symbol"])
    facts = facts_of(found)
    if found is None or found.joined_to is None:
        return None, facts
    root = (await read_roots(conn))[facts.symbol]
    return facts.symbol, facts_of(await find_box(conn, root))


async def not_observed(conn: AsyncConnection, on: date, symbol: str | None = None) -> InputError:
    """The mistake of asking for a date without an observation: names the nearest with one."""
    near = await nearest_box_dates(conn, on, symbol)
    who = "no box was" if symbol is None else f"{symbol} was not"
    said = " and ".join(map(str, near))
    mend = f"the nearest date{'s' * (len(near) > 1)} with observations: {said}" if near else NO_BOXES
    return InputError(f"{who} observed on {on}", where="on", mend=mend)
