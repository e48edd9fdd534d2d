"""A report as Markdown, for webhooks, chats and notes: no text in it makes a link, a tag or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&])")  # what may begin something anywhere in a line
LEADING = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+#=]+(?:\s|$)))")  # and what may at its start
BARE = re.compile(r"(?i)(https?|ftp|mailto|xmpp|javascript|data)(?=:\S)|(?<!\w)www(?=\.)|@")
MARKS = {"good": "▲ ", "bad": "▼ ", "warn": "⚠ ", "plain": ""}
JOINER = "\u2060"  # takes no room, and breaks up what would be made a link


def render_markdown(content: Mapping[str, Any]) -> str:
    """The report, ending with a line break."""
    return "\n".join(_lines(content)) + "\n"


def escape(text: str) -> str:
    """Text that shows as it is written, wherever it stands in a line."""
    bare = BARE.sub(lambda match: f"{match[0][0]}{JOINER}{match[0][1:]}", text)
    plain = SPECIAL.sub(lambda match: f"\\{match[1]}", bare)
    return LEADING.sub(lambda match: f"{match[1]}\\", plain, count=1)


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {escape(content['title'])}"
    if content["simulated"]:
        yield from ("", "**SIMULATED: an invented market, no real prices**")
    if content["words"]:
        yield from ("", f"**{escape(content['words'])}**")
    for told in content["sections"]:
        yield from ("", f"## {escape(told['title'])}", "")
        if told["words"] and not (told["name"] == "headline" and told["items"]):
            yield from (escape(told["words"]), "")
        if told["layout"] == "table" and told["items"]:
            yield from _table(told["items"])
        else:
            for item in told["items"]:
                yield from _item(item, least=1 if told["layout"] == "cards" else 2)
        said = [line if line.startswith("and ") else f"still: {line}" for line in told["still"]]
        said += told["ended"]
        if said:
            yield from ("", *(f"- _{escape(line)}_" for line in said))
    if content["silent"]:
        yield from ("", f"Nothing new: {escape(', '.join(content['silent']))}.")


def _item(item: Mapping[str, Any], least: int) -> Iterator[str]:
    words = f": {escape(item['words'])}" if item["words"] else ""
    yield f"- {MARKS[item['tone']]}**{escape(item['title'])}**{words}"
    if len(item["figures"]) >= least:  # one alone is in the words already, but on a card
        said = (f"{escape(one['label'])} **{escape(one['text'])}**" for one in item["figures"])
        yield f"  - {' · '.join(said)}"
    for points in item["points"]:
        if points["title"]:
            yield f"  - {escape(points['title'])}"
        yield from (f"    - {escape(line)}" for line in points["lines"])


def _table(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = [one["label"] for one in items[0]["figures"]]
    yield f"| | {' | '.join(map(escape, names))} | Why |"
    yield f"|---|{''.join('---|' if name == 'Name' else '---:|' for name in names)}---|"
    for item in items:
        cells = [f"{MARKS[item['tone']]}**{escape(item['title'])}**"]
        cells += [escape(one["text"]) for one in item["figures"]]
        yield f"| {' | '.join([*cells, escape(item['words'])])} |"
