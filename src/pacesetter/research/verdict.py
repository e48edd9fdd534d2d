"""From analysts' opinions to a decision that a person can approve, each step with its reason.

1. Fewer than ``fewest_analysts`` opinions, or none with any confidence: HOLD.
2. SELL share ≥ ``sell_share``: SELL what is held; HOLD where nothing is.
3. BUY share ≥ ``buy_share``: BUY where the risk is fine, otherwise WATCHLIST.
4. BUY and WATCHLIST share together ≥ ``watch_share``: WATCHLIST.
5. Otherwise HOLD.

A BUY gets a size by conviction, cut by the limits; where they leave less than ``smallest_size_pct`` it
is WATCHLIST. What is left is challenged (``challenge.py``), and may fall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pacesetter.research.challenge import Challenge, Evidence, challenge_decision
from pacesetter.research.decision_rule import DecisionRule
from pacesetter.research.opinion import Opinion, Recommendation, Votes, check_opinion, count_votes
from pacesetter.research.sizing import Book, Exit, Size, plan_exit, size_position


@dataclass(frozen=True)
class Case:
    """What is decided upon. ``volatility`` is a year's, 0.3 is 30 %; ``price`` the newest known one.

    ``blocks``: reasons from outside why the risk is not fine, such as data that are too old.
    """

    symbol: str
    sector: str = ""
    price: Decimal | None = None
    volatility: float | None = None
    blocks: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    book: Book = field(default_factory=Book)


@dataclass(frozen=True)
class Verdict:
    """The decision, and everything that led to it. Size, exit and conviction are a BUY's alone.

    ``refused``: opinions that were not counted, with what is wrong with them.
    """

    symbol: str
    decision: Recommendation
    reasons: tuple[str, ...]
    votes: Votes
    challenge: Challenge
    conviction: str | None = None
    size: Size | None = None
    exit: Exit | None = None
    refused: tuple[tuple[str, str], ...] = ()


def decide(
    opinions: Sequence[Opinion], weights: Mapping[str, float], case: Case, rule: DecisionRule
) -> Verdict:
    """The decision on one symbol; ``weights`` by analyst, 1 where none is given."""
    refused = tuple((one.analyst, "; ".join(wrong)) for one in opinions if (wrong := check_opinion(one)))
    fine = sorted((one for one in opinions if not check_opinion(one)), key=lambda one: one.analyst)
    votes = count_votes(fine, weights)
    decision, reasons = _answer(fine, votes, case, rule)
    conviction: str | None = None
    size: Size | None = None
    if decision == "BUY":
        conviction = rule.conviction(votes.bullish)
        size = size_position(conviction, case.symbol, case.sector, case.book, rule)
        reasons += [f"{cut.limit} limit: {cut.reason}" for cut in size.cuts]
        if size.size_pct < rule.smallest_size_pct:
            reasons.append(f"no room: {size.size_pct:g} % is under {rule.smallest_size_pct:g} %")
            decision, conviction, size = "WATCHLIST", None, None
    challenge = challenge_decision(decision, fine, votes, case.evidence, rule)
    if not challenge.stands:
        reasons.append(f"challenged and fallen: {challenge.reason}")
        decision, conviction, size = challenge.outcome, None, None
    exit_ = plan_exit(case.price, case.volatility, rule) if decision == "BUY" else None
    return Verdict(case.symbol, decision, tuple(reasons), votes, challenge, conviction, size, exit_, refused)


def _answer(
    opinions: Sequence[Opinion], votes: Votes, case: Case, rule: DecisionRule
) -> tuple[Recommendation, list[str]]:
    """The answer before sizes and challenge, with its reasons."""
    if (n := len(opinions)) < rule.fewest_analysts:
        return "HOLD", [f"{n} of at least {rule.fewest_analysts} analysts have an opinion"]
    if not any(votes.shares.values()):
        return "HOLD", ["no analyst is sure of anything"]
    buy, sell = _pct(votes.bullish), _pct(votes.bearish)
    if votes.bearish >= rule.sell_share:
        said = f"{sell} of the weight says SELL, at least {_pct(rule.sell_share)}"
        if case.book.position_pct.get(case.symbol, 0.0) > 0:
            return "SELL", [said]
        return "HOLD", [said, "nothing of it is held"]
    if votes.bullish >= rule.buy_share:
        said = f"{buy} of the weight says BUY, at least {_pct(rule.buy_share)}"
        if against := _risk(opinions, case, rule):
            return "WATCHLIST", [said, *against]
        return "BUY", [said]
    interest = round(votes.bullish + votes.shares["WATCHLIST"], 9)
    if interest >= rule.watch_share:
        return "WATCHLIST", [f"{_pct(interest)} of the weight says BUY or WATCHLIST, only {buy} BUY"]
    return "HOLD", [f"{buy} of the weight says BUY and {sell} SELL, which is enough for neither"]


def _risk(opinions: Sequence[Opinion], case: Case, rule: DecisionRule) -> list[str]:
    """Why the risk is not fine; nothing where it is."""
    found = list(case.blocks)
    judge = next((one for one in opinions if one.analyst == rule.risk_analyst), None)
    if judge is None and rule.risk_required:
        found.append("nobody looked at the risk")
    if judge is not None and judge.recommendation == "SELL":
        found.append(f"the risk is too high: {judge.reasoning}")
    return found


def _pct(share: float) -> str:
    return f"{100 * share:.4g} %"
