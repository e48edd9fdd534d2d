"""What a portfolio is worth: the worked example, and each rule by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from pacesetter.portfolio.booking import LeftOut
from pacesetter.portfolio.position import fold_trades
from pacesetter.portfolio.prices import Prices, days_of, prepare_prices
from pacesetter.portfolio.trade import Dividend, Trade
from pacesetter.portfolio.valuation import Valuation, value_portfolio
from tests.portfolio import worked_example as worked

NAN = np.nan
MON, TUE, WED, THU, FRI = (date(2025, 1, d) for d in (6, 7, 8, 9, 10))
WEEK = [MON, TUE, WED, THU, FRI]


def test_worked_example() -> None:
    value = worked.valuation()
    assert value.cash.tolist() == worked.CASH
    assert value.nav.tolist() == worked.NAV
    assert value.long_value.tolist() == [5200, 5300, 5400, 3360, 3180, 3480]
    assert value.short_value.tolist() == [0, -1960, -1940, -2020, 0, 0]
    assert value.flow_in.tolist() == [10000, 0, 0, 0, 1000, 0]
    assert value.flow_out.tolist() == [0, 0, 0, 0, 0, 500]
    # AAA: +190 (5,200 − 5,010), +100, +100, 200·1 + 100 − 4, 120·(−1.50), 120·2.50
    # BBB: 1,995 − 1,960, 20 − 20, −80, 2,020 − 1,985
    aaa, bbb = value.holding_pnl.T
    assert aaa.tolist() == [190, 100, 100, 296, -180, 300]
    assert bbb.tolist() == [0, 35, 0, -80, 35, 0]
    assert value.pnl.tolist() == [190, 135, 100, 216, -145, 300]
    np.testing.assert_allclose(value.daily_return, worked.RETURNS, rtol=1e-13)
    assert value.quantity.T.tolist() == [[200, 200, 200, 120, 120, 120], [0, -20, -20, -20, 0, 0]]
    assert value.stale_sessions.tolist() == [0, 2]
    assert not value.implied_deposits and not value.left_out and not value.problems


def trade(action: Any, on: date, *what: Any, currency: str = "USD", **more: Any) -> Trade:
    """``what``: symbol, quantity, price; or an amount."""
    if len(what) == 3:
        quantity, price = Decimal(str(what[1])), Decimal(str(what[2]))
        return Trade(object(), action, on, currency, what[0], quantity, price, **more)
    return Trade(object(), action, on, currency, amount=Decimal(str(what[0])), **more)


def prices_of(**closes: list[float]) -> Prices:
    return prepare_prices(
        np.array([days_of(d) for d in WEEK]),
        list(closes),
        np.array(list(closes.values())),
        ["EUR" if name.startswith("EUR") else "USD" for name in closes],
    )


def value_of(trades: list[Trade], prices: Prices, **more: Any) -> Valuation:
    ledger = fold_trades(trades)
    assert not ledger.problems
    return value_portfolio(ledger, prices, **({"base_currency": "USD"} | more))


def test_purchases_are_paid_in_where_no_deposit_is_known() -> None:
    """100 for the first; the sale brings 60, which pays 60 of the next 90: 30 more."""
    prices = prices_of(A=[10, 12, 12, 12, 12], B=[30, 30, 30, 30, 33])
    value = value_of(
        [trade("buy", MON, "A", 10, 10), trade("sell", TUE, "A", 5, 12), trade("buy", THU, "B", 3, 30)],
        prices,
    )
    assert value.implied_deposits
    assert value.flow_in.tolist() == [100, 0, 0, 30, 0]
    assert value.cash.tolist() == [0, 60, 60, 0, 0]
    assert value.nav.tolist() == [100, 120, 120, 150, 159]
    np.testing.assert_allclose(value.daily_return, [0, 0.2, 0, 0, 9 / 150], atol=1e-15)


def test_what_a_short_brings_pays_for_nothing() -> None:
    """1,000 of collateral stay in the cash, yet the purchase of 300 is paid in; the gain of 200 is free."""
    prices = prices_of(S=[100, 90, 80, 80, 80], A=[NAN, 30, 30, 30, 30])
    trades = [
        trade("short", MON, "S", 10, 100),
        trade("buy", TUE, "A", 10, 30),
        trade("cover", WED, "S", 10, 80),
        trade("buy", THU, "A", 10, 30),
    ]
    value = value_of(trades, prices)
    assert value.flow_in.tolist() == [0, 300, 0, 100, 0]
    assert value.cash.tolist() == [1000, 1000, 200, 0, 0]
    assert value.nav.tolist() == [0, 400, 500, 600, 600]
    assert np.isnan(value.daily_return[0])  # nothing was paid in yet
    np.testing.assert_allclose(value.daily_return[1:], [400 / 300 - 1, 0.25, 0, 0], atol=1e-15)


def test_a_partial_cover_frees_its_part_of_the_collateral() -> None:
    """4 of 10 covered at 80 set 400 free of 1,000 and cost 320: 80 pay for the purchase of 300, not more."""
    prices = prices_of(S=[100, 80, 80, 80, 80], A=[30.0] * 5)
    trades = [
        trade("short", MON, "S", 10, 100),
        trade("cover", TUE, "S", 4, 80),
        trade("buy", WED, "A", 10, 30),
        trade("cover", THU, "S", 6, 80),
    ]
    value = value_of(trades, prices)
    assert value.flow_in.tolist() == [0, 0, 220, 0, 0]
    assert value.cash.tolist() == [1000, 680, 600, 120, 120]
    assert value.nav.tolist() == [0, 200, 420, 420, 420]


def test_with_a_deposit_cash_may_fall_below_zero() -> None:
    value = value_of([trade("deposit", MON, 50), trade("buy", MON, "A", 10, 10)], prices_of(A=[10.0] * 5))
    assert value.cash.tolist() == [-50] * 5 and value.nav.tolist() == [50] * 5
    assert value.flow_in.tolist() == [50, 0, 0, 0, 0]


@pytest.mark.parametrize("reason", ["pending", "failed", "no_price"])
def test_a_holding_without_prices_is_left_out_with_its_money(reason: str) -> None:
    prices = prices_of(A=[10.0, 11, 11, 11, 11], GONE=[NAN] * 5)
    trades = [trade("deposit", MON, 500), trade("buy", MON, "A", 10, 10)]
    more = [
        trade("buy", TUE, "GONE", 10, 10),
        replace(trade("fee", TUE, 3), symbol="GONE"),
        trade("buy", WED, "NEW", 1, 1),
    ]
    unavailable = {} if reason == "no_price" else {"GONE": reason, "NEW": reason}
    value = value_of(trades + more, prices, unavailable=unavailable)
    assert value.left_out == (LeftOut("GONE", reason), LeftOut("NEW", reason))
    assert value.nav.tolist() == value_of(trades, prices).nav.tolist() == [500, 510, 510, 510, 510]


def test_a_holding_without_a_rate_is_left_out() -> None:
    prices = prices_of(A=[10.0] * 5, EURO=[10.0] * 5)
    trades = [trade("buy", MON, "A", 10, 10), trade("buy", MON, "EURO", 10, 10, currency="EUR")]
    value = value_of(trades, prices)
    assert value.left_out == (LeftOut("EURO", "no_rate"),) and value.symbols == ("A",)
    known = {"USD": np.ones(5), "EUR": np.array([NAN, 1.2, NAN, 1.3, NAN])}
    late = prepare_prices(prices.sessions, ["A", "EURO"], prices.close, ["USD", "EUR"], rates=known)
    assert value_of(trades, late).left_out == (LeftOut("EURO", "no_rate"),)  # none on the day of the purchase
    trades[1] = replace(trades[1], traded_on=TUE)
    value = value_of(trades, late)
    assert not value.left_out
    np.testing.assert_allclose(value.values[:, 1], [0, 120, 120, 130, 130])  # the newest rate is carried
    np.testing.assert_allclose(value.holding_pnl[:, 1], [0, 0, 0, 10, 0])


def test_money_without_a_rate_is_named() -> None:
    euros = trade("deposit", MON, 100, currency="EUR")
    value = value_of([euros, trade("deposit", MON, 50)], prices_of(A=[10.0] * 5))
    assert [(p.trade_id, p.code) for p in value.problems] == [(euros.id, "no_rate")]
    assert "deposit of 100 EUR on 2025-01-06" in value.problems[0].what
    assert value.nav.tolist() == [50] * 5


def test_the_last_close_is_carried_and_its_age_told() -> None:
    prices = prices_of(A=[10, 11, NAN, NAN, NAN], B=[10.0] * 5, OLD=[7, NAN, NAN, NAN, NAN])
    value = value_of([trade("buy", TUE, s, 1, 10) for s in ("A", "B", "OLD")], prices)
    assert value.values.T.tolist() == [[11] * 4, [10] * 4, [7] * 4]
    assert value.stale_sessions.tolist() == [3, 0, 4]


def test_until_the_first_close_the_traded_price_stands() -> None:
    prices = prices_of(A=[NAN, NAN, NAN, 15, 16])
    value = value_of([trade("buy", MON, "A", 2, 10), trade("buy", TUE, "A", 2, 12)], prices)
    assert value.values[:, 0].tolist() == [20, 48, 48, 60, 64]


def with_dividends(paid: list[Dividend], **more: Any) -> Prices:
    close = np.full((1, 5), 10.0)
    days = np.array([days_of(d) for d in WEEK])
    return prepare_prices(days, ["A"], close, ["USD"], dividends={"A": paid}, **more)


def test_dividends_go_to_who_held_before_the_ex_date() -> None:
    prices = with_dividends([Dividend(WED, 1.0, "USD")])
    before = value_of([trade("buy", TUE, "A", 5, 10)], prices)
    assert before.cash.tolist() == [0, 5, 5, 5] and before.pnl.tolist() == [0, 5, 0, 0]
    on_the_day = value_of([trade("buy", WED, "A", 5, 10)], prices)
    assert on_the_day.cash.tolist() == [0, 0, 0]
    sold_that_day = [trade("buy", TUE, "A", 5, 10), trade("sell", WED, "A", 5, 10)]
    assert value_of(sold_that_day, prices).cash.tolist() == [0, 55, 55, 55]


def test_dividends_inside_the_prices_are_not_credited_again() -> None:
    prices = with_dividends([Dividend(WED, 1.0, "USD")], dividends_inside=["A"])
    value = value_of([trade("buy", TUE, "A", 5, 10)], prices)
    assert not value.cash.any() and value.dividends_inside == ("A",)


def test_a_booked_dividend_stands_for_a_published_one() -> None:
    """What was booked on Friday is the dividend of Tuesday, not one more; Thursday's is credited."""
    prices = with_dividends([Dividend(TUE, 1.0, "USD"), Dividend(THU, 0.5, "USD")])
    booked = replace(trade("dividend", FRI, 4.4), symbol="A")  # after tax
    value = value_of([trade("buy", MON, "A", 5, 10), booked], prices)
    np.testing.assert_allclose(value.holding_pnl[:, 0], [0, 0, 0, 2.5, 4.4])


