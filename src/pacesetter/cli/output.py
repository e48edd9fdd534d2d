"""What a command shows: data on stdout as tables, JSON or CSV; everything else on stderr."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pacesetter.cli.options import Options

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 200  # of tables that go into a file or a pipe
FRACTION = re.compile(r"-?\d+(/\d+)?\Z")
WRAPPED = 40  # text columns that are wider may wrap


def plain(value: Any) -> str:
    """A value as text; nothing for None."""
    return "" if value is None else str(value)


def decimals(places: int) -> Callable[[Any], str]:
    """Numbers with a fixed number of decimals; a dash for a missing one."""
    return lambda value: "–" if value is None else f"{value:.{places}f}"


def signed(value: Any) -> str:
    """A number with its sign; what rounds to nothing has none."""
    if value is None:
        return "–"
    text = f"{value:+.3f}"
    return text if text.strip("+-0.") else "0.000"


def compact(value: Any) -> str:
    """A number of any size in five digits."""
    return "–" if value is None else f"{value:.5g}"


def moment(value: Any) -> str:
    """An instant to the minute, in UTC."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Column:
    """A column: its name (also the CSV header), how it is written, to which side it is set."""

    name: str
    write: Callable[[Any], str] = plain
    right: bool = False
    wide_only: bool = False  # left out where the terminal has no room for all columns
    if_any: bool = False  # left out where it says nothing
    only: Literal["", "text", "csv"] = ""  # a column for people, or for programs
    note: str = ""  # said below, where the column is shown


@dataclass
class Table:
    """Rows of raw values under columns; ``foot`` is said below."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    foot: str = ""
    marks: dict[int, str] = field(default_factory=dict)  # style by row


def show(options: Options, payload: Any, *tables: Table) -> None:
    """Print ``payload`` as JSON, the first table as CSV, or all tables."""
    if options.json:
        print_json(payload)
    elif options.csv:
        print_csv(tables[0])
    else:
        console = make_console(options)
        for table in tables:
            print_table(console, table)


def print_json(payload: Any) -> None:
    """JSON in UTF-8, dates in ISO, NaN as null."""
    import orjson

    def simple(value: Any) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        return str(value)

    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(payload, default=simple, option=orjson.OPT_INDENT_2) + b"\n")


def print_csv(table: Table) -> None:
    """Raw values: numbers in full, dates in ISO, nothing for None."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    places = [i for i, column in enumerate(table.columns) if column.only != "text"]
    writer.writerow([table.columns[i].name for i in places])
    writer.writerows([[cell(row[i]) for i in places] for row in table.rows])


def cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is kept text by a leading quote."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and not FRACTION.match(value):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def make_console(options: Options, *, stderr: bool = False) -> Console:
    """A rich console; NO_COLOR and --no-color are honoured, files and pipes get plain, wide text."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        width=None if stream.isatty() else WIDTH,
        no_color=True if options.no_color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def natural_width(column: Column, texts: Sequence[str]) -> int:
    """Characters that a column asks for, with the space beside it; long text may wrap."""
    from rich.cells import cell_len

    widest = max((cell_len(line) for text in texts for line in text.splitlines()), default=0)
    return max(cell_len(column.name), widest if column.right else min(widest, WRAPPED)) + 3


def print_table(console: Console, table: Table) -> None:
    """One table, without the columns that a narrow terminal has no room for."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    texts = [
        [clean(c.write(value)) for c, value in zip(table.columns, row, strict=True)] for row in table.rows
    ]
    said = [
        i
        for i, column in enumerate(table.columns)
        if column.only != "csv" and (not column.if_any or any(t[i] for t in texts))
    ]
    fits = sum(natural_width(table.columns[i], [t[i] for t in texts]) for i in said) <= console.width
    shown = [i for i in said if fits or not table.columns[i].wide_only]
    grid = RichTable(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, title_style="bold")
    for i in shown:
        column = table.columns[i]
        solid = column.right or i == shown[0] or column.name in ("symbol", "id")
        grid.add_column(column.name, justify="right" if column.right else "left", no_wrap=solid)
    for n, row in enumerate(texts):
        grid.add_row(*(Text(row[i]) for i in shown), style=table.marks.get(n))
    if table.title:
        console.print(Text(clean(table.title), style="bold"))
    if texts:
        console.print(grid)
    notes = dict.fromkeys(note for i in shown if texts and (note := table.columns[i].note))
    foot = "\n".join([*([table.foot] if table.foot else []), *notes])
    if foot:
        console.print(Text(clean(foot)))


def clean(text: str) -> str:
    """Text from files without what would steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def say(options: Options, *lines: str) -> None:
    """Lines for the person at the terminal, on stderr; nothing with --quiet."""
    if not options.quiet:
        for line in lines:
            print(clean(line), file=sys.stderr, flush=True)


def warn_simulated(options: Options, simulated: bool) -> None:
    """Say loudly that these figures are invented, whatever the form of the output."""
    if simulated:
        print("SIMULATED DATA: an invented market, no real prices", file=sys.stderr, flush=True)
