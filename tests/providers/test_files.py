"""Files as people have them: spellings, dialects, dates, and every row accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pacesetter.kernel.errors import BadFile, InputError
from pacesetter.providers.files import read_fundamentals, read_prices, read_symbols

DAY = date(2025, 7, 24)


def write(folder: Path, text: str, name: str = "AAPL.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "Date,Open,High,Low,Close,Volume\n2025-07-24,1,2,0.5,1234.5,1200000\n",
        "date;open;high;low;close;volume\n24.07.2025;1;2;0,5;1.234,5;1200000\n",
        "Trading Date\tClose/Last\tVol.\n07/24/2025\t$1,234.50\t1.2M\n",
        'timestamp,Price,Shares Traded\n2025-07-24T00:00:00-04:00,"1,234.50",1200K\n',
        "\ufeffDATE,Last Price,VOLUME\n20250724,1234.5,1200000\n",
        "Date,Close,Volume\n24/07/2025,1234.5,1200000\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_dialects(text, encoding, tmp_path) -> None:
    if encoding == "cp1252":
        text = text.lstrip("\ufeff")
    file = read_prices(write(tmp_path, text, encoding=encoding))
    row = file.frame.row(0, named=True)
    assert (row["symbol"], row["date"], row["close"], row["volume"]) == ("AAPL", DAY, 1234.5, 1_200_000)
    assert file.rejections.is_empty()


def test_long_form_and_symbol_spelling(tmp_path) -> None:
    file = read_prices(
        write(tmp_path, "Ticker,Date,Close\nbrk.b,2025-07-24,1\nvod.l,2025-07-24,2\n", "all.csv")
    )
    assert file.frame["symbol"].to_list() == ["BRK-B", "VOD.L"]


def test_the_basis_is_assumed_by_the_columns_and_said(tmp_path) -> None:
    assert read_prices(write(tmp_path, "Date,Close\n2025-07-24,1\n")).basis == "split_dividend"
    both = read_prices(write(tmp_path, "Date,Close,Adj Close\n2025-07-24,1,0.9\n"))
    assert both.basis == "split"
    assert "--basis" in both.said[-1]
    only = read_prices(write(tmp_path, "Date,Adj Close\n2025-07-24,0.9\n"))
    assert (only.basis, only.frame["close"][0]) == ("split_dividend", 0.9)
    assert read_prices(write(tmp_path, "Date,Close\n2025-07-24,1\n"), basis="raw").basis == "raw"


def test_dividends_and_splits_become_actions(tmp_path) -> None:
    text = "Date,Close,Adj Close,Dividends,Stock Splits\n2025-07-23,1,1,0,0\n2025-07-24,1,1,0.25,4\n"
    actions = read_prices(write(tmp_path, text)).actions
    assert actions.select("ex_on", "kind", "value").rows() == [(DAY, "dividend", 0.25), (DAY, "split", 4.0)]


def test_unreadable_cells_are_refused_with_their_row(tmp_path) -> None:
    text = (
        "Symbol,Date,Close\nA,2025-07-24,1\nA,soon,2\nA,2025-07-25,abc\n???,2025-07-24,3\nA,2025-07-28,n/a\n"
    )
    file = read_prices(write(tmp_path, text, "x.csv"))
    assert file.rejections.select("row", "reason").rows() == [
        (2, "unreadable_date"),
        (3, "unreadable_close"),
        (4, "unreadable_symbol"),
    ]
    assert file.frame["close"].to_list() == [1.0, None]  # a blank is for the quality gate to refuse


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("Open,Close\n1,2\n", "no date column"),
        ("Date,Open\n2025-07-24,1\n", "no price column"),
        ("Date,Close\n2025-07-24,1,2\n", "line 2.*|3 fields"),
        ("Date,Close,Last\n2025-07-24,1,2\n", "both mean close"),
        ("Date,Close\n01/02/2025,1\n03/04/2025,1\n", "day/month or month/day"),
        ("Date,Close\n13/02/2025,1\n02/13/2025,1\n", "both day/month and month/day"),
    ],
)
def test_a_malformed_file_says_what_and_where(text, said, tmp_path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadFile, match=said) as caught:
        read_prices(path)
    assert str(path) in str(caught.value)


def test_files_that_are_no_such_files(tmp_path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        read_prices(tmp_path / "gone.csv")
    with pytest.raises(BadFile, match="Parquet"):
        read_prices(write(tmp_path, "PAR1 not really", "x.parquet"))
    with pytest.raises(BadFile, match="no text file"):
        read_prices(write(tmp_path, "a\x00b", "x.csv"))
    with pytest.raises(BadFile, match="cannot be read"):
        read_prices(write(tmp_path, "x", "x.xlsx"))
    with pytest.raises(InputError, match="split_dividend"):
        read_prices(write(tmp_path, "Date,Close\n2025-07-24,1\n"), basis="adjusted")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="no CSV or Parquet"):
        read_prices(tmp_path / "empty")


def test_a_folder_holds_one_symbol_a_file(shared_data) -> None:
    file = read_prices(shared_data / "inbox/us")
    assert file.frame["symbol"].n_unique() == 50
    rows = sum(p.read_text().count("\n") - 1 for p in (shared_data / "inbox/us").iterdir())
    assert abs(file.frame.height + file.rejections.height - rows) <= 50  # a last line may have no end


def test_real_fundamentals_and_symbols(shared_data) -> None:
    folder = shared_data / "fundamentals"
    facts = read_fundamentals(folder / "sp500_constituents_financials.csv")
    apple = facts.frame.filter(symbol="AAPL").row(0, named=True)
    assert facts.frame.height == 503
    assert apple["eps"] > 0
    assert set(facts.frame.columns) >= {"trailing_pe", "eps", "market_cap", "price_to_sales", "price_to_book"}
    uk = read_symbols(folder / "uk_lse_financedatabase.csv")
    assert uk.frame.height + uk.rejections.height == 3391
    vodafone = uk.frame.filter(symbol="VOD.L").row(0, named=True)
    assert (vodafone["currency"], vodafone["quote_unit"], vodafone["exchange_mic"]) == ("GBP", "GBX", "XLON")


def test_close_only_parquet_is_read_whole(shared_data) -> None:
    file = read_prices(shared_data / "prices/us_all_close_only_2024_2026.parquet")
    assert file.frame.height + file.rejections.height == 4_528_806
    assert file.frame.schema["close"] == pl.Float64
