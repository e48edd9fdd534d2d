"""The text of a PDF, taken by a process of its own that is ended when it takes too long."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pacesetter.kernel.errors import BadFile

READER = Path(__file__).with_name("pdf_child.py")
MOST_PAGES = 200
MOST_BYTES = 30_000_000
DEADLINE_S = 30.0
MEND = "save its text as .txt, and drop that"


@dataclass(frozen=True)
class PdfText:
    """The text of the first ``read`` of ``pages`` pages."""

    text: str
    pages: int
    read: int


def pdf_text(path: Path, most: int, *, deadline_s: float = DEADLINE_S) -> PdfText:
    """At most ``most`` characters of the first 200 pages. ``BadFile`` where there is no text to be had."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(f"a PDF of more than {MOST_BYTES // 10**6} MB is not read", where=path.name, mend=MEND)
    call = [sys.executable, "-I", str(READER), str(path), str(MOST_PAGES), str(most)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and a path of our own making
            call, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadFile(
            f"its text could not be had within {deadline_s:.0f} seconds", where=path.name, mend=MEND
        ) from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {"why": "reading it needs more time or memory than it may have"}
    if "why" in found:
        raise BadFile(f"it is no PDF whose text can be had: {found['why']}", where=path.name, mend=MEND)
    if not found["text"].strip():
        raise BadFile("the PDF holds pictures and no text", where=path.name, mend=MEND)
    return PdfText(found["text"], found["pages"], found["read"])
