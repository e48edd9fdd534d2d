"""What every section of a report must keep, whoever wrote it. Each check raises AssertionError."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pacesetter.reports.morning import compose, spell_content
from pacesetter.reports.night import Night
from pacesetter.reports.render_html import render_html
from pacesetter.reports.render_markdown import render_markdown
from pacesetter.reports.render_text import render_text
from pacesetter.reports.section import Section, check_items


def check_section(one: Section, nights: Sequence[Night]) -> int:
    """On each night: sound items, the same each time, plain JSON, nothing said twice, in every form."""
    told = 0
    for night in nights:
        items = one.tell(night, [])
        check_items(items, one)
        told += len(items)
        content = compose(night, None, [one])
        assert spell_content(compose(night, None, [one])) == spell_content(content), f"{one.name} differs"
        assert json.loads(spell_content(content)) == content, f"{one.name} is no plain JSON"
        for render in (render_html, render_markdown, render_text):
            assert render(content) == render(json.loads(spell_content(content)))
        again = compose(night, content, [one])
        keys = [item["key"] for part in again["sections"] for item in part["items"]]
        assert not keys, f"{one.name} says twice: {keys}"
    return told
