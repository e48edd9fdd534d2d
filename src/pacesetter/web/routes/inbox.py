"""The inbox: files that came by the watched folder, and the texts that were taken in from them."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_texts import EXCERPT, excerpt_of, view_texts
from pacesetter.jobs.inbox.list_inbox import list_inbox
from pacesetter.jobs.inbox.watch_inbox import watch_inbox
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["inbox"], dependencies=[Requires("read")])
Status = Literal["applied", "failed", "duplicate"]
Kind = Literal["research", "news", "insider", "earnings", "manual", "macro", "general"]


class FlawItem(BaseModel):
    """Something that is wrong with a file."""

    at: str
    what: str
    mend: str


class InboxFileItem(BaseModel):
    """A file that came."""

    id: UUID
    folder: str
    name: str
    status: str = Field(description="applied, failed (refused) or duplicate (taken in before).")
    found_at: dt.datetime
    moved_to: str | None = Field(description="Its place within the inbox.")
    size_bytes: int
    sha256: str
    summary: str
    flaws: list[FlawItem]


class LeftItem(BaseModel):
    """Something that is left where it lies, and why."""

    path: str
    reason: str
    mend: str


class InboxBody(Body):
    """The inbox; paths are within it."""

    path: str | None = Field(description="The watched folder; told to who may change things.")
    exists: bool
    rows: list[InboxFileItem] = Field(description="What came, the newest first.")
    waiting: list[str] = Field(description="What waits for the next look.")
    left: list[LeftItem]
    remarks: list[str]


class TakenItem(BaseModel):
    """What became of a file of this look."""

    file_id: str
    folder: str
    name: str
    status: str
    moved_to: str | None
    summary: str


class LookBody(Body):
    """What one look at the inbox came to; ``busy``: another process is looking, so nothing was done."""

    busy: bool
    rows: list[TakenItem]
    left: list[LeftItem]
    remarks: list[str]


class TextItem(BaseModel):
    """A text that was noted of a symbol, or of markets."""

    id: UUID
    kind: str
    symbol: str | None
    noted_on: dt.date
    known_at: dt.datetime
    title: str
    source: str
    excerpt: str = Field(description=f"Its first {EXCERPT} characters.")
    n_characters: int


class TextsBody(Body):
    """A page of texts, newest first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[TextItem]


@router.get("/inbox")
async def read_inbox(
    ws: Reading,
    who: Asking,
    status: Annotated[Status | None, Query(description="Only files that ended so.")] = None,
    limit: Annotated[Whole, Query(ge=1, le=1000, description="At most so many files.")] = 100,
) -> InboxBody:
    """What came by the inbox and what became of it; what lies there now."""
    found = await list_inbox(ws, status=status, limit=limit)
    names = [name for name in InboxFileItem.model_fields if name != "flaws"]
    return InboxBody(
        **await freshness(ws, await newest_on(ws)),
        path=found.path if who.may("write") else None,
        exists=found.exists,
        rows=[
            InboxFileItem(**{name: getattr(one, name) for name in names}, flaws=flaws_of(one.report))
            for one in found.files
        ],
        waiting=found.waiting,
        left=[LeftItem(**vars(one)) for one in found.left],
        remarks=found.said,
    )


@router.post("/inbox/look", dependencies=[Requires("write")])
async def look_at_inbox(ws: Reading, holder: Holder) -> LookBody:
    """Take in what lies in the inbox now, and has not changed for the settling time."""
    report = await holder.compute(lambda own: watch_inbox(own, sleep=asyncio.sleep))
    return LookBody(
        **await freshness(ws, await newest_on(ws)),
        busy=report.busy,
        rows=[TakenItem(**vars(one)) for one in report.files],
        left=[LeftItem(**vars(one)) for one in report.left],
        remarks=report.said,
    )


@router.get("/texts", response_model=TextsBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_texts(
    request: Request,
    ws: Reading,
    page: Page,
    symbol: Annotated[str | None, Query(max_length=32, description="Only this symbol's.")] = None,
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    fields: Fields = None,
) -> Any:
    """Texts of research, news, insiders, earnings and people."""
    before = None if page.after is None else read_place(page.after)
    found, count = await view_texts(ws, symbol=symbol, kind=kind, before=before, limit=page.limit + 1)
    rows = found[: page.limit]
    own = ("id", "kind", "symbol", "noted_on", "known_at", "title", "source")
    body = TextsBody(
        **await freshness(ws, await newest_on(ws)),
        count=count,
        next=write_cursor((str(rows[-1].noted_on), rows[-1].id.hex)) if len(found) > len(rows) else None,
        rows=[
            TextItem(
                **{name: getattr(row, name) for name in own},
                excerpt=excerpt_of(row.body),
                n_characters=len(row.body),
            )
            for row in rows
        ],
    )
    return present(request, body, fields)


def flaws_of(report: dict[str, Any]) -> list[FlawItem]:
    """What a report says is wrong with its file."""
    return [
        FlawItem(at=str(one.get("at", "")), what=str(one.get("what", "")), mend=str(one.get("mend", "")))
        for one in report.get("flaws") or []
    ]


def read_place(after: tuple[Any, ...]) -> tuple[dt.date, UUID]:
    """The text that a cursor names."""
    try:
        on, text_id = after
        return dt.date.fromisoformat(on), UUID(text_id)
    except (ValueError, TypeError, AttributeError):
        raise bad_cursor() from None
