"""Catalyst: whether something has happened that can move the price: earnings, insiders, volume, ranks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pacesetter.agents.base import Given, Parameter, analyst
from pacesetter.agents.evidence import Evidence, Text
from pacesetter.agents.find import read_number
from pacesetter.agents.points import Rule, judge, parameters_of, read_facts
from pacesetter.agents.units import write_fact
from pacesetter.research.opinion import Opinion

DAYS = 30
BOUGHT, SOLD = "catalyst.insider_bought", "catalyst.insider_sold"
NEWEST = "catalyst.newest_on"
RATIO, SURPRISE = "price.volume_ratio", "event.earnings_surprise_pct"
NOTED = {"event.earnings": "earnings", "event.insider": "insiders", "event.news": "news"}
NOTED |= {"event.research": "research", "event.manual": "picks by hand"}


def net_share(bought: float, sold: float) -> float:
    """−1 where insiders only sold, 1 where they only bought."""
    return (bought - sold) / (bought + sold)


def with_sign(ratio: float, change: float) -> float:
    """Volume beyond its mean counts for a price that rose, against one that fell."""
    beyond = max(ratio - 1, 0.0)
    return beyond if change > 0 else -beyond if change < 0 else 0.0


RULES = (
    Rule(
        "earnings_surprise", (SURPRISE,), 35.0, -5.0, 10.0, -100.0, 100.0,
        "The latest earnings differed from what was expected by {0}", "ahead", "behind",
        "The latest earnings differed from what was expected by {0}.",
    ),
    Rule(
        "insiders", (BOUGHT, SOLD), 20.0, -1.0, 1.0, -1.0, 1.0,
        "In the last month insiders bought for {0} and sold for {1}", "they buy", "they sell",
        "Insiders sold for {1} in the last month.", measure=net_share,
    ),
    Rule(
        "volume", (RATIO, "price.change_1d_pct"), 15.0, -2.0, 2.0, -100.0, 100.0,
        "Volume was {0} times its mean on a change of {1}", "buyers were in a hurry",
        "sellers were in a hurry", measure=with_sign,
    ),
    Rule(
        "rank_change", ("rank.change",), 10.0, -10.0, 10.0, -1000.0, 1000.0,
        "Its rank changed by {0}", "a jump", "a fall",
    ),
    Rule(
        "answer", ("price.change_5d_pct",), 20.0, -10.0, 10.0, -100.0, 100.0,
        "The price changed by {0} over a week", "the market took it well", "the market took it badly",
    ),
)  # fmt: skip
LEADS = {
    "BUY": "Something has happened that can carry the price on.",
    "WATCHLIST": "Something has happened, and it looks good.",
    "HOLD": "Something has happened, with no clear direction.",
    "SELL": "Something has happened that speaks against it.",
}
UNUSUAL = Parameter(2.0, 1.0, 100.0, "so many times its mean is a volume by which something happened")


@analyst(
    "catalyst",
    "Whether something has happened that can move the price",
    parameters=parameters_of(RULES) | {"unusual_volume": UNUSUAL},
)
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """Points for what happened, and how the market took it; where nothing happened, nothing is said."""
    facts = read_facts(symbol, evidence)
    texts = evidence.texts_of(symbol, days=DAYS)
    noted = {name: facts[name] for name in NOTED if facts.get(name, 0.0) > 0}
    if not (noted or texts or SURPRISE in facts or facts.get(RATIO, 0.0) >= given["unusual_volume"]):
        return None
    facts |= add_insiders(texts)
    opinion = judge("catalyst", RULES, facts, given, LEADS)
    if opinion is None:
        return None
    said, more = opinion.reasoning, dict(noted)
    if noted:
        told = ", ".join(f"{NOTED[name]} {write_fact(name, value)}" for name, value in noted.items())
        said = f"{said} Noted in the last month: {told}."
    metrics: dict[str, Any] = dict(opinion.key_metrics) | more
    if texts:
        metrics[NEWEST] = max(one.noted_on for one in texts).isoformat()
        said = f"{said} The newest note is of {metrics[NEWEST]}."
    return replace(opinion, reasoning=said, key_metrics=metrics)


def add_insiders(texts: Sequence[Text]) -> dict[str, float]:
    """What insiders bought and sold for in all, in the files' money; nothing where no text states it."""
    notes = [one.data for one in texts if one.kind == "insider"]
    bought, sold = (
        math.fsum(abs(worth) for data in notes if (worth := read_number(data.get(side))))
        for side in ("bought", "sold")
    )
    total = bought + sold
    return {BOUGHT: bought, SOLD: sold} if 0 < total < math.inf else {}
