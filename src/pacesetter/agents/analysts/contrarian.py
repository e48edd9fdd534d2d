"""Contrarian: whether the crowd has left a share that is still worth something, or loves one too much."""

from __future__ import annotations

import math
from dataclasses import replace

from pacesetter.agents.analysts.momentum import above
from pacesetter.agents.base import Given, Parameter, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import Rule, answer, parameters_of, read_facts, tally
from pacesetter.research.opinion import Opinion

RSI, FALL = "technical.rsi_14", "price.below_high_pct"
RULES = (
    Rule(
        "fall", (FALL,), 30.0, 10.0, 40.0, 0.0, 100.0,
        "It is {0} below its 52-week high", "the crowd has left it", "the crowd still likes it",
    ),
    Rule(
        "oversold", (RSI,), 25.0, 50.0, 25.0, 0.0, 100.0,
        "The relative strength index is {0}", "sellers are worn out", "nobody is forced to sell",
    ),
    Rule(
        "stretch", ("price.close", "technical.sma_200"), 10.0, 0.0, -25.0, -90.0, 50.0,
        "The close is {0} and the average of most of a year {1}", "stretched downwards",
        "not stretched downwards", measure=above,
    ),
    Rule(
        "steadying", ("price.change_5d_pct",), 15.0, -8.0, 2.0, -50.0, 50.0,
        "Over a week the price changed by {0}", "it has stopped falling", "it is still falling",
        "It is still falling: {0} over a week.",
    ),
    Rule(
        "debt_to_equity", ("factor.debt_to_equity",), 10.0, 2.5, 0.5, 0.0, 50.0,
        "Debt is {0} times the equity", "it can wait for better days", "it may not live to see them",
        "Debt of {0} times the equity can turn a low price into a lower one.",
        measure=lambda debt: debt if debt >= 0 else math.inf,
    ),
    Rule(
        "profit_margin", ("factor.profit_margin",), 10.0, 0.0, 0.10, -1.0, 1.0,
        "The profit margin is {0}", "the business still earns", "the business does not earn",
        "A profit margin of {0} can be what the crowd has understood.",
    ),
)  # fmt: skip
OWN = {
    "out_of_favour_pct": Parameter(
        20.0, 0.0, 100.0, "out of favour from so many % below the 52-week high on"
    ),
    "oversold_rsi": Parameter(30.0, 0.0, 50.0, "or up to this relative strength index"),
    "crowded_rsi": Parameter(80.0, 50.0, 100.0, "too much loved from this relative strength index on"),
    "quiet_confidence": Parameter(0.1, 0.0, 1.0, "its confidence where it is neither"),
}
LEADS = {
    "BUY": "Left by the crowd, and still worth something.",
    "WATCHLIST": "Left by the crowd, but not ripe yet.",
    "HOLD": "Out of favour, with as much for it as against it.",
    "SELL": "Out of favour for good reasons.",
}
QUIET = "The crowd has neither left it nor fallen for it."
CROWDED = "Everybody loves it, which is when to leave."


@analyst(
    "contrarian",
    "Whether the crowd has left it, and whether that is a mistake",
    parameters=parameters_of(RULES) | OWN,
)
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for a fall that has gone too far. In the middle it holds, at a score of 50, and says so with
    little confidence; where everybody buys, it sells."""
    facts = read_facts(symbol, evidence)
    if FALL not in facts and RSI not in facts:
        return None
    found = tally(RULES, facts, given)
    if found is None:
        return None
    metrics, sentences, risks = found.key_metrics(), found.sentences(), found.risks()
    rest = [*sentences, found.unknown()]
    index = facts.get(RSI, 50.0)
    if facts.get(FALL, 0.0) >= given["out_of_favour_pct"] or index <= given["oversold_rsi"]:
        said, lead, score = answer(found.score, given), "", found.score
        lead = LEADS[said]
    elif index >= given["crowded_rsi"]:
        said, lead, score, risks = "SELL", CROWDED, min(found.score, given["sell_to"]), ()
        found = replace(found, score=score)
    else:
        quiet = min(given["quiet_confidence"], found.coverage)
        text = " ".join(filter(None, [QUIET, *rest]))
        return Opinion("contrarian", "HOLD", 50.0, quiet, text, metrics)
    text = " ".join(filter(None, [lead, *rest]))
    return Opinion("contrarian", said, score, found.confidence, text, metrics, risks)
