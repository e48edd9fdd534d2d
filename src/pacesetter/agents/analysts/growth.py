"""Growth: how fast a company grows, whether it earns on it, and whether the market confirms it."""

from __future__ import annotations

import math

from pacesetter.agents.base import Given, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, judge, parameters_of, read_facts
from pacesetter.research.opinion import Opinion

RULES = (
    Rule(
        "revenue_growth", ("factor.revenue_growth",), 40.0, 0.0, 0.25, -1.0, 5.0,
        "Sales changed by {0} over a year", "fast", "not growing",
        "Sales changed by {0} over a year: there is no growth to pay for.",
    ),
    Rule(
        "profit_margin", ("factor.profit_margin",), 15.0, 0.0, 0.15, -1.0, 1.0,
        "The profit margin is {0}", "the growth earns money", "the growth earns nothing yet",
        "A profit margin of {0} means that growth must be paid for from outside.",
    ),
    Rule(
        "return_on_equity", ("factor.roe",), 10.0, 0.05, 0.20, -1.0, 2.0,
        "The return on equity is {0}", "growth is worth having", "growth adds little",
    ),
    Rule(
        "momentum", ("factor.momentum",), 10.0, 0.0, 0.30, -1.0, 5.0,
        "The price changed by {0} in the year up to last month", "the market agrees",
        "the market does not agree",
    ),
    Rule(
        "earnings_surprise", ("event.earnings_surprise_pct",), 15.0, -5.0, 10.0, -100.0, 100.0,
        "The latest earnings differed from what was expected by {0}", "ahead", "behind",
        "The latest earnings differed from what was expected by {0}.",
    ),
    Rule(
        "price_to_sales", ("factor.price_to_sales",), 10.0, 20.0, 8.0, 0.0, 200.0,
        "The price is {0} times the sales", "growth can still be bought", "much growth is in the price",
        "At {0} times the sales, slower growth would cost much.",
        measure=lambda ratio: ratio if ratio > 0 else math.inf,
    ),
)  # fmt: skip
LEADS = {
    "BUY": "It grows fast, and earns on it.",
    "WATCHLIST": "It grows, but not on every count.",
    "HOLD": "Growth is ordinary.",
    "SELL": "There is no growth to speak of.",
}


@analyst("growth", "How fast it grows, and what that earns", parameters=parameters_of(RULES))
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for growth that earns money. Without the growth itself there is nothing to judge."""
    facts = read_facts(symbol, evidence)
    if "factor.revenue_growth" not in facts:
        return None
    return judge("growth", RULES, facts, given, LEADS)
