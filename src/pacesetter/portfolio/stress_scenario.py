"""Stress scenarios, as ``stress.toml`` declares them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pacesetter.kernel.errors import InputError

BASES = ("market_beta", "rate_beta")
STYLES = ("value", "growth", "momentum", "quality", "size", "low_volatility")
STRESSED = (*BASES, *STYLES)  # the factors that move; spreads are made of the same proxies, and left out


@dataclass(frozen=True)
class Scenario:
    """Factor moves as simple returns: of SPY for ``market_beta``, of TLT for ``rate_beta``, of a style's
    proxy for a style (beyond what the base explains of it, where there is a base)."""

    name: str
    label: str
    category: str
    severity: str
    about: str
    shocks: Mapping[str, float]
    rate_bp: float | None = None  # the move of yields that ``shocks["rate_beta"]`` was made of

    @property
    def base(self) -> str | None:
        """Which of ``BASES`` it moves, if any."""
        return next((name for name in BASES if name in self.shocks), None)


def load_scenarios() -> tuple[Scenario, ...]:
    """The shipped scenarios, in their order."""
    return parse_scenarios(files("pacesetter.portfolio").joinpath("stress.toml").read_text("utf-8"))


def parse_scenarios(text: str) -> tuple[Scenario, ...]:
    """Scenarios from TOML; ``InputError`` where one cannot be calculated."""
    given = tomllib.loads(text)
    duration = float(given["rates"]["effective_duration"])
    return tuple(parse_scenario(entry, duration) for entry in given["scenario"])


def parse_scenario(entry: dict[str, Any], duration: float) -> Scenario:
    """One scenario; a move of yields becomes −``duration`` (years) times it."""
    name, styles = entry["name"], entry.get("styles", {})
    if "market" in entry and "rate_bp" in entry:
        raise InputError(
            "a scenario moves the market and the yields at once",
            where=name,
            mend="choose one: each of the two betas already holds what goes along with the other",
        )
    if stray := sorted(set(styles) - set(STYLES)):
        raise InputError(f"no such style: {', '.join(stray)}", where=name, mend=f"use {', '.join(STYLES)}")
    shocks: dict[str, float] = {}
    if "market" in entry:
        shocks["market_beta"] = float(entry["market"])
    if "rate_bp" in entry:
        shocks["rate_beta"] = -duration * float(entry["rate_bp"]) / 10_000
    shocks |= {style: float(move) for style, move in styles.items()}
    if not shocks:
        raise InputError("a scenario moves nothing", where=name, mend="give market, rate_bp or styles")
    about = {key: entry[key] for key in ("label", "category", "severity", "about")}
    return Scenario(name, shocks=shocks, rate_bp=entry.get("rate_bp"), **about)
