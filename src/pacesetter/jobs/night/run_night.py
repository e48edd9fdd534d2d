"""A night of the desk, over one finished session:

paper trades are settled → evidence (nothing later than the session) → discovery agents → signals →
convergence → research queue → analysts on the best, on what is held and on what the watchlist asks about →
decisions → watchlist → morning report → all of it stored at once.

All is worked out first, from one state of the desk, and then stored in one transaction, if that state
still holds; otherwise it is worked out again. So a night is there whole or not at all, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.analyse import analyse
from pacesetter.agents.discover import discover
from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.decisions.agent_settings import current_settings
from pacesetter.jobs.decisions.decide import decide_night
from pacesetter.jobs.decisions.desk_book import DeskBook, load_book
from pacesetter.jobs.decisions.paper_desk import settle_paper
from pacesetter.jobs.night.check_watchlist import check_watches, symbols_to_validate
from pacesetter.jobs.night.desk_state import DeskState, read_state
from pacesetter.jobs.night.evidence import find_session, load_evidence
from pacesetter.jobs.night.moment import find_moment
from pacesetter.jobs.night.store_night import store_night
from pacesetter.jobs.night.tell_opinions import tell_opinions
from pacesetter.jobs.report.make_report import make_report
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import BadDate, StoreError
from pacesetter.kernel.ids import new_id
from pacesetter.research.convergence import converge
from pacesetter.research.desk import Desk, load_desk
from pacesetter.store.desk.decisions import hold_untraded
from pacesetter.store.desk.nights import NightRow, hold_nights, nights
from pacesetter.store.desk.signals import load_signals
from pacesetter.store.desk.watchlist import present_names

TRIES = 5
STAGES = ("evidence", "signals", "analysts", "decisions", "report", "store")


@dataclass(frozen=True)
class NightReport:
    """How a night went: "done", or "known" where it was done before; ``night`` as it is stored; ``said``: as
    of when it read, where it was done later than its morning."""

    status: str
    night: NightRow
    said: str = ""


async def run_night(
    ws: Workspace, on: date | None = None, *, progress: Progress = say_nothing
) -> NightReport:
    """Work through the night of a session, the newest finished one unless ``on`` names another.

    ``BadDate`` for one before a night that was worked through: queue and watchlist only go forward.
    """
    tell_stage(progress, "evidence")
    read_at = ws.now()
    if on is not None and (known := await find_known(ws, on)):
        return known
    async with ws.db.read() as conn:
        on = await find_session(conn, ws.settings.calendar, on)
        moment = await find_moment(conn, on, read_at)
    if known := await find_known(ws, on):
        return known
    evidence = await load_evidence(ws, on, moment=moment)
    desk, at = load_desk(), moment.desk_at
    async with ws.db.write() as conn:
        await hold_nights(conn)
        await settle_paper(ws, conn, evidence, desk=desk)
        await load_book(ws, conn, await current_settings(conn, at=at), on)  # makes what paper mode needs
    for _ in range(TRIES):
        async with ws.db.read() as conn:
            state = await read_state(conn, at)
            book = await load_book(ws, conn, state.settings, on, at=at)
        made = await work_out(ws, evidence, state, book, desk, progress)
        made = replace(made, desk_at=at, said="; ".join(filter(None, (moment.said, *state.watched.said))))
        tell_stage(progress, "report")
        content = await make_report(ws, made)
        tell_stage(progress, "store")
        async with ws.db.write() as conn:
            await hold_nights(conn)
            if await is_unchanged(ws, conn, state, book, on, at):
                night = await store_night(conn, made, content, read_at=read_at, done_at=ws.now())
                return NightReport("done", night, made.said)
        if known := await find_known(ws, on):  # another process was quicker
            return known
    raise StoreError("the desk was changed again and again while its night was worked out", mend="try again")


async def is_unchanged(
    ws: Workspace, conn: AsyncConnection, state: DeskState, book: DeskBook, on: date, at: datetime | None
) -> bool:
    """Whether the desk, and what its portfolio holds, still are what a night was worked out from; who
    answers a decision from now on waits until this transaction ends."""
    await hold_untraded(conn)
    same = await read_state(conn, at) == state
    return same and await load_book(ws, conn, state.settings, on, at=at) == book


async def find_known(ws: Workspace, on: date) -> NightReport | None:
    """The night of ``on`` where it was worked through; ``BadDate`` where only a later one was."""
    async with ws.db.read() as conn:
        state = await read_state(conn)
        if state.newest is None or state.newest.night_on < on:
            return None
        if state.newest.night_on == on:
            return NightReport("known", state.newest)
        found = await nights.find(conn, nights.table.c.night_on == on)
    if found:
        return NightReport("known", found[0])
    raise BadDate(
        f"the desk has worked through {state.newest.night_on} already, and {on} is before it",
        where=str(on),
        mend="name a later session, or work the nights of a new home through in their order",
    )


async def work_out(
    ws: Workspace, evidence: Evidence, state: DeskState, book: DeskBook, desk: Desk, progress: Progress
) -> NightMade:
    """The night in memory, up to its report."""
    tell_stage(progress, "signals")
    found = discover(evidence, state.settings, desk)
    async with ws.db.read() as conn:
        signals = await load_signals(conn, evidence.on, found=found)
        renamed = await present_names(conn, [row.symbol for row in state.watches])
    convergence = converge(signals, evidence.on, regime=evidence.regime, favours=evidence.favours, desk=desk)
    queue = state.advance(convergence.scores(), evidence.on, desk.queue)
    tell_stage(progress, "analysts")
    asked = {*convergence.best(), *book.held, *symbols_to_validate(state.watches, evidence)}
    said = {symbol: analyse(symbol, evidence, state.settings) for symbol in sorted(asked)}
    opinions = {symbol: one for symbol, one in said.items() if one}
    told = await tell_opinions(ws, evidence, opinions, state.settings)
    tell_stage(progress, "decisions")
    return NightMade(
        evidence=evidence,
        desk=desk,
        settings=state.settings,
        previous_on=state.newest_on,
        found=tuple(found),
        convergence=convergence,
        queue=queue,
        opinions=opinions,
        told=told,
        decisions=decide_night(evidence, opinions, state.settings, desk, book, new_id=new_id, signals=found),
        watched=check_watches(
            state.watches,
            evidence,
            opinions,
            desk,
            settings=state.settings,
            renamed=renamed,
            standing=state.watched.standing,
        ),
    )


def tell_stage(progress: Progress, stage: str) -> None:
    """Say which stage begins."""
    progress(stage, STAGES.index(stage), len(STAGES))
