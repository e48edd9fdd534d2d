"""One box under two ids: who may be whom, and saying that one is the other."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pacesetter.jobs.boxes.join_boxes import join_boxes
from pacesetter.jobs.boxes.rows import BoxFacts
from pacesetter.jobs.boxes.view_box_twins import view_twins
from pacesetter.store.boxes.box_records import when_observed
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import Symbol, days_fresh
from pacesetter.web.inputs import Given
from pacesetter.web.kept.kept import kept
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["boxes"])


class TwinItem(BaseModel):
    """A box of a pair."""

    symbol: str
    title: str
    external_id: str | None


class TwinsItem(BaseModel):
    """An unnamed box, and the named one that it may be. The dates are those of the floor prices."""

    unnamed: TwinItem
    named: TwinItem
    ended_on: dt.date
    ended_usd: float = Field(description="The last floor price of the named one.")
    begins_on: dt.date
    begins_usd: float = Field(description="The first floor price of the unnamed one.")
    gap_days: int
    difference_pct: float = Field(description="Of the later price from the earlier, in percent.")


class TwinsBody(Body):
    """Pairs that may be one box, by price alone: the nearest price first."""

    remarks: list[str] = Field(description="What one has to know to read this.")
    rows: list[TwinsItem]


class JoinAsked(Given):
    """The box that it is."""

    into: str = Field(
        min_length=1, max_length=200, description="Symbol, what its sources call it, or its name."
    )


class JoinDone(Body):
    """What a join came to; ``import_id`` takes it back."""

    symbol: str
    into: str = Field(description="Where its observations stand now.")
    by: str
    import_id: UUID | None
    moved: int = Field(description="Observations that belong to the other box now.")
    merged: int = Field(description="Observations that stood there too, and alike.")
    filled: dict[str, Any] = Field(description="Facts that the other box lacked.")
    ranked: int = Field(description="Days that were ranked again.")
    said: list[str]


@router.get("/boxes/twins", dependencies=[Requires("read")])
@kept("detail")
async def read_twins(ws: Reading) -> TwinsBody:
    """Unnamed boxes that begin where a named one ended, at about its price: a guess."""
    found = await view_twins(ws)
    rows = [
        TwinsItem(**{**vars(one), "unnamed": twin_item(one.unnamed), "named": twin_item(one.named)})
        for one in found.rows
    ]
    return TwinsBody(**days_fresh(ws, found.as_of), remarks=found.remarks, rows=rows)


@router.post("/boxes/{symbol}/join", dependencies=[Requires("write")])
async def join_box(ws: Reading, holder: Holder, who: Asking, symbol: Symbol, asked: JoinAsked) -> JoinDone:
    """Say that a box is another one: what was and will be observed of it belongs to that one."""
    done = await holder.compute(lambda own: join_boxes(own, symbol, asked.into, by=who.name))
    async with ws.db.read() as conn:
        fresh = days_fresh(ws, (await when_observed(conn, done.into)).last_on)
    return JoinDone(**fresh, **{**vars(done), "filled": dict(done.filled)})


def twin_item(facts: BoxFacts) -> TwinItem:
    """A box of a pair as an answer."""
    return TwinItem(symbol=facts.symbol, title=facts.title, external_id=facts.external_id)
