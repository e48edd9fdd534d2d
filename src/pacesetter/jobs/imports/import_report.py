"""What an import did, row by row where a row was refused."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import BadFile


@dataclass(frozen=True)
class Kept:
    """What an import is about to commit: its figures, what to say, and the rows that it refused."""

    import_id: UUID | None
    counts: Mapping[str, int]
    said: Sequence[str]
    refused: pl.DataFrame = field(default_factory=pl.DataFrame)


Note = Callable[[AsyncConnection, Kept], Awaitable[None]]


async def note_nothing(conn: AsyncConnection, kept: Kept) -> None:
    """The note of an import that nobody else has to know of."""


@dataclass(frozen=True)
class ImportReport:
    """The fate of every row: ``read`` = ``stored`` + ``quarantined`` + ``refused``."""

    kind: str
    file: str
    dry_run: bool
    import_id: UUID | None
    read: int
    stored: int
    inserted: int
    changed: int
    unchanged: int
    quarantined: int
    refused: int
    released: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    refused_rows: list[str] = field(default_factory=list)  # the first of them, in words
    report_path: Path | None = None
    took_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        plain = dict(vars(self))
        plain["import_id"] = str(self.import_id) if self.import_id else None
        plain["report_path"] = str(self.report_path) if self.report_path else None
        return plain


def hash_content(path: Path) -> str:
    """SHA-256 of a file's bytes, or of a folder's files in the order of their names."""
    digest = hashlib.sha256()
    for part in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if part.is_file():
            with part.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def write_refused(folder: Path, refused: pl.DataFrame) -> Path | None:
    """Keep the refused rows as ``refused.csv`` in the import's own folder; whole or not at all."""
    if refused.is_empty():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path, half = folder / "refused.csv", folder / "refused.csv.part"
    refused.write_csv(half)
    os.replace(half, path)
    return path


def refuse_empty(path: Path, *frames: pl.DataFrame) -> None:
    """``BadFile`` for a file with a header and nothing else: an export that went wrong looks like that."""
    if all(frame.is_empty() for frame in frames):
        raise BadFile("it has no rows", where=str(path), mend="look at what it was exported from")
