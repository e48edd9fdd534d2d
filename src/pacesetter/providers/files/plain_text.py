"""Text of other people's files as it may be kept: bounded, without what would steer a screen or hide."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 200_000
UNSEEN = {"Cc", "Cf", "Cs", "Co"}  # controls, direction marks and tags, halves of pairs, private ones


@dataclass(frozen=True)
class Flaw:
    """What is wrong at a place of a file (``line 3``; "" where it is the whole file), and what mends it."""

    at: str
    what: str
    mend: str = ""


def clean_text(text: str, most: int = MOST_CHARACTERS) -> str:
    """At most ``most`` characters, lines ended by a line feed, nothing unseen but that and tabs."""
    text = text[: 2 * most].replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in UNSEEN)
    return text[:most]


def clean_line(text: str, most: int) -> str:
    """The same on one line, its white space single."""
    return " ".join(clean_text(text, 4 * most).split())[:most].rstrip()
