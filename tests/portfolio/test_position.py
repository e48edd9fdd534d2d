"""Trades folded into positions, by hand and by what must always hold."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.portfolio.position import _Run, fold_trades
from pacesetter.portfolio.trade import Split, Trade, check_trade, count_shares_today, read_ratio
from tests.portfolio import worked_example as worked

DAY = date(2025, 1, 6)


def do(action: Any, quantity: Any, price: Any, day: int = 0, commission: Any = 0, **more: Any) -> Trade:
    return Trade(
        more.pop("id", f"{action} {day}"),
        action,
        DAY + timedelta(days=day),
        more.pop("currency", "USD"),
        more.pop("symbol", "A"),
        Decimal(str(quantity)),
        Decimal(str(price)),
        commission=Decimal(str(commission)),
        **more,
    )


def test_worked_example() -> None:
    aaa, bbb = worked.ledger().positions
    # cost 5,010 for 200 of today's shares: 25.05; 80 sold for 2,240 − 4 = 2,236 − 80·25.05 = 232
    assert (aaa.side, aaa.status, aaa.opened_by, aaa.entry_on) == ("long", "open", 2, date(2025, 1, 6))
    assert (aaa.entry_price, aaa.quantity, aaa.realised) == (Decimal("25.05"), 120, 232)
    assert (aaa.exit_price, aaa.exit_on) == (Decimal("27.95"), None)
    # 2,000 − 5 came in, 1,980 + 5 went out
    assert (bbb.side, bbb.status, bbb.quantity, bbb.realised) == ("short", "closed", 0, 10)
    assert (bbb.entry_price, bbb.exit_price) == (Decimal("99.75"), Decimal("99.25"))
    assert bbb.exit_on == date(2025, 1, 10)


def test_mean_cost_and_flat_to_flat() -> None:
    """10 at 10 and 10 at 20 are 20 at 15; of them 5 sold at 18 gain 15; after flat a new one begins."""
    trades = [
        do("buy", 10, 10),
        do("buy", 10, 20, 1),
        do("sell", 5, 18, 2),
        do("sell", 15, 14, 3),
        do("buy", 1, 9, 4),
    ]
    first, second = fold_trades(trades).positions
    assert (first.status, first.entry_price, first.realised) == ("closed", 15, 0)  # +15 − 15
    assert (second.status, second.entry_price, second.opened_by) == ("open", 9, "buy 4")
    held = [e.held for e in fold_trades(trades).entries]
    assert held == [10, 20, 15, 0, 1]


def test_a_reverse_split_leaves_thirds_whole() -> None:
    """4 and 6 bought, 1 for 3, and what is sold is a third of ten: nothing is left over."""
    splits = {"A": [Split(DAY + timedelta(days=2), Fraction(1, 3))]}
    trades = [do("buy", 4, 3), do("buy", 6, 3, 1), do("sell", 3, 9, 3)]
    (open_one,) = fold_trades(trades, splits).positions
    assert open_one.quantity == Decimal("0.33333333") and open_one.entry_price == 9
    trades = [do("buy", 4, 3), do("buy", 5, 3, 1), do("sell", 3, 9, 3)]
    (closed,) = fold_trades(trades, splits).positions
    assert closed.status == "closed" and closed.realised == 0


def test_a_trade_on_the_ex_date_is_in_new_shares() -> None:
    splits = {"A": [Split(DAY + timedelta(days=1), Fraction(2))]}
    (position,) = fold_trades([do("buy", 10, 30), do("buy", 10, 15, 1)], splits).positions
    assert position.quantity == 30 and position.entry_price == 15


def test_trades_are_taken_by_day_and_then_by_sequence() -> None:
    other = [do("cover", 1, 9, sequence=4, symbol="B"), do("short", 1, 9, sequence=3, symbol="B")]
    own = [do("sell", 5, 12, 1), do("sell", 5, 11, sequence=2), do("buy", 10, 10, sequence=1)]
    ledger = fold_trades([*other, *own])
    assert not ledger.problems
    assert [e.trade.id for e in ledger.entries] == ["buy 0", "sell 0", "short 0", "cover 0", "sell 1"]


CONTRADICTIONS = {
    "nothing_held": [do("sell", 1, 1)],
    "nothing_short": [do("cover", 1, 1)],
    "more_than_held": [do("buy", 1, 1), do("sell", 2, 1, 1)],
    "more_than_short": [do("short", 1, 1), do("cover", 2, 1, 1)],
    "is_long": [do("buy", 1, 1), do("short", 1, 1, 1)],
    "is_short": [do("short", 1, 1), do("buy", 1, 1, 1)],
    "other_currency": [do("buy", 1, 1), do("sell", 1, 1, 1, currency="EUR")],
    "quantity": [do("buy", 1, 1), do("buy", 0, 1, 1)],
    "price": [do("buy", 1, 1), do("buy", 1, -1, 1)],
    "commission": [do("buy", 1, 1), do("sell", 1, 1, 1, commission=-1)],
    "symbol": [do("buy", 1, 1), do("buy", 1, 1, 1, symbol="")],
    "currency": [do("buy", 1, 1), do("buy", 1, 1, 1, currency="usd")],
}


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_contradictions_are_named_and_left_out(code: str) -> None:
    *good, wrong = CONTRADICTIONS[code]
    ledger = fold_trades([*good, wrong])
    assert [(p.trade_id, p.code) for p in ledger.problems] == [(wrong.id, code)]
    assert f"{wrong.action} of {wrong.quantity}" in ledger.problems[0].what and ledger.problems[0].mend
    assert (ledger.positions, ledger.entries) == (fold_trades(good).positions, fold_trades(good).entries)


def test_what_is_wrong_with_money_alone() -> None:
    codes = {p.code for p in check_trade(Trade(1, "deposit", DAY, "USD", symbol="A"))}
    assert codes == {"amount", "symbol"}
    assert [p.code for p in check_trade(Trade(1, "gift", DAY, "USD"))] == ["action"]  # type: ignore[arg-type]
    assert [p.code for p in check_trade(Trade(1, "fee", DAY, "USD", amount=Decimal("NaN")))] == ["amount"]
    assert not check_trade(Trade(1, "dividend", DAY, "USD", "A", amount=Decimal(3)))


@pytest.mark.parametrize(
    ("value", "ratio"),
    [
        (2.0, "2"),
        (1.5, "3/2"),
        (0.1, "1/10"),
        (0.333333, "1/3"),
        (0.066667, "1/15"),
        (1.0123, "1.0123"),
        (20, "20"),
    ],
)
def test_ratios_of_floats(value: float, ratio: str) -> None:
    assert read_ratio(value) == Fraction(ratio)


def test_shares_today() -> None:
    splits = [Split(DAY, Fraction(2)), Split(DAY + timedelta(days=5), Fraction(3))]
    counts = [count_shares_today(splits, DAY + timedelta(days=d)) for d in (-1, 0, 4, 5)]
    assert counts == [6, 3, 3, 1]


amounts = st.decimals(Decimal("0.00000001"), 10**6, places=8)


@given(
    st.lists(
        st.tuples(st.sampled_from(["buy", "sell", "short", "cover"]), amounts, amounts, amounts), max_size=12
    )
)
def test_a_closed_position_realised_what_it_brought(
    drawn: list[tuple[Any, Decimal, Decimal, Decimal]],
) -> None:
    """Whatever the path: what went in and out of a closed position is its realised profit, exactly."""
    trades = [do(a, q, p, i, c, id=i) for i, (a, q, p, c) in enumerate(drawn)]
    run_out = []
    for position in fold_trades(trades).positions:
        if position.status == "open":
            action = "sell" if position.side == "long" else "cover"
            run_out.append(do(action, position.quantity, "12.34", 50, 1, id="end"))
    ledger = fold_trades([*trades, *run_out])
    rejected = {p.trade_id for p in ledger.problems}
    runs: dict[int, Fraction] = defaultdict(Fraction)
    number, held = -1, Fraction(0)
    for t in [*trades, *run_out]:
        if t.id in rejected:
            continue
        number += held == 0
        into = t.action in ("buy", "cover")
        q, p, c = Fraction(t.quantity or 0), Fraction(t.price or 0), Fraction(t.commission)
        held += q if into else -q
        runs[number] += (-q * p if into else q * p) - c
    assert held == 0 and all(p.status == "closed" for p in ledger.positions)
    assert len(runs) == len(ledger.positions)
    for position, brought in zip(ledger.positions, runs.values(), strict=True):
        assert abs(Fraction(position.realised) - brought) <= Fraction(1, 2 * 10**8)
        assert position.quantity == 0


def test_many_partial_closings_do_not_make_the_arithmetic_endless() -> None:
    """The cost of what is left, against exact fractions, while its own denominator stays short."""
    first = do("buy", 100_000, 101.37)
    run, held, cost = _Run(first, "long"), Fraction(0), Fraction(0)
    for n in range(300):
        buying = n % 2 == 0
        quantity, price = (
            Fraction(1000 + n * 7 % 311 if buying else 307 + n * 13 % 97),
            Fraction(101 + n, 100),
        )
        one = do("buy" if buying else "sell", int(quantity), 1, n)
        run.take(one, quantity, quantity * price, float(price))
        cost = cost + quantity * price if buying else cost - cost * (quantity / held)
        held += quantity if buying else -quantity
        assert run.cost.denominator <= 10**20
    assert held == run.held
    assert abs(run.cost - cost) < Fraction(1, 10**16)
    assert cost.denominator > 10**100
