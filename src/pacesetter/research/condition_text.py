"""Conditions as a person types them, and back.

    price.close < 180 and (rank.rank <= 20 or event.insider)
    price.close crosses above technical.sma_200

``and`` binds more tightly than ``or``; parentheses say otherwise. On the right of a comparison stands a
number or another fact. The name of an event alone means that there is at least one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pacesetter.kernel.errors import InputError, UnknownName, unknown
from pacesetter.research.condition import DEEPEST, KINDS, Comparison, Condition, Group, parse_condition

TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.,%]))"
    r"|(?P<word>[A-Za-z_][\w.-]*)|(?P<mark><=|>=|<|>|≤|≥|\(|\)))"
)
MARKS = {"≤": "<=", "≥": ">="}
COMPARE = ("<", ">", "<=", ">=")
MOST_CHARACTERS = 4000
EXAMPLE = "write it as: price.close < 180 and rank.rank <= 20"


@dataclass(frozen=True)
class Token:
    """``at``: the place of its first character, from 1. ``kind`` ``end`` is what follows the last one."""

    kind: str
    text: str
    at: int


def parse_text(text: str, *, known: Collection[str] | None = None, where: str = "condition") -> Condition:
    """The condition that a text says; of facts that are ``known`` where those are given.

    ``InputError`` names the character (from 1) at which it is not understood, ``UnknownName`` the nearest
    facts.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{len(text)} characters", where=where, mend=f"use at most {MOST_CHARACTERS}")
    reader = _Reader(_split(text, where), known, where)
    tree = reader.read_any(1)
    if reader.next.kind != "end":
        raise reader.wrong("and, or, or the end", EXAMPLE)
    return parse_condition(tree, where=where)


def write_text(condition: Condition) -> str:
    """The text that ``parse_text`` reads back as the same; a group of one part is written as that part."""
    if isinstance(condition, Group):
        if len(condition.parts) == 1:
            return write_text(condition.parts[0])
        return f" {condition.word} ".join(
            f"({write_text(part)})" if _is_group(part) else write_text(part) for part in condition.parts
        )
    if condition.fact.startswith("event.") and condition.op == ">=" and condition.value == 1:
        return condition.fact
    return f"{condition.fact} {condition.op.replace('_', ' ')} {write_right(condition)}"


def write_right(condition: Comparison) -> str:
    """What a comparison compares with: the other fact, or the number in full."""
    return condition.against or repr(condition.value).removesuffix(".0")


def _is_group(condition: Condition) -> bool:
    while isinstance(condition, Group) and len(condition.parts) == 1:
        condition = condition.parts[0]
    return isinstance(condition, Group)


def _split(text: str, where: str) -> list[Token]:
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            shown = text[at:].split()[0][:40]
            mend = "write <= or >=" if shown[:1] in "=!" else "write numbers plainly, such as 1500 or -2.5"
            raise InputError(
                f"{shown!r} is not understood",
                where=f"{where}, character {at + 1}",
                mend=mend if shown[:1] in "=!+-.0123456789" else EXAMPLE,
            )
        kind = str(match.lastgroup)
        found.append(Token(kind, MARKS.get(match[kind], match[kind]).lower(), match.start(kind) + 1))
        at = match.end()
    return [*found, Token("end", "", len(text) + 1)]


class _Reader:
    """Reads tokens into the JSON form, one level of the grammar a method."""

    def __init__(self, tokens: list[Token], known: Collection[str] | None, where: str) -> None:
        self._tokens, self._known, self._where = tokens, known, where
        self._i = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._i]

    def take(self) -> Token:
        token = self.next
        self._i += token.kind != "end"
        return token

    def wrong(self, expected: str, mend: str) -> InputError:
        found = repr(self.next.text) if self.next.text else "the end"
        place = f"{self._where}, character {self.next.at}"
        return InputError(f"{found} stands where {expected} should", where=place, mend=mend)

    def read_any(self, depth: int) -> Any:
        return self._read_joined("or", lambda: self._read_joined("and", lambda: self._read_one(depth)))

    def _read_joined(self, word: str, read: Any) -> Any:
        parts = [read()]
        while self.next == Token("word", word, self.next.at):
            self.take()
            parts.append(read())
        return parts[0] if len(parts) == 1 else {word: parts}

    def _read_one(self, depth: int) -> Any:
        if self.next.text != "(":
            return self._read_comparison()
        if depth > DEEPEST:
            raise self.wrong("a fact", f"at most {DEEPEST} parentheses inside each other")
        self.take()
        inner = self.read_any(depth + 1)
        if self.next.text != ")":
            raise self.wrong("and, or, or )", "close the parenthesis")
        self.take()
        return inner

    def _read_comparison(self) -> Any:
        fact = self._read_fact()
        if self.next.kind == "word" and self.next.text in ("crosses", "crosses_above", "crosses_below"):
            op = self.take().text
            if op == "crosses":
                if self.next.text not in ("above", "below"):
                    raise self.wrong("above or below", "write: crosses above, or crosses below")
                op = f"crosses_{self.take().text}"
        elif self.next.text in COMPARE:
            op = self.take().text
        elif fact.startswith("event."):
            return {"fact": fact}
        else:
            raise self.wrong("a comparison", "use < > <= >=, crosses above or crosses below")
        if self.next.kind == "number":
            return {"fact": fact, "op": op, "value": float(self.take().text)}
        if self.next.kind == "word" and self.next.text not in ("and", "or"):
            return {"fact": fact, "op": op, "against": self._read_fact()}
        raise self.wrong("a number or a fact", "write a plain number, such as 1500 or -2.5, or a fact")

    def _read_fact(self) -> str:
        token = self.next
        kind, _, name = token.text.partition(".")
        if token.kind != "word" or token.text in ("and", "or"):
            raise self.wrong("a fact", EXAMPLE)
        if self._known is not None and token.text not in self._known:
            error = unknown("fact", token.text, sorted(self._known))
            where = f"{self._where}, character {token.at}"
            raise UnknownName(error.what, where=where, mend=error.mend)
        if kind not in KINDS or not name:
            raise self.wrong("a fact", f"write kind.name, such as price.close; kinds: {', '.join(KINDS)}")
        return self.take().text
