"""What came by the inbox and what became of it; a refused file put back; the folders made."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pacesetter.jobs.inbox.names import ERRORS, FOLDERS, INSIDE, PROCESSED, README
from pacesetter.jobs.inbox.places import NEW_FILE, move_back
from pacesetter.jobs.inbox.readme import TEXTS
from pacesetter.jobs.inbox.report import summarise
from pacesetter.jobs.inbox.tree import Left, hold, open_folder, open_root
from pacesetter.jobs.inbox.watch_inbox import SIMULATED, inbox_path, look_only
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadFile, InputError, UnknownName
from pacesetter.settings import Settings
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.inbox import InboxRow, inbox, list_newest

LISTED = 200


@dataclass(frozen=True)
class InboxFile:
    """A file that came. ``status``: applied, failed or duplicate; ``moved_to``: its place within the inbox,
    None where somebody took it away before it was moved; ``report``: as it lies beside the file."""

    id: str
    folder: str
    name: str
    status: str
    found_at: datetime
    moved_to: str | None
    size_bytes: int
    sha256: str
    summary: str
    report: dict[str, Any]


@dataclass(frozen=True)
class InboxView:
    """The inbox: what came, the newest first; what waits for the next look; what is left where it is."""

    path: str
    exists: bool
    files: list[InboxFile]
    waiting: list[str]
    left: list[Left]
    said: list[str]


async def list_inbox(ws: Workspace, *, status: str | None = None, limit: int = LISTED) -> InboxView:
    """What came and what became of it (of one ``status``), and what lies there now."""
    async with ws.db.read() as conn:
        rows = await list_newest(conn, limit, status)
    path = inbox_path(ws.settings)
    seen = await asyncio.to_thread(look_only, ws.settings)
    said = [] if path.is_dir() else ["there is no such folder: `pacesetter inbox make` makes it"]
    if ws.simulated and seen.files:
        said.append(SIMULATED)
    waiting = [f"{found.folder}/{found.shown}" for found in seen.files]
    return InboxView(str(path), path.is_dir(), [file_of(row) for row in rows], waiting, seen.left, said)


def file_of(row: InboxRow) -> InboxFile:
    """A row as people see it."""
    report = row.report or {}
    return InboxFile(
        id=str(row.id),
        folder=row.folder,
        name=row.name,
        status=row.status,
        found_at=row.found_at,
        moved_to=row.moved_to,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        summary=summarise(report),
        report=report,
    )


async def retry(ws: Workspace, file_id: str) -> str:
    """Put a refused file back where it came from, for the next look; its path within the inbox.

    ``file_id``: its id, or how that begins or ends. ``UnknownName`` for none, ``InputError`` for a file that
    was not refused, ``BadFile`` where it lies there no more.
    """
    wanted = file_id.casefold().replace("-", "")
    async with ws.db.read() as conn:
        rows = await list_newest(conn, 10_000)
    found = [r for r in rows if r.id.hex.startswith(wanted) or r.id.hex.endswith(wanted)] if wanted else []
    if len(found) != 1:
        how = "several files are" if found else "no file is"
        raise UnknownName(f"{how} called {file_id!r}", mend="`pacesetter inbox` lists them")
    row = found[0]
    if row.status != "failed" or row.moved_to is None or row.finished_at is None:
        raise InputError("only a refused file can be put back", where=row.name)
    back = await asyncio.to_thread(put_back, inbox_path(ws.settings), row)
    async with ws.db.write(content=False) as conn:
        await inbox.change(conn, row.id, moved_to=None)
        about = {"folder": row.folder, "name": row.name, "sha256": row.sha256}
        await write_entry(conn, "inbox.retried", about, at=ws.now())
    return back


def put_back(path: Path, row: InboxRow) -> str:
    """Move a refused file back."""
    try:
        with open_root(path) as root, hold(root) as alone:
            if not alone:
                raise InputError("another process is looking at this moment", mend="try again in a moment")
            return move_back(root, str(row.moved_to), row.folder, row.name)
    except OSError as error:
        raise BadFile(
            f"it cannot be put back: {error.strerror}",
            where=str(row.moved_to),
            mend="drop the file once more",
        ) from None


def make_inbox(settings: Settings) -> list[str]:
    """Make the folders, each with a README.txt that says what belongs there; what was made, by name.

    What is there already stays as it is. ``BadFile`` where it cannot be made.
    """
    path = inbox_path(settings)
    made: list[str] = []
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open_root(path) as root:
            write_readme(root, "", made)
            for folder in (*FOLDERS, PROCESSED, ERRORS):
                with open_folder(root, folder, make=True) as handle:
                    if folder in TEXTS:
                        write_readme(handle, folder, made)
                    for inner in INSIDE.get(folder, ()):
                        with open_folder(handle, inner, make=True) as inside:
                            write_readme(inside, f"{folder}/{inner}", made)
    except OSError as error:
        raise BadFile(
            f"the inbox cannot be made: {error.strerror}",
            where=str(path),
            mend="set PACESETTER_INBOX_FOLDER to a folder that can be written",
        ) from None
    return made


def write_readme(handle: int, folder: str, made: list[str]) -> None:
    """The note in one folder, where there is none."""
    with suppress(FileExistsError):
        file = os.open(README, NEW_FILE, 0o600, dir_fd=handle)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(TEXTS[folder])
        made.append(f"{folder}/{README}" if folder else README)
