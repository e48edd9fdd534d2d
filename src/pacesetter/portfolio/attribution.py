"""What the result came from: each holding, and each factor.

Parts of a day's return add up, parts of many days do not. They are linked by carrying
each day's part at the growth reached before it: since G_t − G_{t−1} = G_{t−1} · r_t,
parts that sum to r_t on every day sum to the whole linked return, with nothing left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from pacesetter.market.panel import F8
from pacesetter.portfolio.prices import date_of
from pacesetter.portfolio.valuation import Valuation


@dataclass(frozen=True)
class Contribution:
    """``pnl`` in base currency; ``of_return``: its part of the time-weighted return (None: no return)."""

    symbol: str  # "" for what belongs to no holding
    pnl: float
    of_return: float | None


@dataclass(frozen=True)
class HoldingAttribution:
    """Contributions, greatest gain first; they sum to ``pnl`` and ``total_return``."""

    first_on: date
    last_on: date
    contributions: tuple[Contribution, ...]
    pnl: float
    total_return: float | None


@dataclass(frozen=True)
class FactorAttribution:
    """``by_factor`` + ``rest`` = ``total_return``; ``days_missing``: sessions without the factor's return."""

    first_on: date
    last_on: date
    by_factor: Mapping[str, float]
    rest: float
    total_return: float
    days_missing: Mapping[str, int]


def attribute_holdings(
    valuation: Valuation, start: int = 0, stop: int | None = None
) -> HoldingAttribution | None:
    """Contributions over the sessions ``start:stop`` of a valuation; None for an empty span."""
    span = slice(start, stop)
    sessions = valuation.sessions[span]
    if not len(sessions):
        return None
    daily, before, basis = _link(valuation, span)
    pnl = np.column_stack((valuation.holding_pnl[span], valuation.other_pnl[span]))
    known = np.isfinite(daily)
    parts = (before[known] / basis[known]) @ pnl[known]
    linked = bool(known.any())
    names = (*valuation.symbols, "")
    totals = pnl.sum(axis=0)
    rows = [
        Contribution(name, float(totals[h]), float(parts[h]) if linked else None)
        for h, name in enumerate(names)
        if name or pnl[:, h].any()
    ]
    return HoldingAttribution(
        date_of(sessions[0]),
        date_of(sessions[-1]),
        tuple(sorted(rows, key=lambda row: -row.pnl)),
        float(valuation.pnl[span].sum()),
        float(np.prod(1.0 + daily[known])) - 1.0 if linked else None,
    )


def attribute_factors(
    valuation: Valuation,
    exposures: Mapping[str, float | F8],
    factor_returns: Mapping[str, F8],
    start: int = 0,
    stop: int | None = None,
) -> FactorAttribution | None:
    """Exposure × factor return a day, linked over ``start:stop``, and what is left.

    ``exposures`` are one number or one a session (T, known before it); ``factor_returns``
    are float64 (T) on the valuation's sessions. Only factors of one joint regression add
    up; those of regressions of their own overlap, and ``rest`` then says little. A day
    without a factor's return leaves its part in ``rest``. None where no day has a return.
    """
    span = slice(start, stop)
    sessions = valuation.sessions[span]
    daily, before, _ = _link(valuation, span)
    known = np.isfinite(daily)
    if not known.any():
        return None
    by_factor, missing = {}, {}
    for name, exposure in exposures.items():
        held = np.broadcast_to(np.asarray(exposure, dtype=np.float64), valuation.sessions.shape)[span]
        part = held * factor_returns[name][span]
        there = known & np.isfinite(part)
        by_factor[name] = float(before[there] @ part[there])
        missing[name] = int(known.sum() - there.sum())
    total = float(np.prod(1.0 + daily[known])) - 1.0
    rest = total - sum(by_factor.values())
    return FactorAttribution(date_of(sessions[0]), date_of(sessions[-1]), by_factor, rest, total, missing)


def _link(valuation: Valuation, span: slice) -> tuple[F8, F8, F8]:
    """Of each session in the span: its return, the growth from the span's start to before it, and the
    money that earned it."""
    daily = valuation.daily_return[span]
    growth = np.cumprod(np.where(np.isfinite(daily), 1.0 + daily, 1.0))
    before = np.concatenate(([1.0], growth[:-1]))[: len(daily)]
    basis = (np.concatenate(([0.0], valuation.nav))[: len(valuation.nav)] + valuation.flow_in)[span]
    return daily, before, basis
