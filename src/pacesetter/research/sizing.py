"""How much to buy, where to stop and where to sell the first part: sizes in % of a portfolio's value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from pacesetter.research.decision_rule import DecisionRule

SESSIONS_A_YEAR = 252
DECIMALS = 6
PENNY, FINE = Decimal("0.01"), Decimal("0.0001")  # prices under 1 are quoted finer


@dataclass(frozen=True)
class Book:
    """What is held before the decision, each value in % of the portfolio's value."""

    position_pct: Mapping[str, float] = field(default_factory=dict)
    sector_pct: Mapping[str, float] = field(default_factory=dict)
    invested_pct: float = 0.0


@dataclass(frozen=True)
class Cut:
    """A limit that made a size smaller: from and to, in % of the portfolio's value."""

    limit: str
    from_pct: float
    to_pct: float
    reason: str


@dataclass(frozen=True)
class Size:
    """What was asked for by conviction, what the limits leave of it, and each cut on the way."""

    asked_pct: float
    size_pct: float
    cuts: tuple[Cut, ...]


@dataclass(frozen=True)
class Exit:
    """Where a position is left: percentages of the entry price, and the prices, where that is known."""

    stop_pct: float
    target_pct: float
    sell_at_target_pct: float
    stop_price: Decimal | None
    target_price: Decimal | None
    reason: str


def size_position(conviction: str, symbol: str, sector: str, book: Book, rule: DecisionRule) -> Size:
    """The size of a purchase: the conviction's, cut by what the three limits have room for.

    A symbol without a sector (``""``) counts to no sector limit, and the cut list stays silent on it.
    """
    asked = rule.size_pct(conviction)
    size, cuts = asked, []
    for name, limit, used, what in list_limits(symbol, sector, book, rule):
        room = round(max(0.0, limit - used), DECIMALS)
        if room < size:
            reason = f"{what} is {used:.4g} % of the portfolio already, at most {limit:g} % may be"
            cuts.append(Cut(name, size, room, reason))
            size = room
    return Size(asked, size, tuple(cuts))


def list_limits(
    symbol: str, sector: str, book: Book, rule: DecisionRule
) -> list[tuple[str, float, float, str]]:
    """What limits a purchase: the limit's name, how much it allows, how much is used (both in %), of what."""
    found = [("position", rule.position_limit_pct, book.position_pct.get(symbol, 0.0), symbol)]
    if sector:
        found.append(("sector", rule.sector_limit_pct, book.sector_pct.get(sector, 0.0), sector))
    return [*found, ("invested", rule.invested_limit_pct, book.invested_pct, "everything together")]


def tell_passed(symbol: str, sector: str, size_pct: float, book: Book, rule: DecisionRule) -> tuple[str, ...]:
    """Each limit that a purchase of ``size_pct`` would pass, in words with its figures (by hundredths)."""
    return tuple(
        f"beyond the {name} limit: {what} would be {used + size_pct:.2f} % of the portfolio "
        f"({used:.2f} % held or approved + {size_pct:.2f} %), at most {limit:g} % may be"
        for name, limit, used, what in list_limits(symbol, sector, book, rule)
        if round(used + size_pct, 2) > limit
    )


def plan_exit(price: Decimal | None, volatility: float | None, rule: DecisionRule) -> Exit:
    """Stop and first target of a long position.

    The stop is one standard deviation of ``stop_sessions`` sessions away, from the yearly
    ``volatility`` (0.3 is 30 %), within the rule's least and most; the most where it is not known.
    """
    if volatility is None or not math.isfinite(volatility) or volatility < 0:
        stop, reason = rule.stop_most_pct, "the volatility is not known: the widest stop"
    else:
        move = 100 * volatility * math.sqrt(rule.stop_sessions / SESSIONS_A_YEAR)
        stop = round(min(max(move, rule.stop_least_pct), rule.stop_most_pct), 2)
        reason = f"one standard deviation over {rule.stop_sessions} sessions is {move:.1f} %"
        if stop in (rule.stop_least_pct, rule.stop_most_pct) and abs(move - stop) >= 0.05:
            reason += f", kept from {rule.stop_least_pct:g} to {rule.stop_most_pct:g} %"
    target = round(stop * rule.target_multiple, 2)
    stop_price = target_price = None
    if price is not None and price.is_finite() and price > 0:
        step = PENNY if price >= 1 else FINE
        stop_price = _move(price, -stop, step)
        target_price = _move(price, target, step)
    return Exit(stop, target, rule.sell_at_target_pct, stop_price, target_price, reason)


def _move(price: Decimal, pct: float, step: Decimal) -> Decimal:
    moved = price * (1 + Decimal(str(pct)) / 100)
    return moved.quantize(step, rounding=ROUND_HALF_EVEN)
