"""Rules of boards: which symbols belong, said in one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pacesetter.kernel.errors import InputError, unknown

FIELDS = ("sector", "industry", "currency", "exchange")
CONDITION = re.compile(r"^\s*(\w+)\s*(!?=)\s*(.+?)\s*$")


@dataclass(frozen=True)
class Condition:
    """A field of a symbol that must (or must not) be one of some values."""

    field: str
    values: tuple[str, ...]
    negated: bool

    def holds(self, described: Mapping[str, Any]) -> bool:
        """Whether a symbol's description satisfies it; what is not known satisfies nothing."""
        value = described.get(self.field)
        if value is None:
            return False
        return (str(value).casefold() in self.values) != self.negated


def parse_rule(text: str) -> tuple[Condition, ...]:
    """Read ``all``, or conditions joined by ``and``: ``sector = Energy | Utilities and currency != USD``."""
    if text.strip().casefold() == "all":
        return ()
    conditions = []
    for part in re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE):
        found = CONDITION.match(part)
        if found is None:
            raise InputError(
                f"{part!r} is no condition",
                where="--rule",
                mend='write all, or field = value | value, joined by "and"',
            )
        field, sign, values = found.groups()
        if field.casefold() not in FIELDS:
            raise unknown("field", field, list(FIELDS))
        wanted = tuple(value.strip().casefold() for value in values.split("|") if value.strip())
        conditions.append(Condition(field.casefold(), wanted, sign == "!="))
    return tuple(conditions)


def satisfies(described: Mapping[str, Any], rule: tuple[Condition, ...]) -> bool:
    """Whether a symbol's description satisfies all conditions of a rule."""
    return all(condition.holds(described) for condition in rule)
