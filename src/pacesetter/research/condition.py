"""Conditions of a watch: comparisons of facts, joined by and/or, from JSON and back.

    {"and": [{"fact": "price.close", "op": "crosses_above", "against": "technical.sma_200"},
             {"or": [{"fact": "rank.rank", "op": "<=", "value": 10}, {"fact": "event.insider"}]}]}

A fact is named ``kind.name``. What is not known is neither true nor false (Kleene's logic), so that
a gap in the data neither fires a watch nor arms it again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pacesetter.kernel.errors import InputError

Kind = Literal["price", "rank", "factor", "event", "freshness", "technical"]
Op = Literal["<", ">", "<=", ">=", "crosses_above", "crosses_below"]
KINDS: tuple[str, ...] = get_args(Kind)
OPS: tuple[str, ...] = get_args(Op)
KEYS = ("fact", "op", "value", "against")
DEEPEST, MOST_PARTS = 8, 50
Facts = Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    """One fact against a number, or against another fact of the same date."""

    fact: str
    op: Op
    value: float | None = None
    against: str | None = None


@dataclass(frozen=True)
class Group:
    """Parts that must all hold (``and``), or one of them (``or``)."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


Condition = Comparison | Group


def parse_condition(given: Any, *, where: str = "condition") -> Condition:
    """A condition from parsed JSON; ``InputError`` names the place, such as ``condition.and[1].op``."""
    parsed = _parse(given, where, 1)
    if (n := len(facts_of(parsed, repeat=True))) > MOST_PARTS:
        raise InputError(f"{n} comparisons", where=where, mend=f"use at most {MOST_PARTS}")
    return parsed


def write_condition(condition: Condition) -> dict[str, Any]:
    """The JSON that ``parse_condition`` reads back as the same."""
    if isinstance(condition, Group):
        return {condition.word: [write_condition(part) for part in condition.parts]}
    right = {"value": condition.value} if condition.against is None else {"against": condition.against}
    return {"fact": condition.fact, "op": condition.op, **right}


def facts_of(condition: Condition, *, repeat: bool = False) -> list[str]:
    """The facts that a condition reads, in order; with ``repeat`` one for each comparison."""
    if isinstance(condition, Group):
        found = [fact for part in condition.parts for fact in facts_of(part, repeat=repeat)]
    elif repeat or condition.against is None:
        found = [condition.fact]
    else:
        found = [condition.fact, condition.against]
    return found if repeat else list(dict.fromkeys(found))


def evaluate(condition: Condition, facts: Facts, previous: Facts | None = None) -> bool | None:
    """Whether it holds with the facts of a date; None where that cannot be told.

    A crossing needs the ``previous`` date's facts, too: on the other side or level then, beyond now.
    """
    return _evaluate(condition, facts, previous, None)


def evaluate_eased(condition: Condition, facts: Facts, back_pct: float) -> bool | None:
    """Whether it still holds when every threshold is moved back by ``back_pct`` % of its size.

    A crossing counts as the level that it crosses: it holds while the value is beyond it.
    """
    return _evaluate(condition, facts, None, back_pct)


def _evaluate(
    condition: Condition, facts: Facts, previous: Facts | None, back_pct: float | None
) -> bool | None:
    if isinstance(condition, Group):
        decides = condition.word == "or"  # a part of this value settles the group
        found = [_evaluate(part, facts, previous, back_pct) for part in condition.parts]
        return decides if decides in found else None if None in found else not decides
    value, limit = _sides(condition, facts)
    if value is None or limit is None:
        return None
    if back_pct is not None:
        back = abs(limit) * back_pct / 100
        limit += back if condition.op in ("<", "<=", "crosses_below") else -back
    if condition.op == "<":
        return value < limit
    if condition.op == ">":
        return value > limit
    if condition.op == "<=":
        return value <= limit
    if condition.op == ">=":
        return value >= limit
    beyond = value > limit if condition.op == "crosses_above" else value < limit
    if back_pct is not None or not beyond:
        return beyond
    old, old_limit = _sides(condition, previous or {})
    if old is None or old_limit is None:
        return None
    return old <= old_limit if condition.op == "crosses_above" else old >= old_limit


def _sides(condition: Comparison, facts: Facts) -> tuple[float | None, float | None]:
    value = _known(facts, condition.fact)
    return value, condition.value if condition.against is None else _known(facts, condition.against)


def _known(facts: Facts, name: str) -> float | None:
    value = facts.get(name)
    return None if value is None or math.isnan(value) else value


def _parse(given: Any, where: str, depth: int) -> Condition:
    if not isinstance(given, dict):
        raise InputError(
            f"{given!r:.60} is no condition", where=where, mend='write {"fact": …} or {"and": […]}'
        )
    if depth > DEEPEST:
        raise InputError("too many conditions inside conditions", where=where, mend=f"at most {DEEPEST} deep")
    if "and" in given:
        return _parse_group(given, "and", where, depth)
    if "or" in given:
        return _parse_group(given, "or", where, depth)
    for key in given:
        if key not in KEYS:
            raise InputError(f"unknown key {key!r}", where=where, mend=f"use and, or, {', '.join(KEYS)}")
    fact = _parse_fact(given.get("fact"), f"{where}.fact")
    if fact.startswith("event.") and not given.keys() - {"fact"}:
        return Comparison(fact, ">=", 1.0)
    op = given.get("op")
    if op not in OPS:
        raise InputError(f"{op!r} is no comparison", where=f"{where}.op", mend=f"use one of {' '.join(OPS)}")
    if ("value" in given) == ("against" in given):
        raise InputError("it needs a value, or a fact to compare with", where=where, mend="give one of them")
    if "against" in given:
        return Comparison(fact, op, against=_parse_fact(given["against"], f"{where}.against"))
    value = given["value"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e300:
        raise InputError(f"{value!r:.60} is no number", where=f"{where}.value", mend="write a plain number")
    return Comparison(fact, op, float(value))


def _parse_group(given: dict[str, Any], word: Literal["and", "or"], where: str, depth: int) -> Group:
    parts = given[word]
    if len(given) > 1:
        raise InputError(f"{word!r} stands beside other keys", where=where, mend="put them inside its list")
    if not isinstance(parts, list) or not parts:
        raise InputError("it holds no list", where=f"{where}.{word}", mend="list at least one condition")
    return Group(word, tuple(_parse(p, f"{where}.{word}[{i}]", depth + 1) for i, p in enumerate(parts)))


def _parse_fact(given: Any, where: str) -> str:
    kind, _, name = given.partition(".") if isinstance(given, str) else ("", "", "")
    if kind not in KINDS or not name.strip() or len(name) > 80:
        raise InputError(
            f"{given!r:.60} is no fact",
            where=where,
            mend=f"write kind.name, such as price.close; kinds: {', '.join(KINDS)}",
        )
    return str(given)
