"""Momentum: whether the price has a trend, how strong it is, and whether it has run too far."""

from __future__ import annotations

from dataclasses import replace

from pacesetter.agents.base import Given, Parameter, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, judge, parameters_of, read_facts
from pacesetter.agents.units import write_fact
from pacesetter.research.opinion import Opinion

RSI = "technical.rsi_14"


def above(value: float, level: float) -> float:
    """How far a price is above a level, in % of it; missing for a level that is no price."""
    return 100 * (value / level - 1) if level > 0 else float("nan")


RULES = (
    Rule(
        "year", ("factor.momentum",), 25.0, -0.10, 0.30, -1.0, 5.0,
        "The price changed by {0} in the year up to last month", "a strong trend", "no trend upwards",
    ),
    Rule(
        "long_trend", ("technical.sma_50", "technical.sma_200"), 20.0, -5.0, 5.0, -50.0, 50.0,
        "The average of a quarter is {0} and the one of most of a year {1}", "the trend points up",
        "the trend points down", "The long trend points down.", measure=above,
    ),
    Rule(
        "short_trend", ("price.close", "technical.sma_50"), 15.0, -5.0, 5.0, -50.0, 50.0,
        "The close is {0} and the average of a quarter {1}", "it is above it", "it is below it",
        measure=above,
    ),
    Rule(
        "near_high", ("price.below_high_pct",), 15.0, 25.0, 3.0, 0.0, 100.0,
        "It is {0} below its 52-week high", "near", "far",
    ),
    Rule(
        "strength", (RSI,), 10.0, 40.0, 60.0, 0.0, 100.0,
        "The relative strength index is {0}", "buyers lead", "sellers lead",
    ),
    Rule(
        "rank", ("rank.percentile",), 15.0, 30.0, 90.0, 0.0, 100.0,
        "It ranks level with or above {0} of its board", "among the best", "among the last",
    ),
)  # fmt: skip
LEADS = {
    "BUY": "A strong trend upwards.",
    "WATCHLIST": "A trend upwards that is not firm yet.",
    "HOLD": "No clear trend.",
    "SELL": "A trend downwards.",
}
OVERHEATED = Parameter(75.0, 50.0, 100.0, "from this relative strength index on it has run too far")


@analyst(
    "momentum",
    "Whether the price has a trend, and how strong it is",
    parameters=parameters_of(RULES) | {"overheated_rsi": OVERHEATED},
)
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for a rising price; a price that ran too far is a risk, not a fault."""
    facts = read_facts(symbol, evidence)
    opinion = judge("momentum", RULES, facts, given, LEADS)
    if opinion is None or facts.get(RSI, 0.0) < given["overheated_rsi"]:
        return opinion
    hot = f"A relative strength index of {write_fact(RSI, facts[RSI])} says that it has run far ahead."
    metrics = {RSI: facts[RSI]} | dict(opinion.key_metrics)
    return replace(opinion, risks=(*opinion.risks, hot), key_metrics=metrics)
