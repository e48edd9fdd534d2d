"""What became of a file of the inbox: for programs, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pacesetter.jobs.inbox.tree import Left
from pacesetter.providers.files.plain_text import Flaw, clean_line

MOST_FLAWS = 500  # that a report names
WORDS = {"applied": "taken in", "failed": "refused", "duplicate": "taken in before"}


@dataclass(frozen=True)
class Outcome:
    """What became of a file. ``status``: applied, failed or duplicate; ``moved_to``: where it lies now,
    within the inbox (None: where it was, for it could not be moved yet); ``summary``: one line."""

    file_id: str
    folder: str
    name: str
    status: str
    moved_to: str | None
    summary: str


@dataclass
class InboxReport:
    """One look: what became of each file, what was left where it is, and what waits for the next look.

    ``busy``: another process is looking at this moment, so nothing was done.
    """

    path: str
    files: list[Outcome] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    busy: bool = False

    def count(self, status: str) -> int:
        """How many files ended so."""
        return sum(one.status == status for one in self.files)


def tell_flaws(flaws: Sequence[Flaw]) -> list[dict[str, str]]:
    """Flaws as plain values, the first of them; the last entry says how many more there are."""
    told = [
        {"at": one.at, "what": clean_line(one.what, 500), "mend": clean_line(one.mend, 300)}
        for one in flaws[:MOST_FLAWS]
    ]
    if len(flaws) > MOST_FLAWS:
        told.append({"at": "", "what": f"and {len(flaws) - MOST_FLAWS:,} more", "mend": ""})
    return told


def summarise(report: Mapping[str, Any]) -> str:
    """One line for a list."""
    if report.get("summary"):
        return str(report["summary"])
    flaws = report.get("flaws") or [{"at": "", "what": ""}]
    first = flaws[0]
    return f"{first['at']}: {first['what']}" if first["at"] else str(first["what"])


def write_words(report: Mapping[str, Any]) -> str:
    """The report as a person reads it."""
    lines = [
        f"{report['name']}: {WORDS[report['status']]}",
        "",
        f"folder   {report['folder']}",
        f"at       {report['at']}",
        f"size     {report['size_bytes']:,} bytes",
        f"sha256   {report['sha256']}",
    ]
    if report.get("summary"):
        lines += ["", report["summary"]]
    if report.get("counts"):
        lines += ["", *(f"{name.replace('_', ' '):12} {n:,}" for name, n in report["counts"].items())]
    if report.get("said"):
        lines += ["", *(f"- {one}" for one in report["said"])]
    if report.get("flaws"):
        lines += ["", "What could not be taken in:"]
        for flaw in report["flaws"]:
            place = f"{flaw['at']}: " if flaw["at"] else ""
            lines.append(f"- {place}{flaw['what']}" + (f" — {flaw['mend']}" if flaw["mend"] else ""))
    return "\n".join(lines) + "\n"
