"""Read a file of positions or trades: all of it, or all that is wrong with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from pacesetter.kernel.errors import BadFile
from pacesetter.providers.files.portfolio_cells import Fault, find_mark
from pacesetter.providers.files.portfolio_columns import Columns, FileKind, check_mapping, find_columns
from pacesetter.providers.files.portfolio_row import Row
from pacesetter.providers.files.portfolio_rows import TradeRow, read_position, read_trade
from pacesetter.providers.files.table import SEPARATORS, decode

MOST_ROWS = 200_000
NUMBERS = ("quantity", "entry_price", "exit_price", "price", "amount", "commission", "strike")


@dataclass(frozen=True)
class PortfolioFile:
    """What a file holds. ``trades`` is complete only where ``faults`` is empty: it is all or nothing."""

    name: str
    kind: FileKind
    mapping: dict[str, str]
    unused: list[str]
    rows_read: int
    trades: list[TradeRow]
    faults: list[Fault]
    symbols: dict[int, str] = field(default_factory=dict)  # by line, as the file spells them
    said: list[str] = field(default_factory=list)
    newest_first: bool = False  # its days fall: of one day's trades, the last line was done first


def read_portfolio(
    data: bytes, name: str, *, latest: date, mapping: Mapping[str, str] | None = None
) -> PortfolioFile:
    """Read a CSV file (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; ``#`` starts a comment).

    ``latest``: the newest date that can have been; ``mapping``: column → field, as a person said.
    ``BadFile`` where it is no such file at all; mistakes in its rows are ``faults``.
    """
    mapping = dict(mapping or {})
    check_mapping(mapping)
    text = decode(data, Path(name))
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if is_content(line)]
    if not lines:
        raise BadFile("the file is empty", where=name)
    header_line, header = lines[0]
    separator = max(SEPARATORS, key=lambda mark: header.count(mark))
    names = split(header, separator)
    if names is None:
        raise BadFile("a quote of the header is not closed", where=f"{name}, line {header_line}")
    columns = find_columns(names, mapping, f"{name}, line {header_line}")
    if len(lines) == 1:
        raise BadFile("it has no rows", where=name, mend="look at what it was exported from")
    if len(lines) > MOST_ROWS:
        raise BadFile(f"it has more than {MOST_ROWS:,} rows", where=name, mend="split it")
    faults: list[Fault] = []
    cells = list(read_cells(lines[1:], separator, names, columns, faults))
    mark = find_mark(own[f] for _, _, own in cells for f in NUMBERS if own.get(f, "").strip())
    trades, symbols = read_rows(cells, columns, mark, faults, latest)
    if columns.kind == "positions":
        faults += find_doubles(cells, trades)
    faults.sort(key=lambda fault: fault.line)
    said = [f"columns that were not used: {', '.join(columns.unused)}"] if columns.unused else []
    return PortfolioFile(
        name=name,
        kind=columns.kind,
        mapping=columns.mapping,
        unused=columns.unused,
        rows_read=len(lines) - 1,
        trades=trades,
        faults=faults,
        symbols=symbols,
        said=said,
        newest_first=columns.kind == "trades" and days_fall(trades),
    )


Cells = tuple[int, int, dict[str, str]]


def is_content(line: str) -> bool:
    """Whether a line is a row: not empty, not only separators, no comment."""
    bare = line.strip()
    return bool(bare.strip(",;\t| ")) and not bare.startswith("#")


def split(line: str, separator: str) -> list[str] | None:
    """The fields of one line; None where a quote is not closed."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return None


def read_cells(
    lines: list[tuple[int, str]], separator: str, names: list[str], columns: Columns, faults: list[Fault]
) -> Iterator[Cells]:
    """The cells of each line by field; a line with another number of fields is a fault."""
    for row, (line, content) in enumerate(lines, 2):
        fields = split(content, separator)
        if fields is None:
            mend = "close it; a value ends on its own line"
            faults.append(Fault(line, row, None, content[:80], "a quote is opened and not closed", mend))
        elif len(fields) != len(names):
            reason = f"the line has {len(fields)} fields, the header {len(names)}"
            mend = "a comma inside a value needs quotes around it"
            faults.append(Fault(line, row, None, content[:80], reason, mend))
        else:
            yield line, row, {name: fields[place] for name, place in columns.place.items()}


def read_rows(
    cells: list[Cells], columns: Columns, mark: str | None, faults: list[Fault], latest: date
) -> tuple[list[TradeRow], dict[int, str]]:
    """The trades of all rows; mistakes go to ``faults``."""
    shown = {name: column for column, name in columns.mapping.items()}
    sure = mark is None or shows_point(cells) or mark == ","
    read = read_position if columns.kind == "positions" else read_trade
    trades: list[TradeRow] = []
    symbols: dict[int, str] = {}
    for line, number, own in cells:
        row = Row(line, number, own, shown, mark, sure, latest)  # type: ignore[arg-type]
        trades += read(row)
        faults += row.faults
        symbols[line] = row.cell("symbol") or row.cell("underlying")
    return trades, symbols


def shows_point(cells: list[Cells]) -> bool:
    """Whether some number has a decimal point, so that commas between digits part thousands."""
    return any("." in own.get(name, "") for _, _, own in cells for name in NUMBERS)


def days_fall(trades: list[TradeRow]) -> bool:
    """Whether the days of a file go back more often than on, from line to line."""
    steps = [(after.traded_on - before.traded_on).days for before, after in pairwise(trades)]
    return sum(step < 0 for step in steps) > sum(step > 0 for step in steps)


def find_doubles(cells: list[Cells], trades: list[TradeRow]) -> list[Fault]:
    """Positions that are there twice: a list of what is held has each lot once."""
    meant: dict[int, list[TradeRow]] = {}
    for trade in trades:
        meant.setdefault(trade.line, []).append(replace(trade, line=0, note=None))
    first: dict[tuple[Any, ...], tuple[int, int]] = {}
    found = []
    for line, row, own in cells:
        as_written = tuple(" ".join(own[name].split()).casefold() for name in sorted(own) if name != "note")
        key = tuple(meant[line]) if line in meant else as_written  # a faulty row means nothing yet
        if key in first:
            reason = f"the same position stands in line {first[key][0]} (row {first[key][1]})"
            mend = "keep one of them; two equal purchases belong into a file of trades"
            found.append(Fault(line, row, None, own.get("symbol") or own.get("underlying"), reason, mend))
        else:
            first[key] = (line, row)
    return found
