"""What becomes of a decision: a person approves, rejects or modifies it, trades, and sees how it ended.

    proposed ──approve──▶ approved ──trade──▶ traded ──close──▶ closed (outcome)
       ├──modify──▶ modified ──approve──▶ approved
       ├──reject (reason)──▶ rejected          (a modified one, too)
       └──after expires_on──▶ expired          (a modified or an approved one, too)

Modes: ``manual``: the person logs each trade. ``paper``: approving fills it at the given price, without
money. ``read_only``: nothing may be done. ``dry_run``: each step is shown, none is to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from pacesetter.kernel.errors import InputError

State = Literal["proposed", "modified", "approved", "rejected", "traded", "closed", "expired"]
Mode = Literal["manual", "paper", "read_only", "dry_run"]
Side = Literal["buy", "sell"]
STATES: tuple[str, ...] = get_args(State)
MODES: tuple[str, ...] = get_args(Mode)
WAITING: tuple[State, ...] = ("proposed", "modified")
UNTRADED: tuple[State, ...] = (*WAITING, "approved")


@dataclass(frozen=True)
class Terms:
    """What is to be done: how many at most at which price, where to stop, where the first part goes.

    ``quantity`` None: so many are not known, such as where no portfolio says what one per cent is."""

    side: Side
    quantity: Decimal | None
    limit_price: Decimal
    stop_price: Decimal | None = None
    target_price: Decimal | None = None


@dataclass(frozen=True)
class Fill:
    """What was done; ``paper`` where no money moved."""

    traded_on: date
    quantity: Decimal
    price: Decimal
    commission: Decimal = Decimal(0)
    paper: bool = False


@dataclass(frozen=True)
class Outcome:
    """How it ended: ``result`` per share, what it was in %, after the commissions of both trades in money."""

    closed_on: date
    price: Decimal
    gain: Decimal
    gain_pct: float
    days: int


@dataclass(frozen=True)
class Proposal:
    """A decision on its way; ``terms`` as they are now, ``proposed_terms`` as they were at first."""

    symbol: str
    terms: Terms
    proposed_terms: Terms
    proposed_on: date
    expires_on: date
    state: State = "proposed"
    reason: str = ""
    fill: Fill | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Step:
    """The proposal afterwards, what happened as words for the log, and whether it is to be kept."""

    proposal: Proposal
    event: str
    kept: bool


def propose(symbol: str, terms: Terms, on: date, expires_on: date) -> Proposal:
    """A new proposal; ``InputError`` where its terms mean nothing."""
    _check_terms(terms)
    if expires_on < on:
        raise InputError(f"it would expire on {expires_on}, before {on}", mend="choose a later date")
    return Proposal(symbol, terms, terms, on, expires_on)


def approve(proposal: Proposal, mode: Mode, on: date, *, by: str, fill_price: Decimal | None = None) -> Step:
    """Approve it; in paper mode it is filled at once, at ``fill_price``."""
    _allow(proposal, mode, on, "approve", WAITING)
    approved = replace(proposal, state="approved")
    if mode != "paper":
        return Step(approved, f"approved by {by}", mode != "dry_run")
    if fill_price is None:
        raise InputError("there is no price to fill it at", where=proposal.symbol, mend="wait for a price")
    if proposal.terms.quantity is None:
        raise InputError("it says no quantity", where=proposal.symbol, mend="modify it: give a quantity")
    fill = Fill(on, proposal.terms.quantity, fill_price, paper=True)
    _check_fill(fill, proposal)
    return Step(replace(approved, state="traded", fill=fill), f"approved by {by}, filled on paper", True)


def reject(proposal: Proposal, mode: Mode, on: date, *, by: str, reason: str) -> Step:
    """Reject it, with a reason that is kept."""
    _allow(proposal, mode, on, "reject", WAITING)
    if not reason.strip():
        raise InputError("the reason is missing", where=proposal.symbol, mend="say why it is rejected")
    rejected = replace(proposal, state="rejected", reason=reason.strip())
    return Step(rejected, f"rejected by {by}: {reason.strip()}", mode != "dry_run")


def modify(proposal: Proposal, mode: Mode, on: date, *, by: str, terms: Terms) -> Step:
    """Change its terms; it then waits for approval again."""
    _allow(proposal, mode, on, "modify", WAITING)
    _check_terms(terms)
    if terms.side != proposal.terms.side:
        raise InputError("a purchase cannot become a sale", where=proposal.symbol, mend="reject it instead")
    if terms == proposal.terms:
        raise InputError("nothing is changed", where=proposal.symbol, mend="approve it as it is")
    return Step(replace(proposal, state="modified", terms=terms), f"modified by {by}", mode != "dry_run")


def log_trade(proposal: Proposal, mode: Mode, on: date, *, by: str, fill: Fill) -> Step:
    """Note what was really traded of an approved proposal; made by its last day, it may be noted later."""
    if fill.traded_on > on:
        raise InputError(f"{fill.traded_on} is still to come", where=proposal.symbol, mend="check the date")
    counts = on if on < proposal.proposed_on else max(fill.traded_on, proposal.proposed_on)
    _allow(proposal, mode, counts, "trade", ("approved",))
    _check_fill(fill, proposal)
    return Step(replace(proposal, state="traded", fill=fill), f"traded by {by}", mode != "dry_run")


def close(
    proposal: Proposal, mode: Mode, on: date, *, price: Decimal, commission: Decimal = Decimal(0)
) -> Step:
    """Note how it ended: the gain in money after both commissions, and in % of what was put in."""
    _allow(proposal, mode, on, "close", ("traded",))
    fill = proposal.fill
    assert fill is not None  # noqa: S101 - a traded proposal has one
    if on < fill.traded_on:
        raise InputError(f"it was traded on {fill.traded_on}", where=proposal.symbol, mend="check the date")
    if not _above_zero(price):
        raise InputError(f"the price {price} is not above 0", where=proposal.symbol, mend="check the price")
    sign = 1 if proposal.terms.side == "buy" else -1
    gain = sign * (price - fill.price) * fill.quantity - fill.commission - commission
    gain_pct = round(float(100 * gain / (fill.price * fill.quantity)), 6)
    outcome = Outcome(on, price, gain, gain_pct, (on - fill.traded_on).days)
    event = f"closed at {price} with {gain_pct:+.2f} %"
    return Step(replace(proposal, state="closed", outcome=outcome), event, mode != "dry_run")


def expire(proposal: Proposal, on: date) -> Proposal:
    """The proposal on a date: expired where it waited too long, otherwise as it is; in every mode."""
    if proposal.state in UNTRADED and on > proposal.expires_on:
        return replace(proposal, state="expired", reason=f"nobody acted by {proposal.expires_on}")
    return proposal


def _allow(proposal: Proposal, mode: Mode, on: date, action: str, states: tuple[State, ...]) -> None:
    if mode == "read_only":
        raise InputError(
            f"nothing can be changed: {action}", where="read-only mode", mend="choose manual or paper"
        )
    if on < proposal.proposed_on:
        raise InputError(f"it was proposed on {proposal.proposed_on}", where=proposal.symbol)
    state = expire(proposal, on).state
    if state not in states:
        raise InputError(
            f"it is {state}: it cannot be what you asked for ({action})",
            where=proposal.symbol,
            mend=f"that is for one that is {' or '.join(states)}",
        )


def _check_terms(terms: Terms) -> None:
    for name in ("quantity", "limit_price", "stop_price", "target_price"):
        value = getattr(terms, name)
        if value is not None and not _above_zero(value):
            raise InputError(f"{name} {value} is not above 0", mend=f"give a {name} above 0")
    if terms.side == "buy":
        ends = (terms.stop_price or Decimal(0), terms.limit_price, terms.target_price or Decimal("Infinity"))
        if not ends[0] < ends[1] < ends[2]:
            named = zip(("stop", "price", "target"), ends, strict=True)
            told = ", ".join(
                f"{name} {value.normalize():f}" for name, value in named if value and value.is_finite()
            )
            raise InputError(f"these do not ascend: {told}", mend="keep stop < price < target")


def _check_fill(fill: Fill, proposal: Proposal) -> None:
    if not _above_zero(fill.price) or not _above_zero(fill.quantity):
        raise InputError("price and quantity must be above 0", where=proposal.symbol, mend="check the trade")
    if not (fill.commission.is_finite() and fill.commission >= 0):
        raise InputError(
            "the commission is below 0", where=proposal.symbol, mend="write 0 where there was none"
        )


def _above_zero(value: Decimal) -> bool:
    return value.is_finite() and value > 0
