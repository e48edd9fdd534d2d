"""Decisions: what the desk proposes, and what a person makes of it. Each answer is in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from pacesetter.jobs.decisions import answer_decision as jobs
from pacesetter.jobs.decisions.answer_decision import Answered
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.decisions.view_decisions import list_decisions
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.users import list_users
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.symbols.symbols import find_symbol
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.decision import DecisionItem, DecisionWhole, decision_fields, whole_fields
from pacesetter.web.bodies.money import NotNegative, Positive
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Day, Flag, Given, Whole
from pacesetter.web.routes.portfolios import Seen
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["decisions"], dependencies=[Requires("read")])
DecisionId = Annotated[UUID, Path(description="Id of a decision.")]


class DeskDecisionsBody(Body):
    """Decisions: those to be answered first, the surest before others, then the newest of the rest."""

    waiting: int = Field(description="How many of these rows ask for an answer.")
    rows: list[DecisionItem]


class DeskDecisionBody(Body, DecisionWhole):
    """One decision, whole."""


class DecisionAnswered(DeskDecisionBody):
    """A decision after an answer."""

    event: str = Field(description="What happened, in words.")
    kept: bool = Field(description="False: the desk only rehearses (dry_run), and everything is as it was.")
    remarks: list[str] = Field(description="What else to know.")


class Rejected(Given):
    """Why not."""

    reason: str = Field(min_length=1, max_length=jobs.MOST_WORDS)


class TermsChanged(Given):
    """Terms to change; those that are not there stay as they are. It then waits for approval."""

    quantity: Positive | None = None
    price: Positive | None = Field(None, description="Entry price.")
    stop: Positive | None = None
    target: Positive | None = None


class Traded(Given):
    """What was traded."""

    price: NotNegative = Field(description="Of one share.")
    quantity: Positive | None = Field(None, description="Default: as many as it says.")
    traded_on: Day | None = Field(None, description="Default: today.")
    commission: NotNegative = Field(0, validate_default=True)
    currency: str | None = Field(
        None, pattern="^([A-Z]{3}|GBX|GBp)$", description="Default: the symbol's own."
    )
    portfolio: str | None = Field(
        None, min_length=1, max_length=80, description="Name, for a decision that was made without one."
    )


@router.get("/decisions", response_model=DeskDecisionsBody, responses=FORMS)
async def read_decisions(
    request: Request,
    ws: Reading,
    waiting: Annotated[Flag, Query(description="Only those that ask for an answer.")] = False,
    symbol: Annotated[str | None, Query(max_length=32, description="Only this symbol's.")] = None,
    limit: Annotated[Whole, Query(ge=1, le=1000, description="At most so many rows.")] = 100,
    fields: Fields = None,
) -> Any:
    """The desk's decisions."""
    named = symbol
    if symbol is not None:
        async with ws.db.read() as conn:
            named = (await find_symbol(conn, symbol)).symbol
    found = await list_decisions(ws, waiting=waiting, symbol=named, limit=limit)
    rows = await decision_items(ws, found)
    about = await freshness(ws, await newest_on(ws))
    body = DeskDecisionsBody(**about, waiting=sum(row.waiting for row in rows), rows=rows)
    return present(request, body, fields)


@router.get("/decisions/{decision_id}")
async def read_decision(ws: Reading, decision_id: DecisionId) -> DeskDecisionBody:
    """One decision with its votes, reasons, challenge, and the limits that cut its size."""
    async with ws.db.read() as conn:
        row = await decisions.get(conn, decision_id)
    return DeskDecisionBody(**await all_fields(ws, row))


@router.post("/decisions/{decision_id}/approve", dependencies=[Requires("write")])
async def approve_decision(ws: Reading, who: Asking, decision_id: DecisionId) -> DecisionAnswered:
    """Approve a decision; on paper it is traded at the next session's open."""
    return await answered(ws, await jobs.approve(ws, decision_id, by=who.name, user_id=who.user_id))


@router.post("/decisions/{decision_id}/reject", dependencies=[Requires("write")])
async def reject_decision(
    ws: Reading, who: Asking, decision_id: DecisionId, asked: Rejected
) -> DecisionAnswered:
    """Reject a decision, for a reason that is kept."""
    done = await jobs.reject(ws, decision_id, reason=asked.reason, by=who.name, user_id=who.user_id)
    return await answered(ws, done)


@router.post("/decisions/{decision_id}/modify", dependencies=[Requires("write")])
async def modify_decision(
    ws: Reading, who: Asking, decision_id: DecisionId, asked: TermsChanged
) -> DecisionAnswered:
    """Change a decision's terms; what was proposed stays noted beside them."""
    terms = asked.model_dump()
    return await answered(ws, await jobs.modify(ws, decision_id, by=who.name, user_id=who.user_id, **terms))


@router.post("/decisions/{decision_id}/trade", dependencies=[Requires("write")])
async def trade_decision(
    ws: Reading, holder: Holder, seen: Seen, who: Asking, decision_id: DecisionId, asked: Traded
) -> DecisionAnswered:
    """Log the trade of an approved decision: it goes into the portfolio, with stop and target."""
    given = asked.model_dump()
    done = await holder.compute(
        lambda own: log_trade(own, decision_id, by=who.name, user_id=who.user_id, seen=seen, **given)
    )
    return await answered(ws, done)


async def decision_items(ws: Workspace, rows: Sequence[DecisionRow]) -> list[DecisionItem]:
    """Decisions as a list shows them."""
    names = await name_symbols(ws, {row.symbol for row in rows})
    users = await user_names(ws)
    on = ws.now().date()
    return [DecisionItem(**decision_fields(row, names, users, on)) for row in rows]


async def answered(ws: Workspace, done: Answered) -> DecisionAnswered:
    """A decision after an answer."""
    more: dict[str, Any] = {"event": done.event, "kept": done.kept, "remarks": list(done.said)}
    return DecisionAnswered(**await all_fields(ws, done.decision), **more)


async def all_fields(ws: Workspace, row: DecisionRow) -> dict[str, Any]:
    """Everything of a decision."""
    names = await name_symbols(ws, [row.symbol])
    head = decision_fields(row, names, await user_names(ws), ws.now().date())
    return {**await freshness(ws, row.decided_on), **head, **whole_fields(row)}


async def user_names(ws: Workspace) -> dict[UUID, str]:
    """The names of all who may have answered."""
    async with ws.db.read() as conn:
        return {user.id: user.name for user in await list_users(conn)}
