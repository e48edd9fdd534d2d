"""Manual selections: symbols that a person put forward, with how urgent it is."""

from __future__ import annotations

from pacesetter.agents.base import Given, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import by_symbol, make_find, new_texts, tell_text
from pacesetter.research.signal import Signal

URGENCY = {"low": (0.0, 0.5), "normal": (0.5, 0.7), "high": (1.0, 0.9)}  # strength, confidence


@seeker("manual", "A symbol that a person put forward", types=("manual",))
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """The most urgent of an evening's selections of a symbol; strength and confidence follow its urgency."""
    found = []
    for symbol, texts in by_symbol(new_texts(evidence, "manual")).items():
        strength, confidence, urgency = max((*URGENCY[word], word) for word in map(_urgency, texts))
        found.append(
            make_find(
                evidence,
                given,
                symbol,
                "manual",
                strength=strength,
                confidence=confidence,
                urgency=urgency,
                texts=[tell_text(one) for one in texts],
            )
        )
    return found


def _urgency(text: object) -> str:
    word = str(getattr(text, "data", {}).get("urgency", "normal"))
    return word if word in URGENCY else "normal"
