"""What a section of a report is. Each is one file of ``sections/`` with one decorated function.

A section tells everything that holds tonight, as items with a ``key`` (what it is about) and a ``mark``
(what would have to change for it to be news). ``morning.py`` leaves out what the last report said already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pacesetter.kernel.errors import InputError
from pacesetter.kernel.registry import Registry
from pacesetter.reports.night import Night

Layout = Literal["lines", "table", "cards"]
Tone = Literal["plain", "good", "bad", "warn"]
LAYOUTS, TONES = ("lines", "table", "cards"), ("plain", "good", "bad", "warn")


@dataclass(frozen=True)
class Figure:
    """A labelled number: as it is written, and its value."""

    label: str
    text: str
    value: float | int | str | None = None


@dataclass(frozen=True)
class Points:
    """A titled list of sentences."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Item:
    """One thing that a section tells.

    ``lasts``: while it stands unchanged it is said again in one line ("still …", with ``brief``); others
    are left out then. ``since``: it is no news, whatever its mark: it stands since that earlier day.
    ``material``: it alone makes the report worth sending. Items of a table have figures with the same
    labels, which are its columns.
    """

    key: str
    title: str
    words: str = ""
    mark: Any = None
    tone: Tone = "plain"
    figures: Sequence[Figure] = ()
    points: Sequence[Points] = ()
    brief: str = ""
    lasts: bool = False
    since: date | None = None
    material: bool = True


# A section as it goes into the report (name, title, state, items, words …), and ``stands``: {key: since} of
# what it says in one line, for those who sum up.
Told = Mapping[str, Any]
Tell = Callable[[Night, Sequence[Told]], Sequence[Item]]


@dataclass(frozen=True)
class Section:
    """A section: its place, title, look and function. ``sums_up``: it is told after all others, and gets
    them. ``always``: it is shown when it has nothing to say, with ``nothing``; ``intro`` is a sentence
    above its items, ``over`` the word for what lasted and is not told any more."""

    name: str
    order: int
    title: str
    tell: Tell
    layout: Layout = "lines"
    sums_up: bool = False
    always: bool = False
    nothing: str = "Nothing material."
    intro: Callable[[Night], str] | None = None
    over: str = "No longer"


sections: Registry[Section] = Registry("section", "pacesetter.reports.sections", group="pacesetter.sections")


def section(
    name: str,
    *,
    order: int,
    title: str,
    layout: Layout = "lines",
    sums_up: bool = False,
    always: bool = False,
    nothing: str = "Nothing material.",
    intro: Callable[[Night], str] | None = None,
    over: str = "No longer",
) -> Callable[[Tell], Tell]:
    """Register a function as a section; it gets the night, and (where it ``sums_up``) all other sections."""

    def register(tell: Tell) -> Tell:
        sections.add(name, Section(name, order, title, tell, layout, sums_up, always, nothing, intro, over))
        return tell

    return register


def in_order() -> list[Section]:
    """All sections in the order of the page, ties by name."""
    return sorted(sections, key=lambda one: (one.order, one.name))


def check_items(items: Sequence[Item], one: Section) -> None:
    """``InputError`` where a section's items cannot be told: a key twice, a table with ragged columns."""
    where = f"section {one.name}"
    keys = [item.key for item in items]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise InputError(f"two items are called {twice[0]!r}", where=where, mend="give each a key of its own")
    if any(not item.key or not item.title for item in items):
        raise InputError("an item has no key or no title", where=where, mend="give it both")
    if any(item.tone not in TONES for item in items):
        raise InputError("an item has no known tone", where=where, mend=f"use {', '.join(TONES)}")
    columns = {tuple(figure.label for figure in item.figures) for item in items}
    if one.layout == "table" and len(columns) > 1:
        raise InputError("rows have different columns", where=where, mend="give every item the same figures")
