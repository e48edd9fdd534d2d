"""Which facts a sentence speaks of: the words that stand for facts, from ``fact_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(“])|[;\n]+")  # a point inside a sentence: vs. 5
PLURAL = "(?:s|es|'s|’s)?"


@dataclass(frozen=True)
class Sense:
    """What a word may mean: ``facts``, where the number beside it is in the unit ``only`` (any: "")."""

    facts: tuple[str, ...]
    only: str = ""


@dataclass(frozen=True)
class WordHit:
    """A word for facts, where it stands in a text. Several senses stand in the order of the file."""

    start: int
    end: int
    senses: tuple[Sense, ...]


@dataclass(frozen=True)
class Vocabulary:
    """``senses`` by word, folded; ``units`` of facts; ``unsigned`` ones; those ``quoted`` as prices are."""

    senses: Mapping[str, tuple[Sense, ...]]
    units: Mapping[str, tuple[str, ...]]
    unsigned: frozenset[str]
    quoted: frozenset[str]
    pattern: re.Pattern[str]

    def find(self, text: str) -> list[WordHit]:
        """Words for facts in a text, in order, the longest first where several begin at one place."""
        matches = self.pattern.finditer(text)
        return [WordHit(m.start(), m.end(), self.senses[fold(m["word"])]) for m in matches]


def fold(word: str) -> str:
    """A word as it is looked up."""
    return re.sub(r"[\s-]+", " ", word.lower().replace("’", "'"))


@cache
def load_vocabulary() -> Vocabulary:
    """The words that are shipped."""
    text = files("pacesetter.research").joinpath("fact_words.toml").read_text("utf-8")
    given = tomllib.loads(text)
    senses: dict[str, list[Sense]] = {}
    for row in given["word"]:
        for word in row["words"]:
            senses.setdefault(fold(word), []).append(Sense(tuple(row["facts"]), row.get("only", "")))
    units: dict[str, tuple[str, ...]] = {}
    for unit, facts in given["units"].items():
        for fact in facts:
            units[fact] = (*units.get(fact, ()), unit)
    return make_vocabulary(
        {word: tuple(many) for word, many in senses.items()},
        units,
        unsigned=given["signs"]["unsigned"],
        quoted=given["quoted"]["facts"],
    )


def make_vocabulary(
    senses: Mapping[str, tuple[Sense, ...]],
    units: Mapping[str, tuple[str, ...]],
    *,
    unsigned: Iterable[str] = (),
    quoted: Iterable[str] = (),
) -> Vocabulary:
    """A vocabulary of folded words."""
    words = sorted(senses, key=lambda word: (-len(word), word))
    spelled = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+").replace("'", "['’]") for word in words)
    pattern = re.compile(rf"(?i)(?:(?<![\w$€£/])|(?<=\d)(?=[x×]))(?P<word>{spelled}){PLURAL}(?![\w/]|-\d)")
    return Vocabulary(dict(senses), dict(units), frozenset(unsigned), frozenset(quoted), pattern)


def with_names(vocabulary: Vocabulary, names: Iterable[str]) -> Vocabulary:
    """A vocabulary in which facts that it has no words for go by their own names."""
    known = {fact for many in vocabulary.senses.values() for sense in many for fact in sense.facts}
    senses = dict(vocabulary.senses)
    for name in sorted(set(names) - known):
        own = name.rpartition(".")[2]
        for word in {fold(own), fold(own.replace("_", " "))} if re.search("[A-Za-z]{2}", own) else ():
            senses[word] = (*senses.get(word, ()), Sense((name,)))
    return make_vocabulary(senses, vocabulary.units, unsigned=vocabulary.unsigned, quoted=vocabulary.quoted)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends."""
    found, start = [], 0
    for match in SENTENCE.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    return [*found, (start, len(text))]
