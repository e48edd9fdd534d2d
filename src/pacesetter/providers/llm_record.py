"""What a language model was asked and what it answered, on disk, and what that took.

    <folder>/<sha256 of the request>.json     one question with its answer: found again, it is not asked
    <folder>/usage.jsonl                      one line a call

A record is there whole or not at all; the oldest ones go when there are too many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pacesetter.providers.llm import canonical

MOST_RECORDS = 20_000
MOST_USAGE_BYTES = 4_000_000


@dataclass(frozen=True)
class Use:
    """A call: its night (ISO, or ``try``), tokens ``estimated`` before and ``charged`` after it.

    ``problem``: why it gave no text; empty where it did. ``sha``: of the request.
    """

    night: str
    asked_at: str
    sha: str
    estimated: int
    charged: int
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether the endpoint took more than was estimated."""
        return self.charged > self.estimated


@dataclass(frozen=True)
class LlmRecord:
    """The folder of one installation."""

    folder: Path
    most: int = MOST_RECORDS

    def find(self, request: Mapping[str, Any]) -> bytes | None:
        """The body that answered a request before; None where there is none, or it is damaged."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._path(digest(request)).read_text("utf-8"))
            if canonical(kept["request"]) == canonical(request) and isinstance(kept["answer"], str):
                return str(kept["answer"]).encode()
        return None

    def keep(self, request: Mapping[str, Any], answer: bytes) -> None:
        """Keep a question with the body of its answer."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = {"request": request, "answer": answer.decode("utf-8", "replace")}
        replace_file(self._path(digest(request)), canonical(kept))
        self._drop_oldest()

    def note(self, use: Use) -> None:
        """Add a call to the list of them."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / "usage.jsonl"
        line = canonical(asdict(use)) + b"\n"
        with suppress(FileNotFoundError):
            if path.stat().st_size + len(line) > MOST_USAGE_BYTES:
                newest = path.read_bytes()[-MOST_USAGE_BYTES // 2 :]
                replace_file(path, newest.partition(b"\n")[2])
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def uses(self) -> list[Use]:
        """Every call that is known, the oldest first; damaged lines are passed over."""
        found = []
        with suppress(FileNotFoundError):
            for line in (self.folder / "usage.jsonl").read_bytes().splitlines():
                with suppress(ValueError, TypeError):
                    one = Use(**json.loads(line))
                    if type(one.charged) is int and type(one.estimated) is int:
                        found.append(one)
        return found

    def count(self) -> int:
        """How many answers are kept."""
        return sum(1 for _ in self.folder.glob("*.json")) if self.folder.is_dir() else 0

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _drop_oldest(self) -> None:
        kept = list(self.folder.glob("*.json"))
        if len(kept) > self.most:
            kept.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
            for path in kept[: len(kept) - self.most]:
                path.unlink(missing_ok=True)


def digest(request: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of a request."""
    return sha256(canonical(request)).hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one, at any time; readable by its owner only."""
    half = path.with_suffix(f".{os.getpid()}.half")
    try:
        with half.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
