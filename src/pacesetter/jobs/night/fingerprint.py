"""What a night read and what it made, each as one SHA-256: equal prints, equal nights, on any machine.

Ids and the instants of writing are not in them; two homes that were filled alike print alike.
"""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Any

import polars as pl

from pacesetter.jobs.report.night_made import NightMade
from pacesetter.kernel.hash_chain import spell
from pacesetter.kernel.plain import plain_json

IDS = ("id", "stock_id", "portfolio_id", "trade_id", "user_id", "answered_by")
WRITTEN = ("created_at", "updated_at")


def print_inputs(made: NightMade) -> str:
    """SHA-256 (hex) of the evidence and of how the agents were set."""
    evidence = made.evidence
    rest = {
        "on": evidence.on,
        "known_until": evidence.known_until,
        "regime": evidence.regime,
        "favours": evidence.favours,
        "texts": [text.sha256 for text in evidence.texts],
        "screens": evidence.screens,
        "settings": [made.settings[name] for name in sorted(made.settings)],
        "desk": [made.desk.name, made.desk.version],
    }
    frames = [_bytes_of(frame) for frame in (evidence.facts, evidence.before, evidence.ranks)]
    return _print(rest, *frames)


def print_made(made: NightMade, report: str) -> str:
    """SHA-256 (hex) of all that a night made; ``report``: the print of its report's content."""
    rest = {
        "found": made.found,
        "queue": [made.queue.entries, made.queue.transitions, made.queue.resting],
        "opinions": made.opinions,
        "told": {f"{symbol} {analyst}": said for (symbol, analyst), said in made.told.items()},
        "decisions": [without_ids(row) for row in made.decisions],
        "watched": [[without_ids(one.after), one.change, one.reason] for one in made.watched],
        "report": report,
    }
    return _print(rest, _bytes_of(made.convergence.frame))


def without_ids(row: Any) -> dict[str, Any]:
    """A stored row as it would be in every home that was filled alike."""
    names = (field.name for field in fields(row) if field.name not in (*IDS, *WRITTEN))
    return {name: getattr(row, name) for name in names}


def _bytes_of(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()  # floats in their shortest spelling that reads back the same


def _print(rest: dict[str, Any], *parts: bytes) -> str:
    made = sha256(spell(plain_json(rest)).encode())
    for part in parts:
        made.update(sha256(part).digest())
    return made.hexdigest()
