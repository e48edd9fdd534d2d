"""Quality: how much a company earns on what it has, how safely, and how steadily its share trades."""

from __future__ import annotations

import math

from pacesetter.agents.base import Given, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, judge, parameters_of, read_facts
from pacesetter.research.opinion import Opinion

RULES = (
    Rule(
        "return_on_equity", ("factor.roe",), 25.0, 0.05, 0.20, -1.0, 2.0,
        "The return on equity is {0}", "high", "low",
        "A return on equity of {0} does not pay for the capital.",
    ),
    Rule(
        "gross_margin", ("factor.gross_margin",), 20.0, 0.20, 0.50, -1.0, 1.0,
        "The gross margin is {0}", "it can set its prices", "it takes the prices it gets",
        "A gross margin of {0} leaves little when costs rise.",
    ),
    Rule(
        "operating_margin", ("factor.operating_margin",), 20.0, 0.05, 0.20, -1.0, 1.0,
        "The operating margin is {0}", "high", "low",
    ),
    Rule(
        "profit_margin", ("factor.profit_margin",), 10.0, 0.0, 0.12, -1.0, 1.0,
        "The profit margin is {0}", "high", "low",
    ),
    Rule(
        "debt_to_equity", ("factor.debt_to_equity",), 15.0, 2.0, 0.5, 0.0, 50.0,
        "Debt is {0} times the equity", "sound", "heavy",
        "Debt of {0} times the equity has to be served in bad years, too.",
        measure=lambda debt: debt if debt >= 0 else math.inf,
    ),
    Rule(
        "steadiness", ("technical.volatility_63d",), 10.0, 0.50, 0.20, 0.0, 5.0,
        "The price moves by {0} a year", "steadily", "nervously",
    ),
)  # fmt: skip
COMPANY = ("factor.roe", "factor.gross_margin", "factor.operating_margin", "factor.profit_margin")
LEADS = {
    "BUY": "A company of high quality.",
    "WATCHLIST": "A good company with weak spots.",
    "HOLD": "A company of ordinary quality.",
    "SELL": "A weak company.",
}


@analyst("quality", "How much it earns on what it has, and how safely", parameters=parameters_of(RULES))
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for margins, returns and little debt; nothing where nothing of the company is known."""
    facts = read_facts(symbol, evidence)
    if not any(name in facts for name in COMPANY):
        return None
    return judge("quality", RULES, facts, given, LEADS)
