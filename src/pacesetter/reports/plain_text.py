"""Text from outside made harmless for every form: one line, no control characters, not endless.

What turns the direction of writing around is taken out, since it can make a line read as another;
letters of scripts from right to left stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

MOST_NAME, MOST_TEXT = 80, 400
TURNING = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
MOST_READ = 10_000  # of a text: what lies behind is not even looked at
MOST_MARKS = 3  # accents on one letter


def make_plain(text: str, most: int = MOST_TEXT) -> str:
    """One line of at most ``most`` characters; a cut is shown by an ellipsis."""
    kept: list[str] = []
    marks = 0
    for char in text[:MOST_READ]:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char in TURNING or kind in ("Cs", "Co", "Cn") or marks > MOST_MARKS:
            continue
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind != "Cf":
            kept.append(char)
    plain = " ".join("".join(kept).split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def make_plain_throughout(value: Any) -> Any:
    """Plain JSON with every text in it, keys included, made harmless."""
    if isinstance(value, str):
        return make_plain(value)
    if isinstance(value, Mapping):
        return {make_plain(str(key)): make_plain_throughout(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [make_plain_throughout(one) for one in value]
    return value
