"""How well a portfolio did: returns weighted by time and by money, and what they cost in risk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pacesetter.market.panel import F8, I8
from pacesetter.portfolio.irr import solve_irr
from pacesetter.portfolio.valuation import Valuation

SESSIONS_A_YEAR = 252
LEAST_FOR_BETA = 2
LEAST_FOR_IRR = 30  # days: 1 % in one day would be 3,678 % a year
NO_SPREAD = 1e-15  # a standard deviation that rounding alone can make
DAYS_SHOWN = 5  # best and worst


@dataclass(frozen=True, eq=False)
class MonthlyReturns:
    """``months`` (float64, Y×12) and ``totals`` (Y) of ``years`` (int64, Y); NaN where there is none."""

    years: I8
    months: F8
    totals: F8


@dataclass(frozen=True)
class DayReturn:
    """A day (days since 1970-01-01) and its return."""

    day: int
    value: float


@dataclass(frozen=True, eq=False)
class Performance:
    """Figures up to the last session, as fractions (0.01 = 1 %); None where ``reasons[name]`` says why.

    Annualised with 252 sessions a year, standard deviations with ddof 1, no risk-free
    rate; ``irr`` a year of 365 days. ``growth`` and ``drawdown_series`` are float64, T.
    """

    twr: float | None
    twr_annual: float | None
    irr: float | None
    volatility_21d: float | None
    volatility_63d: float | None
    drawdown: float | None
    max_drawdown: float | None
    sharpe: float | None
    sortino: float | None
    beta: float | None
    benchmark_return: float | None
    cumulative_pnl: float
    growth: F8
    drawdown_series: F8
    months: MonthlyReturns
    best_days: tuple[DayReturn, ...]
    worst_days: tuple[DayReturn, ...]
    reasons: Mapping[str, str]


def measure_performance(valuation: Valuation, benchmark: F8 | None = None) -> Performance:
    """All figures of a valuation; ``benchmark`` (T): its returns, of ``benchmark_returns``.

    Sessions without a return (no money was in) count neither as a gain nor as a day.
    """
    reasons: dict[str, str] = {}

    def why(name: str, value: float | None, reason: str) -> float | None:
        if value is None or not math.isfinite(value):
            reasons[name] = reason
            return None
        return value

    daily = valuation.daily_return
    earned = daily[np.isfinite(daily)]
    n = len(earned)
    growth: F8 = np.multiply.accumulate(np.where(np.isfinite(daily), 1.0 + daily, 1.0))
    lost = bool(n) and float(earned.min()) <= -1.0
    if lost:
        unknown = "everything was lost in a day, and nothing can be linked over that"
    else:
        unknown = "no session has a return yet"
    linked = n > 0 and not lost
    twr = why("twr", float(growth[-1]) - 1.0 if linked else None, unknown)
    fall = growth / np.maximum(np.maximum.accumulate(growth), 1.0) - 1.0
    irr, no_irr = _measure_irr(valuation)
    spread = float(earned.std(ddof=1)) if n > 1 else 0.0
    below = math.sqrt(float(np.square(np.minimum(earned, 0.0)).mean())) if n else 0.0
    mean = float(earned.mean()) if n else 0.0
    year = math.sqrt(SESSIONS_A_YEAR)
    flat = "the returns do not move" if n > 1 else "fewer than 2 returns"
    return Performance(
        twr=twr,
        twr_annual=why(
            "twr_annual",
            growth[-1] ** (SESSIONS_A_YEAR / n) - 1.0 if twr is not None and n >= SESSIONS_A_YEAR else None,
            unknown if twr is None else f"a year has {SESSIONS_A_YEAR} sessions, and there are {n}",
        ),
        irr=why("irr", irr, no_irr),
        volatility_21d=why("volatility_21d", *_volatility(daily, 21)),
        volatility_63d=why("volatility_63d", *_volatility(daily, 63)),
        drawdown=why("drawdown", float(fall[-1]) if linked else None, unknown),
        max_drawdown=why("max_drawdown", float(fall.min()) if linked else None, unknown),
        sharpe=why("sharpe", mean / spread * year if spread > NO_SPREAD else None, flat),
        sortino=why("sortino", mean / below * year if below > NO_SPREAD else None, "no day lost anything"),
        beta=why("beta", *_beta(daily, benchmark)),
        benchmark_return=why("benchmark_return", *_benchmark_total(daily, benchmark)),
        cumulative_pnl=float(valuation.pnl.sum()),
        growth=growth,
        drawdown_series=fall,
        months=_link_months(valuation.sessions, daily),
        best_days=_extreme_days(valuation.sessions, daily, -1),
        worst_days=_extreme_days(valuation.sessions, daily, 1),
        reasons=reasons,
    )


def _measure_irr(valuation: Valuation) -> tuple[float | None, str]:
    if not len(valuation.nav):
        return None, "nothing was traded yet"
    flows = valuation.flow_out - valuation.flow_in
    flows[-1] += valuation.nav[-1]
    moved = valuation.sessions[flows != 0]
    if len(moved) and moved[-1] - moved[0] < LEAST_FOR_IRR:
        return None, f"under {LEAST_FOR_IRR} days: too little time to speak of a year"
    return solve_irr(valuation.sessions.astype(np.float64), flows)


def _volatility(daily: F8, sessions: int) -> tuple[float | None, str]:
    """Annualised standard deviation of the last ``sessions`` returns, all of which must be there."""
    last = daily[-sessions:]
    n = int(np.isfinite(last).sum())
    if n < sessions:
        return None, f"{n} of the last {sessions} sessions have a return"
    return float(last.std(ddof=1)) * math.sqrt(SESSIONS_A_YEAR), ""


def _beta(daily: F8, benchmark: F8 | None) -> tuple[float | None, str]:
    """Slope of the returns on the benchmark's, over the sessions that have both."""
    if benchmark is None:
        return None, "the benchmark has no prices"
    both = np.isfinite(daily) & np.isfinite(benchmark)
    if both.sum() < LEAST_FOR_BETA:
        return None, "fewer than 2 sessions with both returns"
    own, market = daily[both], benchmark[both]
    moved = market - market.mean()
    spread = float(moved @ moved)
    if spread <= NO_SPREAD**2 * len(market):
        return None, "the benchmark does not move"
    return float(moved @ (own - own.mean())) / spread, ""


