"""Stress: what scenarios would do to symbols, and so to portfolios.

Which betas: ``market_beta`` and ``rate_beta`` each come from a regression on their own proxy alone, so
each holds everything that usually goes along with it, styles included. The six styles' betas come from
one joint regression, so among themselves they count once; but their proxies are funds full of shares,
so together they hold the market too. Adding both would count the market twice. Hence:

- A base (market or rate) acts through its own beta. A style acts through its joint beta times its
  move **beyond** what the base explains of it. Moves beyond the base are what is left of the
  style's return after a regression on the base, so the two do not overlap.
- ``direct``: Σ β·shock over the shocked factors; everything else is at rest.
- ``correlated``: the factors that are not shocked take the mean that the shocked ones imply jointly
  (their regression on all of them, from 252 sessions of factor returns). A style then adds its
  joint beta times its whole move, and the base only what its beta holds beyond the styles:
  (β_base − Σ β_style·b_style)·shock, b_style being the style's own slope on the base. Each factor
  counts once, and a scenario of a base alone comes to the same total as ``direct``, split by style.
- A base that is not shocked moves along and is shown, but adds nothing: the styles hold it already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pacesetter.market.panel import F8, I8, Mask
from pacesetter.portfolio.aggregate import sum_parts
from pacesetter.portfolio.stress_scenario import BASES, STRESSED, STYLES, Scenario, load_scenarios

__all__ = [
    "STRESSED",
    "PortfolioStress",
    "PreparedStress",
    "Scenario",
    "StressOutcome",
    "SymbolStress",
    "load_scenarios",
    "prepare_stress",
    "stress_portfolio",
    "stress_portfolios",
    "stress_symbols",
]

SESSIONS = 252
SAME = 1e-10  # factors whose covariance is singular to this say the same
MIN_SESSIONS = 126  # complete ones; fewer say too little about how factors move together


@dataclass(frozen=True)
class PreparedStress:
    """What scenarios (C) come to on the factors ``STRESSED`` (F = 8); the same for every symbol.

    ``shocks`` (C×F) are the declared moves, 0 for none. ``beyond`` (C×F) are all styles' moves beyond
    the base, and the base's own; ``moves`` (C×F) the whole returns of all proxies; ``loading`` (C×F)
    the styles' slopes on the base. The last three are NaN without enough factor returns.
    """

    scenarios: tuple[Scenario, ...]
    shocks: F8
    beyond: F8
    moves: F8
    loading: F8
    sessions: int  # complete ones behind the last three

    @property
    def has_correlated(self) -> bool:
        """Whether there were enough factor returns for ``correlated``."""
        return self.sessions >= MIN_SESSIONS


@dataclass(frozen=True)
class SymbolStress:
    """Returns of symbols in scenarios (S×C), NaN where a symbol has no beta to a shocked factor."""

    direct: F8
    correlated: F8


class PortfolioStress(NamedTuple):
    """Returns of portfolios in scenarios (P×C) and the share of gross value that is covered (P×C)."""

    direct: F8
    correlated: F8
    coverage: F8


@dataclass(frozen=True)
class StressOutcome:
    """One scenario on one portfolio.

    ``direct`` and ``correlated`` are the portfolio's returns, ``*_holdings`` (H) each holding's share
    of it (they sum to it; NaN: not covered), ``*_factors`` each factor's (they too). ``moves`` are the
    returns of all factors' proxies. ``coverage`` is the share of gross value with a beta to every shocked
    factor; the rest counts as 0. Without enough factor returns ``correlated`` is NaN, and its factors and
    ``moves`` are empty.
    """

    scenario: Scenario
    direct: float
    direct_holdings: F8
    direct_factors: Mapping[str, float]
    correlated: float
    correlated_holdings: F8
    correlated_factors: Mapping[str, float]
    moves: Mapping[str, float]
    coverage: float


def prepare_stress(scenarios: Sequence[Scenario], factor_returns: Mapping[str, F8]) -> PreparedStress:
    """Scenarios on factors whose recent returns are known.

    ``factor_returns`` give for each of ``STRESSED`` the proxy's simple session returns, oldest first and
    of the same sessions (float64 T, NaN for none); of the last 252 those with all eight count.
    """
    size = (len(scenarios), len(STRESSED))
    shocks = np.zeros(size)
    for c, one in enumerate(scenarios):
        for name, shock in one.shocks.items():
            shocks[c, STRESSED.index(name)] = shock
    recent = np.column_stack([np.asarray(factor_returns[name], np.float64)[-SESSIONS:] for name in STRESSED])
    recent = recent[np.isfinite(recent).all(axis=1)]
    beyond, moves, loading = (np.full(size, np.nan) for _ in range(3))
    if len(recent) >= MIN_SESSIONS:
        covariance = np.cov(recent, rowvar=False)
        for c, one in enumerate(scenarios):
            beyond[c], moves[c], loading[c] = spread_shocks(one, shocks[c], covariance)
    return PreparedStress(tuple(scenarios), shocks, beyond, moves, loading, len(recent))


def spread_shocks(scenario: Scenario, shocks: F8, covariance: F8) -> tuple[F8, F8, F8]:
    """``beyond``, ``moves`` and ``loading`` (F each) of one scenario under a covariance (F×F)."""
    loading, around, base_move = np.zeros(len(shocks)), covariance, 0.0
    if scenario.base is not None:
        base = STRESSED.index(scenario.base)
        base_move = shocks[base]
        if covariance[base, base] > 0:
            loading = covariance[:, base] / covariance[base, base]
        around = covariance - np.outer(loading, covariance[base])
    given = [STRESSED.index(name) for name in scenario.shocks if name != scenario.base]
    beyond = np.zeros(len(shocks))
    if given:
        # factors that say the same share the shock (least squares), rather than breaking it
        shared = np.linalg.lstsq(around[np.ix_(given, given)], shocks[given], rcond=SAME)[0]
        beyond = around[:, given] @ shared
        beyond[given] = shocks[given]
    moves = loading * base_move + beyond
    if scenario.base is not None:
        base = STRESSED.index(scenario.base)
        beyond[base] = moves[base] = base_move
        loading[base] = 0.0
    return beyond, moves, loading


def stress_symbols(prepared: PreparedStress, betas: F8) -> SymbolStress:
    """Returns of S symbols in all scenarios from their ``betas`` (S×8, in the order of ``STRESSED``)."""
    parts = [contribute(prepared, c, betas) for c in range(len(prepared.scenarios))]
    return SymbolStress(
        np.stack([direct.sum(axis=1) for direct, _ in parts], axis=1),
        np.stack([correlated.sum(axis=1) for _, correlated in parts], axis=1),
    )


def stress_portfolio(prepared: PreparedStress, weights: F8, betas: F8) -> tuple[StressOutcome, ...]:
    """Every scenario on one portfolio: ``weights`` (H) are signed values over its value, ``betas`` (H×8)
    its holdings' own, in the order of ``STRESSED``, NaN for none."""
    weights = np.asarray(weights, dtype=np.float64)
    gross = np.abs(weights).sum()
    made = []
    for c, one in enumerate(prepared.scenarios):
        direct, correlated = (weights[:, None] * part for part in contribute(prepared, c, betas))
        covered = covers(one, betas)
        told = {
            name: (part.sum(axis=1), np.where(covered[:, None], part, 0.0).sum(axis=0))
            for name, part in (("direct", direct), ("correlated", correlated))
        }
        made.append(
            StressOutcome(
                one,
                float(told["direct"][1].sum()),
                told["direct"][0],
                name_parts(told["direct"][1], keep=prepared.shocks[c] != 0),
                float(told["correlated"][1].sum()) if prepared.has_correlated else np.nan,
                told["correlated"][0],
                name_parts(told["correlated"][1], keep=acting(one) & prepared.has_correlated),
                name_parts(prepared.moves[c], keep=np.full(len(STRESSED), prepared.has_correlated)),
                float(np.abs(weights[covered]).sum() / gross) if gross > 0 else 0.0,
            )
        )
    return tuple(made)


