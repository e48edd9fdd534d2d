"""Which column of a portfolio file means what: by its spelling, or by what a person said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pacesetter.kernel.errors import BadFile
from pacesetter.providers.files.columns import fold

FileKind = Literal["positions", "trades"]

SHARED: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker", "ticker symbol", "instrument", "security", "stock", "code"),
    "quantity": (
        "quantity",
        "qty",
        "shares",
        "units",
        "no of shares",
        "number of shares",
        "amount of shares",
    ),
    "commission": ("commission", "commissions", "commission fees", "fee", "fees", "charges", "brokerage"),
    "currency": ("currency", "ccy", "price currency", "trade currency"),
    "note": ("note", "notes", "comment", "comments", "memo", "remark"),
}
POSITIONS: dict[str, tuple[str, ...]] = SHARED | {
    "entry_price": (
        *("entry price per share", "entry price", "cost per share", "average cost", "avg cost"),
        *("average price", "avg price", "purchase price", "buy price", "open price", "cost basis per share"),
        *("average cost basis", "unit cost", "price paid"),
    ),
    "entry_date": (
        *("entry date", "purchase date", "buy date", "open date", "opened", "date acquired", "acquired"),
        *("date opened", "date purchased"),
    ),
    "exit_price": ("exit price per share", "exit price", "sell price", "sale price", "close price"),
    "exit_date": ("exit date", "sell date", "sale date", "close date", "closed", "date sold"),
    "investment_class": ("investment class", "asset class", "class"),
    "investment_subtype": ("investment subtype", "subtype", "asset type", "instrument type"),
    "underlying": ("underlying symbol", "underlying"),
    "strike": ("strike price", "strike"),
    "expiration": ("expiration date", "expiry date", "expiration", "expiry"),
    "option_type": ("option type", "put call", "call put", "right"),
}
TRADES: dict[str, tuple[str, ...]] = SHARED | {
    "date": (
        *("date", "trade date", "traded on", "transaction date", "execution date", "activity date"),
        *("run date", "order date", "day", "time", "datetime"),
    ),
    "action": (
        "action",
        "side",
        "type",
        "transaction type",
        "transaction",
        "trade type",
        "buy sell",
        "order",
    ),
    "price": ("price", "price per share", "share price", "execution price", "trade price", "unit price"),
    "amount": ("amount", "cash", "cash amount", "money"),
}
FIELDS: dict[FileKind, dict[str, tuple[str, ...]]] = {"positions": POSITIONS, "trades": TRADES}
REQUIRED: dict[FileKind, tuple[str, ...]] = {
    "positions": ("symbol", "quantity", "entry_price", "entry_date"),
    "trades": ("date", "action"),
}
EVERY_FIELD = sorted({*POSITIONS, *TRADES})


@dataclass(frozen=True)
class Columns:
    """``place``: field → place of its column; ``mapping``: column → field; ``unused``: the others."""

    kind: FileKind
    place: dict[str, int]
    mapping: dict[str, str]
    unused: list[str]


def find_columns(header: Sequence[str], asked: Mapping[str, str], where: str) -> Columns:
    """The columns of a header. ``asked``: column → field as a person said, which goes before spellings.

    ``BadFile`` for columns that are missing, or mean the same twice."""
    names = [name.strip() for name in header]
    said = {fold(column): field for column, field in asked.items()}
    kind = find_kind([said.get(fold(name), name) for name in names])
    known = FIELDS[kind]
    place: dict[str, int] = {}
    unused = []
    for i, name in enumerate(names):
        folded = fold(name)
        field = said.get(folded) or next(
            (f for f, spellings in known.items() if folded == fold(f) or folded in spellings), None
        )
        if field is None or field not in known:
            unused += [name] if name else []
            continue
        if field in place:
            raise BadFile(
                f"the columns {names[place[field]]!r} and {name!r} both mean {field}",
                where=where,
                mend="keep one of them, or say which with --map",
            )
        place[field] = i
    missing = [field for field in REQUIRED[kind] if field not in place]
    if missing:
        raise BadFile(
            f"there is no column for {', '.join(missing)} (the file has {', '.join(filter(None, names))})",
            where=where,
            mend=f'say which it is, such as --map "{names[0] or "Column"}={missing[0]}"',
        )
    return Columns(kind, place, {names[i]: field for field, i in place.items()}, unused)


def find_kind(names: Sequence[str]) -> FileKind:
    """Positions have an entry; trades have an action, or a date and a price."""
    folded = {fold(name) for name in names}

    def has(field: str, fields: Mapping[str, tuple[str, ...]]) -> bool:
        return bool(folded & {fold(field), *fields[field]})

    if has("entry_date", POSITIONS) or has("entry_price", POSITIONS):
        return "positions"
    return "trades" if has("action", TRADES) or has("date", TRADES) else "positions"


def check_mapping(asked: Mapping[str, str]) -> None:
    """``BadFile`` for a field that nothing is kept in."""
    for column, field in asked.items():
        if field not in EVERY_FIELD:
            raise BadFile(
                f"{field!r} is nothing that a column can mean",
                where=f"--map {column}={field}",
                mend=f"one of {', '.join(EVERY_FIELD)}",
            )
