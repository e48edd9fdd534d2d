"""The watchlist: one's own entries and those that are nobody's. Each change is in the audit log."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from pacesetter.jobs.desk import watchlist as jobs
from pacesetter.jobs.desk.watch_terms import WatchTerms, text_of
from pacesetter.jobs.desk.watchlist import WatchView
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.jobs.workspace import Workspace
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.auth.principal import Principal
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.bodies.watch import (
    Status,
    WatchAsked,
    WatchEdited,
    WatchItem,
    watch_item,
)
from pacesetter.web.errors import CREATED
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["watchlist"], dependencies=[PRIVATE, Requires("read")])
WatchId = Annotated[UUID, Path(description="Id of an entry.")]
NOBODY = UUID(int=0)  # who is not logged in sees what is nobody's, and nothing else


class WatchBody(Body, WatchItem):
    """One entry."""


class WatchlistBody(Body):
    """Entries by symbol, the oldest first; ``count`` in all."""

    count: int
    rows: list[WatchItem]


@router.get("/watchlist", response_model=WatchlistBody, responses=FORMS)
async def read_watchlist(
    request: Request,
    response: Response,
    ws: Reading,
    who: Asking,
    status: Annotated[Status | None, Query(description="Only entries in this state.")] = None,
    symbol: Annotated[str | None, Query(max_length=32, description="Only entries on this symbol.")] = None,
    fields: Fields = None,
) -> Any:
    """One's own entries, and those that are nobody's."""
    views = await jobs.list_watches(ws, status=status, symbol=symbol, user_id=seer(who))
    names = await name_symbols(ws, {view.row.symbol for view in views})
    rows = [watch_item(view, names.get(view.row.symbol), who.user_id) for view in views]
    body = WatchlistBody(**await freshness(ws, await newest_on(ws)), count=len(rows), rows=rows)
    return present(request, body, fields, told=response)


@router.post("/watchlist", status_code=CREATED, dependencies=[Requires("write")])
async def add_watch(
    ws: Reading, holder: Holder, who: Asking, asked: WatchAsked, request: Request, response: Response
) -> WatchBody:
    """Wait for something; the answer says how often it would have happened in the last year."""
    given = given_terms(asked)
    symbol, terms = given.pop("symbol"), WatchTerms(**given)
    view = await holder.compute(lambda own: jobs.add_watch(own, symbol, terms, user_id=who.user_id))
    response.headers["Location"] = request.app.url_path_for("read_watch", watch_id=view.row.id)
    return await tell(ws, view, who)


@router.get("/watchlist/{watch_id}")
async def read_watch(ws: Reading, holder: Holder, who: Asking, watch_id: WatchId) -> WatchBody:
    """One entry, with how often it would have fired in the last year."""
    view = await holder.compute(lambda own: jobs.show_watch(own, watch_id, user_id=seer(who)))
    return await tell(ws, view, who)


@router.patch("/watchlist/{watch_id}", dependencies=[Requires("write")])
async def change_watch(
    ws: Reading, holder: Holder, who: Asking, watch_id: WatchId, asked: WatchEdited
) -> WatchBody:
    """Change an entry, or say whether its thesis still holds."""
    given = given_terms(asked)
    judged = {name: given.pop(name) for name in ("holds", "reason") if name in given}
    terms = WatchTerms(**given)
    view = await holder.compute(
        lambda own: jobs.edit_watch(own, watch_id, terms, user_id=who.user_id, **judged)
    )
    return await tell(ws, view, who)


@router.delete("/watchlist/{watch_id}", dependencies=[Requires("write")])
async def drop_watch(ws: Reading, who: Asking, watch_id: WatchId) -> WatchBody:
    """Take an entry away; the answer is what it was."""
    row = await jobs.remove_watch(ws, watch_id, user_id=who.user_id)
    return await tell(ws, WatchView(row, text_of(row)), who)


def given_terms(asked: WatchAsked | WatchEdited) -> dict[str, Any]:
    """What was given, as the jobs take it."""
    return {name: value for name in asked.model_fields_set if (value := getattr(asked, name)) is not None}


def seer(who: Principal) -> UUID:
    """Whose entries somebody sees, beside nobody's."""
    return who.user_id or NOBODY


async def tell(ws: Workspace, view: WatchView, who: Principal) -> WatchBody:
    """An entry as an answer."""
    names = await name_symbols(ws, [view.row.symbol])
    item = watch_item(view, names.get(view.row.symbol), who.user_id)
    return WatchBody(**await freshness(ws, await newest_on(ws)), **vars(item))
