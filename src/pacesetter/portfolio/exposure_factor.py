"""The factors that symbols are exposed to, as ``factors.toml`` declares them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pacesetter.kernel.errors import InputError

METHODS = {
    "market": "ols_regression",
    "rate": "ols_regression",
    "ridge": "ridge_regression",
    "spread": "spread_regression",
}


@dataclass(frozen=True)
class FactorDefinition:
    """A factor: its proxy (less ``minus`` for a spread), the regression's window and its least number of
    observations, both in sessions, and the ridge penalty (None where there is none)."""

    name: str
    label: str
    kind: str  # market, rate, ridge or spread
    proxy: str
    minus: str | None
    calculation_method: str
    window: int
    min_observations: int
    regularisation: float | None
    position: int  # in lists, from 1

    @property
    def proxies(self) -> tuple[str, ...]:
        """The symbols whose returns the factor is made of."""
        return (self.proxy,) if self.minus is None else (self.proxy, self.minus)


def load_definitions() -> tuple[FactorDefinition, ...]:
    """The shipped factors, in their order."""
    return parse_definitions(files("pacesetter.portfolio").joinpath("factors.toml").read_text("utf-8"))


def parse_definitions(text: str) -> tuple[FactorDefinition, ...]:
    """Factors from TOML: an array ``factor``; ``InputError`` where one contradicts itself."""
    found = tuple(
        parse_definition(entry, position)
        for position, entry in enumerate(tomllib.loads(text)["factor"], start=1)
    )
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"a factor is declared twice: {', '.join(twice)}", mend="give each its own name")
    joint = {(one.window, one.min_observations, one.regularisation) for one in found if one.kind == "ridge"}
    if len(joint) > 1:
        raise InputError(
            "the ridge factors disagree: they are one joint regression",
            mend="give them the same window, min_observations and regularisation",
        )
    return found


def parse_definition(entry: dict[str, Any], position: int) -> FactorDefinition:
    """One factor from its table."""
    name, kind = entry["name"], entry["kind"]
    if kind not in METHODS:
        raise InputError(
            f"{kind!r} is no kind of factor", where=name, mend=f"use one of {', '.join(METHODS)}"
        )
    if ("minus" in entry) != (kind == "spread"):
        raise InputError(
            "`minus` belongs to a spread, and a spread needs it", where=name, mend="add or drop it"
        )
    if ("regularisation" in entry) != (kind == "ridge"):
        raise InputError("`regularisation` belongs to a ridge factor", where=name, mend="add or drop it")
    if not 3 <= entry["min_observations"] <= entry["window"]:
        raise InputError(
            "min_observations is not between 3 and the window", where=name, mend="change one of the two"
        )
    return FactorDefinition(
        name=name,
        label=entry["label"],
        kind=kind,
        proxy=entry["proxy"],
        minus=entry.get("minus"),
        calculation_method=METHODS[kind],
        window=entry["window"],
        min_observations=entry["min_observations"],
        regularisation=entry.get("regularisation"),
        position=position,
    )
