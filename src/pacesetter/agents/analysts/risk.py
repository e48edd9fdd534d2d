"""Risk: how much the price swings, how far it has fallen, whether one can get out, and whether its data hold.

It never says BUY: HOLD where the risk is fine, WATCHLIST where it is high, SELL where it is too high, which
stops a BUY whatever the others say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pacesetter.agents.base import Given, Parameter, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, Tally, parameters_of, read_facts, tally
from pacesetter.agents.units import write_fact
from pacesetter.research.opinion import Opinion, Recommendation
from pacesetter.research.watch import History

SESSIONS = 63
VOLATILITY, BEHIND = "technical.volatility_63d", "freshness.sessions_behind"
TRADED, MOVE, MISSING = "risk.traded_value", "risk.largest_move_pct", "risk.missing_sessions"
RULES = (
    Rule(
        "volatility", (VOLATILITY,), 25.0, 0.60, 0.20, 0.0, 5.0,
        "The price moves by {0} a year", "calm", "wild", "It moves by {0} a year.",
    ),
    Rule(
        "drawdown", ("technical.drawdown_252d_pct",), 20.0, 50.0, 10.0, 0.0, 100.0,
        "It is {0} below its highest close of a year", "little was lost", "much was lost",
        "It is still {0} below its highest close of a year.",
    ),
    Rule(
        "liquidity", (TRADED,), 25.0, 1e6, 20e6, 0.0, 1e12,
        "Shares for {0} of its currency change hands a day", "easy to sell", "hard to sell",
        "Only {0} of its currency changes hands a day.",
    ),
    Rule(
        "freshness", (BEHIND,), 10.0, 2.0, 0.0, 0.0, 20.0,
        "Its price is {0} sessions behind", "fresh", "old", "Its price is {0} sessions behind.",
    ),
    Rule(
        "largest_move", (MOVE,), 10.0, 20.0, 5.0, 0.0, 100.0,
        "The largest move of a day in a quarter was {0}", "no jumps", "it jumps",
        "It moved by {0} in a single day.",
    ),
    Rule(
        "missing_prices", (MISSING,), 10.0, 5.0, 0.0, 0.0, 63.0,
        "In the last quarter {0} sessions had no price", "it trades without gaps", "it trades with gaps",
    ),
)  # fmt: skip
OWN = {
    "hold_from": Parameter(50.0, 0.0, 100.0, "the risk is fine from this score on, and high below it"),
    "hold_share": Parameter(0.2, 0.0, 1.0, "the part of its confidence that counts where the risk is fine"),
    "stop_volatility": Parameter(1.0, 0.1, 10.0, "too high from this volatility of a year on, 1 is 100 %"),
    "stop_traded_value": Parameter(250_000.0, 0.0, 1e12, "too high where less than this is traded a day"),
    "stop_sessions_behind": Parameter(3.0, 1.0, 20.0, "too high from so many sessions behind on"),
}
SHIPPED = {name: one for name, one in parameters_of(RULES).items() if name not in ("buy_from", "watch_from")}
LEADS = {
    "HOLD": "The risk is fine.",
    "WATCHLIST": "The risk is high.",
    "SELL": "The risk is too high.",
}


@analyst("risk", "Whether the risk is fine: swings, falls, liquidity, data", parameters=SHIPPED | OWN)
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for what is safe. That the risk is fine is no reason to hold: such an opinion counts for a
    part of its confidence only."""
    facts = measure_risk(symbol, evidence)
    found = tally(RULES, facts, given)
    if found is None:
        return None
    stops = list_stops(facts, given)
    said: Recommendation = "HOLD" if found.score >= given["hold_from"] else "WATCHLIST"
    if stops or found.score <= given["sell_to"]:
        said = "SELL"
        found = replace(found, score=min(found.score, given["sell_to"]))
    sure = round(found.confidence * (given["hold_share"] if said == "HOLD" else 1), 4)
    text = " ".join(filter(None, [LEADS[said], *stops, *found.sentences(), found.unknown()]))
    return Opinion("risk", said, found.score, sure, text, metrics_of(found), found.risks())


def metrics_of(found: Tally) -> dict[str, object]:
    """Its figures; the facts of the stops are among them."""
    stops = {name: found.facts[name] for name in (VOLATILITY, TRADED, BEHIND) if name in found.facts}
    return stops | found.key_metrics()


def measure_risk(symbol: str, evidence: Evidence) -> dict[str, float]:
    """The facts, and what is made of them: what is traded a day in the currency's major unit, the
    largest move of a day (%), and sessions without a price, both of the last 63 sessions."""
    facts = read_facts(symbol, evidence)
    volume = facts.get("price.volume_mean_30d", facts.get("price.volume"))
    listing = evidence.listings.get(symbol)
    if volume is not None and "price.close" in facts:
        facts[TRADED] = facts["price.close"] * volume / (listing.quote_unit if listing else 1.0)
    if evidence.recall is not None and facts:
        facts |= measure_year(evidence.recall(symbol))
    return facts


def measure_year(history: History) -> dict[str, float]:
    """The largest move of a day and the sessions without a price, of the newest ones of a history."""
    found: dict[str, float] = {}
    closes = np.asarray(history.columns.get("price.close", ()), np.float64)[-SESSIONS:]
    since = np.flatnonzero(np.isfinite(closes))
    if len(since):  # before its first price it was not listed
        found[MISSING] = float(np.isnan(closes[since[0] :]).sum())
    moves = np.abs(np.asarray(history.columns.get("price.change_1d_pct", ()), np.float64)[-SESSIONS:])
    if np.isfinite(moves).any():
        found[MOVE] = float(np.max(moves[np.isfinite(moves)]))
    return found


def list_stops(facts: Mapping[str, float], given: Given) -> list[str]:
    """What alone is reason enough against it, in sentences."""
    found = []
    if facts.get(VOLATILITY, 0.0) >= given["stop_volatility"]:
        found.append(f"It swings too much: by {write_fact(VOLATILITY, facts[VOLATILITY])} a year.")
    if facts.get(TRADED, given["stop_traded_value"]) < given["stop_traded_value"]:
        found.append(f"Too little is traded: {write_fact(TRADED, facts[TRADED])} a day.")
    if facts.get(BEHIND, 0.0) >= given["stop_sessions_behind"]:
        found.append(f"Its price is too old: {write_fact(BEHIND, facts[BEHIND])} sessions.")
    return found
