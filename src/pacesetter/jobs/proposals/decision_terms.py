"""A stored decision as a proposal that steps can be taken with, and its terms as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.kernel.errors import InputError
from pacesetter.research.proposal import Mode, Proposal, Side, State, Terms
from pacesetter.store.desk.decisions import ANSWERABLE, DecisionRow

TERMS = ("quantity", "entry_price", "stop_loss", "target")  # of a row; in the order of ``Terms``
STATES: dict[str, State] = {name: name for name in get_args(State)}
MODES: dict[str, Mode] = {name: name for name in get_args(Mode)}


def proposal_of(row: DecisionRow) -> Proposal:
    """The proposal of a decision; ``InputError`` for one that asks for nothing."""
    if row.action not in ANSWERABLE or row.entry_price is None or row.expires_on is None:
        raise InputError(
            f"the desk says {row.action}: there is nothing to answer",
            where=f"{row.symbol} on {row.decided_on}",
            mend="`pacesetter decisions` lists what waits for an answer",
        )
    side: Side = "buy" if row.action == "BUY" else "sell"
    terms = Terms(side, row.quantity, row.entry_price, row.stop_loss, row.target)
    proposed = terms
    if row.proposed:
        first = [None if row.proposed[name] is None else Decimal(row.proposed[name]) for name in TERMS]
        proposed = Terms(side, first[0], first[1] or row.entry_price, first[2], first[3])
    return Proposal(
        symbol=row.symbol,
        terms=terms,
        proposed_terms=proposed,
        proposed_on=row.decided_on,
        expires_on=row.expires_on,
        state=STATES[row.status],
        reason=row.answer or "",
    )


def as_stored(terms: Terms) -> dict[str, Decimal | None]:
    """Terms as columns of a decision."""
    values = (terms.quantity, terms.limit_price, terms.stop_price, terms.target_price)
    return dict(zip(TERMS, values, strict=True))


def as_json(terms: Terms) -> dict[str, str | None]:
    """Terms as plain JSON: amounts are exact, so they are text."""
    return {
        name: None if value is None else f"{value.normalize():f}" for name, value in as_stored(terms).items()
    }


def mode_for(row: DecisionRow, settings: Mapping[str, AgentSetting]) -> Mode:
    """The mode in which a decision is answered: as it was proposed, on paper or not, unless the desk may not
    do anything now, or keeps nothing."""
    now = MODES[desk_terms(settings)[0]]
    if now in ("read_only", "dry_run"):
        return now
    if now == "paper" and row.mode != "paper":
        raise InputError(
            f"it was proposed in the mode {row.mode}, and the desk trades on paper now",
            where=row.symbol,
            mend="wait for the next night, or set the desk's mode to manual",
        )
    return MODES[row.mode] if row.mode in ("manual", "paper") else now


def told(row: DecisionRow, **more: Any) -> dict[str, Any]:
    """A decision in the audit log's words."""
    found = {
        "decision": str(row.id),
        "symbol": row.symbol,
        "action": row.action,
        "decided_on": row.decided_on.isoformat(),
        "status": row.status,
        "mode": row.mode,
    }
    return found | {name: str(value) if isinstance(value, Decimal) else value for name, value in more.items()}