def stress_portfolios(starts: I8, rows: I8, weights: F8, symbols: SymbolStress) -> PortfolioStress:
    """All scenarios on P portfolios at once, from what they do to S symbols.

    ``starts`` (P), ``rows`` (L) and ``weights`` (L) as in ``aggregate_portfolios``.
    """
    w = np.asarray(weights, dtype=np.float64)[:, None]
    direct = symbols.direct[rows]
    covered = np.isfinite(direct)
    correlated = np.where(covered, w * symbols.correlated[rows], 0.0)
    gross = sum_parts(np.abs(w), starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = sum_parts(np.where(covered, np.abs(w), 0.0), starts) / gross
    return PortfolioStress(
        sum_parts(np.where(covered, w * direct, 0.0), starts),
        sum_parts(correlated, starts),
        np.where(gross > 0, share, 0.0),
    )


def contribute(prepared: PreparedStress, c: int, betas: F8) -> tuple[F8, F8]:
    """What each factor adds to each symbol's return (S×8) in scenario ``c``, direct and correlated; NaN
    rows for symbols that lack a beta to a shocked factor."""
    one = prepared.scenarios[c]
    covered = covers(one, betas)
    known = np.where(np.isfinite(betas), betas, 0.0)
    direct = np.where(covered[:, None], known * prepared.shocks[c], np.nan)
    whole = known * np.where(acting(one), prepared.moves[c], 0.0)
    if one.base is not None:
        base = STRESSED.index(one.base)
        styles = [STRESSED.index(name) for name in STYLES]
        held = (known[:, styles] * prepared.loading[c, styles]).sum(axis=1)  # of the base, by the styles
        whole[:, base] = (known[:, base] - held) * prepared.shocks[c, base]
    return direct, np.where(covered[:, None], whole, np.nan)


def covers(scenario: Scenario, betas: F8) -> Mask:
    """Which symbols have a beta to every shocked factor (S)."""
    shocked = [STRESSED.index(name) for name in scenario.shocks]
    return np.asarray(np.isfinite(betas[:, shocked]).all(axis=1))


def acting(scenario: Scenario) -> Mask:
    """The factors that add something in ``correlated``: all styles, and the base that is shocked (8)."""
    return np.array([name not in BASES or name == scenario.base for name in STRESSED])


def name_parts(values: F8, keep: Mask) -> dict[str, float]:
    """Figures by factor, where ``keep`` holds."""
    return {name: float(v) for name, v, kept in zip(STRESSED, values, keep, strict=True) if kept}
