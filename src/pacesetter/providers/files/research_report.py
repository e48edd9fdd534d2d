"""A file of research: what its name says, and the text in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pacesetter.kernel.errors import BadDate, BadFile, InputError
from pacesetter.market.symbol import normalise_symbol
from pacesetter.providers.files.event_table import read_day, read_earnings, read_insiders
from pacesetter.providers.files.html_text import html_text
from pacesetter.providers.files.pdf_text import pdf_text
from pacesetter.providers.files.plain_text import MOST_CHARACTERS, Flaw, clean_line, clean_text
from pacesetter.providers.files.table import decode

KINDS = (".md", ".txt", ".html", ".htm", ".pdf", ".csv")
AT_LARGE = ("macro", "general")
WORDS = {"insider": "insider", "insiders": "insider", "news": "news", "earnings": "earnings"}
MOST_OF_TITLE = 200
NAMED = re.compile(r"([^_]{1,32})_(\d{8})(?:[_\- ]+(.*))?", re.ASCII | re.DOTALL)
DAY = re.compile(r"(?<!\d)(\d{8})(?!\d)[_\- ]*", re.ASCII)
MEND = "name it like AAPL_20250301_insider-purchase.csv, or put it in macro/ or general/"


@dataclass(frozen=True)
class ReportName:
    """What a file's name says of it; ``symbol`` None: of markets at large."""

    kind: str
    symbol: str | None
    noted_on: date
    title: str


@dataclass(frozen=True)
class Report:
    """The text of a report, what was read out of it, what is wrong in it, and what else to say."""

    body: str
    data: dict[str, Any] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def read_name(name: str, *, of: str, today: date) -> ReportName:
    """``of``: "" for TICKER_YYYYMMDD_title, or ``macro`` or ``general`` (the day may be left out there)."""
    stem = Path(name).stem
    if of:
        found = DAY.search(stem)
        on = read_day(found[1]) if found else today
        title = stem.replace(found[0], "", 1) if found else stem
        kind, symbol = of, None
    else:
        named = NAMED.fullmatch(stem)
        if named is None:
            raise BadFile("its name does not say what it is of", where=clean_line(name, 80), mend=MEND)
        try:
            symbol = normalise_symbol(named[1])
        except InputError:
            raise BadFile(
                f"{clean_line(named[1], 40)!r} cannot be a symbol", where=clean_line(name, 80), mend=MEND
            ) from None
        on, title = read_day(named[2]), named[3] or ""
        words = re.split(r"[\W_]+", title.strip().casefold())
        kind = WORDS.get(words[0], "research")
    if on is None or on > today or on.year < 1970:
        when = "is in the future" if on is not None and on > today else "is no day that can be"
        raise BadDate(f"the day in its name {when}", where=clean_line(name, 80), mend="write it as YYYYMMDD")
    title = clean_line(title.replace("_", " ").replace("-", " "), MOST_OF_TITLE)
    return ReportName(kind, symbol, on, title or kind)


def read_report(path: Path, kind: str) -> Report:
    """The text of a file by its ending; of insiders' trades and earnings as CSV the figures, too."""
    ending = path.suffix.casefold()
    if ending not in KINDS:
        raise BadFile(
            f"files of the kind {clean_line(ending, 20) or 'without an ending'} are not read here",
            where=clean_line(path.name, 80),
            mend=f"use one of {', '.join(KINDS)}",
        )
    if ending == ".pdf":
        found = pdf_text(path, MOST_CHARACTERS)
        said = (
            [] if found.read == found.pages else [f"of {found.pages} pages the first {found.read} were read"]
        )
        return checked(Report(clean_text(found.text), said=said), path.name)
    data = path.read_bytes()
    if ending == ".csv" and kind in ("insider", "earnings"):
        figures, flaws = (read_insiders if kind == "insider" else read_earnings)(data, path.name)
    else:
        figures, flaws = {}, []
    text = decode(data, path)
    said = [f"only its first {MOST_CHARACTERS:,} characters are kept"] if len(text) > MOST_CHARACTERS else []
    if ending in (".html", ".htm"):
        text = html_text(text, 2 * MOST_CHARACTERS)
    return checked(Report(clean_text(text), figures, flaws, said), path.name)


def checked(report: Report, name: str) -> Report:
    """The report; ``BadFile`` where nothing can be read in it."""
    if not report.body.strip():
        raise BadFile(
            "there is no text in it", where=clean_line(name, 80), mend="look at what it was saved from"
        )
    return report
