"""A report as one HTML page: no script, nothing loaded, good on a phone, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pacesetter.reports.figures import write_days

MARKS = {"good": "▲", "bad": "▼", "warn": "!", "plain": ""}  # never colour alone


@cache
def _template() -> Template:
    env = Environment(
        loader=PackageLoader("pacesetter.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["marks"] = MARKS
    env.filters["days"] = write_days
    return env.get_template("morning.html.j2")


def render_html(content: Mapping[str, Any]) -> str:
    """The whole page, in UTF-8; every text of the content is escaped, and set apart in its direction."""
    return _template().render(report=content)
