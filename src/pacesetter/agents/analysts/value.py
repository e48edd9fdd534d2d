"""Value: what a share costs against what its company earns, owns, sells and pays out."""

from __future__ import annotations

import math

from pacesetter.agents.base import Given, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, judge, parameters_of, read_facts
from pacesetter.research.opinion import Opinion

YIELD = "value.earnings_yield"


def positive(value: float) -> float:
    """A ratio to something negative says nothing good, however small it is."""
    return value if value > 0 else math.inf


RULES = (
    Rule(
        "earnings_yield", (YIELD,), 35.0, 0.02, 0.08, -1.0, 1.0,
        "The earnings yield is {0}", "cheap", "dear",
        "An earnings yield of {0} leaves no room for disappointment.",
    ),
    Rule(
        "price_to_book", ("factor.price_to_book",), 20.0, 6.0, 1.0, 0.0, 100.0,
        "The price is {0} times the book value", "cheap", "dear or without equity", measure=positive,
    ),
    Rule(
        "price_to_sales", ("factor.price_to_sales",), 15.0, 6.0, 1.0, 0.0, 100.0,
        "The price is {0} times the sales", "cheap", "dear", measure=positive,
    ),
    Rule(
        "dividend_yield", ("factor.dividend_yield",), 10.0, 0.0, 0.04, 0.0, 1.0,
        "The dividend yield is {0}", "it pays to wait", "waiting is not paid for",
    ),
    Rule(
        "return_on_equity", ("factor.roe",), 10.0, 0.0, 0.15, -1.0, 2.0,
        "The return on equity is {0}", "it earns well on what it owns", "it may be cheap for a reason",
        "A return on equity of {0} can be why it looks cheap.",
    ),
    Rule(
        "debt_to_equity", ("factor.debt_to_equity",), 10.0, 2.5, 0.5, 0.0, 50.0,
        "Debt is {0} times the equity", "little", "much",
        "Debt of {0} times the equity comes before the owners.",
        measure=lambda debt: debt if debt >= 0 else math.inf,
    ),
)  # fmt: skip
LEADS = {
    "BUY": "Cheap for what it earns, owns and pays.",
    "WATCHLIST": "Rather cheap, without enough of a margin.",
    "HOLD": "About fairly priced.",
    "SELL": "Dear on most measures.",
}


@analyst("value", "What it costs against what it earns, owns and pays", parameters=parameters_of(RULES))
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for a low price; the earnings yield is taken from the P/E where it is not known itself."""
    facts = read_facts(symbol, evidence)
    if "factor.financial_ratio" in facts:
        facts[YIELD] = facts["factor.financial_ratio"]
    elif facts.get("factor.trailing_pe"):
        facts[YIELD] = 1 / facts["factor.trailing_pe"]
    return judge("value", RULES, facts, given, LEADS)
