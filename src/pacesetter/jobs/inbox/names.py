"""Names of the inbox: its folders, which files wait or are passed over, and how a name may be kept."""

from __future__ import annotations

from pacesetter.providers.files.plain_text import clean_line

FOLDERS = ("prices", "boxes", "portfolios", "ticker-lists", "manual-stocks", "research-reports")
INSIDE = {"research-reports": ("macro", "general")}  # folders within a folder
PROCESSED, ERRORS, README, LOCK = "processed", "errors", "README.txt", ".lock"
OWN = {PROCESSED, ERRORS, README}
HALF_WRITTEN = (".part", ".tmp", ".crdownload", ".partial", ".download", ".swp")
MOST_BYTES = 180  # of a name that is kept, so that a report beside it has a name, too
REPORTS = (".report.json", ".report.txt")


def is_half_written(name: str) -> bool:
    """Whether programs call files so that they have not finished; dot-files are such, too."""
    return name.startswith((".", "~$")) or name.casefold().endswith(HALF_WRITTEN)


def keep_name(name: str) -> str:
    """The name that a file is kept under: plain, on one line, neither a path nor too long.

    The ending stays, for it says what kind of file it is. Bytes that are no text become question marks.
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = "".join("_" if c in '/\\:*?"<>|\ufffd' or not c.isprintable() else c for c in text)
    text = clean_line(text, 255).lstrip(". ") or "file"
    stem, point, ending = text.rpartition(".")
    if not point or len(ending) > 12:
        stem, ending = text, ""
    return shorten(stem, MOST_BYTES - len(ending.encode()) - 1).rstrip(". ") + (
        f".{ending}" if ending else ""
    )


def shorten(text: str, most_bytes: int) -> str:
    """As much of the text as ``most_bytes`` of UTF-8 hold."""
    return text.encode()[:most_bytes].decode("utf-8", "ignore")


def number_name(name: str, n: int) -> str:
    """``prices.csv`` → ``prices (2).csv``, where the name itself is taken."""
    stem, point, ending = name.rpartition(".")
    return f"{stem} ({n}).{ending}" if point and len(ending) <= 12 else f"{name} ({n})"
