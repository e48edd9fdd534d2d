"""Valuations equal a plain day-by-day ledger in exact fractions, whatever was traded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.portfolio.attribution import attribute_holdings
from pacesetter.portfolio.booking import LeftOut
from pacesetter.portfolio.performance import measure_performance
from pacesetter.portfolio.position import Ledger, fold_trades
from pacesetter.portfolio.prices import Prices, days_of, prepare_prices
from pacesetter.portfolio.trade import Dividend, Split, Trade, count_shares_today
from pacesetter.portfolio.valuation import Valuation, value_portfolio
from tests.portfolio.plain_ledger import PlainLedger

START = date(2025, 1, 3)  # a Friday
SYMBOLS = ("AAA", "BBB", "CCC")
QUOTED = {"AAA": "USD", "BBB": "USD", "CCC": "EUR"}
CLOSE = 1e-9


def drawn_ratio(draw: Any) -> Fraction:
    return draw(st.sampled_from([Fraction(2), Fraction(3, 2), Fraction(1, 3), Fraction(1, 10)]))


@st.composite
def markets(draw: Any) -> PlainLedger:
    length = draw(st.integers(3, 15))
    sessions = [START + timedelta(days=i) for i in range(length * 2)]
    sessions = [d for d in sessions if d.weekday() < 5][:length]
    price = st.integers(100, 30_000).map(lambda cents: Fraction(cents, 100))
    closes: dict[str, dict[date, Fraction]] = {}
    for symbol in SYMBOLS:
        known = draw(st.lists(st.booleans(), min_size=len(sessions), max_size=len(sessions)))
        known[draw(st.integers(0, len(sessions) - 1))] = True
        closes[symbol] = {d: draw(price) for d, k in zip(sessions, known, strict=True) if k}
    day = st.sampled_from(sessions)
    splits = [
        (s, d, drawn_ratio(draw))
        for s, d in draw(st.sets(st.tuples(st.sampled_from(SYMBOLS), day), max_size=3))
    ]
    cash = st.integers(1, 500).map(lambda cents: Fraction(cents, 100))
    dividends = [
        (s, d, draw(cash)) for s, d in draw(st.sets(st.tuples(st.sampled_from(SYMBOLS), day), max_size=4))
    ]
    rate = st.integers(80, 130).map(lambda n: Fraction(n, 100))
    rates = {"USD": dict.fromkeys(sessions, Fraction(1)), "EUR": {d: draw(rate) for d in sessions}}
    return PlainLedger(sessions, closes, splits, dividends, QUOTED, rates)


@st.composite
def trades_of(draw: Any, market: PlainLedger, *, money: bool) -> list[Trade]:
    last = (market.sessions[-1] - START).days
    kinds = ["buy", "buy", "buy", "sell", "sell", "short", "short", "cover", "cover", "fee"]
    kinds += ["deposit", "deposit", "withdrawal"] if money else []
    made = []
    for i in range(draw(st.integers(3, 16))):
        action = draw(st.sampled_from(kinds))
        on = START + timedelta(days=draw(st.integers(0, last)))  # weekends too
        commission = Decimal(draw(st.integers(0, 300))) / 100
        if action in ("buy", "sell", "short", "cover"):
            symbol = draw(st.sampled_from(SYMBOLS))
            quantity = Decimal(draw(st.integers(1, 60))) / draw(st.sampled_from([1, 2]))
            price = Decimal(draw(st.integers(100, 30_000))) / 100
            made.append(Trade(i, action, on, QUOTED[symbol], symbol, quantity, price, None, commission, i))
        else:
            amount = Decimal(draw(st.integers(1, 2_000_000))) / 100
            currency = draw(st.sampled_from(["USD", "EUR"]))
            made.append(Trade(i, action, on, currency, None, None, None, amount, commission, i))
    return made


def splits_of(market: PlainLedger) -> dict[str, list[Split]]:
    return {s: [Split(on, ratio) for name, on, ratio in market.splits if name == s] for s in SYMBOLS}


def prices_of(market: PlainLedger, **changes: Any) -> Prices:
    splits = splits_of(market)
    close = np.full((len(SYMBOLS), len(market.sessions)), np.nan)
    for s, symbol in enumerate(SYMBOLS):
        for t, on in enumerate(market.sessions):
            if on in market.closes[symbol]:
                close[s, t] = float(market.closes[symbol][on] / count_shares_today(splits[symbol], on))
    dividends = {
        s: [
            Dividend(on, float(each / count_shares_today(splits[s], on)), QUOTED[s])
            for name, on, each in market.dividends
            if name == s
        ]
        for s in SYMBOLS
    }
    rates = {c: np.array([float(line[d]) for d in market.sessions]) for c, line in market.rates.items()}
    given = {"dividends": dividends, "rates": rates} | changes
    days = np.array([days_of(d) for d in market.sessions])
    return prepare_prices(days, SYMBOLS, close, [QUOTED[s] for s in SYMBOLS], **given)


def valued(market: PlainLedger, trades: list[Trade], base: str = "USD") -> tuple[Valuation, Ledger]:
    ledger = fold_trades(trades, splits_of(market))
    return value_portfolio(ledger, prices_of(market), base_currency=base), ledger


def near(ours: Any, theirs: Any, scale: float) -> None:
    np.testing.assert_allclose(ours, np.array([float(x) for x in theirs]), rtol=CLOSE, atol=CLOSE * scale)


@settings(max_examples=200)
@given(st.data(), st.booleans(), st.sampled_from(["USD", "EUR"]))
def test_equal_day_by_day(data: Any, money: bool, base: str) -> None:
    market = data.draw(markets())
    trades = data.draw(trades_of(market, money=money))
    value, ledger = valued(market, trades, base)
    days = market.run(trades, base)
    assert [p.trade_id for p in ledger.problems] == market.rejected
    days = days[value.first :]
    assert len(days) == len(value.nav) and not value.left_out
    scale = max(1.0, *(abs(float(d.nav)) + abs(float(d.cash)) for d in days)) if days else 1.0
    near(value.nav, [d.nav for d in days], scale)
    near(value.cash, [d.cash for d in days], scale)
    near(value.flow_in, [d.flow_in for d in days], scale)
    near(value.flow_out, [d.flow_out for d in days], scale)
    near(value.other_pnl, [d.pnl[""] for d in days], scale)
    near(value.pnl, [sum(d.pnl.values()) for d in days], scale)
    for h, symbol in enumerate(value.symbols):
        near(value.values[:, h], [d.values[symbol] for d in days], scale)
        near(value.holding_pnl[:, h], [d.pnl[symbol] for d in days], scale)
    for ours, day, in_before in zip(value.daily_return, days, [None, *days], strict=False):
        basis = day.flow_in + (in_before.nav if in_before else 0)
        if day.daily_return is None:
            assert np.isnan(ours) or abs(basis) < 1e-6 * scale
        elif basis > 1e-6 * scale:  # a return on next to nothing is all rounding
            error = 1e-9 * scale / float(basis)
            assert abs(ours - float(day.daily_return)) <= error * (1 + abs(float(day.daily_return)))


@settings(max_examples=60)
@given(st.data(), st.booleans())
def test_contributions_sum_to_profit_and_return(data: Any, money: bool) -> None:
    market = data.draw(markets())
    value, _ = valued(market, data.draw(trades_of(market, money=money)))
    found = attribute_holdings(value)
    if found is None:
        return
    scale = max(1.0, float(np.abs(value.values).sum() + np.abs(value.cash).sum()))
    change = value.nav[-1] + value.flow_out.sum() - value.flow_in.sum()
    assert abs(sum(c.pnl for c in found.contributions) - change) <= CLOSE * scale
    assert abs(found.pnl - change) <= CLOSE * scale
    assert measure_performance(value).cumulative_pnl == found.pnl
    if found.total_return is not None:
        growth = np.cumprod(1 + np.nan_to_num(value.daily_return))
        error = CLOSE * float(np.abs(growth).max() + 1) * float(1 + np.nanmax(np.abs(value.daily_return)))
        parts = sum(c.of_return or 0.0 for c in found.contributions)
        assert abs(parts - found.total_return) <= max(
            error, CLOSE * sum(abs(c.of_return or 0) for c in found.contributions)
        )


@settings(max_examples=60)
@given(st.data())
def test_split_changes_no_nav(data: Any) -> None:
    market = replace(data.draw(markets()), splits=[])
    trades = data.draw(trades_of(market, money=True))
    before, _ = valued(market, trades)
    on, ratio = data.draw(st.sampled_from(market.sessions)), drawn_ratio(data.draw)

    def scaled(day: date, amount: Fraction) -> Fraction:
        return amount / ratio if day >= on else amount

    # the same market after a split: from its ex date on there are more shares at lower prices
    after = replace(
        market,
        splits=[("AAA", on, ratio)],
        closes=market.closes | {"AAA": {d: scaled(d, c) for d, c in market.closes["AAA"].items()}},
        dividends=[(s, d, scaled(d, each) if s == "AAA" else each) for s, d, each in market.dividends],
    )
    moved = []
    for t in trades:
        if t.symbol == "AAA" and t.traded_on >= on:
            q, p = Fraction(t.quantity) * ratio, Fraction(t.price) / ratio  # type: ignore[arg-type]
            if 10**8 * q % 1 or 10**8 * p % 1:
                return  # not a number of eight decimals: nobody could have written it
            t = replace(
                t,
                quantity=Decimal(float(q)).quantize(Decimal("1e-8")),
                price=Decimal(float(p)).quantize(Decimal("1e-8")),
            )
        moved.append(t)
    split, _ = valued(after, moved)
    scale = max(1.0, float(np.abs(before.nav).max(initial=0)))
    np.testing.assert_allclose(split.nav, before.nav, rtol=CLOSE, atol=CLOSE * scale)


@settings(max_examples=60)
@given(st.data(), st.booleans())
def test_left_out_holding_changes_nothing_else(data: Any, money: bool) -> None:
    market = data.draw(markets())
    trades = data.draw(trades_of(market, money=money))
    ledger = fold_trades(trades, splits_of(market))
    whole = prices_of(market)
    without = replace(whole, close=np.where(np.arange(3)[:, None] == 0, np.nan, whole.close))
    value = value_portfolio(ledger, without, base_currency="USD", unavailable={"AAA": "pending"})
    traded = any(e.trade.symbol == "AAA" for e in ledger.entries)
    assert value.left_out == ((LeftOut("AAA", "pending"),) if traded else ())
    other = fold_trades([t for t in trades if t.symbol != "AAA"], splits_of(market))
    expected = value_portfolio(other, whole, base_currency="USD")
    assert value.symbols == expected.symbols
    for name in ("nav", "cash", "flow_in", "flow_out", "pnl", "daily_return", "values", "holding_pnl"):
        np.testing.assert_array_equal(getattr(value, name), getattr(expected, name))


@settings(max_examples=60)
@given(st.data(), st.booleans())
def test_selling_everything_leaves_cash_only(data: Any, money: bool) -> None:
    market = data.draw(markets())
    trades = data.draw(trades_of(market, money=money))
    end = market.sessions[-1]
    for position in fold_trades(trades, splits_of(market)).positions:
        if position.status == "open":
            action = "sell" if position.side == "long" else "cover"
            exact = sum(
                (
                    e.held
                    for e in fold_trades(trades, splits_of(market)).entries
                    if e.trade.symbol == position.symbol
                ),
                0.0,
            )
            assert exact != 0
            if position.quantity * 3 % 1 and position.quantity * 8 % 1:
                return  # a third of a share cannot be written down, nor sold
            trades.append(
                Trade(
                    f"end {position.symbol}",
                    action,
                    end,
                    QUOTED[position.symbol],
                    position.symbol,
                    position.quantity,
                    Decimal(7),
                    sequence=99,
                )
            )
    value, ledger = valued(market, trades)
    if not len(value.nav) or any(p.status == "open" for p in ledger.positions):
        return
    assert not value.values[-1].any() and not value.quantity[-1].any()
    assert value.nav[-1] == value.cash[-1]


@settings(max_examples=60)
@given(st.data(), st.integers(2, 9))
def test_returns_do_not_depend_on_the_size(data: Any, times: int) -> None:
    """The same portfolio, so many times as large: the same returns."""
    market = data.draw(markets())
    trades = data.draw(trades_of(market, money=True))
    one, _ = valued(market, trades)

    def more(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount * times

    larger = [
        replace(t, quantity=more(t.quantity), amount=more(t.amount), commission=t.commission * times)
        for t in trades
    ]
    many, _ = valued(market, larger)
    np.testing.assert_allclose(many.nav, times * one.nav, rtol=1e-9, atol=1e-6)
    sure = np.abs(np.concatenate(([0.0], one.nav[:-1])) + one.flow_in) > 1.0
    np.testing.assert_allclose(many.daily_return[sure], one.daily_return[sure], rtol=1e-7, atol=1e-7)


@settings(max_examples=60)
@given(st.data())
def test_base_currency_converts_every_value(data: Any) -> None:
    """Holdings in euros are those in dollars over the rate of the day; with one rate for ever, all is."""
    market = data.draw(markets())
    trades = data.draw(trades_of(market, money=True))
    dollars, _ = valued(market, trades, "USD")
    euros, _ = valued(market, trades, "EUR")
    rate = np.array([float(market.rates["EUR"][d]) for d in market.sessions])[dollars.first :]
    np.testing.assert_allclose(euros.values * rate[:, None], dollars.values, rtol=1e-12)
    fixed = replace(market, rates=market.rates | {"EUR": dict.fromkeys(market.sessions, Fraction(5, 4))})
    dollars, _ = valued(fixed, trades, "USD")
    euros, _ = valued(fixed, trades, "EUR")
    for name in ("nav", "cash", "flow_in", "flow_out", "pnl"):
        np.testing.assert_allclose(1.25 * getattr(euros, name), getattr(dollars, name), rtol=1e-9, atol=1e-7)
