"""The morning report of a night: what changed since the last one, as plain JSON.

Every section tells all that holds tonight. What the report before said with the same mark is left out,
or is one line ("still …") where it lasts; what lasted and is gone is one line, too. The same night and
the same report before give the same content, byte for byte: it holds no id, and no time of making.

    {schema, kind, on, previous_on, simulated, mode, title, material, words,
     counts: {analysed, recommendations},
     sections: [{name, title, layout, state: new|still|quiet, words, items, still, ended}],
     silent: [titles of the sections that had nothing to say],
     standing: {section: {key: {mark, since, nights, brief}}}}
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from pacesetter.reports.figures import count, write_day, write_days
from pacesetter.reports.night import Night
from pacesetter.reports.plain_text import MOST_NAME, make_plain, make_plain_throughout
from pacesetter.reports.section import Item, Section, check_items, in_order

SCHEMA = 1
MOST_ITEMS, MOST_QUIET = 40, 3  # items of a section; and where none of them is material
UNTOLD = ("mark", "lasts", "since", "brief")  # what an item says to this file alone
QUIET, NO_NEWS = "A quiet night: nothing material has changed.", "Nothing new is material."
Content = Mapping[str, Any]


def compose(
    night: Night, previous: Content | None = None, chosen: Sequence[Section] | None = None
) -> dict[str, Any]:
    """The content of a night's report. ``previous``: that of the report before; ``chosen``: the sections
    (default: all that are registered)."""
    kinds = list(in_order() if chosen is None else chosen)
    before = {} if previous is None else previous["standing"]
    told: dict[str, dict[str, Any]] = {}
    standing: dict[str, dict[str, Any]] = {}
    for one in sorted(kinds, key=lambda kind: kind.sums_up):
        found = one.tell(night, list(told.values()))
        check_items(found, one)
        items = [_write(item) for item in found]
        standing[one.name] = _stand(items, before.get(one.name, {}), night.on)
        told[one.name] = _tell(one, night, items, standing[one.name], before.get(one.name, {}))
    news = any(_is_material(told[one.name]) for one in kinds if not one.sums_up)
    material = news or any(_is_material(told[one.name]) for one in kinds)
    shown = [told[one.name] for one in kinds if told[one.name]["state"] != "quiet" or one.always]
    shown = [{key: value for key, value in one.items() if key != "stands"} for one in shown]
    if not news:
        shown = [_shorten(one) for one in shown]
    return {
        "schema": SCHEMA,
        "kind": "morning",
        "on": night.on.isoformat(),
        "previous_on": None if night.previous_on is None else night.previous_on.isoformat(),
        "simulated": night.simulated,
        "mode": night.mode,
        "title": f"Morning report · {write_day(night.on)}",
        "material": material,
        "words": "" if news else NO_NEWS if material else QUIET,
        "counts": {"analysed": night.n_analysed, "recommendations": night.n_decided},
        "sections": shown,
        "silent": [one.title for one in kinds if told[one.name]["state"] == "quiet" and not one.always],
        "standing": standing,
    }


def spell_content(content: Content) -> str:
    """The one spelling of a content, sorted and without spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(content: Content) -> str:
    """SHA-256 (hex) of a content: two reports that say the same have the same one."""
    return sha256(spell_content(content).encode()).hexdigest()


def _write(item: Item) -> dict[str, Any]:
    """An item as plain JSON, its texts made harmless."""
    written = {
        "key": make_plain(item.key, 200),
        "title": make_plain(item.title, MOST_NAME + 40),
        "words": make_plain(write_days(item.words)),
        "tone": item.tone,
        "material": item.material,
        "lasts": item.lasts,
        "since": None if item.since is None else item.since.isoformat(),
        "brief": make_plain(write_days(item.brief or item.title), 200),
        "mark": sha256(json.dumps(item.mark, sort_keys=True, default=str).encode()).hexdigest()[:16],
        "figures": [
            {"label": make_plain(one.label, 40), "text": make_plain(one.text, MOST_NAME), "value": one.value}
            for one in item.figures
        ],
        "points": make_plain_throughout(
            [{"title": one.title, "lines": [write_days(line) for line in one.lines]} for one in item.points]
        ),
    }
    for figure in written["figures"]:
        value = figure["value"]
        if isinstance(value, float) and not math.isfinite(value):
            figure["value"] = None
        if isinstance(value, str):
            figure["value"] = make_plain(value, MOST_NAME)
    return written


def _is_material(told: Content) -> bool:
    return any(item["material"] for item in told["items"])


def _stand(items: Sequence[Content], before: Content, on: date) -> dict[str, Any]:
    """What is to be compared with next time: since when each item is as it is, for how many reports."""
    found = {}
    for item in items:
        old = before.get(item["key"], {})
        same = bool(old) and (old["mark"] == item["mark"] or item["since"] is not None)
        found[item["key"]] = {
            "mark": item["mark"],
            "since": old["since"] if same else item["since"] or on.isoformat(),
            "nights": old["nights"] + 1 if same else 1,
            "brief": item["brief"] if item["lasts"] else "",
        }
    return found


def _tell(
    one: Section, night: Night, items: list[dict[str, Any]], standing: Content, before: Content
) -> dict[str, Any]:
    """A section with what is new in it, what stands still, and what is over."""
    new = [item for item in items if standing[item["key"]]["nights"] == 1 and item["since"] is None]
    old = [item for item in items if item not in new and item["lasts"]]
    still = [_say_still(item, standing[item["key"]]) for item in old]
    ended = [
        f"{one.over}: {was['brief']}" for key, was in before.items() if key not in standing and was["brief"]
    ]
    shown = [{k: v for k, v in item.items() if k not in UNTOLD} for item in new]
    intro = make_plain(write_days(one.intro(night))) if one.intro is not None else ""
    state = "new" if shown else "still" if still or ended else "quiet"
    if len(shown) > MOST_ITEMS:
        still.append(f"and {len(shown) - MOST_ITEMS:,} more")
    return {
        "name": one.name,
        "title": one.title,
        "layout": one.layout,
        "state": state,
        "words": intro if state != "quiet" else one.nothing,
        "items": shown[:MOST_ITEMS],
        "still": still,
        "ended": sorted(ended),
        "stands": {item["key"]: standing[item["key"]]["since"] for item in old},
    }


def _say_still(item: Content, stands: Content) -> str:
    since = write_day(date.fromisoformat(stands["since"]))
    return f"{item['brief']} · since {since}, {count(stands['nights'], 'night')}"


def _shorten(told: dict[str, Any]) -> dict[str, Any]:
    """A section in a report that has nothing to urge anybody to."""
    n = len(told["items"]) - MOST_QUIET
    if n <= 0:
        return told
    more = [*told["still"], f"and {n:,} more"]
    return {**told, "items": told["items"][:MOST_QUIET], "still": more}
