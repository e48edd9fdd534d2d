"""A night by hand, with something in every section, for the tests of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pacesetter.reports.night import (
    Alert,
    Board,
    Cause,
    Converged,
    Discovery,
    Health,
    Held,
    Market,
    Mover,
    Night,
    Order,
    Piece,
    Queue,
    Sector,
    Step,
    Traded,
    Trigger,
)

ON, NEXT, THIRD = date(2025, 3, 14), date(2025, 3, 17), date(2025, 3, 18)
BUY = Order(
    symbol="AAA",
    name="Alpha Tools",
    side="buy",
    share_pct=78.5,
    conviction="medium",
    size_pct=7.0,
    quantity=70.0,
    unit="USD",
    price=100.0,
    stop=90.0,
    target=120.0,
    expires_on=date(2025, 3, 21),
    reasons=("78.5 % of the weight says BUY, at least 65 %", "value: cheap at 12.5 times its earnings"),
    risks=("a machine maker falls with the cycle",),
    challenge="stands: 31 % of the weight is contrary, less than the 50 % that overturn it",
    contrary=("contrarian: near its high",),
)
SELL = Order(
    symbol="CCC",
    name="Gamma Stores",
    side="sell",
    share_pct=80.0,
    quantity=10.0,
    unit="GBP",
    price=0.2,
    reasons=("80 % of the weight says SELL, at least 65 %",),
    challenge="stands: 12 % of the weight is contrary",
)
MARKET = Market(
    benchmark="SPY",
    unit="USD",
    close=562.81,
    change_1d_pct=1.07,
    change_5d_pct=-2.25,
    change_21d_pct=-7.9,
    regime="neutral",
    regime_reason="the benchmark is 1.9 % below its mean of 200 sessions",
    n=3,
    n_up=1,
    n_down=2,
    above_50d_pct=66.7,
    near_high=1,
    near_low=0,
    sectors=(Sector("Industrials", 3, 1.0, 6.0, "favoured"),),
)


def make_night(**over: Any) -> Night:
    """A full night: one purchase, one sale, a stop that is hit, a watch that fired, and so on."""
    fields: dict[str, Any] = {
        "on": ON,
        "previous_on": date(2025, 3, 13),
        "simulated": False,
        "mode": "manual",
        "n_analysed": 3,
        "n_decided": 2,
        "orders": (BUY, SELL),
        "traded": (Traded("Main", "GGG", "Gamma", "sell", 81.0, 79.57, "USD", ON, "stop, on paper"),),
        "alerts": (
            Alert("stop", "Main", "BBB", "Beta Chips", value=50.0, limit=51.0, unit="USD"),
            Alert("concentration", "Main", value=35.0, limit=10.0, others=("BBB 35 %",)),
        ),
        "triggers": (
            Trigger(
                "AAA",
                "Alpha Tools",
                "fired",
                "the close crosses above 99",
                (("Close", 100.0),),
                "breaks out of its range",
                True,
                "12 % of the weight says SELL, less than 65 %",
                times=2,
                fired_on=ON,
            ),
        ),
        "board": Board(
            "US Large",
            date(2025, 3, 13),
            500,
            310,
            (
                Mover(
                    "BBB",
                    "Beta Chips",
                    12,
                    60,
                    500,
                    (
                        Cause("its momentum", 41.5),
                        Cause("what the others did", 6.5),
                        Cause("its volatility", 0.0),
                    ),
                ),
            ),
        ),
        "queue": Queue(
            (
                Step("DDD", "Delta", "entered", 33.0, None, "score at least 31"),
                Step("EEE", None, "entered", 64.0, None, "score at least 31"),
                Step("EEE", None, "promoted", 64.0, 64.0, "score at least 61"),
                Step("FFF", None, "rescored", 40.0, 41.0, "a new score"),
            ),
            n_waiting=2,
            best=(("FFF", 40.0), ("DDD", 33.0)),
        ),
        "market": MARKET,
        "discovery": Discovery(
            kinds=(("near_high", 2), ("rank_jump", 1)),
            n_symbols=2,
            best=(
                Converged(
                    "EEE",
                    None,
                    64.0,
                    "deep_analysis",
                    58.181818,
                    1.0,
                    1.0,
                    1.1,
                    (
                        Piece("near_high", "near_high", 40.0, 0, 1.0, 40.0),
                        Piece("rank_jump", "rank_jump", 36.363636, 7, 0.5, 18.181818),
                    ),
                ),
            ),
        ),
        "health": Health(
            4,
            ON,
            stale=(("CCC", 3),),
            held=(Held("BBB", date(2025, 3, 12), "a jump like that of a split"),),
            n_equities=3,
            bare=("CCC",),
        ),
    }
    return Night(**(fields | over))


def make_quiet(**over: Any) -> Night:
    """A night without anything to tell but the market."""
    nothing = {
        "orders": (),
        "traded": (),
        "alerts": (),
        "triggers": (),
        "board": None,
        "queue": Queue(),
        "discovery": Discovery(),
        "health": Health(4, over.get("on", ON)),
    }
    return replace(make_night(), **(nothing | over))
