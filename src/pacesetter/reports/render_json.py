"""A report as JSON: all of its content but what is only kept to compare the next report with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def render_json(content: Mapping[str, Any]) -> str:
    """Indented JSON in the order of the content, ending with a line break."""
    return json.dumps(told(content), ensure_ascii=False, indent=2) + "\n"


def told(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a report tells, in the order in which it is written down here: a database keeps none."""
    names = ("schema", "kind", "on", "previous_on", "simulated", "mode", "title", "material", "words")
    counts = ("analysed", "recommendations")
    return {
        **_pick(content, *names),
        "counts": _pick(content["counts"], *counts),
        "sections": [_section(one) for one in content["sections"]],
        "silent": list(content["silent"]),
    }


def _section(one: Mapping[str, Any]) -> dict[str, Any]:
    items = [
        {
            **_pick(item, "key", "title", "words", "tone", "material"),
            "figures": [_pick(figure, "label", "text", "value") for figure in item["figures"]],
            "points": [_pick(points, "title", "lines") for points in item["points"]],
        }
        for item in one["items"]
    ]
    head = _pick(one, "name", "title", "layout", "state", "words")
    return {**head, "items": items, **_pick(one, "still", "ended")}


def _pick(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names}
