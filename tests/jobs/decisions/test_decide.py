"""A night's decisions: worked by hand at the edges of every limit, and the limits over random nights."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.agents.evidence import Listing
from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.decide import count_shares, decide_night, sessions_after
from pacesetter.jobs.decisions.desk_book import DeskBook
from pacesetter.research.desk import load_desk
from pacesetter.research.opinion import Opinion
from pacesetter.research.signal import Signal
from pacesetter.research.sizing import Book
from pacesetter.store.desk.decisions import DecisionRow
from tests.agents.evidence_made import ON, make_evidence
from tests.jobs.decisions.decisions_made import bearish, bullish, say

LIQUID = {"price.volume_mean_30d": 1e8}
PLAIN = {"price.close": 10.0, "freshness.sessions_behind": 0.0} | LIQUID  # with nothing for or against
PENCE = PLAIN | {"price.close": 20.0, "technical.volatility_63d": 0.6}
IN_PENCE = {"VOD.L": Listing("VOD.L", None, "equity", None, None, "GBP", 100.0)}
BOOK = DeskBook(
    portfolio_id=UUID(int=7),
    portfolio="mine",
    currency="USD",
    value=Decimal(100_000),
    rates={"USD": Decimal(1), "GBP": Decimal("1.25")},
    why_no_quantity="",
)


def night(opinions: dict[str, list[Opinion]], book: DeskBook = BOOK, **over: Any) -> dict[str, DecisionRow]:
    """The decisions by symbol, in the order in which they were made."""
    signals = over.pop("signals", ())
    ids = count(1)
    rows = decide_night(
        make_evidence(**over),
        opinions,
        {},
        load_desk(),
        book,
        new_id=lambda: UUID(int=next(ids)),
        signals=signals,
    )
    return {row.symbol: row for row in rows}


def in_pence(book: DeskBook) -> DecisionRow:
    """The decision to buy a share at 20 pence."""
    said = {"VOD.L": bullish(0.95)}
    return night(said, book, symbols=["VOD.L"], facts={"VOD.L": PENCE}, listings=IN_PENCE)["VOD.L"]


def test_a_purchase_worked_by_hand() -> None:
    row = night({"AAA": bullish(0.9)})["AAA"]
    assert (row.action, row.conviction, row.size_pct, row.bullish_share) == ("BUY", "high", 10.0, 0.9)
    assert row.quantity == 100  # 10 % of 100,000 at 100.00
    # 22 % a year is 100 · 0.22 · √(21/252) = 6.35 % over 21 sessions: the least stop, 8 %, and twice that
    assert (row.entry_price, row.stop_loss, row.target) == (Decimal(100), Decimal(92), Decimal(116))
    assert (row.decided_on, row.expires_on) == (ON, date(2025, 3, 21))
    assert (row.mode, row.portfolio_id, row.currency) == ("manual", UUID(int=7), "USD")
    assert row.reasons["votes"]["shares"]["BUY"] == 0.9 and row.reasons["size"]["cuts"] == []
    assert row.reasons["said"] == ["90 % of the weight says BUY, at least 65 %"]
    assert row.challenge["stands"] and {"source", "text", "strength"} == set(row.challenge["facts"][0])


def test_five_sessions_later_passes_over_a_holiday() -> None:
    assert sessions_after("XNYS", date(2025, 4, 14), 5) == date(2025, 4, 22)  # 18 April is Good Friday
    assert sessions_after("XNYS", date(2025, 3, 15), 1) == date(2025, 3, 17)  # from a Saturday


@pytest.mark.parametrize(("held", "action", "size"), [(9.0, "BUY", 1.0), (9.000001, "WATCHLIST", None)])
def test_the_position_limit_at_its_edge(held: float, action: str, size: float | None) -> None:
    book = replace(BOOK, book=Book({"AAA": held}, {}, held), held={"AAA": Decimal(90)})
    row = night({"AAA": bullish(0.9)}, book)["AAA"]
    assert (row.action, row.size_pct) == (action, size)
    assert row.reasons["size"] is None or row.reasons["size"]["cuts"][0]["limit"] == "position"


@pytest.mark.parametrize(("invested", "action", "size"), [(79.0, "BUY", 1.0), (79.5, "WATCHLIST", None)])
def test_the_limit_of_everything_at_its_edge(invested: float, action: str, size: float | None) -> None:
    row = night({"AAA": bullish(0.9)}, replace(BOOK, book=Book({}, {}, invested)))["AAA"]
    assert (row.action, row.size_pct) == (action, size)


def test_sizes_of_one_night_respect_each_other_and_the_surest_comes_first() -> None:
    names = ("X1", "X2", "X3")
    plain: dict[str, Any] = {
        "symbols": names,
        "listings": {s: Listing(s, None, "equity", "Tech", None, "USD") for s in names},
        "facts": {s: PLAIN for s in names},
    }
    said = {"X1": bullish(0.70), "X2": bullish(0.80), "X3": bullish(0.90)}
    found = night(said, **plain)
    assert list(found) == ["X3", "X2", "X1"]
    # a sector has 20 %: X3 takes 10, X2 7, and of X1's 5 there is room for 3
    assert [(row.action, row.size_pct) for row in found.values()] == [("BUY", 10), ("BUY", 7), ("BUY", 3)]
    (cut,) = found["X1"].reasons["size"]["cuts"]
    assert (cut["limit"], cut["from_pct"], cut["to_pct"]) == ("sector", 5.0, 3.0)
    full = replace(BOOK, book=Book({"X": 9.0}, {"Tech": 9.0}, 9.0))
    found = night(said, full, **plain)
    assert [(row.action, row.size_pct) for row in found.values()] == [
        ("BUY", 10),
        ("BUY", 1),
        ("WATCHLIST", None),
    ]


def test_what_an_earlier_night_proposed_counts_unless_it_is_decided_anew() -> None:
    waiting = {"AAA": (10.0, "Industrials"), "ZZZ": (10.0, "Industrials")}
    held = Book({}, {"Industrials": 8.0}, 8.0)
    row = night({"AAA": bullish(0.9)}, replace(BOOK, book=held, waiting=waiting))["AAA"]
    assert row.size_pct == 2.0  # 20 − 8 held − 10 of ZZZ; its own earlier 10 does not count


@pytest.mark.parametrize(("close", "shares"), [(100.0, 100), (333.33, 30), (333.34, 29), (9_999.99, 1)])
def test_whole_shares_are_rounded_down(close: float, shares: int) -> None:
    row = night({"AAA": bullish(0.9)}, facts={"AAA": {"price.close": close}})["AAA"]
    assert (row.action, row.quantity) == ("BUY", shares)


def test_one_share_that_is_more_than_the_size_is_watched() -> None:
    row = night({"AAA": bullish(0.9)}, facts={"AAA": {"price.close": 10_000.01}})["AAA"]
    assert (row.action, row.quantity, row.size_pct) == ("WATCHLIST", None, None)
    assert "one share is more than the size" in row.reasons["said"][-1]


def test_pence_are_pounds_and_pounds_become_dollars() -> None:
    row = in_pence(BOOK)
    assert (row.entry_price, row.currency) == (Decimal("0.2"), "GBP")  # 20 pence
    assert row.quantity == 40_000  # 10,000 dollars at 0.20 · 1.25
    # 60 % a year is 17.3 % over 21 sessions: the most, 12 %; under a pound prices have four decimals
    assert (row.stop_loss, row.target) == (Decimal("0.1760"), Decimal("0.2480"))


def test_without_a_rate_or_a_portfolio_the_size_is_in_percent_alone() -> None:
    book = replace(BOOK, rates={"USD": Decimal(1)})
    row = in_pence(book)
    assert (row.action, row.size_pct, row.quantity) == ("BUY", 10.0, None)
    assert row.reasons["quantity"] == "no rate from GBP to USD: the size is in % alone"
    row = night({"AAA": bullish(0.9)}, DeskBook())["AAA"]
    assert (row.size_pct, row.quantity, row.portfolio_id) == (10.0, None, None)
    assert "no portfolio is chosen" in row.reasons["quantity"]
    assert count_shares(Decimal(1), None, 5.0, BOOK)[1].startswith("its currency is not known")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"freshness.sessions_behind": 2.0}, "its data are stale: 2 sessions behind"),
        ({"freshness.sessions_behind": None}, "its data are stale: of unknown age"),
        ({"price.volume_mean_30d": 2499.0}, "too thinly traded: a session's turnover is 249,900"),
        ({"price.volume_mean_30d": None}, "turnover is not known"),
        ({"price.close": 0.009, "price.volume_mean_30d": 1e9}, "no stop can be set"),
        ({"price.close": None}, "its price is not known"),
    ],
)
def test_what_forbids_a_purchase(facts: dict[str, float | None], said: str) -> None:
    row = night({"AAA": bullish(0.9)}, facts={"AAA": facts})["AAA"]
    assert row.action == "WATCHLIST" and any(said in one for one in row.reasons["said"])
    assert row.quantity is None and row.expires_on is None


def test_prices_held_back_and_kinds_that_are_not_bought() -> None:
    book = replace(BOOK, blocked={"AAA": "its price of 2025-03-13 is held back (jump)"})
    row = night({"AAA": bullish(0.9)}, book)["AAA"]
    assert row.action == "WATCHLIST" and "held back" in row.reasons["said"][1]
    index = {"AAA": Listing("AAA", None, "index", None, None, "USD")}
    row = night({"AAA": bullish(0.9)}, listings=index)["AAA"]
    assert row.action == "WATCHLIST" and "of the kind index" in row.reasons["said"][1]
    behind = {"AAA": {"freshness.sessions_behind": 1.0}}
    row = night({"AAA": bullish(0.9)}, facts=behind)["AAA"]
    assert row.action == "BUY" and "freshness.sessions_behind" in {
        f["source"] for f in row.challenge["facts"]
    }
    thin = night({"AAA": bullish(0.9)}, facts={"AAA": {"price.volume_mean_30d": 2500.0}})["AAA"]
    assert thin.action == "BUY"  # exactly as much as is asked for


def test_what_is_held_is_sold_and_nothing_else_is() -> None:
    book = replace(BOOK, book=Book({"AAA": 9.0}, {}, 9.0), held={"AAA": Decimal("90.5")})
    found = night({"AAA": bearish(), "BBB": bearish()}, book)
    assert (found["AAA"].action, found["AAA"].quantity, found["AAA"].size_pct) == ("SELL", Decimal("90.5"), 9)
    assert found["AAA"].expires_on == date(2025, 3, 21) and found["AAA"].stop_loss is None
    assert (found["BBB"].action, found["BBB"].expires_on) == ("HOLD", None)
    approved = replace(BOOK, book=Book({"AAA": 9.0}, {}, 9.0))  # approved and not bought yet
    assert night({"AAA": bearish()}, approved)["AAA"].action == "HOLD"


def test_facts_and_signals_speak_in_the_challenge() -> None:
    mixed = say(("growth", "BUY", 0.7), ("value", "HOLD", 0.3), ("risk", "HOLD", 0.0), score=60.0)
    # opinions: for 0.6, against 0.4; AAA's facts for it: 252 sessions 0.2, 90th percentile 0.2, its mean 0.2
    calm = night({"AAA": mixed})["AAA"]
    assert calm.action == "BUY" and calm.challenge["contrary_share"] == pytest.approx(0.4 / 1.6)
    seen = Signal("AAA", "insider", "inbox", 100.0, 1.0, ON, {"direction": "down"})
    facts = {"AAA": {"technical.rsi_14": 85.0, "factor.eps": -1.0}}
    row = night({"AAA": mixed}, facts=facts, signals=[seen], regime="bear")["AAA"]
    # against: 0.4 + 0.2 (RSI) + 0.3 (a loss) + 0.3 (the market) + 0.3 (the signal) = 1.5, for: 1.2
    assert row.challenge["contrary_share"] == pytest.approx(1.5 / 2.7)
    assert row.action == "WATCHLIST" and "challenged and fallen" in row.reasons["said"][-1]


def test_weights_are_those_of_the_settings() -> None:
    opinions = say(("growth", "BUY", 0.5), ("value", "HOLD", 0.5), ("risk", "HOLD", 0.0))
    rows = [
        decide_night(make_evidence(), {"AAA": opinions}, own, load_desk(), BOOK, new_id=lambda: UUID(int=1))[
            0
        ]
        for own in ({}, {"growth": AgentSetting("growth", weight=3.0)})
    ]
    assert [(row.bullish_share, row.action) for row in rows] == [(0.5, "WATCHLIST"), (0.75, "BUY")]


SECTORS = ("Tech", "Energy", "")


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.floats(0.5, 1.0), st.sampled_from(SECTORS)), min_size=1, max_size=14),
    st.lists(st.tuples(st.integers(0, 13), st.floats(0.0, 12.0)), max_size=6, unique_by=lambda one: one[0]),
)
def test_no_night_goes_beyond_a_limit(wanted: list[tuple[float, str]], held: list[tuple[int, float]]) -> None:
    symbols = [f"S{n:02}" for n in range(14)]
    sector_of = {s: (wanted[n][1] if n < len(wanted) else "") for n, s in enumerate(symbols)}
    position = {symbols[n]: pct for n, pct in held}
    sectors: dict[str, float] = defaultdict(float)
    for symbol, pct in position.items():
        if sector_of[symbol]:
            sectors[sector_of[symbol]] += pct
    book = replace(BOOK, book=Book(position, dict(sectors), sum(position.values())))
    facts = {s: PLAIN for s in symbols}
    listings = {s: Listing(s, None, "equity", sector_of[s] or None, None, "USD") for s in symbols}
    opinions = {symbols[n]: bullish(share) for n, (share, _) in enumerate(wanted)}
    rows = night(opinions, book, symbols=symbols, facts=facts, listings=listings, ranks=[])
    spent = {s: row.size_pct or 0.0 for s, row in rows.items() if row.action == "BUY"}
    slack = 1e-5
    for symbol, pct in spent.items():
        assert pct >= 1.0 and position.get(symbol, 0.0) + pct <= 10 + slack
    for sector in ("Tech", "Energy"):
        bought = sum(pct for s, pct in spent.items() if sector_of[s] == sector)
        assert not bought or bought + sectors[sector] <= 20 + slack
    assert not spent or sum(spent.values()) + sum(position.values()) <= 80 + slack
    for row in rows.values():
        if row.action == "BUY":
            assert row.quantity == int(Decimal(str(row.size_pct)) * 100)  # of 100,000, at 10
            assert 8 <= 100 * (1 - row.stop_loss / row.entry_price) <= 12  # type: ignore[operator]
