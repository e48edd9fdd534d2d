"""The audit log: who changed what, and whether the log itself holds. For owners."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_audit import verify_audit, view_audit
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Requires
from pacesetter.web.inputs import Whole
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["audit"], dependencies=[PRIVATE, Requires("admin")])
LARGEST = 2**62


class EntryItem(BaseModel):
    """An entry of the log."""

    sequence: int
    timestamp: dt.datetime
    action: str = Field(description="noun.verb, such as decision.approved.")
    by: str = Field(description="Who acted; pacesetter: the desk itself, or somebody at the command line.")
    data: dict[str, Any]
    hash: str = Field(description="SHA-256 of the entry and the one before it.")


class EntriesBody(BaseModel):
    """A page of entries, newest first; ``next``: give it as `before` for older ones."""

    next: int | None
    rows: list[EntryItem]


class BreakItem(BaseModel):
    """Where the chain does not hold, and how it shows."""

    sequence: int
    reason: str


class CheckBody(BaseModel):
    """What a look at the whole log found."""

    n: int = Field(description="Entries.")
    head: str = Field(description="Hash of the newest: noted elsewhere, it proves the log later.")
    holds: bool
    breaks: list[BreakItem]


@router.get("/audit")
async def read_audit(
    ws: Reading,
    action: Annotated[
        str | None, Query(max_length=80, description="A whole action, or its noun, such as decision.")
    ] = None,
    before: Annotated[Whole | None, Query(ge=1, le=LARGEST, description="Only entries before this.")] = None,
    limit: Annotated[Whole, Query(ge=1, le=1000, description="At most so many rows.")] = 50,
) -> EntriesBody:
    """Entries, the newest first."""
    found = await view_audit(ws, action=action, before=before, limit=limit + 1)
    rows = [
        EntryItem(
            **{name: getattr(row, name) for name in ("sequence", "timestamp", "action", "data", "hash")},
            by=by,
        )
        for row, by in found[:limit]
    ]
    return EntriesBody(next=rows[-1].sequence if len(found) > limit else None, rows=rows)


@router.get("/audit/verify")
async def check_audit(
    ws: Reading,
    head: Annotated[
        str | None, Query(max_length=64, description="A hash that was noted before: must still be there.")
    ] = None,
) -> CheckBody:
    """Look at every entry: whether it says what its hash says, and none is missing."""
    found = await verify_audit(ws, head=head)
    breaks = [BreakItem(**vars(one)) for one in found.breaks]
    return CheckBody(n=found.n, head=found.head, holds=not breaks, breaks=breaks)
