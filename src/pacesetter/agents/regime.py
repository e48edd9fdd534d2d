"""The market's regime, and the sectors that it favours: plain rules, their thresholds in ``regime.toml``.

bull: the close is well above its mean of 200 sessions and the market is calm. bear: it is well below
it, or the market is in turmoil. neutral: anything else, or too little is known. A sector is favoured
where the mean change of its symbols is among the best third and above the mean of all symbols, avoided
where it is among the worst third and below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from pacesetter.agents.evidence import Listing
from pacesetter.factors.market_returns import equal_weighted
from pacesetter.market.panel import F8, Panel
from pacesetter.research.table import Table

SESSIONS_A_YEAR = 252


@dataclass(frozen=True)
class RegimeRule:
    """As in ``regime.toml``."""

    mean_sessions: int
    volatility_sessions: int
    sessions: int
    bull_above_pct: float
    bull_volatility_most: float
    bear_below_pct: float
    bear_volatility_least: float
    sector_fact: str
    fewest_symbols: int
    share: float


@cache
def load_rule() -> RegimeRule:
    """The shipped thresholds."""
    return parse_rule(files("pacesetter.agents").joinpath("regime.toml").read_text("utf-8"))


def parse_rule(text: str, *, where: str = "regime.toml") -> RegimeRule:
    """Thresholds from TOML; ``InputError`` names the key and how to mend it."""
    given = Table.parse(text, where)
    regime, sectors = given.table("regime"), given.table("sectors")
    rule = RegimeRule(
        mean_sessions=regime.whole("mean_sessions", at_least=2),
        volatility_sessions=regime.whole("volatility_sessions", at_least=2),
        sessions=regime.whole("sessions", at_least=1),
        bull_above_pct=regime.number("bull_above_pct"),
        bull_volatility_most=regime.number("bull_volatility_most"),
        bear_below_pct=regime.number("bear_below_pct"),
        bear_volatility_least=regime.number("bear_volatility_least"),
        sector_fact=sectors.text("fact"),
        fewest_symbols=sectors.whole("fewest_symbols", at_least=1),
        share=sectors.number("share", at_most=0.5),
    )
    for table in (regime, sectors, given):
        table.end()
    return rule


def judge_regime(panel: Panel, rule: RegimeRule) -> tuple[str, str]:
    """bull, neutral or bear on the last session of ``panel``, and the reason in words."""
    name, growth = _market(panel)
    needed = max(rule.mean_sessions, rule.volatility_sessions + 1) + rule.sessions - 1
    if len(growth) < needed:
        return "neutral", f"{name} has {len(growth)} sessions, of which {needed} are needed"
    ends = range(len(growth) - rule.sessions + 1, len(growth) + 1)
    days = [_measure(growth[:end], rule) for end in ends]
    said = [_say(*day, rule) for day in days]
    above_pct, moved = days[-1]
    reason = (
        f"{name} is {abs(above_pct):.1f} % {'above' if above_pct >= 0 else 'below'} its mean of "
        f"{rule.mean_sessions} sessions, and its volatility over {rule.volatility_sessions} is "
        f"{100 * moved:.1f} % a year"
    )
    if said[-1] != "neutral" and len(set(said)) > 1:
        return "neutral", f"{reason}; that is {said[-1]}, but not for {rule.sessions} sessions running"
    return said[-1], reason


def judge_sectors(facts: pl.DataFrame, listings: Mapping[str, Listing], rule: RegimeRule) -> dict[str, str]:
    """favoured, neutral or avoided, for each symbol of a sector that is large enough to be judged."""
    sectors = [listings[s].sector if s in listings else None for s in facts["symbol"]]
    known = facts.select("symbol", change=pl.col(rule.sector_fact)).with_columns(
        sector=pl.Series(sectors, dtype=pl.String)
    )
    market = known["change"].mean()
    judged = (
        known.drop_nulls()
        .group_by("sector")
        .agg(mean=pl.col("change").sort().mean(), n=pl.len())
        .filter(pl.col("n") >= rule.fewest_symbols)
        .sort("mean", "sector", descending=[True, False])
    )
    if market is None or judged.is_empty():
        return {}
    taken = int(judged.height * rule.share + 1e-9)
    favour = {}
    for place, (sector, mean, _) in enumerate(judged.iter_rows()):
        best, worst = place < taken, place >= judged.height - taken
        favour[sector] = (
            "favoured" if best and mean > market else "avoided" if worst and mean < market else "neutral"
        )
    pairs = zip(facts["symbol"], sectors, strict=True)
    return {symbol: favour[sector] for symbol, sector in pairs if sector in favour}


def _market(panel: Panel) -> tuple[str, F8]:
    """What stands for the market, in words, and its growth from session to session, all known."""
    last = int(panel.sessions[-1])
    if panel.benchmark is not None:
        lo, hi = panel.offsets[panel.benchmark], panel.offsets[panel.benchmark + 1]
        growth = panel.growth[lo:hi][panel.date[lo:hi] <= last]
        return panel.symbols[panel.benchmark], growth[np.isfinite(growth)]
    line = equal_weighted(panel) if panel.market is None else panel.market.growth
    growth = line[panel.calendar <= last]
    return "the mean of all shares", growth[np.isfinite(growth)]


def _measure(growth: F8, rule: RegimeRule) -> tuple[float, float]:
    """How far the level is above its mean, in %, and its volatility, at the end of ``growth``."""
    level = np.concatenate([[1.0], np.cumprod(growth[-rule.mean_sessions + 1 :])])
    logs = np.log(growth[-rule.volatility_sessions :])
    return 100.0 * float(level[-1] / level.mean() - 1.0), float(logs.std(ddof=1) * np.sqrt(SESSIONS_A_YEAR))


def _say(above_pct: float, moved: float, rule: RegimeRule) -> str:
    if above_pct <= -rule.bear_below_pct or moved >= rule.bear_volatility_least:
        return "bear"
    calm = moved <= rule.bull_volatility_most
    return "bull" if calm and above_pct >= rule.bull_above_pct else "neutral"
