"""Why ranks changed between two published dates of a board: the ledger from stored data."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.boards.board_panels import calendar_of, load_board_panel
from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.boards.rank_dates import plan_boards
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.board_state import BoardState
from pacesetter.ranking.ledger import Ledger, explain_changes
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.methods import read_method
from pacesetter.store.database.revisions import newest_revision
from pacesetter.store.symbols.domains import find_domain, list_domains
from pacesetter.store.work.cycles import read_progress

STAGES = ("loading", "comparing", "done")


@dataclass(frozen=True)
class BoardChanges:
    """The ledgers of a board's members between two published dates, most places first; ``names``
    by symbol; ``methods``: what the board was ranked by at either end; ``asset_type``: of what it ranks."""

    board: str
    slug: str
    first: date
    last: date
    methods: tuple[str, str]
    simulated: bool
    names: Mapping[str, str]
    ledgers: Sequence[Ledger]
    asset_type: str = "equity"


@dataclass(frozen=True)
class Moment:
    """A board's inputs on a date: the plan with its method and members, and the panel."""

    plan: BoardPlan
    panel: Panel
    on: date


Moments = tuple[Moment, Moment, Moment]
Panels = dict[tuple[Hashable, ...], Panel]  # by what they hold, within one piece of work


async def explain_board_changes(
    ws: Workspace,
    board: str,
    *,
    symbol: str | None = None,
    symbols: Sequence[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    progress: Progress = say_nothing,
) -> BoardChanges:
    """The ledger of one symbol, of some ``symbols``, or of every member, from ``first`` (default: the
    published date before ``last``) to ``last`` (default: the newest published)."""
    progress(STAGES[0], 0, 2)
    before, after = await find_ends(ws, board, first, last)
    moments = await recall_moments(ws, before, after, {})
    progress(STAGES[1], 1, 2)
    found = await asyncio.to_thread(explain, ws.simulated, moments, symbol, symbols)
    progress(STAGES[2], 2, 2)
    return found


async def explain_every_board(ws: Workspace, *, last: date | None = None) -> list[BoardChanges]:
    """What ``explain_board_changes`` gives for every board of stocks and funds; those that have no two
    published dates up to ``last`` are left out. A panel that several boards ask for is loaded once."""
    if last is not None:
        choose_date(ws, last, ws.settings.calendar)
    async with ws.db.read() as conn:
        slugs = [row.slug for row in await list_domains(conn) if row.asset_type != BOX]
    found, panels = [], Panels()
    for slug in slugs:
        try:
            before, after = await find_ends(ws, slug, None, last)
        except InputError:  # a new board, or one that was not published then
            continue
        moments = await recall_moments(ws, before, after, panels)
        found.append(await asyncio.to_thread(explain, ws.simulated, moments))
    return found


async def why_none_moved(ws: Workspace, last: date | None = None) -> tuple[date | None, str]:
    """Where ``explain_every_board`` finds no board: the newest published session (up to ``last``), and why
    there is nothing that it can be compared with."""
    async with ws.db.read() as conn:
        newest = await stored.newest_published_date(conn, until=last)
    if newest is None:
        until = "" if last is None else f" up to {last}"
        return None, f"nothing is ranked yet{until}: `pacesetter cycle` ranks the newest session"
    return newest, (
        f"there is no published session before {newest} that it could be compared with: "
        "`pacesetter backfill ranks` publishes history"
    )


async def recall_moments(ws: Workspace, before: Any, after: Any, panels: Panels) -> Moments:
    """The earlier head's date as it was published and as it is known now, and the later head's."""
    async with ws.db.read() as conn:
        newest = await newest_revision(conn)
    then = revision_of(before, newest)
    published = await recall(ws, before, then, newest, panels)
    known_now = published if then is None else await recall(ws, before, None, newest, panels)
    return published, known_now, await recall(ws, after, revision_of(after, newest), newest, panels)


def explain(
    simulated: bool, moments: Moments, symbol: str | None = None, symbols: Sequence[str] | None = None
) -> BoardChanges:
    """The ledgers between the moments."""
    earlier, later = moments[0], moments[2]
    ledgers = compare(moments, symbol, symbols)
    return BoardChanges(
        later.plan.name,
        later.plan.slug,
        earlier.on,
        later.on,
        (name_method(earlier.plan), name_method(later.plan)),
        simulated,
        later.panel.names,
        sorted(ledgers, key=lambda one: (-abs(one.rank_change or 0), one.after.rank or 10**9, one.symbol)),
        later.plan.asset_type,
    )


async def find_ends(ws: Workspace, board: str, first: date | None, last: date | None) -> tuple[Any, Any]:
    """The heads of both dates; ``BadDate`` for one that is not published."""
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        for on in (first, last):
            if on is not None:
                choose_date(ws, on, calendar_of(ws, domain.asset_type))
        last = last or await stored.newest_ranked_date(conn, domain)
        if last is None:
            raise InputError("nothing is ranked yet", where=domain.name, mend="`pacesetter cycle` ranks it")
        if first is None:
            earlier = await stored.published_before(conn, domain.id, last)
            if earlier is None:
                raise InputError(
                    f"there is no published date before {last}",
                    where=domain.name,
                    mend="`pacesetter backfill ranks` publishes history",
                )
            first = earlier
        if first >= last:
            raise BadDate(
                f"{first} is not before {last}", where="--from", mend="give the earlier date to --from"
            )
        heads = [await stored.find_head(conn, domain.id, on) for on in (first, last)]
    for on, head in zip((first, last), heads, strict=True):
        if head is None:
            raise BadDate(
                f"{domain.name} is not published for {on}",
                where=domain.name,
                mend=f"`pacesetter backfill ranks --from {on} --to {on}` publishes it",
            )
    return heads[0], heads[1]


def revision_of(head: Any, newest: int) -> int | None:
    """The data revision that a head was computed with; None when that is the newest."""
    return None if head.data_revision in (None, newest) else int(head.data_revision)


async def recall(ws: Workspace, head: Any, revision: int | None, newest: int, panels: Panels) -> Moment:
    """A head's date with the bars, facts and members known at a revision (None: now, ``newest``)."""
    async with ws.db.read() as conn:
        method = await read_method(conn, head.method_version_id)
        slug = await stored.slug_of(conn, head.domain_id)
        told = {} if revision is None else await read_progress(conn, head.evidence_cycle_id)
    (plan,) = await plan_boards(ws, slugs=[slug], method=method, at=revision)
    sources = told.get("sources")
    known = newest if revision is None else revision  # "now" moves on while many boards are explained
    key = (head.metric_date, plan.asset_type, known, None if sources is None else tuple(sources))
    if key not in panels:
        panels[key] = await load_board_panel(
            ws, sessions=[head.metric_date], asset_types={plan.asset_type}, at=revision, sources=sources
        )
    return Moment(plan, panels[key], head.metric_date)


def compare(moments: Moments, symbol: str | None, some: Sequence[str] | None = None) -> list[Ledger]:
    """The ledgers from three moments on one axis of symbols; of ``some`` those that are on it."""
    listed = {s for moment in moments for s in moment.panel.symbols}
    listed |= {s for moment in moments for s, _, _ in moment.plan.spells}
    symbols = tuple(sorted(listed))
    methods = [moment.plan.method for moment in moments]
    used = list(dict.fromkeys(part.uses for method in methods for part in method.factors))
    published, later = (take_state(moment, symbols, used) for moment in (moments[0], moments[2]))
    now = published if moments[1] is moments[0] else take_state(moments[1], symbols, used)
    wanted = None if some is None else [one for one in some if one in listed]
    if symbol is not None:
        if symbol not in symbols or not (published.member | later.member)[symbols.index(symbol)]:
            raise InputError(f"{symbol} is on {moments[2].plan.name} at neither date")
        wanted = [symbol]
    return explain_changes(published, now, later, wanted)


def take_state(moment: Moment, symbols: tuple[str, ...], used: Sequence[str]) -> BoardState:
    """A moment's values and masks on a common axis of symbols."""
    panel = moment.panel.on(np.array([day_number(moment.on)]))
    index = {symbol: i for i, symbol in enumerate(symbols)}
    at = np.array([index[symbol] for symbol in panel.symbols], dtype=np.int64)
    raw = {}
    for name in used:
        column = np.full(len(symbols), np.nan)
        column[at] = evaluate(factors.get(name), panel).raw[0]
        raw[name] = column
    universe = np.zeros(len(symbols), dtype=bool)
    universe[at] = panel.universe(moment.plan.asset_type)[0]
    everybody = replace(panel, symbols=symbols)  # membership asks for names and sessions only
    member = moment.plan.members(everybody)[0]
    return BoardState(symbols, moment.plan.method, raw, universe, member)


def name_method(plan: BoardPlan) -> str:
    """A method's name and version."""
    return f"{plan.method.name} v{plan.method.version}"
