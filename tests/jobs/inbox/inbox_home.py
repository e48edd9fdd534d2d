"""An inbox for tests: a home with one, files dropped into it, and what became of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from pacesetter.jobs.inbox.list_inbox import make_inbox
from pacesetter.jobs.inbox.report import InboxReport
from pacesetter.jobs.inbox.watch_inbox import watch_inbox
from pacesetter.jobs.workspace import Workspace
from tests.jobs.home import ask, with_home

T = TypeVar("T")
PRICES = "Date,Open,High,Low,Close,Volume\n2025-07-22,10,11,9,10.5,1000\n2025-07-23,10.5,12,10,11.5,1100\n"
TRADES = "Date,Action,Symbol,Quantity,Price\n2025-07-01,buy,AAPL,10,200\n2025-07-02,buy,MSFT,5,400\n"
BOXES = "box_id,date,floor_price_usd\nbox-1,2025-07-22,100\nbox-1,2025-07-23,101\n"


async def at_once(_: float) -> None:
    """No waiting until files settle."""


def in_inbox(home: Path, url: str | None, work: Callable[[Workspace, Path], Awaitable[T]]) -> T:
    """Work in a home with an inbox that has its folders."""

    async def main(ws: Workspace) -> T:
        make_inbox(ws.settings)
        return await work(ws, home / "inbox")

    return with_home(home, main, url=url)


async def look(ws: Workspace) -> InboxReport:
    """One look, without waiting."""
    return await watch_inbox(ws, sleep=at_once)


def drop(inbox: Path, place: str, content: str | bytes) -> Path:
    """A file in the inbox."""
    path = inbox / place
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def rows_of(ws: Workspace, where: str = "true") -> list[tuple[Any, ...]]:
    """Folder, name, status, place of all files, in the order of folders and names."""
    sql = (
        f"SELECT folder, name, status, moved_to FROM inbox_files WHERE {where} ORDER BY folder, name, status"
    )
    return await ask(ws, sql)


def lying(inbox: Path) -> list[str]:
    """What lies in the folders, but for the notes in them."""
    found = []
    for folder, _, names in os.walk(inbox):
        inside = Path(folder).relative_to(inbox).as_posix()
        if inside.split("/")[0] not in ("processed", "errors"):
            found += [f"{inside}/{name}" for name in names if name not in ("README.txt", ".lock")]
    return sorted(found)


def print_tree(folder: Path) -> list[tuple[Any, ...]]:
    """Everything below a folder that could be changed: names, kinds, links, contents, times."""
    found = []
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        at = path.relative_to(folder).as_posix()
        found.append((at, info.st_mode, info.st_nlink, info.st_size, info.st_mtime_ns, hash_of(content)))
    return found
