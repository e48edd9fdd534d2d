"""Small tables that people write by hand: comma, semicolon, tab or bar, with or without a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from pacesetter.kernel.errors import BadFile
from pacesetter.providers.files.plain_text import Flaw
from pacesetter.providers.files.table import SEPARATORS, decode

MOST_ROWS = 20_000
Line = tuple[int, list[str]]


def read_lines(data: bytes, name: str) -> tuple[list[Line], list[Flaw]]:
    """The rows with the line that each ends on; empty lines and comments (``#``) are left out.

    ``BadFile`` where there is none, or where there are too many.
    """
    text = decode(data, Path(name)).replace("\x00", "")
    rows: list[Line] = []
    flaws: list[Flaw] = []
    first = next((line for line in text.splitlines() if is_row(line)), None)
    if first is None:
        raise BadFile("the file is empty", where=name, mend="look at what it was saved from")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not stripped[0].startswith("#"):
                rows.append((reader.line_num, stripped))
            if len(rows) > MOST_ROWS:
                raise BadFile(f"it has more than {MOST_ROWS:,} rows", where=name, mend="split it")
    except csv.Error as error:
        flaws.append(Flaw(f"line {reader.line_num}", f"it cannot be read: {error}", "mend that line"))
    return rows, flaws


def is_row(line: str) -> bool:
    """Whether there is anything in a line."""
    bare = line.strip("\ufeff\x00 \t,;|")
    return bool(bare) and not bare.startswith("#")


def find_places(header: Sequence[str], spellings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each field stands in a header, by any of its spellings."""
    names = [" ".join(cell.casefold().replace("_", " ").split()) for cell in header]
    return {
        field: next(names.index(one) for one in known if one in names)
        for field, known in spellings.items()
        if any(one in names for one in known)
    }


def cell_of(cells: Sequence[str], place: int | None) -> str:
    """A cell, "" where the line ends before it."""
    return cells[place] if place is not None and place < len(cells) else ""


def read_number(text: str) -> float | None:
    """``1,234.50``, ``1.234,50``, ``$12`` and ``12,5`` as people mean them; None for what is no number."""
    bare = text.strip().strip("$£€").replace(" ", "").replace("\u00a0", "").replace("\u2212", "-")
    if "," in bare and "." in bare:
        mark = "," if bare.rindex(",") > bare.rindex(".") else "."
        bare = bare.replace("." if mark == "," else ",", "").replace(",", ".")
    elif "," in bare:
        parts = bare.split(",")
        thousands = len(parts[0].lstrip("-")) <= 3 and all(len(part) == 3 for part in parts[1:])
        bare = bare.replace(",", "" if thousands else ".")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in bare else None