def _benchmark_total(daily: F8, benchmark: F8 | None) -> tuple[float | None, str]:
    """The benchmark's linked return over the sessions on which the portfolio had one."""
    if benchmark is None:
        return None, "the benchmark has no prices"
    line = benchmark[np.isfinite(daily)]
    if not len(line) or not np.isfinite(line).any():
        return None, "the benchmark has no return on these sessions"
    return float(np.prod(1.0 + line[np.isfinite(line)])) - 1.0, ""


def _link_months(sessions: I8, daily: F8) -> MonthlyReturns:
    """Returns linked by calendar month and by year."""
    if not len(sessions):
        return MonthlyReturns(np.zeros(0, dtype=np.int64), np.zeros((0, 12)), np.zeros(0))
    month = sessions.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)  # since 1970-01
    starts = np.concatenate(([0], np.flatnonzero(np.diff(month)) + 1))
    known = np.isfinite(daily)
    linked = np.multiply.reduceat(np.where(known, 1.0 + daily, 1.0), starts)
    counts = np.add.reduceat(known.astype(np.int64), starts)
    of = month[starts]
    first = int(of[0] // 12)
    years = np.arange(first, int(of[-1] // 12) + 1)
    grid = np.full((len(years), 12), np.nan)
    grid[of // 12 - first, of % 12] = np.where(counts > 0, linked - 1.0, np.nan)
    totals = np.where(np.isnan(grid).all(axis=1), np.nan, np.prod(1.0 + np.nan_to_num(grid), axis=1) - 1.0)
    return MonthlyReturns(years + 1970, grid, totals)


def _extreme_days(sessions: I8, daily: F8, sign: int) -> tuple[DayReturn, ...]:
    """The days with the lowest ``sign`` · return, most extreme first; the earlier of equal ones."""
    order = np.argsort(sign * daily, kind="stable")[:DAYS_SHOWN]  # NaN sorts last
    return tuple(DayReturn(int(sessions[t]), float(daily[t])) for t in order if np.isfinite(daily[t]))
