"""What a decision on a symbol is made from: its price, what forbids a purchase, and facts for and against.

The facts speak in the challenge beside the analysts. Their strengths are small: an analyst who is sure counts
one, a fact that nobody judged counts a part of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from pacesetter.agents.evidence import Evidence, Listing
from pacesetter.jobs.decisions.desk_book import DeskBook
from pacesetter.market.calendar import grade_freshness
from pacesetter.research.challenge import Evidence as Fact
from pacesetter.research.signal import Signal
from pacesetter.research.sizing import Book
from pacesetter.research.verdict import Case

STEP = Decimal("0.000001")
LEAST_PRICE = Decimal("0.01")  # of what is cheaper no stop can be set
LEAST_TURNOVER = 250_000  # a session's, in the listing's currency; what is thinner is hard to leave
NOT_BOUGHT = ("index", "option_underlying", "option", "sealed_box")

Test = Callable[[float], bool]
JUDGED: tuple[tuple[str, Test, str, float, str], ...] = (  # fact, when, direction, strength, in words
    ("technical.rsi_14", lambda v: v >= 80, "down", 0.2, "RSI 14 is {:.0f}: it has run hot"),
    ("technical.rsi_14", lambda v: v <= 20, "up", 0.1, "RSI 14 is {:.0f}: it is sold out"),
    ("price.change_21d_pct", lambda v: v <= -20, "down", 0.3, "it changed by {:+.1f} % in 21 sessions"),
    ("price.change_252d_pct", lambda v: v >= 20, "up", 0.2, "it changed by {:+.1f} % in 252 sessions"),
    ("technical.volatility_63d", lambda v: v >= 0.8, "down", 0.3, "its volatility is {:.2f} a year"),
    ("factor.eps", lambda v: v < 0, "down", 0.3, "it lost {:.2f} a share over a year"),
    ("factor.revenue_growth", lambda v: v < 0, "down", 0.2, "its sales changed by {:+.3f} over a year"),
    (
        "event.earnings_surprise_pct",
        lambda v: v >= 10,
        "up",
        0.3,
        "earnings beat what was expected by {:.1f} %",
    ),
    ("event.earnings_surprise_pct", lambda v: v <= -10, "down", 0.4, "earnings missed by {:.1f} %"),
    ("rank.percentile", lambda v: v >= 90, "up", 0.2, "it stands above {:.0f} % of its board"),
    ("rank.percentile", lambda v: v <= 10, "down", 0.2, "it stands above only {:.0f} % of its board"),
    ("freshness.sessions_behind", lambda v: v >= 1, "down", 0.2, "its newest bar is {:.0f} sessions behind"),
)
REGIMES = {"bear": ("down", 0.3), "bull": ("up", 0.1)}
FAVOURS = {"avoided": ("down", 0.3), "favoured": ("up", 0.2)}
SIGNAL_PART = 0.3  # what a signal counts at most: this × its score / 100 × its confidence


def make_case(symbol: str, evidence: Evidence, book: DeskBook, signals: Sequence[Signal] = ()) -> Case:
    """The case of a symbol on the evening of the evidence; its book is what is held and on its way."""
    facts = evidence.of(symbol)
    listing = evidence.listings.get(symbol)
    price = read_price(facts, listing)
    return Case(
        symbol=symbol,
        sector=(listing.sector if listing is not None else None) or "",
        price=price,
        volatility=facts.get("technical.volatility_63d"),
        blocks=tuple(find_blocks(symbol, facts, listing, price, book)),
        evidence=tuple(weigh_facts(symbol, facts, evidence, signals)),
        book=Book(book.book.position_pct, book.book.sector_pct, book.book.invested_pct),
    )


def read_price(facts: Mapping[str, float], listing: Listing | None) -> Decimal | None:
    """The newest close in the major unit of the listing's currency; None where it is not known."""
    close = facts.get("price.close")
    if close is None or not close > 0:
        return None
    unit = Decimal(str(listing.quote_unit)) if listing is not None else Decimal(1)
    return (Decimal(str(close)) / unit).quantize(STEP, ROUND_HALF_EVEN)


def find_blocks(
    symbol: str,
    facts: Mapping[str, float],
    listing: Listing | None,
    price: Decimal | None,
    book: DeskBook,
) -> list[str]:
    """Why a symbol is not to be bought, whatever the analysts say."""
    found = []
    if price is None:
        found.append("its price is not known")
    elif price < LEAST_PRICE:
        found.append(f"it costs {price.normalize():f}: under {LEAST_PRICE} no stop can be set")
    behind = facts.get("freshness.sessions_behind")
    if behind is None or grade_freshness(int(behind)) == "critical":
        age = "of unknown age" if behind is None else f"{behind:.0f} sessions behind"
        found.append(f"its data are stale: {age}")
    if symbol in book.blocked:
        found.append(book.blocked[symbol])
    if listing is not None and listing.asset_type in NOT_BOUGHT:
        found.append(f"it is of the kind {listing.asset_type}, which the desk does not buy")
    volume = facts.get("price.volume_mean_30d")
    if price is not None and (volume is None or volume * float(price) < LEAST_TURNOVER):
        turnover = "is not known" if volume is None else f"is {volume * float(price):,.0f}"
        found.append(f"it is too thinly traded: a session's turnover {turnover}, at least {LEAST_TURNOVER:,}")
    return found


def weigh_facts(
    symbol: str, facts: Mapping[str, float], evidence: Evidence, signals: Sequence[Signal]
) -> list[Fact]:
    """Facts that speak for or against owning a symbol."""
    found = [
        Fact(name, words.format(facts[name]), _way(direction), strength)
        for name, holds, direction, strength, words in JUDGED
        if name in facts and holds(facts[name])
    ]
    close, mean = facts.get("price.close"), facts.get("technical.sma_200")
    if close is not None and mean is not None:
        above = close >= mean
        words = f"it is {'above' if above else 'below'} its mean of 200 sessions"
        found.append(Fact("technical.sma_200", words, "up" if above else "down", 0.2))
    if evidence.regime in REGIMES:
        direction, strength = REGIMES[evidence.regime]
        found.append(Fact("regime", evidence.regime_reason or evidence.regime, _way(direction), strength))
    if (favour := evidence.favours.get(symbol, "neutral")) in FAVOURS:
        direction, strength = FAVOURS[favour]
        found.append(Fact("sector", f"its sector is {favour}", _way(direction), strength))
    for one in signals:
        way = one.data.get("direction")
        if one.symbol == symbol and way in ("up", "down"):
            strength = round(SIGNAL_PART * one.score / 100 * one.confidence, 9)
            words = f"{one.signal_type} seen on {one.seen_on}"
            found.append(Fact(f"signal.{one.source}", words, _way(way), strength))
    return found


def _way(direction: str) -> Literal["up", "down"]:
    return "up" if direction == "up" else "down"
