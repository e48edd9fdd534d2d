"""Whether the server lives, and whether it can answer from the database."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from pacesetter import __version__
from pacesetter.market.calendar import grade_freshness
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.web.auth.permission import PUBLIC
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["health"], dependencies=[PUBLIC])
short = APIRouter(tags=["health"], dependencies=[PUBLIC])


class LiveBody(BaseModel):
    """The process answers."""

    status: str
    version: str


class ReadyBody(Body):
    """The database answers; ``freshness``: current, warning (one session behind) or critical."""

    status: str
    version: str
    freshness: str


@router.get("/health/live")
async def read_live() -> LiveBody:
    """Answers as long as the process does, whatever the database is doing."""
    return LiveBody(status="live", version=__version__)


@router.get("/health/ready")
@short.get("/health")
async def read_ready(ws: Reading) -> ReadyBody:
    """Answers when the database does; an error with Retry-After when it does not."""
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
    fresh = await freshness(ws, as_of)
    grade = grade_freshness(fresh["stale_sessions"])
    return ReadyBody(**fresh, status="ready", version=__version__, freshness=grade)
