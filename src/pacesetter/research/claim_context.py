"""Of which facts a number in a sentence can be: by the words beside it, and by whom it speaks of.

the P/E is 12.5          beside a word, with nothing but small words between: that fact, or false
12.5 times earnings      the same, the word behind it
RSI and P/E of 64 and 12.5                as many words as numbers: in their order
with 6 % it leads over the month          else the nearest word in the sentence that the unit allows
MSFT rose 5 %            of another symbol, whose values are not given: false
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pacesetter.research.fact_word import Sense, Vocabulary, WordHit, split_sentences
from pacesetter.research.mention import CURRENCIES, PERCENT, Mention

# fmt: off
_SMALL = (
    "is", "are", "was", "were", "be", "been", "has", "had", "have", "of", "at", "to", "in", "on", "by",
    "with", "for", "from", "the", "a", "an", "its", "it", "this", "that", "now", "currently", "about",
    "around", "roughly", "nearly", "almost", "just", "only", "some", "approximately", "stands",
    "stood", "sits", "sat", "reads", "read", "equals", "comes", "came", "ran", "runs", "shows",
    "showed", "showing", "reached", "reaches", "hit", "hits", "near", "up", "down", "rose", "fell",
    "gained", "lost", "rising", "falling", "value", "ratio", "level", "figure", "negative", "minus",
    "plus", "another", "still", "already", "also", "trades", "traded", "trading", "closed", "set",
    "ended", "ends", "as", "low", "high", "more", "less", "than", "over", "under", "above", "below",
    "ranked", "printed", "prints", "measured", "measures", "recorded", "being", "remains", "remained",
    "turned",
)
# fmt: on
_BEFORE = re.compile(rf"[\s,:=(–—-]*(?:(?:{'|'.join(_SMALL)})\b[\s,:=(–—-]*){{0,6}}", re.IGNORECASE)
_BEHIND = re.compile(
    r"[\s)-]*(?:(?:of|in|on|the|its|for|a|an|as|higher|lower|up|down|gain|loss|rise|fall|more|less|decline|drop|"
    r"increase|decrease|percent|move|growth|ranked|annualised|annualized)\b[\s-]*){0,4}",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\s*(?:,|,?\s*\b(?:and|&)\b)\s*(?:an?\s|the\s|its\s)?\s*", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:from|previously|earlier|was|before|yesterday'?s?|prior)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
_PAST_BEHIND = re.compile(
    r"\W{0,3}(?:before|earlier|yesterday|previously|the session before|a session before)\b", re.I
)
_OUT_OF = re.compile(r"\s*(?:/|of|out\s+of|among|in|from)\s*(?:the\s|a\s|all\s)?\s*$", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:unlike|than|against|versus|vs\.?|like|peers?|besides|to|and|with)\s+$", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\s(?:(?:main|key|clear|good|separate|strong)\s)?(?:reasons?|points?|things?|ways?|questions?|arguments?|sides?|"
    r"sentences?)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"\s*(?:it|that|this|which|both)\b", re.IGNORECASE)
COST_OF_COMMA, COST_OF_NUMBER = 12, 30


@dataclass(frozen=True)
class Scope:
    """Which facts a mention may be of. ``facts`` None: any. ``free``: it claims nothing.

    ``past``: the values of the session before count, too. ``foreign``: it is said of another symbol.
    ``whole``: it may be the number of those that are ranked.
    """

    facts: frozenset[str] | None = None
    free: bool = False
    past: bool = False
    foreign: bool = False


class Context:
    """A text with the words for facts in it. ``own``/``others``: names of its symbol, and of others."""

    def __init__(
        self,
        text: str,
        words: Vocabulary,
        hits: Sequence[WordHit],
        own: re.Pattern[str] | None,
        others: re.Pattern[str] | None,
    ) -> None:
        self._text, self._words, self._hits = text, words, hits
        self._sentences = split_sentences(text)
        self._own = [m.span() for m in own.finditer(text)] if own else []
        self._others = [m.span() for m in others.finditer(text)] if others else []

    def scope(self, mentions: Sequence[Mention], i: int) -> Scope:
        """The scope of the i-th mention."""
        one = mentions[i]
        begin, end = next(s for s in self._sentences if s[0] <= one.start < s[1] or s[1] >= one.end)
        text = self._text
        hits = [h for h in self._hits if begin <= h.start and h.end <= end]
        past = bool(_PAST.search(text[begin : one.start]) or _PAST_BEHIND.match(text, one.end))
        if self._is_foreign(begin, one.start):
            return Scope(foreign=True)
        direct = self._direct(mentions, i, hits, begin)
        if one.loose and not direct:
            return Scope(free=True)
        if direct:
            for hit in direct:
                facts = self._allowed(hit, one)
                if facts is not None:
                    return Scope(self._narrow(facts, hits, one, mentions), past=past)
            return Scope(frozenset())
        if (
            _COUNTED.match(text, one.end)
            and one.readings
            and not one.readings[0].unit
            and one.readings[0].value <= 10
        ):
            return Scope(free=True)
        if not hits and begin > 0 and _IT.match(text, begin):
            hits = [h for h in self._hits if h.end <= begin][-1:]
        if not hits:
            return Scope(None, past=past) if self._says_enough(one) else Scope(frozenset())
        near = sorted(hits, key=lambda hit: self._cost(hit, one, mentions))
        for hit in near:
            facts = self._allowed(hit, one)
            if facts:
                return Scope(self._narrow(facts, hits, one, mentions), past=past)
        return Scope(frozenset())

    def _narrow(
        self, facts: frozenset[str], hits: Sequence[WordHit], one: Mention, mentions: Sequence[Mention]
    ) -> frozenset[str]:
        """Of several facts (it rose) those that another word of the sentence means (in a month)."""
        for hit in sorted(hits, key=lambda hit: self._cost(hit, one, mentions)):
            span = (hit.end, one.start) if hit.end <= one.start else (one.end, hit.start)
            fewer = self._allowed(hit, one)
            if fewer and fewer < facts and not self._between(*span, mentions):
                return fewer
        return facts

    def _direct(
        self, mentions: Sequence[Mention], i: int, hits: Sequence[WordHit], begin: int
    ) -> list[WordHit]:
        """Words right beside a mention: one that it is part of, the one before, the one behind."""
        one, text, found = mentions[i], self._text, []
        found += [h for h in hits if one.start < h.start < one.end < h.end]
        before = [h for h in hits if h.end <= one.start]
        if before and not self._between(before[-1].end, one.start, mentions) and not found:
            paired = self._paired(mentions, i, before)
            if paired is not None:
                return [paired]
            if _BEFORE.fullmatch(text, before[-1].end, one.start):
                found.append(before[-1])
        elif i and not found and (paired := self._paired(mentions, i, before)) is not None:
            return [paired]
        behind = [h for h in hits if h.start >= one.end]
        if (
            behind
            and not self._between(one.end, behind[0].start, mentions)
            and _BEHIND.fullmatch(text, one.end, behind[0].start)
        ):
            found.append(behind[0])
            if len(found) > 1 and "," in text[found[0].end : one.start]:
                found.reverse()  # up 6 % over the month, 30 % over the year
        if i and not found and _OUT_OF.fullmatch(text, mentions[i - 1].end, one.start):
            earlier = self._direct(mentions, i - 1, hits, begin)
            if any("rank.rank" in sense.facts for hit in earlier for sense in hit.senses):
                return [WordHit(one.start, one.start, (Sense(("rank.n",)),))]
        return found

    def _paired(self, mentions: Sequence[Mention], i: int, before: Sequence[WordHit]) -> WordHit | None:
        """Of "A and B of 1 and 2": the word of the i-th number."""
        text, first, last = self._text, i, i
        while first > 0 and _JOIN.fullmatch(text, mentions[first - 1].end, mentions[first].start):
            first -= 1
        while last + 1 < len(mentions) and _JOIN.fullmatch(
            text, mentions[last].end, mentions[last + 1].start
        ):
            last += 1
        chain: list[WordHit] = []
        for hit in reversed([h for h in before if h.end <= mentions[first].start]):
            gap_end = chain[0].start if chain else mentions[first].start
            joins = _JOIN if chain else _BEFORE
            if not joins.fullmatch(text, hit.end, gap_end):
                break
            chain.insert(0, hit)
        if len(chain) < 2 or len(chain) != last - first + 1:
            return None
        return chain[i - first]

    def _allowed(self, hit: WordHit, one: Mention) -> frozenset[str] | None:
        """Facts that a word means beside this mention; None where its unit speaks of something else."""
        units = {reading.unit for reading in one.readings}
        plain = units == {""}
        found: set[str] = set()
        known = False
        for sense in hit.senses:
            if not sense.facts:
                return frozenset()  # no number beside it is stored
            if sense.only == "count":
                fits = plain
            elif sense.only:
                fits = (
                    sense.only in units
                    or (sense.only == PERCENT and bool(units & {"bp", "‰"}))
                    or (plain and sense.only != "x")
                )
            else:
                fits = any(self._takes(fact, unit) for fact in sense.facts for unit in units)
            if fits:
                known = True
                found |= set(sense.facts)
        return frozenset(found) if known else None

    def _takes(self, fact: str, unit: str) -> bool:
        if unit == "":
            return True
        kinds = self._words.units.get(fact.partition("@")[0], ("",))
        if unit in CURRENCIES:
            return "currency" in kinds
        if unit in (PERCENT, "‰", "bp"):
            return bool({PERCENT, "share"} & set(kinds)) or (
                fact not in self._words.units and fact.startswith("metric.")
            )
        return unit in kinds or fact.startswith("metric.")

    def _says_enough(self, one: Mention) -> bool:
        """A small number without a unit, in a sentence that names no fact, fits too much to mean anything."""
        if one.dates or any(reading.unit for reading in one.readings):
            return True
        return any(len(r.value.as_tuple().digits) >= 3 or r.power for r in one.readings)

    def _between(self, start: int, end: int, mentions: Sequence[Mention]) -> bool:
        return any(start <= m.start and m.end <= end for m in mentions if not m.loose)

    def _cost(self, hit: WordHit, one: Mention, mentions: Sequence[Mention]) -> int:
        start, end = (hit.end, one.start) if hit.end <= one.start else (one.end, hit.start)
        gap = self._text[start:end]
        crossed = sum(start <= m.start and m.end <= end for m in mentions if not m.loose)
        return len(gap) + COST_OF_COMMA * gap.count(",") + COST_OF_NUMBER * crossed

    def _is_foreign(self, begin: int, start: int) -> bool:
        """Whether the symbol named last in the sentence is another one, and not only compared with."""
        theirs = [s for s in self._others if begin <= s[0] and s[1] <= start]
        ours = [s for s in self._own if begin <= s[0] and s[1] <= start]
        theirs = [s for s in theirs if not _ASIDE.search(self._text[begin : s[0]])]
        return bool(theirs) and (not ours or ours[-1] < theirs[-1])
