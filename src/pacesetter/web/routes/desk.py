"""The desk: where it stands, and the nights that it has worked through."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_desk import view_desk, view_nights
from pacesetter.store.desk.nights import NightRow
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.decision import Mode
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.routes.watchlist import seer
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["desk"], dependencies=[Requires("read")])
Regime = Literal["bull", "neutral", "bear"]


class CountsItem(BaseModel):
    """What a night came to."""

    signals: int = Field(description="Found on this evening.")
    converged: int = Field(description="Symbols with a signal of which something is left.")
    waiting: int = Field(description="Symbols in the research queue afterwards.")
    opinions: int
    decisions: int
    fired: int = Field(description="Entries of the watchlist that fired.")


class NightItem(BaseModel):
    """A night that was worked through."""

    on: dt.date = Field(description="The session whose evening it is.")
    known_until: dt.datetime = Field(description="What became known later is not in it.")
    regime: Regime
    counts: CountsItem
    fingerprint: str = Field(description="SHA-256 of all that it made: equal for equal nights.")
    inputs: str = Field(description="SHA-256 of all that it read.")
    done_at: dt.datetime


class NightsBody(Body):
    """Nights, newest first."""

    rows: list[NightItem]


class DeskBody(Body):
    """Where the desk stands; as_of is the session of its newest night."""

    night: NightItem | None = Field(description="The newest; null before the first.")
    regime_reason: str | None = Field(description="Why the regime is what it is, in words, where known.")
    mode: Mode = Field(description="Who trades: a person, or the desk on paper; or nobody.")
    portfolio: str | None = Field(description="The portfolio that sizes and limits are taken of.")
    waiting: int = Field(description="Decisions that ask for an answer.")
    fired: int = Field(description="Entries of the watchlist that stand fired: one's own, and nobody's.")
    to_validate: int = Field(description="Of them, those whose thesis nobody has judged yet.")
    report_on: dt.date | None = Field(description="The newest morning report.")
    report_version: int | None
    report_material: bool | None
    due: list[dt.date] = Field(description="Sessions whose night is to be worked through now.")


@router.get("/desk", dependencies=[PRIVATE])
async def read_desk(ws: Reading, who: Asking) -> DeskBody:
    """The desk at a glance."""
    found = await view_desk(ws, seer(who))
    night, report = found.night, found.report
    mode: Any = found.mode
    return DeskBody(
        **await freshness(ws, None if night is None else night.night_on),
        night=None if night is None else night_item(night),
        regime_reason=found.regime_reason,
        mode=mode,
        portfolio=found.portfolio,
        waiting=found.n_waiting,
        fired=found.n_fired,
        to_validate=found.n_to_validate,
        report_on=None if report is None else report.date,
        report_version=None if report is None else report.version,
        report_material=None if report is None else report.content["material"],
        due=list(found.due),
    )


@router.get("/nights", response_model=NightsBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_nights(
    request: Request,
    ws: Reading,
    limit: Annotated[Whole, Query(ge=1, le=1000, description="At most so many rows.")] = 30,
    fields: Fields = None,
) -> Any:
    """The nights that the desk has worked through."""
    rows = [night_item(row) for row in await view_nights(ws, limit)]
    body = NightsBody(**await freshness(ws, rows[0].on if rows else None), rows=rows)
    return present(request, body, fields)


def night_item(row: NightRow) -> NightItem:
    """A night as an answer."""
    counts = CountsItem(**{name: row.counts.get(name, 0) for name in CountsItem.model_fields})
    own = ("known_until", "regime", "fingerprint", "inputs", "done_at")
    return NightItem(on=row.night_on, counts=counts, **{name: getattr(row, name) for name in own})
