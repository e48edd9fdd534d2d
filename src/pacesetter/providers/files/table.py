"""Read one file as a table of text or typed columns, with row numbers, whatever its dialect."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from pacesetter.kernel.errors import BadFile

PARQUET = (".parquet", ".pq")
TEXT = (".csv", ".txt", ".tsv")
SEPARATORS = (",", ";", "\t", "|")


def read_table(path: Path) -> pl.DataFrame:
    """The file's rows and ``row`` (1 = the first after the header). ``BadFile`` says what is wrong."""
    if not path.exists():
        raise BadFile("there is no such file", where=str(path), mend="check the path")
    suffix = path.suffix.casefold()
    if suffix in PARQUET:
        return read_parquet(path)
    if suffix not in TEXT:
        known = ", ".join((*TEXT, *PARQUET))
        raise BadFile(
            f"files of the kind {suffix or 'without an ending'} cannot be read",
            where=str(path),
            mend=f"use one of {known}",
        )
    return read_text(path)


def read_parquet(path: Path) -> pl.DataFrame:
    """A Parquet file."""
    try:
        frame = pl.read_parquet(path)
    except Exception as error:  # the reader raises whatever the bytes provoke
        cause = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadFile(f"it is no readable Parquet file: {cause}", where=str(path)) from None
    return frame.with_row_index("row", offset=1)


def read_text(path: Path) -> pl.DataFrame:
    """A CSV file: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; all columns as text."""
    text = decode(path.read_bytes(), path)
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise BadFile("the file is empty", where=str(path))
    separator = max(SEPARATORS, key=lambda s: lines[0].count(s))
    try:
        header = next(csv.reader([lines[0]], delimiter=separator))
    except csv.Error as error:
        raise BadFile(f"it cannot be read as CSV: {error}", where=f"{path}, line 1") from None
    check_widths(text, separator, len(header), path)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            infer_schema=False,
            null_values=[""],
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        raise BadFile(f"it cannot be read as CSV: {str(error).splitlines()[0]}", where=str(path)) from None
    return frame.with_row_index("row", offset=1)


def decode(data: bytes, path: Path) -> str:
    """Text from bytes by their mark, else UTF-8, else Windows-1252; binary is refused."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise BadFile(
                "it begins as UTF-16 text, but goes on as none", where=str(path), mend="save it as UTF-8"
            ) from None
    if b"\x00" in data[:4096]:
        raise BadFile("it is no text file", where=str(path), mend="save it as CSV or Parquet")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def check_widths(text: str, separator: str, width: int, path: Path) -> None:
    """Every line has as many fields as the header, so that no value slips into another column."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for fields in reader:
            if fields and len(fields) != width:
                raise BadFile(
                    f"the line has {len(fields)} fields, the header {width}",
                    where=f"{path}, line {reader.line_num}",
                    mend="mend that line; a comma inside a value needs quotes",
                )
    except csv.Error as error:  # no text file at all, or a quote that is never closed
        raise BadFile(f"it cannot be read as CSV: {error}", where=f"{path}, line {reader.line_num}") from None
