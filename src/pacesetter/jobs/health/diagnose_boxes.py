"""How it is with sealed boxes: all of them in one line, or one from its observations to its rank."""

from __future__ import annotations

from pacesetter.jobs.boards.thin_days import say_thin
from pacesetter.jobs.boxes.rows import NAME_IT, NO_BOXES
from pacesetter.jobs.boxes.view_box import BoxView, view_box
from pacesetter.jobs.health.finding import Finding
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.box_day import find_fuller
from pacesetter.store.boxes.box_census import count_known

BOARD = "boxes"


async def look_at_boxes(ws: Workspace) -> list[Finding]:
    """How many boxes there are, how far their observations and ranks reach, and how many lack a name; none
    where there are no boxes."""
    async with ws.db.read() as conn:
        found = await count_known(conn)
    if not found.boxes:
        return []
    boxes = "1 box" if found.boxes == 1 else f"{found.boxes} boxes"
    if found.observed_on is None:
        return [Finding("warn", f"{boxes}, never observed", BOARD, NO_BOXES)]
    fuller = find_fuller(found.ranked)
    shown = "newest ranks" if fuller is None else "ranks shown"
    ranked = "none was ever ranked" if found.ranked_on is None else f"{shown} of {found.ranked_on}"
    unnamed = f"{found.unnamed} without a name" if found.unnamed else "all with a name"
    what = f"{boxes}: newest observations of {found.observed_on}, {ranked}, {unnamed}"
    if fuller is not None:
        what = f"{what}; {say_thin(found.ranked[0], fuller)}"
    if found.ranked_on != found.observed_on:
        return [Finding("warn", what, BOARD, f"pacesetter boxes --on {found.observed_on}")]
    return [Finding("warn" if found.unnamed else "ok", what, BOARD, NAME_IT if found.unnamed else "")]


async def diagnose_box(ws: Workspace, symbol: str) -> list[Finding]:
    """Follow one box from its name over its observations to its rank, or why it has none."""
    view = await view_box(ws, symbol)
    facts, seen = view.facts, view.seen
    found = [Finding("ok", f"{facts.symbol} is known as a sealed box", facts.title)]
    if view.asked_for:
        found.append(Finding("ok", f"{view.asked_for} is joined into it", facts.symbol))
    if facts.name is None:
        found.append(Finding("warn", "it has no name", mend=NAME_IT))
    if seen.last_on is None:
        return [*found, Finding("bad", "it was never observed", mend=NO_BOXES)]
    days = "1 day" if seen.days == 1 else f"{seen.days} days, from {seen.first_on}"
    found.append(Finding("ok", f"observed on {days}, the newest {seen.last_on}"))
    newest = view if view.as_of == seen.last_on else await view_box(ws, symbol, on=seen.last_on)
    return [*found, *rank_of(newest), *([] if newest is view else rank_of(view))]


def rank_of(view: BoxView) -> list[Finding]:
    """A box's rank on a day, or why it has none."""
    if view.row is None:
        return []
    if view.row.current_rank is not None:
        return [Finding("ok", f"rank {view.row.current_rank} of {view.ranked} on {view.as_of}", BOARD)]
    mend = f"pacesetter boxes enter {view.facts.symbol} --on {view.as_of}"
    why = in_words(view.row.unranked_reason)
    return [Finding("warn", f"unranked on {view.as_of}: {why}", BOARD, mend)]
