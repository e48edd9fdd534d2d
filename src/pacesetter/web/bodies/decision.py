"""Decisions of the desk as answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from pacesetter.jobs.decisions.view_decisions import is_waiting, seen_on, tell_why
from pacesetter.store.desk.decisions import DecisionRow
from pacesetter.web.bodies.money import Amount

Action = Literal["BUY", "SELL", "HOLD", "WATCHLIST"]
State = Literal["proposed", "approved", "rejected", "modified", "traded", "closed", "expired"]
Mode = Literal["manual", "paper", "read_only", "dry_run"]
HEAD = ("id", "symbol", "decided_on", "action", "status", "mode", "bullish_share", "conviction", "size_pct")
TERMS = ("quantity", "entry_price", "stop_loss", "target")


class TermsItem(BaseModel):
    """How many at which price, where to stop, where the first part is sold; in the symbol's currency."""

    quantity: Amount | None = Field(description="null where no portfolio says what one per cent is.")
    entry_price: Amount | None
    stop_loss: Amount | None
    target: Amount | None


class DecisionItem(TermsItem):
    """A decision on a symbol."""

    id: UUID
    symbol: str
    name: str | None
    decided_on: dt.date
    action: Action
    status: State
    waiting: bool = Field(description="Whether a person is asked for an answer.")
    mode: Mode = Field(description="The desk's mode when it was made.")
    bullish_share: float | None = Field(description="Share of the analysts' weight that says BUY.")
    conviction: Literal["high", "medium", "low"] | None
    size_pct: float | None = Field(description="Of the portfolio's value, in percent.")
    currency: str | None
    expires_on: dt.date | None = Field(description="The last date on which it can be answered.")
    why: str = Field(description="In one line.")
    portfolio_id: UUID | None
    trade_id: UUID | None
    answered_by: str | None
    answered_at: dt.datetime | None
    answer: str | None = Field(description="Why it was rejected, or how it ended.")


class VotesItem(BaseModel):
    """The analysts' weight by recommendation (shares add up to 1), and what each one's opinion counts."""

    shares: dict[str, float]
    counted: dict[str, float] = Field(description="weight × confidence, by analyst.")


class VoiceItem(BaseModel):
    """An analyst's opinion, as it was when the decision was made."""

    analyst: str
    recommendation: Action
    score: float
    confidence: float
    reasoning: str
    risks: list[str]


class CutItem(BaseModel):
    """A limit that made the size smaller."""

    limit: str
    from_pct: float
    to_pct: float
    reason: str


class SizeItem(BaseModel):
    """What the conviction asks for, and what the limits leave of it; in percent of the portfolio's value."""

    asked_pct: float
    size_pct: float
    cuts: list[CutItem]


class ExitItem(BaseModel):
    """Where the position is left; percentages of the entry price."""

    stop_pct: float
    target_pct: float
    sell_at_target_pct: float
    stop_price: Amount | None
    target_price: Amount | None
    reason: str


class ContraryItem(BaseModel):
    """Something that speaks against the decision."""

    source: str
    text: str
    strength: float


class ChallengeItem(BaseModel):
    """Everything that speaks against the decision, and whether it stood."""

    decision: Action
    facts: list[ContraryItem] = Field(description="The strongest first.")
    contrary: float
    supporting: float
    contrary_share: float
    stands: bool
    reason: str
    outcome: Action


class OutcomeItem(BaseModel):
    """How its trade ended."""

    closed_on: dt.date
    price: Amount
    gain: Amount = Field(description="After commissions, in the symbol's currency.")
    gain_pct: float
    days: int


class DecisionWhole(DecisionItem):
    """A decision with everything that led to it."""

    said: list[str]
    votes: VotesItem
    opinions: list[VoiceItem]
    size: SizeItem | None
    exit: ExitItem | None
    quantity_words: str = Field(description="How the quantity came about, or why there is none.")
    refused: list[list[str]] = Field(description="Opinions that were not counted: analyst and reason.")
    challenge: ChallengeItem | None
    proposed: TermsItem | None = Field(description="The terms as proposed, where a person changed them.")
    outcome: OutcomeItem | None


def decision_fields(
    given: DecisionRow, names: Mapping[str, str | None], users: Mapping[UUID, str], on: dt.date
) -> dict[str, Any]:
    """A decision as it stands in a list on a date."""
    row = seen_on(given, on)
    more = ("currency", "expires_on", "portfolio_id", "trade_id", "answered_at", "answer")
    return {name: getattr(row, name) for name in (*HEAD, *TERMS, *more)} | {
        "name": names.get(row.symbol),
        "waiting": is_waiting(row, on),
        "why": tell_why(row),
        "answered_by": None if row.answered_by is None else users.get(row.answered_by, "?"),
    }


def whole_fields(row: DecisionRow) -> dict[str, Any]:
    """What a decision has beyond that; older ones may lack some of it."""
    told: Mapping[str, Any] = row.reasons if isinstance(row.reasons, dict) else {}
    votes = told.get("votes") or {}
    ended = row.outcome if row.outcome and "closed_on" in row.outcome else None
    return {
        "said": told.get("said") or [],
        "votes": {"shares": votes.get("shares") or {}, "counted": votes.get("counted") or {}},
        "opinions": told.get("opinions") or [],
        "size": told.get("size"),
        "exit": told.get("exit"),
        "quantity_words": told.get("quantity") or "",
        "refused": told.get("refused") or [],
        "challenge": row.challenge or None,
        "proposed": row.proposed or None,
        "outcome": ended,
    }
