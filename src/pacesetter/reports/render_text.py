"""A report as plain text for a terminal or a mail without HTML: aligned, wrapped, nothing that steers."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 78
MARKS = {"good": "+", "bad": "-", "warn": "!", "plain": "·"}


def render_text(content: Mapping[str, Any], width: int = WIDTH) -> str:
    """The report in lines of at most ``width`` characters, ending with a line break."""
    return "\n".join(_lines(content, max(40, width))) + "\n"


def _lines(content: Mapping[str, Any], width: int) -> Iterator[str]:
    if content["simulated"]:
        yield "SIMULATED: an invented market, no real prices"
    yield content["title"]
    yield "=" * min(width, len(content["title"]))
    if content["words"]:
        yield content["words"]
    for told in content["sections"]:
        yield ""
        yield told["title"].upper()
        if told["words"] and not (told["name"] == "headline" and told["items"]):
            yield from _wrap(told["words"], width)
        if told["layout"] == "table" and told["items"]:
            yield from _table(told["items"], width)
        else:
            for item in told["items"]:
                yield from _item(item, width, least=1 if told["layout"] == "cards" else 2)
        yield from still_lines(told, width)
    if content["silent"]:
        yield ""
        yield from _wrap(f"Nothing new: {', '.join(content['silent'])}.", width)


def still_lines(told: Mapping[str, Any], width: int = WIDTH) -> Iterator[str]:
    """What stands as it stood, and what is over."""
    for line in told["still"]:
        yield from _wrap(line if line.startswith("and ") else f"still: {line}", width, "  ")
    for line in told["ended"]:
        yield from _wrap(line, width, "  ")


def _item(item: Mapping[str, Any], width: int, least: int) -> Iterator[str]:
    words = f": {item['words']}" if item["words"] else ""
    yield from _wrap(f"{MARKS[item['tone']]} {item['title']}{words}", width, "  ", first="")
    if len(item["figures"]) >= least:  # one alone is in the words already, but on a card
        yield from _wrap(
            " | ".join(f"{one['label']} {one['text']}" for one in item["figures"]), width, "    "
        )
    for points in item["points"]:
        if points["title"]:
            yield f"    {points['title']}:"
        for line in points["lines"]:
            yield from _wrap(f"- {line}", width, "      ", first="    ")


def _table(items: Sequence[Mapping[str, Any]], width: int) -> Iterator[str]:
    """Columns as wide as their longest cell, numbers to the right; the words below where there is no room."""
    names = ["", *(one["label"] for one in items[0]["figures"])]
    rows = [
        [f"{MARKS[item['tone']]} {item['title']}", *(_cut(one["text"], 24) for one in item["figures"])]
        for item in items
    ]
    sizes = [max(cells(row[i]) for row in [names, *rows]) for i in range(len(names))]
    right = [i > 0 and names[i] != "Name" for i in range(len(names))]
    yield _row(names, sizes, right)
    taken = sum(sizes) + 2 * len(sizes)
    beside = width - taken >= 30
    for row, item in zip(rows, items, strict=True):
        words = list(_wrap(item["words"], width - taken if beside else width - 4)) if item["words"] else []
        line = _row(row, sizes, right)
        if beside and words:
            yield f"{line}  {words[0]}"
            yield from (" " * taken + rest for rest in words[1:])
        else:
            yield line
            yield from (f"    {rest}" for rest in words)


def _row(row: Sequence[str], sizes: Sequence[int], right: Sequence[bool]) -> str:
    filled = []
    for text, size, is_right in zip(row, sizes, right, strict=True):
        gap = " " * (size - cells(text))
        filled.append(gap + text if is_right else text + gap)
    return "  ".join(filled).rstrip() if not any(right[-1:]) else "  ".join(filled)


def cells(text: str) -> int:
    """How many columns of a terminal a text takes: wide letters take two, accents none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _cut(text: str, most: int) -> str:
    if cells(text) <= most:
        return text
    while cells(text) > most - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrap(text: str, width: int, indent: str = "", first: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        text, width, initial_indent=indent if first is None else first, subsequent_indent=indent
    ) or [""]
