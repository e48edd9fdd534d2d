"""The sessions that have published ranks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate
from pacesetter.store.boards.published_sessions import count_sessions, published_sessions
from pacesetter.store.symbols.domains import find_domain
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["sessions"], dependencies=[Requires("read")])


class SessionItem(BaseModel):
    """A session with published ranks."""

    on: dt.date
    provisional: bool = Field(description="Whether some of its prices were not final yet.")
    boards: int = Field(description="How many boards have ranks of it.")


class SessionsBody(Body):
    """A page of sessions, newest first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[SessionItem]


@router.get("/sessions")
@kept("series")
async def read_sessions(
    ws: Reading,
    page: Page,
    board: Annotated[
        str | None, Query(max_length=80, description="Only sessions of this board, by name or slug.")
    ] = None,
) -> SessionsBody:
    """The dates that can be asked for with ``on``: an exchange's sessions, or days of a board of boxes."""
    before = None if page.after is None else read_place(page.after)
    async with ws.db.read() as conn:
        domain = None if board is None else await find_domain(conn, board)
        domain_id = None if domain is None else domain.id
        found = await published_sessions(conn, domain_id=domain_id, before=before, limit=page.limit + 1)
        count = await count_sessions(conn, domain_id)
        newest = await published_sessions(conn, domain_id=domain_id, before=None, limit=1)
    rows = [
        SessionItem(on=row.on, provisional=bool(row.provisional), boards=row.boards)
        for row in found[: page.limit]
    ]
    more = write_cursor((str(rows[-1].on),)) if len(found) > len(rows) else None
    calendar = None if domain is None else calendar_of(ws, domain.asset_type)
    fresh = await freshness(ws, newest[0].on if newest else None, calendar=calendar)
    return SessionsBody(**fresh, count=count, next=more, rows=rows)


def read_place(after: tuple[object, ...]) -> dt.date:
    """The session that a cursor names."""
    try:
        (text,) = after
        return parse_date(text if isinstance(text, str) else "")
    except (ValueError, BadDate):
        raise bad_cursor() from None
