"""Files of positions and trades, as people really have them: dialects, numbers, dates, contracts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pacesetter.kernel.errors import BadFile
from pacesetter.providers.files.portfolio import PortfolioFile, read_portfolio

LATEST = date(2025, 7, 24)
HEAD = "Symbol,Quantity,Entry Price,Entry Date"


def read(*lines: str, **more: Any) -> PortfolioFile:
    return read_portfolio("\n".join(lines).encode(), "file.csv", latest=LATEST, **more)


def faults(*lines: str) -> list[tuple[int, str | None, str]]:
    return [(one.line, one.column, one.reason) for one in read(*lines).faults]


def test_comments_blank_lines_and_a_mark_in_front_are_no_rows() -> None:
    text = f"\ufeff# a comment\n\n{HEAD}\n# another\nAAA,1,2.50,2025-07-01\n,,,\n"
    file = read_portfolio(text.encode(), "file.csv", latest=LATEST)
    (trade,) = file.trades
    assert (file.rows_read, trade.line, trade.symbol, trade.price) == (1, 5, "AAA", Decimal("2.50"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("1,250", "3.50"), ("1250", "3.50")),  # some other number shows the point
        (('"$1,250.5"', "3.50"), ("1250.5", "3.50")),
        (("1.250,5", "3,50"), ("1250.5", "3.50")),
        (("1250", "3,50"), ("1250", "3.50")),
        (("1'250", "3.50"), ("1250", "3.50")),
    ],
)
def test_one_decimal_mark_in_the_whole_file(written: tuple[str, str], meant: tuple[str, str]) -> None:
    file = read(HEAD.replace(",", ";"), f"AAA;{written[0]};{written[1]};2025-07-01")
    assert not file.faults
    assert (file.trades[0].quantity, file.trades[0].price) == tuple(map(Decimal, meant))


def test_numbers_that_may_be_two_things_are_refused() -> None:
    head = HEAD.replace(",", ";")
    (fault,) = read(head, "AAA;1,250;3;2025-07-01").faults
    assert (fault.column, fault.reason) == ("Quantity", "it may be 1250 or 1.250")
    mixed = read(head, "AAA;10;3,50;2025-07-01", "BBB;10;3.50;2025-07-01").faults
    assert [one.line for one in mixed] == [2, 3]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("AAA,,5,2025-07-01", "Quantity", "it is empty"),
        ("AAA,1e3,5,2025-07-01", "Quantity", "it is no number"),
        ("AAA,0.0000001,5,2025-07-01", "Quantity", "it has more than 6 decimals"),
        ("AAA,1,0,2025-07-01", "Entry Price", "it must be above zero"),
        ("AAA,1,5.123,2025-07-01", "Entry Price", "it has more than 2 decimals"),
        ("AAA,1,0.12345,2025-07-01", "Entry Price", "it has more than 4 decimals"),
        ("AAA,1,5,2025-02-30", "Entry Date", "it is no date in the form YYYY-MM-DD"),
        ("AAA,1,5,2025-07-25", "Entry Date", "it lies in the future"),
        ("A?A,1,5,2025-07-01", "Symbol", "it cannot be a symbol"),
        ("AAA,1,5", None, "the line has 3 fields, the header 4"),
        ('"AAA,1,5,2025-07-01', None, "a quote is opened and not closed"),
    ],
)
def test_each_mistake_has_its_place(row: str, column: str | None, reason: str) -> None:
    assert faults(HEAD, "OK,1,5,2025-07-01", row) == [(3, column, reason)]


def test_the_day_that_is_meant_is_offered() -> None:
    mends = [one.mend for one in read(HEAD, "AAA,1,5,06/30/2025", "BBB,1,5,06/07/2025").faults]
    assert mends == ["write 2025-06-30", "write 2025-06-07 or 2025-07-06"]


def test_an_exit_makes_a_second_trade() -> None:
    file = read(f"{HEAD},Exit Date,Exit Price", "AAA,-3,5,2025-07-01,2025-07-03,4.50")
    told = [(one.action, one.quantity, one.price, one.traded_on.day) for one in file.trades]
    assert told == [("short", 3, 5, 1), ("cover", 3, Decimal("4.50"), 3)]
    assert faults(f"{HEAD},Exit Date,Exit Price", "AAA,3,5,2025-07-03,2025-07-01,4")[0][1] == "Exit Date"
    assert faults(f"{HEAD},Exit Date,Exit Price", "AAA,3,5,2025-07-03,2025-07-04,")[0][1] == "Exit Price"


def test_an_option_is_named_by_its_contract() -> None:
    head = f"{HEAD},Investment Class,Underlying Symbol,Strike Price,Expiration Date,Option Type"
    file = read(head, ",-2,9.40,2025-06-30,OPTIONS,TSLA,250.5,2025-08-16,put")
    (trade,) = file.trades
    assert (trade.symbol, trade.asset_type, trade.action) == ("TSLA250816P00250500", "option", "short")
    assert {one[1] for one in faults(head, ",1,1,2025-06-30,OPTIONS,,0,soon,both")} == {
        *("Underlying Symbol", "Strike Price", "Expiration Date", "Option Type")
    }


def test_equal_positions_are_a_fault_and_equal_trades_are_not() -> None:
    assert faults(HEAD, "AAA,1,5,2025-07-01", "aaa,1.0,5.00,2025-07-01") == [
        (3, None, "the same position stands in line 2 (row 2)")
    ]
    assert not faults(HEAD, "AAA,1,5,2025-07-01", "AAA,1,5.01,2025-07-01")
    assert len(read("date,action,symbol,quantity,price", *["2025-07-01,buy,AAA,1,5"] * 2).trades) == 2


def test_trades_in_the_words_of_brokers() -> None:
    head = "Trade Date,Type,Ticker,Qty,Price per Share,Fees,Ccy,Amount"
    file = read(
        head,
        "2025-07-01,You Bought,brk.b,1,400.12345678,1.5,,",
        "2025-07-01,SOLD,VOD.L,-100,71.5,0,GBX,",
        "2025-07-01,Buy to Cover,AAA,5,3,,USD,",
        '2025-07-01,Deposit,,,,,USD,"1,000.50"',
        "2025-07-01,dividend,AAA,100,0.25,,,",
    )
    assert not file.faults
    assert [(one.action, one.symbol) for one in file.trades] == [
        *(("buy", "BRK-B"), ("sell", "VOD.L"), ("cover", "AAA"), ("deposit", None), ("dividend", "AAA"))
    ]
    assert (file.trades[1].quantity, file.trades[1].price, file.trades[1].currency) == (
        100,
        Decimal("0.715"),
        "GBP",
    )
    assert (file.trades[3].amount, file.trades[4].amount) == (Decimal("1000.50"), 25)
    assert faults(head, "2025-07-01,gave,AAA,1,1,,,") == [(2, "Type", "it is no known action")]
    assert faults(head, "2025-07-01,buy,AAA,-1,1,,,")[0][2] == "it is below zero for a buy"
    assert faults(head, "2025-07-01,deposit,,,,,,") == [(2, "Amount", "there is no amount of money")]


def test_money_that_comes_in_has_no_minus_and_keeps_its_commission() -> None:
    head = "Date,Action,Symbol,Quantity,Price,Amount,Commission"
    assert faults(
        head,
        "2025-07-01,deposit,,,,-1000,",
        "2025-07-01,dividend,AAA,-100,0.25,,",
        "2025-07-01,dividend,AAA,,,-25,",
        "2025-07-01,deposit,,,,1000,-5",
    ) == [
        (2, "Amount", "it is below zero for a deposit"),
        (3, "Price", "it is below zero for a dividend"),
        (4, "Amount", "it is below zero for a dividend"),
        (5, "Commission", "it is below zero"),
    ]
    file = read(
        head,
        "2025-07-01,deposit,,,,1000,5",
        "2025-07-01,dividend,AAA,100,0.25,,1.50",
        "2025-07-01,withdrawal,,,,-300,2",  # the usual sign of what goes out
        "2025-07-01,fee,,,,-7,",
    )
    assert not file.faults
    assert [(one.amount, one.commission) for one in file.trades] == [
        *((1000, 5), (25, Decimal("1.50")), (300, 2), (7, 0))
    ]


@pytest.mark.parametrize(
    ("days", "newest_first"),
    [
        (("2025-07-02", "2025-07-01", "2025-07-01", "2025-06-30"), True),
        (("2025-06-30", "2025-07-01", "2025-07-01", "2025-07-02"), False),
        (("2025-07-01", "2025-07-01"), False),  # nothing tells: as it stands
        (("2025-06-27", "2025-06-30", "2025-07-01", "2025-06-26", "2025-07-02"), False),
    ],
)
def test_a_file_whose_days_fall_begins_with_the_newest(days: tuple[str, ...], newest_first: bool) -> None:
    lines = [f"{on},buy,AAA,1,{i + 1}" for i, on in enumerate(days)]
    assert read("date,action,symbol,quantity,price", *lines).newest_first is newest_first


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "empty"),
        ((HEAD,), "no rows"),
        (("a,b", "1,2"), "no column for symbol"),
        ((f"{HEAD},Qty", "AAA,1,5,2025-07-01,1"), "both mean quantity"),
    ],
)
def test_what_is_no_such_file_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read(*lines)
    with pytest.raises(BadFile, match="nothing that a column can mean"):
        read(HEAD, "AAA,1,5,2025-07-01", mapping={"Symbol": "ticker-ish"})


def test_what_a_person_says_goes_before_spellings() -> None:
    head = "Symbol,Name of it,Quantity,Entry Price,Entry Date"
    file = read(head, "x,AAA,1,5,2025-07-01", mapping={"name of it": "symbol", "Symbol": "note"})
    assert (file.trades[0].symbol, file.trades[0].note) == ("AAA", "x")
