"""The stored values that a text about a symbol may speak of, by name, for the claim check."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pacesetter.agents.evidence import Evidence, Text
from pacesetter.research.claim import StoredValue
from pacesetter.research.fact_word import Vocabulary
from pacesetter.research.opinion import Opinion

TEXT_DAYS = 90


def stored_values(
    symbol: str, evidence: Evidence, opinion: Opinion, words: Vocabulary
) -> dict[str, StoredValue]:
    """The symbol's facts (``name@before`` a session earlier), the opinion's figures, and dates.

    Where a fact may be told in two units there is a ``name#unit`` beside it.
    """
    listing = evidence.listings.get(symbol)
    currency = (listing.currency if listing else None) or ""
    quote_unit = listing.quote_unit if listing else 1.0
    found: dict[str, StoredValue] = {}
    for suffix, facts in (("", evidence.of(symbol)), ("@before", evidence.of_before(symbol))):
        for name, value in facts.items():
            for unit, told in told_as(name, value, currency, quote_unit, words):
                mark = f"#{unit or 'plain'}" if f"{name}{suffix}" in found else ""
                found[f"{name}{mark}{suffix}"] = StoredValue(told, unit)
    for place, row in enumerate(ranks_of(symbol, evidence)):
        for key, name in (("rank", "rank.rank"), ("n_ranked", "rank.n"), ("score", "rank.score")):
            if row[key] is not None:
                found[f"{name}#board{place}"] = StoredValue(float(row[key]))
        if row["rank_change"] is not None:
            found[f"rank.change#board{place}"] = StoredValue(float(row["rank_change"]))
        if row["previous_rank"] is not None:
            found[f"rank.rank#board{place}@before"] = StoredValue(float(row["previous_rank"]))
    found["opinion.score"] = StoredValue(opinion.score)
    found["opinion.confidence"] = StoredValue(opinion.confidence, "share")
    for name, value in flat_numbers(opinion.key_metrics):
        if name in found:
            continue
        plain = evidence.of(symbol).get(name)
        if plain is None:
            unit = "%" if name.endswith("_pct") else ""
            found[f"metric.{name}"] = StoredValue(value, unit)
    return found | stored_dates(symbol, evidence)


def told_as(
    name: str, value: float, currency: str, quote_unit: float, words: Vocabulary
) -> Iterator[tuple[str, float]]:
    """Units and values in which a fact may be told, the first as it is stored."""
    for unit in words.units.get(name, ("",)):
        if unit != "currency":
            yield unit, value
        elif name in words.quoted and quote_unit != 1.0:
            yield "", value
            yield currency, value / quote_unit
        else:
            yield currency, value


def ranks_of(symbol: str, evidence: Evidence) -> list[dict[str, Any]]:
    """The symbol's ranks of the evening on every board, by the board's name."""
    rows = [row for row in evidence.ranks.iter_rows(named=True) if row["symbol"] == symbol]
    known = [row for row in rows if row["previous_on"] is None or row["previous_on"] <= evidence.on]
    return sorted(known, key=lambda row: str(row["board"]))


def stored_dates(symbol: str, evidence: Evidence) -> dict[str, StoredValue]:
    """The session, the one before it, those that ranks are compared with, and days of texts."""
    found = {"date.session": StoredValue(evidence.on)}
    earlier = [on for on in evidence.sessions if on < evidence.on]
    if earlier:
        found["date.session_before"] = StoredValue(earlier[-1])
    for place, row in enumerate(ranks_of(symbol, evidence)):
        if row["previous_on"] is not None:
            found[f"date.ranked_before_{place}"] = StoredValue(row["previous_on"])
    for place, text in enumerate(known_texts(symbol, evidence)):
        found[f"date.text_{place}"] = StoredValue(text.noted_on)
    return found


def known_texts(symbol: str, evidence: Evidence) -> list[Text]:
    """Texts of a symbol that were known that evening, the newest first."""
    since = evidence.on - timedelta(days=TEXT_DAYS)
    return [
        one
        for one in evidence.texts
        if one.symbol == symbol
        and since < one.noted_on <= evidence.on
        and one.known_at <= evidence.known_until
    ]


def flat_numbers(metrics: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Numbers of an opinion's figures, those inside others named with a dot."""
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", number) for inner, number in flat_numbers(value))
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield str(name), float(value)


def names_of(symbol: str, evidence: Evidence) -> tuple[set[str], set[str]]:
    """Names of the symbol, and of all others: as tickers and, in full, as companies."""
    own: set[str] = set()
    others: set[str] = set()
    for ticker, listing in evidence.listings.items():
        (own if ticker == symbol else others).update(filter(None, (ticker, listing.name)))
    return own | {symbol}, others