def test_what_happens_between_sessions_counts_at_the_next() -> None:
    sunday = date(2025, 1, 5)
    trades = [trade("deposit", sunday, 100), trade("buy", date(2025, 1, 11), "A", 1, 10)]
    value = value_of(trades, prices_of(A=[10.0] * 5))
    assert value.flow_in.tolist() == [100, 0, 0, 0, 0]
    assert value.early == (trades[0].id,) and value.later == (trades[1].id,)
    assert not value.quantity.any()


def test_fees_and_commissions_of_no_holding() -> None:
    trades = [
        trade("deposit", MON, 100, commission=Decimal(1)),
        trade("fee", TUE, 5),
        trade("dividend", WED, 2),
    ]
    value = value_of([*trades, trade("withdrawal", THU, 10, commission=Decimal(3))], prices_of(A=[10.0] * 5))
    assert value.other_pnl.tolist() == [-1, -5, 2, -3, 0]
    assert value.nav.tolist() == [99, 94, 96, 83, 83]
    np.testing.assert_allclose(
        value.daily_return, [-0.01, 94 / 99 - 1, 96 / 94 - 1, 93 / 96 - 1, 0], atol=1e-15
    )


def test_nothing_left_earns_nothing() -> None:
    """0.1 + 0.2 − 0.3 leaves 5.6e-17 in float64: that is no money."""
    trades = [trade("deposit", MON, 0.1), trade("deposit", TUE, 0.2), trade("withdrawal", WED, 0.3)]
    value = value_of([*trades, trade("deposit", FRI, 7)], prices_of(A=[10.0] * 5))
    assert 0 < value.nav[3] < 1e-15
    np.testing.assert_allclose(value.daily_return, [0, 0, 0, NAN, 0], atol=1e-15)


def test_no_trade_gives_an_empty_valuation() -> None:
    value = value_of([], prices_of(A=[10.0] * 5))
    assert value.nav.shape == (0,) and value.values.shape == (0, 0) and value.first == 5
