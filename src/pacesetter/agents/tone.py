"""The tone of a text by a list of words, as finance knows it since Loughran and McDonald (2011, Journal of
Finance 66(1)): good, bad and doubtful words are counted, and a negation before a word turns it round.

A text is only counted, never understood: it cannot say more than its words weigh, and nothing in it
can ask for anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pacesetter.kernel.errors import InputError
from pacesetter.research.table import Table

LONGEST = 20_000  # characters that are read of a text
PRIOR = 3  # words that a text would hold of either kind, half of each, before it is read


@dataclass(frozen=True)
class WordList:
    """Words by what they are. A negation reaches over ``negation_reach`` words; the same word counts at
    most ``most_repeats`` times in a text."""

    kinds: Mapping[str, str]
    negations: frozenset[str]
    negation_reach: int
    most_repeats: int


@dataclass(frozen=True)
class Tone:
    """How many good, bad and doubtful words a text has."""

    positive: int = 0
    negative: int = 0
    uncertain: int = 0

    @property
    def balance(self) -> float:
        """From −1 to 1, never quite: a few words do not make a mood."""
        return (self.positive - self.negative) / (self.positive + self.negative + PRIOR)


def parse_words(text: str, where: str) -> WordList:
    """A list from TOML; ``InputError`` for a word that is two things at once, or for a wrong key."""
    given = Table.parse(text, where)
    kinds: dict[str, str] = {}
    for kind in ("positive", "negative", "uncertain"):
        for word in given.text(kind).split():
            if kinds.setdefault(word, kind) != kind:
                raise InputError(
                    f"{word} is {kinds[word]} and {kind}", where=where, mend="leave it in one of the lists"
                )
    found = WordList(
        kinds,
        frozenset(given.text("negations").split()),
        given.whole("negation_reach", at_least=1),
        given.whole("most_repeats", at_least=1),
    )
    given.end()
    return found


def read_tone(text: str, words: WordList) -> Tone:
    """Count the words of a text."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace("’", "'").lower()
    tokens = re.findall(r"[a-z]+(?:'[a-z]+)?", plain)
    seen: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for i, token in enumerate(tokens):
        kind = words.kinds.get(token)
        if kind is None or seen[token] >= words.most_repeats:
            continue
        seen[token] += 1
        before = tokens[max(0, i - words.negation_reach) : i]
        if kind != "uncertain" and any(one in words.negations for one in before):
            kind = "negative" if kind == "positive" else "positive"
        counts[kind] += 1
    return Tone(counts["positive"], counts["negative"], counts["uncertain"])
