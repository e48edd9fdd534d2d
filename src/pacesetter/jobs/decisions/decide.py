"""A night's decisions: every symbol that analysts looked at gets one, and their sizes respect each other.

The surest is decided first, and each purchase counts to the limits of the next. What earlier nights proposed
and may still be bought counts, too, unless this night decides on that symbol anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

import numpy as np

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.decision_case import make_case
from pacesetter.jobs.decisions.desk_book import DeskBook, add_to
from pacesetter.market.calendar import day_date, day_number, load_hours
from pacesetter.research.desk import Desk
from pacesetter.research.opinion import Opinion
from pacesetter.research.signal import Signal
from pacesetter.research.verdict import Case, Verdict, decide
from pacesetter.store.desk.decisions import DecisionRow

ANSWERED_WITHIN = 5  # sessions that a proposal waits
HUNDRED = Decimal(100)


def decide_night(
    evidence: Evidence,
    opinions: Mapping[str, Sequence[Opinion]],
    settings: Mapping[str, AgentSetting],
    desk: Desk,
    book: DeskBook,
    *,
    new_id: Callable[[], UUID],
    signals: Sequence[Signal] = (),
) -> tuple[DecisionRow, ...]:
    """A decision on each symbol of ``opinions``, the surest purchase first.

    ``signals`` whose ``data`` say a ``direction`` (up, down) speak in the challenge. A row's ``reasons``:
    said, votes, opinions, size (with the cuts of the limits), exit, quantity, refused; its ``challenge`` is
    all of ``research.challenge.Challenge``. HOLD and WATCHLIST ask for nothing, and never expire.
    """
    weights = {name: one.weight for name, one in settings.items()}
    rule = desk.decision
    cases = {symbol: make_case(symbol, evidence, book, signals) for symbol in opinions}
    sure = {s: decide(opinions[s], weights, cases[s], rule).votes.bullish for s in opinions}
    now = book.book
    for symbol, (size, sector) in sorted(book.waiting.items()):
        if symbol not in opinions:
            now = add_to(now, symbol, sector, size)
    expires_on = sessions_after(book.calendar, evidence.on, ANSWERED_WITHIN)
    rows = []
    for symbol in sorted(opinions, key=lambda one: (-sure[one], one)):
        case = replace(cases[symbol], book=now)
        verdict = decide(opinions[symbol], weights, case, rule)
        listing = evidence.listings.get(symbol)
        currency = listing.currency if listing is not None else None
        row = _row(verdict, case, currency, book, opinions[symbol])
        row = replace(row, id=new_id(), decided_on=evidence.on)
        if row.action in ("BUY", "SELL"):
            row = replace(row, expires_on=expires_on)
        if row.action == "BUY":
            now = add_to(now, symbol, case.sector, row.size_pct or 0.0)
        rows.append(row)
    return tuple(rows)


def sessions_after(calendar: str, on: date, count: int) -> date:
    """The session that comes ``count`` sessions after a date."""
    days = load_hours(calendar).days
    place = int(np.searchsorted(days, day_number(on), side="right")) + count - 1
    return day_date(days[min(place, len(days) - 1)])


def _row(
    verdict: Verdict, case: Case, currency: str | None, book: DeskBook, opinions: Sequence[Opinion]
) -> DecisionRow:
    """A verdict as a row, still without day and id."""
    said = list(verdict.reasons)
    action: str = verdict.decision
    quantity: Decimal | None = None
    why = ""
    if action == "BUY" and verdict.size is not None and case.price is not None:
        quantity, why = count_shares(case.price, currency, verdict.size.size_pct, book)
        if quantity is not None and quantity < 1:
            said.append(f"one share is more than the size: {why}")
            action, quantity = "WATCHLIST", None
    if action == "SELL":
        quantity = book.held.get(case.symbol)
        if quantity is None:
            said.append("there are no shares of it to sell")
            action = "HOLD"
        elif case.price is None:
            said.append("its price is not known, and so not what a sale would bring")
            action, quantity = "HOLD", None
    size = verdict.size if action == "BUY" else None
    exit_ = verdict.exit if action == "BUY" else None
    held_pct = book.book.position_pct.get(case.symbol, 0.0)
    reasons: dict[str, Any] = {
        "said": said,
        "votes": {"shares": dict(verdict.votes.shares), "counted": dict(verdict.votes.counted)},
        "opinions": [
            {
                "analyst": one.analyst,
                "recommendation": one.recommendation,
                "score": one.score,
                "confidence": one.confidence,
                "reasoning": one.reasoning,
                "risks": list(one.risks),
            }
            for one in sorted(opinions, key=lambda one: one.analyst)
        ],
        "size": None if verdict.size is None else asdict(verdict.size),
        "exit": None if exit_ is None else _plain_exit(asdict(exit_)),
        "quantity": why,
        "refused": [list(one) for one in verdict.refused],
    }
    if reasons["size"] is not None:
        reasons["size"]["cuts"] = [dict(cut) for cut in reasons["size"]["cuts"]]
    challenge = asdict(verdict.challenge)
    challenge["facts"] = list(challenge["facts"])
    return DecisionRow(
        id=UUID(int=0),
        symbol=case.symbol,
        decided_on=date.min,
        action=action,
        mode=book.mode,
        bullish_share=verdict.votes.bullish,
        conviction=verdict.conviction if action == "BUY" else None,
        size_pct=size.size_pct if size is not None else held_pct if action == "SELL" else None,
        quantity=quantity,
        currency=currency,
        entry_price=case.price,
        stop_loss=None if exit_ is None else exit_.stop_price,
        target=None if exit_ is None else exit_.target_price,
        reasons=reasons,
        challenge=challenge,
        portfolio_id=book.portfolio_id,
    )


def count_shares(
    price: Decimal, currency: str | None, size_pct: float, book: DeskBook
) -> tuple[Decimal | None, str]:
    """Whole shares that a size comes to, with the sum in words; None with the reason where not known."""
    if book.value is None:
        return None, f"{book.why_no_quantity}: the size is in % alone"
    if currency is None or currency not in book.rates:
        what = (
            "its currency is not known" if currency is None else f"no rate from {currency} to {book.currency}"
        )
        return None, f"{what}: the size is in % alone"
    money = book.value * Decimal(str(size_pct)) / HUNDRED
    each = price * book.rates[currency]
    shares = (money / each).to_integral_value(ROUND_DOWN)
    words = f"{size_pct:g} % of {book.value:,.2f} {book.currency} at {each:,.4f} {book.currency} a share"
    return shares, words


def _plain_exit(found: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}
