"""What a person makes of a decision: approved, rejected, modified; its trade logged, and its end.

Each is one transaction: the decision, its trade with the position, and the entry of the audit log are there
together, or none of them. Whoever comes second finds what the first one made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.agent_settings import current_settings
from pacesetter.jobs.decisions.answer_limits import tell_limits
from pacesetter.jobs.proposals.decision_terms import as_json, as_stored, mode_for, proposal_of, told
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.research import proposal as flow
from pacesetter.research.proposal import Mode, Proposal, Step, Terms
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.decisions import DecisionRow, decisions, lock_decision

MOST_WORDS = 500
Settings = Mapping[str, AgentSetting]


@dataclass(frozen=True)
class Answered:
    """A decision afterwards, and what happened in words; ``kept`` is False in a dry run, which leaves
    everything as it was. ``said``: what else to know, such as each of the desk's limits that it passes."""

    decision: DecisionRow
    event: str
    kept: bool
    said: tuple[str, ...] = ()


async def approve(
    ws: Workspace,
    decision_id: UUID,
    *,
    by: str = "the command line",
    user_id: UUID | None = None,
    settings: Settings | None = None,
) -> Answered:
    """Approve a decision; on paper the night buys or sells at the next session's open."""

    def step(given: Proposal, mode: Mode, on: date) -> Step:
        if mode == "paper" and given.terms.quantity is None:
            raise InputError("it says no quantity", where=given.symbol, mend="modify it: give a quantity")
        return flow.approve(given, "manual" if mode == "paper" else mode, on, by=by)

    return await _answer(ws, decision_id, "decision.approved", step, user_id=user_id, settings=settings)


async def reject(
    ws: Workspace,
    decision_id: UUID,
    *,
    reason: str,
    by: str = "the command line",
    user_id: UUID | None = None,
    settings: Settings | None = None,
) -> Answered:
    """Reject a decision, for a reason that is kept."""
    if len(reason) > MOST_WORDS:
        raise InputError(f"the reason has {len(reason)} characters", mend=f"use at most {MOST_WORDS}")
    return await _answer(
        ws,
        decision_id,
        "decision.rejected",
        lambda given, mode, on: flow.reject(given, mode, on, by=by, reason=reason),
        user_id=user_id,
        settings=settings,
    )


async def modify(
    ws: Workspace,
    decision_id: UUID,
    *,
    quantity: Decimal | None = None,
    price: Decimal | None = None,
    stop: Decimal | None = None,
    target: Decimal | None = None,
    by: str = "the command line",
    user_id: UUID | None = None,
    settings: Settings | None = None,
) -> Answered:
    """Change terms (None leaves one as it is); what was proposed stays noted beside them."""
    given_terms = {
        "quantity": quantity,
        "limit_price": price,
        "stop_price": stop,
        "target_price": target,
    }
    changed: dict[str, Any] = {name: value for name, value in given_terms.items() if value is not None}

    def step(given: Proposal, mode: Mode, on: date) -> Step:
        terms: Terms = replace(given.terms, **changed)
        return flow.modify(given, mode, on, by=by, terms=terms)

    return await _answer(ws, decision_id, "decision.modified", step, user_id=user_id, settings=settings)


async def _answer(
    ws: Workspace,
    decision_id: UUID,
    action: str,
    take: Callable[[Proposal, Mode, date], Step],
    *,
    user_id: UUID | None,
    settings: Settings | None,
) -> Answered:
    now = ws.now()
    async with ws.db.write() as conn:
        row = await lock_decision(conn, decision_id)
        given = await current(conn, settings)
        mode = mode_for(row, given)
        before = proposal_of(row)
        step = take(before, mode, now.date())
        values = _values(row, before, step.proposal)
        values |= {"answered_by": user_id, "answered_at": now}
        said: tuple[str, ...] = ()
        if step.proposal.state != "rejected":
            said = await tell_limits(ws, conn, replace(row, **values), given, now.date())
        if not step.kept:
            return Answered(replace(row, **values), step.event, False, said)
        if row.mode not in ("manual", "paper"):
            values["mode"] = mode
        after = await decisions.change(conn, decision_id, **values)
        more = {"event": step.event, "terms": as_json(step.proposal.terms)}
        if step.proposal.reason:
            more["reason"] = step.proposal.reason
        await write_entry(conn, action, told(after, **more), at=now, user_id=user_id)
        return Answered(after, step.event, True, said)


def _values(row: DecisionRow, before: Proposal, after: Proposal) -> dict[str, Any]:
    """The columns that a step changes."""
    values: dict[str, Any] = {"status": after.state}
    if after.reason != before.reason:
        values["answer"] = after.reason
    if after.terms != before.terms:
        values |= as_stored(after.terms)
        values["proposed"] = as_json(after.proposed_terms)
        old, new = before.terms.quantity, after.terms.quantity
        if row.size_pct is not None and old and new and old != new:
            values["size_pct"] = round(row.size_pct * float(new / old), 6)
    return values


async def current(conn: AsyncConnection, settings: Settings | None) -> Settings:
    """The settings in force, unless they are given."""
    return settings if settings is not None else await current_settings(conn)
