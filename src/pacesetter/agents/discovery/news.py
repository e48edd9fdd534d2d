"""News and research: texts about a symbol that became known."""

from __future__ import annotations

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import by_symbol, make_find, new_texts, tell_text
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

MOST_TOLD = 10


@seeker(
    "news",
    "News or research about a symbol that became known",
    types=("news",),
    parameters={"full_at_texts": Parameter(5.0, 2.0, 1000.0, "so many texts give the full score")},
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """All of an evening's texts of a symbol in one signal. Confidence: 0.5, for a text is not a figure; 0.6
    where more than one source wrote."""
    found = []
    for symbol, texts in by_symbol(new_texts(evidence, "news", "research")).items():
        sources = {one.source for one in texts}
        found.append(
            make_find(
                evidence,
                given,
                symbol,
                "news",
                strength=measure_strength(len(texts), 1, given["full_at_texts"]),
                confidence=0.6 if len(sources) > 1 else 0.5,
                n_texts=len(texts),
                texts=[tell_text(one) for one in texts[:MOST_TOLD]],
            )
        )
    return found
