"""Insiders: trades of those who run a company, from the inbox's insider files."""

from __future__ import annotations

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import by_symbol, make_find, new_texts, read_number, tell_text
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal


@seeker(
    "insider",
    "Insiders' trades that became known",
    types=("insider",),
    parameters={
        "full_at_worth": Parameter(
            1_000_000.0, 1.0, 1e12, "bought or sold in all for this gives the full score, in the file's money"
        ),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """All of an evening's texts of a symbol in one signal; the larger side is its direction.

    Confidence: 0.7 where they bought more, 0.5 where they sold more (sales have many reasons), 0.4 where
    the texts state no worth."""
    found = []
    for symbol, texts in by_symbol(new_texts(evidence, "insider")).items():
        bought, sold = (
            sum(read_number(one.data.get(side)) or 0.0 for one in texts) for side in ("bought", "sold")
        )
        worth = max(bought, sold)
        direction = "none" if worth <= 0 else "up" if bought >= sold else "down"
        found.append(
            make_find(
                evidence,
                given,
                symbol,
                "insider",
                strength=measure_strength(worth, 0.0, given["full_at_worth"]),
                confidence={"up": 0.7, "down": 0.5, "none": 0.4}[direction],
                direction=direction,
                figures={"bought": bought, "sold": sold},
                texts=[tell_text(one) for one in texts],
            )
        )
    return found
