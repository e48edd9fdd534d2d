"""On which line of its file a row begins, as an editor or a spreadsheet counts: the header is line 1."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pacesetter.providers.files.table import SEPARATORS, TEXT, decode


def number_lines(path: Path) -> list[int] | None:
    """The line on which each row of a text file begins, the first row first; None for other files.

    A row is longer than a line where a cell within quotes holds line breaks; an empty line is a row.
    """
    if path.suffix.casefold() not in TEXT:
        return None
    text = decode(path.read_bytes(), path)
    separator = max(SEPARATORS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begun = []
    last = 0
    for _ in reader:
        begun.append(last + 1)
        last = reader.line_num
    return begun[1:]
