"""What discovery agents share: rows to look at, texts that are new, and a signal of what was found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

import polars as pl

from pacesetter.agents.evidence import Evidence, Text, known_until
from pacesetter.agents.strength import scale_score
from pacesetter.research.signal import Signal

FEWEST_OF_MARKET = 30


def fresh_rows(evidence: Evidence, *needed: str, where: pl.Expr | None = None) -> list[dict[str, Any]]:
    """The facts of symbols that traded on the very session and of which all of ``needed`` is known, where
    ``where`` holds. Older bars have been told of on their own day."""
    known = [pl.col(name).is_not_null() for name in needed]
    chosen = evidence.facts.filter(pl.col("freshness.sessions_behind") == 0, *known)
    return (chosen if where is None else chosen.filter(where)).to_dicts()


def market_median(evidence: Evidence, name: str) -> float | None:
    """The median of a fact over those that traded on the very session; None among fewer than 30, who are
    no market."""
    known = evidence.facts.filter(pl.col("freshness.sessions_behind") == 0)[name].drop_nulls().to_list()
    return median(sorted(known)) if len(known) >= FEWEST_OF_MARKET else None


def new_texts(evidence: Evidence, *kinds: str) -> list[Text]:
    """Texts of listed symbols that the evening of the session before did not know, newest first."""
    before = evidence.sessions[-2] if len(evidence.sessions) > 1 else None
    limit = evidence.known_before or (None if before is None else known_until(before))

    def is_new(one: Text) -> bool:
        return before is None or limit is None or one.noted_on > before or one.known_at > limit

    return [
        one for one in evidence.texts if one.kind in kinds and one.symbol in evidence.listings and is_new(one)
    ]


def by_symbol(texts: Iterable[Text]) -> dict[str, list[Text]]:
    """Texts of each symbol, in their order."""
    found: dict[str, list[Text]] = {}
    for one in texts:
        if one.symbol is not None:
            found.setdefault(one.symbol, []).append(one)
    return found


def tell_text(text: Text) -> dict[str, str]:
    """Which text it was, for a signal's data."""
    return {
        "title": text.title,
        "source": text.source,
        "noted_on": text.noted_on.isoformat(),
        "sha256": text.sha256,
    }


def read_number(value: Any) -> float | None:
    """A finite number that was read out of a text; None for anything else."""
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None


def make_find(
    evidence: Evidence,
    given: Mapping[str, float],
    symbol: str,
    signal_type: str,
    *,
    strength: float,
    confidence: float,
    source: str | None = None,
    **data: Any,
) -> Signal:
    """A signal of this evening. ``strength`` 0–1 scales the base score; ``data``: what was seen, plain JSON.

    ``source``: the agent, of the type's own name where none is given."""
    return Signal(
        symbol=symbol,
        signal_type=signal_type,
        source=source or signal_type,
        score=scale_score(given, signal_type, strength),
        confidence=round(confidence, 6),
        seen_on=evidence.on,
        data={"on": evidence.on.isoformat(), "strength": round(strength, 6), **data},
    )
