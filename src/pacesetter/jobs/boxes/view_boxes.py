"""The leaderboard of boxes: those observed on a date, by rank or by any measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pacesetter.jobs.boards.thin_days import boxes_are, say_thin_day
from pacesetter.jobs.boxes.remarks import say_nobody, say_unsorted
from pacesetter.jobs.boxes.rows import (
    NO_BOXES,
    BoxRow,
    age_of,
    box_row,
    check_measure,
    column_of,
    not_observed,
)
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter
from pacesetter.market.box_day import choose_day
from pacesetter.market.box_measures import MEASURES
from pacesetter.store.boxes.box_pages import (
    BoxDay,
    Place,
    count_boxes,
    count_ranked_boxes,
    describe_box_day,
    list_games,
    match_boxes,
    page_boxes,
)

Order = Literal["asc", "desc"]


@dataclass(frozen=True)
class BoxesAsked:
    """Which boxes, and in which order: ``sort`` (``rank`` or a measure) in its better direction unless
    ``order`` says otherwise, of a ``game``, containing ``search``; at most ``limit`` behind ``after``."""

    sort: str = "rank"
    order: Order | None = None
    limit: int = 50
    game: str | None = None
    search: str | None = None
    on: date | None = None
    after: Place | None = None


@dataclass(frozen=True)
class Leaderboard:
    """A page of the boxes of a date. ``as_of`` is None before anything was observed; ``observed_on``: the
    newest date with observations; ``count`` boxes were asked for in all, ``ranked`` of the ``observed`` on
    the date have a rank, compared with those of ``previous_on``; the figures are ``age_days`` old; there are
    ``more`` behind the page; ``unnamed`` boxes of the date have no name."""

    as_of: date | None
    observed_on: date | None
    previous_on: date | None
    sort: str
    order: Order
    count: int
    observed: int
    ranked: int
    sources: list[str]
    games: list[str]
    simulated: bool
    age_days: int | None = None
    more: bool = False
    unnamed: int = 0
    remarks: list[str] = field(default_factory=list)
    rows: list[BoxRow] = field(default_factory=list)


def better_first(sort: str) -> Order:
    """The direction in which the better end of a measure comes first."""
    return "desc" if sort != "rank" and MEASURES[sort].higher_is_better else "asc"


async def view_boxes(ws: Workspace, asked: BoxesAsked) -> Leaderboard:
    """A page of the leaderboard; without a date of the one that ``choose_day`` takes.

    ``BadParameter`` for a measure or game nobody has heard of, ``InputError`` for a date on which
    no box was observed.
    """
    sort = check_measure(asked.sort, where="sort")
    order = asked.order or better_first(sort)
    async with ws.db.read() as conn:
        games = await list_games(conn)
        check_game(asked.game, games)
        ranked, observed_on = await count_ranked_boxes(conn, until=asked.on)
        on = asked.on or choose_day(ranked) or observed_on
        if on is None or observed_on is None:
            nothing = Leaderboard(None, None, None, sort, order, 0, 0, 0, [], games, ws.simulated)
            nothing.remarks.append(f"no box was observed yet: {NO_BOXES}")
            return nothing
        day = await describe_box_day(conn, on)
        if day is None:
            raise await not_observed(conn, on)
        among = None
        if asked.game is not None or asked.search is not None:
            among = await match_boxes(conn, game=asked.game, search=asked.search)
        found = await page_boxes(
            conn,
            on,
            column_of(sort),
            down=order == "desc",
            after=asked.after,
            limit=asked.limit + 1,
            among=among,
        )
        count = day.observed if among is None else await count_boxes(conn, on, among)
        told = []
        if asked.after is None:
            told = [await say_nobody(conn, day, among)] if among is not None and not count else []
            told += await say_unsorted(conn, day, sort, found)
        newer = await describe_box_day(conn, observed_on) if asked.on is None and observed_on > on else None
    return Leaderboard(
        as_of=on,
        observed_on=observed_on,
        previous_on=day.previous_on,
        sort=sort,
        order=order,
        count=count,
        observed=day.observed,
        ranked=day.ranked,
        sources=day.sources,
        games=games,
        simulated=ws.simulated,
        age_days=age_of(ws, on),
        more=len(found) > asked.limit,
        unnamed=day.unnamed,
        remarks=[
            *remarks_on(day, newer),
            *say_thin_day([one for one in ranked if one[0] <= on], on, day.previous_on),
            *told,
        ],
        rows=[box_row(row) for row in found[: asked.limit]],
    )


def check_game(game: str | None, games: list[str]) -> None:
    """``BadParameter`` lists the games that there are."""
    if game is not None and game.casefold() not in {one.casefold() for one in games}:
        mend = f"known: {', '.join(games)}" if games else "no box says which game it is of"
        raise BadParameter(f"no box is of the game {game!r}", where="game", mend=mend)


def remarks_on(day: BoxDay, newer: BoxDay | None) -> list[str]:
    """What a reader of the leaderboard has to know."""
    said = []
    if newer is not None:
        said.append(f"{newer.on} is newer: {why_passed(newer, day)}")
    if not day.ranked:
        said.append(f"on {day.on} {why_unranked(day)}")
    return said


def why_passed(newer: BoxDay, day: BoxDay) -> str:
    """Why a newer date is not the one that is shown."""
    if not newer.ranked:
        return why_unranked(newer)
    return f"{boxes_are(newer.ranked)} ranked there so far, and {day.ranked} on {day.on}"


def why_unranked(day: BoxDay) -> str:
    """Why nobody is ranked on a date."""
    boxes = "1 box was" if day.observed == 1 else f"{day.observed} boxes were"
    if day.priced and day.measured:
        return f"{boxes} observed, but none of them is on the board"
    lacking = "floor price" if not day.priced else "volume"
    return f"{boxes} observed, but no {lacking} is known, so none is ranked"
