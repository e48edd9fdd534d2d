"""The column spellings that people really have, and values as they write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pacesetter.kernel.errors import BadFile

PRICE_COLUMNS: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker", "ticker symbol", "instrument", "code", "stock"),
    "date": ("date", "datetime", "timestamp", "time", "trading date", "trade date", "day", "price date"),
    "open": ("open", "open price", "opening price"),
    "high": ("high", "high price", "day high"),
    "low": ("low", "low price", "day low"),
    "close": ("close", "close last", "last", "price", "close price", "closing price", "last price"),
    "adj_close": (
        "adj close",
        "adjclose",
        "adjusted close",
        "adjusted closing price",
        "close adj",
        "adj price",
    ),
    "volume": ("volume", "vol", "shares traded", "traded volume"),
    "dividend": ("dividend", "dividends", "div cash", "dividend amount"),
    "split": ("split", "splits", "stock splits", "split factor", "split coefficient"),
}
FACT_COLUMNS: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker"),
    "as_of": ("as of", "asof", "date", "report date", "period", "period end"),
    "known_on": ("known on", "filed", "filing date", "published"),
    "currency": ("currency", "ccy"),
    "market_cap": ("market cap", "marketcap", "market capitalization"),
    "enterprise_value": ("enterprise value", "ev"),
    "trailing_pe": ("trailing pe", "trailingpe", "pe", "p e", "price earnings", "pe ratio"),
    "price_to_sales": ("price to sales", "price sales", "ps", "p s", "pricetosales"),
    "price_to_book": ("price to book", "price book", "pb", "p b", "pricetobook"),
    "eps": ("eps", "earnings share", "earnings per share", "trailing eps", "trailingeps"),
    "revenue_growth": ("revenue growth", "revenuegrowth"),
    "roe": ("roe", "return on equity", "returnonequity"),
    "debt_to_equity": ("debt to equity", "debttoequity"),
    "gross_margin": ("gross margin", "gross margins", "grossmargins"),
    "operating_margin": ("operating margin", "operating margins", "operatingmargins"),
    "profit_margin": ("profit margin", "profit margins", "profitmargins"),
    "dividend_yield": ("dividend yield", "dividendyield"),
}
SYMBOL_COLUMNS: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker"),
    "name": ("name", "company", "company name", "security"),
    "asset_type": ("asset type", "type"),
    "currency": ("currency", "ccy"),
    "sector": ("sector", "gics sector"),
    "industry": ("industry", "gics sub industry"),
    "exchange_mic": ("mic", "exchange mic"),
    "isin": ("isin",),
    "country": ("country",),
}
_SCALES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


def fold(name: str) -> str:
    """A column name without case, marks and double blanks: ``"Close/Last"`` → ``"close last"``."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", name.casefold()).split())


def rename_columns(frame: pl.DataFrame, known: Mapping[str, Sequence[str]], path: Path) -> pl.DataFrame:
    """Give known columns their one name and drop the others; two for one name are an error."""
    chosen: dict[str, str] = {}
    for column in frame.columns:
        for name, spellings in known.items():
            if column != "row" and (fold(column) == fold(name) or fold(column) in spellings):
                if name in chosen:
                    raise BadFile(
                        f"the columns {chosen[name]!r} and {column!r} both mean {name}",
                        where=str(path),
                        mend="keep one of them",
                    )
                chosen[name] = column
    return frame.select("row", *[pl.col(old).alias(new) for new, old in chosen.items()])


def parse_numbers(column: pl.Expr, *, comma_decimal: bool) -> pl.Expr:
    """Numbers as people write them: ``$1,234.50``, ``1.2M``, ``(5)``, ``12 %`` is 12; null if it is none."""
    text = column.str.strip_chars().str.replace_all(r"[\s$€£%']", "")
    text = (
        text.str.replace_all(".", "", literal=True).str.replace(",", ".")
        if comma_decimal
        else text.str.replace_all(",", "")
    )
    scale = text.str.extract(r"([KMBT])$").replace_strict(_SCALES, default=1.0, return_dtype=pl.Float64)
    plain = text.str.replace(r"[KMBT]$", "").str.replace(r"^\((.*)\)$", "-$1")
    return plain.cast(pl.Float64, strict=False) * scale


def is_blank(column: pl.Expr) -> pl.Expr:
    """Whether a text cell holds nothing, in one of the spellings for nothing."""
    return column.is_null() | column.str.strip_chars().str.to_lowercase().is_in(
        ["", "-", "--", "n/a", "na", "nan", "null", "none", "#n/a"]
    )


def parse_dates(frame: pl.DataFrame, name: str, path: Path) -> pl.DataFrame:
    """Text dates as dates: ISO, D.M.Y, M/D/Y or D/M/Y, decided over the whole column; null if it is none."""
    kind = frame.schema[name]
    if kind == pl.Date:
        return frame
    if isinstance(kind, pl.Datetime):
        return frame.with_columns(pl.col(name).cast(pl.Date))
    if kind != pl.String:
        raise BadFile(f"the column {name!r} holds {kind}, no dates", where=str(path), mend="write 2025-07-24")
    text = pl.col(name).str.strip_chars()
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})")
    compact = text.str.extract(r"^(\d{8})$")
    dotted = text.str.extract(r"^(\d{1,2}\.\d{1,2}\.\d{4})")
    slashed = frame.select(text.str.extract_groups(r"^(\d{1,2})/(\d{1,2})/(\d{4})").alias("g")).unnest("g")
    first, second = (slashed[c].cast(pl.Int64, strict=False) for c in ("1", "2"))
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    if first.is_not_null().any() and day_first == month_first:
        what = "both day/month and month/day" if day_first else "dates that may be day/month or month/day"
        raise BadFile(f"the column {name!r} holds {what}", where=str(path), mend="write dates as 2025-07-24")
    pattern = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    return frame.with_columns(
        pl.coalesce(
            iso.str.to_date("%Y-%m-%d", strict=False),
            compact.str.to_date("%Y%m%d", strict=False),
            dotted.str.to_date("%d.%m.%Y", strict=False),
            text.str.extract(r"^(\d{1,2}/\d{1,2}/\d{4})").str.to_date(pattern, strict=False),
        ).alias(name)
    )
