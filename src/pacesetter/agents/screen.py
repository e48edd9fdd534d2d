"""Screens: lists of criteria that a symbol passes or fails, each written in a TOML file of its own.

    name = "value"
    version = 1
    words = "cheap against what it earns and owns"
    signal_type = "value_screen"
    pass_at_least = 2          # so many criteria must hold; all of them where it is left out

    [[criterion]]
    fact = "factor.trailing_pe"
    op = "<="                  # < > <= >= == != in not_in
    value = 15

    [[criterion]]
    fact = "listing.sector"    # listing. asset_type, sector, industry or currency: == != in not_in
    op = "not_in"
    value = ["Financials"]

What is not known fails its own criterion and no other.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from pacesetter.agents.facts import fact_names
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.research.table import Table

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
EQUALS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda value, among: value in among,
    "not_in": lambda value, among: value not in among,
}
OPS = (*ORDERS, *EQUALS)
LISTED = ("asset_type", "sector", "industry", "currency")
SIGNAL_TYPES = ("value_screen", "growth_screen", "quality_screen", "checklist_screen")
SHIPPED = ("value", "growth", "quality", "checklist")
LONGEST_NAME, MOST_CRITERIA = 40, 50
Value = float | str | tuple[float | str, ...]


@dataclass(frozen=True)
class Criterion:
    """A fact, or a property of the listing, against a value (of ``in`` and ``not_in``: several)."""

    fact: str
    op: str
    value: Value

    def holds(self, known: Mapping[str, float | str]) -> bool | None:
        """Whether it holds; None where the fact is not known."""
        found = known.get(self.fact)
        return None if found is None else (ORDERS | EQUALS)[self.op](found, self.value)

    def in_words(self) -> str:
        """As it is written in the file."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return (
            f"{self.fact} {self.op} {value:g}"
            if isinstance(value, float)
            else f"{self.fact} {self.op} {value}"
        )


@dataclass(frozen=True)
class Screen:
    """Criteria of which at least ``pass_at_least`` must hold."""

    name: str
    version: int
    words: str
    signal_type: str
    pass_at_least: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Screened:
    """What became of a symbol in a screen: the criteria that it met, that it failed, and the unknown ones."""

    passes: bool
    met: tuple[Criterion, ...]
    failed: tuple[Criterion, ...]
    missing: tuple[Criterion, ...]


def apply_screen(screen: Screen, known: Mapping[str, float | str]) -> Screened:
    """Judge one symbol by its facts and the properties of its listing (``listing.sector``, …)."""
    held: dict[bool | None, list[Criterion]] = {True: [], False: [], None: []}
    for one in screen.criteria:
        held[one.holds(known)].append(one)
    met, failed, missing = (tuple(held[answer]) for answer in (True, False, None))
    return Screened(len(met) >= screen.pass_at_least, met, failed, missing)


def may_pass(screen: Screen) -> pl.Expr:
    """Where a row of facts can pass; what is asked of its listing is taken to hold."""
    met = [pl.lit(0)]
    for one in screen.criteria:
        if one.fact.startswith("listing."):
            met.append(pl.lit(1))
            continue
        column = pl.col(one.fact)
        holds: Any
        if one.op in ORDERS:
            holds = ORDERS[one.op](column, one.value)
        else:
            among = one.value if isinstance(one.value, tuple) else (one.value,)
            inside = column.is_in(list(among))
            holds = inside if one.op in ("==", "in") else ~inside
        met.append((holds & column.is_not_null()).cast(pl.Int32))
    return pl.sum_horizontal(met) >= screen.pass_at_least


@cache
def load_screens() -> tuple[Screen, ...]:
    """The shipped screens."""
    folder = files("pacesetter.agents").joinpath("screens")
    return tuple(
        parse_screen(folder.joinpath(f"{name}.toml").read_text("utf-8"), where=f"{name}.toml")
        for name in SHIPPED
    )


def parse_screen(text: str, *, where: str) -> Screen:
    """A screen from TOML; ``InputError`` names the file, the criterion and how to mend it."""
    given = Table.parse(text, where)
    name = given.text("name")
    if len(name) > LONGEST_NAME or not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        mend = f"use at most {LONGEST_NAME} small letters, digits, - and _"
        raise InputError(f"name = {name!r:.60}", where=where, mend=mend)
    rows = given.take("criterion")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_CRITERIA:
        mend = f"write 1 to {MOST_CRITERIA} tables [[criterion]] with fact, op and value"
        raise InputError("it has no list of criteria", where=where, mend=mend)
    criteria = tuple(_parse_criterion(row, f"{where}, criterion {i}") for i, row in enumerate(rows, 1))
    at_least = len(criteria)
    if "pass_at_least" in given.names():
        at_least = given.whole("pass_at_least", at_least=1)
    if at_least > len(criteria):
        mend = f"it has {len(criteria)} criteria: ask for at most as many"
        raise InputError(f"pass_at_least = {at_least}", where=where, mend=mend)
    screen = Screen(
        name=name,
        version=given.whole("version", at_least=1),
        words=given.text("words"),
        signal_type=given.text("signal_type", among=SIGNAL_TYPES),
        pass_at_least=at_least,
        criteria=criteria,
    )
    given.end()
    return screen


def _parse_criterion(row: Any, where: str) -> Criterion:
    if not isinstance(row, dict):
        raise InputError("it is no table", where=where, mend="write [[criterion]] with fact, op and value")
    given = Table(row, where)
    fact, op = given.text("fact"), given.text("op", among=OPS)
    kind, _, name = fact.partition(".")
    is_listed = kind == "listing"
    if name not in LISTED if is_listed else fact not in fact_names():
        known = [*fact_names(), *(f"listing.{one}" for one in LISTED)]
        error = unknown("fact", fact, known)
        raise InputError(error.what, where=where, mend=error.mend)
    if is_listed and op in ORDERS:
        mend = f"use one of {' '.join(EQUALS)}"
        raise InputError(f"{fact} is a word, which {op} cannot compare", where=where, mend=mend)
    value = given.take("value")
    given.end()
    if op in ("in", "not_in"):
        if not isinstance(value, list) or not value:
            raise InputError(f"{op} needs a list", where=where, mend="write value = [1, 2]")
        return Criterion(fact, op, tuple(_parse_value(one, is_listed, where) for one in value))
    return Criterion(fact, op, _parse_value(value, is_listed, where))


def _parse_value(value: Any, is_word: bool, where: str) -> float | str:
    if is_word and isinstance(value, str) and value.strip():
        return value
    if not is_word and not isinstance(value, bool) and isinstance(value, (int, float)) and abs(value) < 1e300:
        return float(value)
    kind = "a text in quotes" if is_word else "a plain number"
    raise InputError(f"value = {value!r:.60}", where=where, mend=f"write {kind}")
