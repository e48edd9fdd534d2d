"""A report in short, for chats and webhooks: the headline, and one line for each thing that is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pacesetter.reports.plain_text import make_plain
from pacesetter.reports.render_markdown import escape

MOST_LINES, MOST_CHARACTERS = 20, 1500
SOFT = str.maketrans({"<": "(", ">": ")", "@": "@\u2060", "&": "+"})  # a chat reads tags and mentions


def notice_text(content: Mapping[str, Any]) -> str:
    """Plain lines, at most 20, and 1,500 characters."""
    return _fit(line.translate(SOFT) for line in _lines(content))


def notice_markdown(content: Mapping[str, Any]) -> str:
    """The same as Markdown."""
    return _fit(escape(line) + "  " for line in _lines(content))


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    """Lines in the order of the report; headline first."""
    if content["simulated"]:
        yield "SIMULATED: no real prices"
    if content["words"]:
        yield content["words"]
    for told in content["sections"]:
        for item in told["items"]:
            if told["name"] == "headline":
                yield item["title"]
            elif item["material"]:
                words = f": {item['words']}" if item["words"] else ""
                yield make_plain(f"{told['title']} · {item['title']}{words}", 160)


def _fit(lines: Iterator[str]) -> str:
    kept: list[str] = []
    left = list(lines)
    for n, line in enumerate(left):
        if n >= MOST_LINES or sum(map(len, kept)) + len(line) > MOST_CHARACTERS:
            kept.append(f"… and {len(left) - n} more in the report")
            break
        kept.append(line)
    return "\n".join(kept)
