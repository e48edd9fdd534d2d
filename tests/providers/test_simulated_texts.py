"""What becomes known of the simulated market: at its instant only, the same for ever, and worth reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pacesetter.agents.analysts.sentiment import load_words as sentiment_words
from pacesetter.agents.tone import read_tone
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import load_hours, session_days
from pacesetter.providers.base import FetchRequest, FetchResult, NotedText
from pacesetter.providers.simulated import DELISTED, FIRST_ON, Simulated
from pacesetter.providers.simulated_funds import FUNDS
from pacesetter.providers.simulated_texts import Traded, write_texts

FIRST, LAST = date(2024, 7, 1), date(2025, 6, 30)
LATE = datetime(2026, 1, 5, tzinfo=UTC)
ALL = Simulated(7).symbols()


def fetch(last: date = LAST, at: datetime = LATE, symbols=ALL) -> FetchResult:
    return Simulated(7).fetch(FetchRequest(tuple(symbols), FIRST, last), VirtualClock(at))


def texts(last: date = LAST, at: datetime = LATE, symbols=ALL) -> list[NotedText]:
    return in_order(fetch(last, at, symbols).texts)


def in_order(found: Sequence[NotedText]) -> list[NotedText]:
    return sorted(found, key=lambda one: (one.known_at, one.symbol, one.kind))


@pytest.fixture(autouse=True)
def remembered_market() -> None:
    """Not here: every series is made each time that it is asked for."""


@pytest.fixture(scope="module")
def market() -> FetchResult:
    return fetch()


@pytest.fixture(scope="module")
def year(market: FetchResult) -> list[NotedText]:
    return in_order(market.texts)


def test_later_sessions_and_other_symbols_change_no_text(year: list[NotedText]) -> None:
    few = ALL[::5]
    assert texts(symbols=few) == [one for one in year if one.symbol in few]
    until = date(2025, 3, 31)
    assert texts(until, symbols=few) == [one for one in year if one.symbol in few and one.noted_on <= until]


def test_nothing_is_told_before_its_instant(year: list[NotedText]) -> None:
    last = year[-1]
    own = [last.symbol]
    assert last not in texts(at=last.known_at - timedelta(microseconds=1), symbols=own)
    assert last in texts(at=last.known_at, symbols=own)
    days = set(session_days("XNYS", FIRST_ON, LAST).tolist())
    opens = dict(zip(load_hours("XNYS").days.tolist(), load_hours("XNYS").opens.tolist(), strict=True))
    for one in year:
        number = (one.noted_on - date(1970, 1, 1)).days
        assert number in days and one.known_at.date() == one.noted_on
        assert one.known_at.timestamp() * 1e6 < opens[number], "the price follows, the text comes first"


def test_a_text_knows_no_later_price() -> None:
    """Everything behind a session is changed, its own close as well: no text up to it changes, but by the one
    number that it shares with its own move."""
    rng = np.random.default_rng(3)
    n, cut = 900, 700
    draws = {"reports": rng.random((n, 3)), "news": rng.random((n, 4)), "research": rng.random((n, 4))}
    draws["insiders"] = rng.random((n, 5))
    one = Traded(
        "AAA", np.arange(20_000, 20_000 + n, dtype=np.int32), 50 + rng.random(n), rng.normal(size=n), 0.04
    )
    other_close, other_moves = one.close.copy(), one.moves.copy()
    other_close[cut:] *= 3
    other_moves[cut + 1 :] *= -1
    other = replace(one, close=other_close, moves=other_moves)
    until = date(1970, 1, 1) + timedelta(days=20_000 + cut)
    before, after = (
        [text for text in write_texts(given, lambda purpose, k: draws[purpose]) if text.noted_on <= until]
        for given in (one, other)
    )
    assert len(before) > 20 and {text.kind for text in before} == {"earnings", "news", "research", "insider"}
    assert after == before


def test_every_text_says_that_it_is_invented(year: list[NotedText]) -> None:
    for one in year:
        assert one.title.startswith("Simulated: ") and one.source.startswith("simulated ")
        assert one.body.startswith("Invented for the simulated market")
        assert len(one.title) <= 200 and one.symbol in one.title and "{" not in one.title + one.body


def test_there_is_something_to_read_in_every_week(year: list[NotedText]) -> None:
    kinds = Counter(one.kind for one in year)
    assert min(kinds[kind] for kind in ("earnings", "news", "research", "insider")) >= 50
    weeks = {one.noted_on.isocalendar()[:2] for one in year if one.kind == "earnings"}
    assert len(weeks) >= 50, "companies report on days of their own, not all at once"
    assert not {one.symbol for one in year} & ({"SPY"} | set(FUNDS) | set(DELISTED))
    tones = {one.kind: set() for one in year}
    for one in year:
        tones[one.kind].add(np.sign(read_tone(one.body, sentiment_words()).balance))
    assert tones["news"] == tones["research"] == {-1.0, 1.0}, "analysts can tell good from bad"


def test_surprises_are_those_of_their_figures_and_go_with_the_price(
    market: FetchResult, year: list[NotedText]
) -> None:
    moves = market.bars.sort("symbol", "date").with_columns(
        move=pl.col("close") / pl.col("close").shift(1).over("symbol") - 1
    )
    move = {(row["symbol"], row["date"]): row["move"] for row in moves.iter_rows(named=True)}
    pairs = []
    for one in year:
        if one.kind == "earnings":
            data = one.data
            assert data["surprise_pct"] == (data["reported"] - data["expected"]) / abs(data["expected"]) * 100
            pairs.append((data["surprise_pct"], move.get((one.symbol, one.noted_on)) or 0.0))
    assert np.corrcoef(np.array(pairs).T)[0, 1] > 0.3
    assert 0.2 < np.mean([abs(surprise) >= 5 for surprise, _ in pairs]) < 0.8


def test_fundamentals_fit_to_each_other(market: FetchResult) -> None:
    whole = market.facts.filter(pl.col("roe").is_not_null())
    assert whole["symbol"].n_unique() >= 70
    priced = whole.filter(pl.col("trailing_pe") > 0)
    for measure, ratio in (("profit_margin", "price_to_sales"), ("roe", "price_to_book")):
        told = priced.select(pl.col(ratio) / pl.col("trailing_pe") - pl.col(measure)).to_series()
        assert told.abs().max() < 0.002
    assert (whole["gross_margin"] >= whole["operating_margin"]).all()
    assert whole["dividend_yield"].min() == 0.0 < whole["dividend_yield"].max() < 0.1
