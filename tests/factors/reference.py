"""The factors again, slowly, from prices and their definitions: one symbol and one date at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import scipy.stats

from pacesetter.market.panel import Panel

Bars = list[tuple[int, float, float, bool]]  # date, adjusted close, volume, final


def bars_of(panel: Panel, s: int, day: int) -> Bars:
    lo, hi = int(panel.offsets[s]), int(panel.offsets[s + 1])
    return [
        (int(panel.date[i]), float(panel.close[i]), float(panel.volume[i]), bool(panel.final[i]))
        for i in range(lo, hi)
        if panel.date[i] <= day
    ]


def sessions_between(panel: Panel, first: int, last: int) -> int:
    return int(np.sum((panel.calendar > first) & (panel.calendar <= last)))


def value(panel: Panel, name: str, s: int, day: int) -> float:
    """The raw value, NaN when missing."""
    bars = bars_of(panel, s, day)
    if not bars or sessions_between(panel, bars[-1][0], day) > 5:
        return math.nan
    if name in FACTS:
        return FACTS[name](panel, s, day, bars)
    try:
        return PRICE[name](panel, s, bars)
    except (IndexError, ZeroDivisionError, ValueError):
        return math.nan


def back(bars: Bars, k: int) -> float:
    if k >= len(bars):
        raise IndexError
    return bars[-1 - k][1]


def logs(bars: Bars, n: int) -> list[float]:
    if len(bars) < n + 1:
        raise IndexError
    return [math.log(bars[i][1] / bars[i - 1][1]) for i in range(len(bars) - n, len(bars))]


def std(values: list[float], ddof: int) -> float:
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - ddof))


def settled(bars: Bars, n: int) -> Bars:
    final = [b for b in bars if b[3]]
    if len(final) < n:
        raise IndexError
    return final


def volume_change(_: Panel, __: int, bars: Bars) -> float:
    final = settled(bars, 126)
    if len(bars) < 126:
        raise IndexError
    recent = math.fsum(b[2] for b in final[-21:]) / 21
    usual = math.fsum(b[2] for b in final[-126:]) / 126
    return math.log(recent / usual)


def volume_change_5d(_: Panel, __: int, bars: Bars) -> float:
    final = settled(bars, 6)
    if len(bars) < 6:
        raise IndexError
    return final[-1][2] / final[-6][2] - 1


def amihud(panel: Panel, s: int, bars: Bars) -> float:
    final = [(i, b) for i, b in enumerate(bars) if b[3]]
    if len(final) < 22 or len(bars) < 22:
        raise IndexError
    moves = [
        (abs(b[1] / bars[i - 1][1] - 1), b[1] / float(panel.quote_unit[s]) * b[2]) for i, b in final[-21:]
    ]
    return 1e6 * math.fsum(move / traded for move, traded in moves) / 21


def drawdown(bars: Bars, n: int, *, worst: bool) -> float:
    if len(bars) < n:
        raise IndexError
    closes = [b[1] for b in bars[-n:]]
    falls = [closes[i] / max(closes[: i + 1]) - 1 for i in range(n)]
    return min(falls) if worst else falls[-1]


def rsi(_: Panel, __: int, bars: Bars) -> float:
    if len(bars) < 141:
        raise IndexError
    closes = [b[1] for b in bars[-141:]]
    changes = [b - a for a, b in pairwise(closes)]
    up = math.fsum(max(c, 0) for c in changes[:14]) / 14
    down = math.fsum(max(-c, 0) for c in changes[:14]) / 14
    for c in changes[14:]:
        up, down = (13 * up + max(c, 0)) / 14, (13 * down + max(-c, 0)) / 14
    return 100 - 100 / (1 + up / down)


def market_level(panel: Panel, day: int) -> tuple[int, float] | None:
    assert panel.benchmark is not None
    lo, hi = int(panel.offsets[panel.benchmark]), int(panel.offsets[panel.benchmark + 1])
    i = int(np.searchsorted(panel.date[lo:hi], day, side="right")) - 1
    if i < 0 or sessions_between(panel, int(panel.date[lo + i]), day) > 5:
        return None
    return int(panel.date[lo + i]), float(panel.close[lo + i])


def market_return(panel: Panel, first: int, last: int) -> float | None:
    if panel.benchmark is not None:
        a, b = market_level(panel, first), market_level(panel, last)
        return None if a is None or b is None else b[1] / a[1] - 1
    total = 1.0
    days = [int(d) for d in panel.calendar]
    for i, day in enumerate(days):
        if first < day <= last:
            moves = []
            for s, kind in enumerate(panel.asset_type):
                known = {b[0]: b[1] for b in bars_of(panel, s, day)}
                if kind == "equity" and day in known and days[i - 1] in known and i > 0:
                    moves.append(known[day] / known[days[i - 1]] - 1)
            if not moves:
                return None
            total *= 1 + math.fsum(moves) / len(moves)
    return total - 1


def pairs(panel: Panel, bars: Bars, n: int) -> list[tuple[int, float, float]]:
    out = []
    for k in range(n):
        i = len(bars) - 1 - k
        if i < 1:
            break
        m = market_return(panel, bars[i - 1][0], bars[i][0])
        if m is not None:
            out.append((k, bars[i][1] / bars[i - 1][1] - 1, m))
    return out


def slope(rows: list[tuple[int, float, float]]) -> float:
    if len(rows) < 200:
        raise IndexError
    own, market = [r[1] for r in rows], [r[2] for r in rows]
    a, b = math.fsum(own) / len(own), math.fsum(market) / len(market)
    cross = math.fsum((x - a) * (y - b) for x, y in zip(own, market, strict=True))
    return cross / math.fsum((y - b) ** 2 for y in market)


def relative_strength(panel: Panel, _: int, bars: Bars) -> float:
    rows = pairs(panel, bars, 252)
    beta = slope(rows)
    recent = [r for r in rows if r[0] < 126]
    if len(recent) < 100:
        raise IndexError
    return math.fsum(own - beta * market for _, own, market in recent)


def known(panel: Panel, s: int, day: int, name: str) -> tuple[float, bool]:
    assert panel.facts is not None
    f, best = panel.facts, None
    for i in range(len(f.symbol)):
        usable = f.symbol[i] == s and f.known_on[i] <= day and math.isfinite(f.values[name][i])
        if usable and (best is None or f.as_of[i] >= f.as_of[best]):
            best = i
    if best is None:
        return math.nan, False
    return float(f.values[name][best]), f.currency[best] not in (None, panel.currency[s])


def earnings_yield(panel: Panel, s: int, day: int, bars: Bars) -> float:
    eps, foreign = known(panel, s, day, "eps")
    return math.nan if foreign else eps / (bars[-1][1] / float(panel.quote_unit[s]))


def inverse(x: float) -> float:
    return 1 / x if x > 0 else math.nan


PRICE: dict[str, Callable[[Panel, int, Bars], float]] = {
    "momentum": lambda p, s, b: back(b, 21) / back(b, 252) - 1,
    "return_5d": lambda p, s, b: back(b, 0) / back(b, 5) - 1,
    "reversal_21d": lambda p, s, b: back(b, 0) / back(b, 21) - 1,
    "volatility": lambda p, s, b: std(logs(b, 63), 1) * math.sqrt(252),
    "volatility_21d": lambda p, s, b: std(logs(b, 21), 0),
    "skewness_63d": lambda p, s, b: float(scipy.stats.skew(logs(b, 63), bias=False)),
    "volume_change": volume_change,
    "volume_change_5d": volume_change_5d,
    "amihud_21d": amihud,
    "max_drawdown_252d": lambda p, s, b: drawdown(b, 253, worst=True),
    "high_52w_distance": lambda p, s, b: drawdown(b, 252, worst=False),
    "rsi_14": rsi,
    "max_return_21d": lambda p, s, b: max(math.exp(x) for x in logs(b, 21)) - 1,
    "relative_strength": relative_strength,
    "beta_252d": lambda p, s, b: slope(pairs(p, b, 252)),
}
FACTS: dict[str, Callable[[Panel, int, int, Bars], float]] = {
    "financial_ratio": earnings_yield,
    "trailing_pe": lambda p, s, d, b: known(p, s, d, "trailing_pe")[0],
    "sales_yield": lambda p, s, d, b: inverse(known(p, s, d, "price_to_sales")[0]),
    "book_yield": lambda p, s, d, b: inverse(known(p, s, d, "price_to_book")[0]),
    "roe": lambda p, s, d, b: known(p, s, d, "roe")[0],
}
