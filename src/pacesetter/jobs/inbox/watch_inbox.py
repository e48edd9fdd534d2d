"""One look at the watched folder: what has settled is taken in, each content once, and moved away."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from pacesetter.jobs.inbox.report import InboxReport
from pacesetter.jobs.inbox.taking import Desk, end_moved, take_file
from pacesetter.jobs.inbox.tree import Changed, Found, Left, Seen, hold, look_around, open_root
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import PacesetterError, StoreError
from pacesetter.settings import Settings

log = logging.getLogger("pacesetter.inbox")
Sleep = Callable[[float], Awaitable[None]]
SIMULATED = "the market here is SIMULATED, so files wait: `pacesetter inbox look` takes them into real data"
UNSETTLED = Left("", "it has just changed, or is still being written", "it is looked at again in a minute")


def inbox_path(settings: Settings) -> Path:
    """The folder that is watched."""
    return (settings.inbox_folder or settings.home / "inbox").expanduser()


def holds_files(settings: Settings) -> bool:
    """Whether anything lies ready, without opening a database."""
    try:
        with open_root(inbox_path(settings)) as root:
            return bool(look_around(root).files)
    except OSError:
        return False


async def watch_inbox(ws: Workspace, *, sleep: Sleep = asyncio.sleep) -> InboxReport:
    """Look once. Nothing that lies there can raise: what cannot be used is moved to ``errors/`` with a
    report, what cannot be moved or read is left and told. ``StoreError`` never leaves here either."""
    path = inbox_path(ws.settings)
    report = InboxReport(str(path))
    try:
        with open_root(path) as root, hold(root) as alone:
            if not alone:
                report.busy = True
                report.said.append("another process is looking at this moment")
            elif ws.simulated:
                report.left = (await asyncio.to_thread(look_around, root)).left
                report.said.append(SIMULATED)
            else:
                await look(ws, root, report, sleep)
    except (FileNotFoundError, NotADirectoryError):
        report.said.append("there is no such folder: `pacesetter inbox make` makes it")
    except (OSError, StoreError) as error:
        log.error("the inbox could not be looked at", exc_info=error)
        report.said.append(f"it could not be looked at: {in_words(error)}")
    return report


async def look(ws: Workspace, root: int, report: InboxReport, sleep: Sleep) -> None:
    """Take in what has not changed for the settling time."""
    clear_copies(ws.home.root)
    seen = await asyncio.to_thread(look_around, root)
    report.left = seen.left
    copies = Path(tempfile.mkdtemp(prefix=f"inbox-{os.getpid()}-", dir=ws.home.root))
    try:
        desk = Desk(ws, root, copies)
        await end_moved(desk, {(found.folder, found.shown) for found in seen.files})
        if seen.files:
            await sleep(ws.settings.inbox_settle_s)
            settled = set((await asyncio.to_thread(look_around, root)).files)
            for found in seen.files:
                if found not in settled:
                    report.left.append(left_of(found, UNSETTLED.reason, UNSETTLED.mend))
                elif not await take_one(desk, found, report):
                    break
    finally:
        shutil.rmtree(copies, ignore_errors=True)


async def take_one(desk: Desk, found: Found, report: InboxReport) -> bool:
    """One file; whether there is any sense in going on with the next one."""
    try:
        report.files.append(await take_file(desk, found))
    except Changed:
        report.left.append(left_of(found, UNSETTLED.reason, UNSETTLED.mend))
    except StoreError as error:
        report.said.append(f"stopped at {found.folder}/{found.shown}: {error}")
        return False
    except OSError as error:
        report.left.append(
            left_of(found, f"it cannot be read or moved: {in_words(error)}", "look at its rights")
        )
    except Exception as error:
        log.exception("%s/%s is left where it is", found.folder, found.shown)
        report.left.append(
            left_of(found, f"unexpected: {in_words(error)}", "the log has more; please report it")
        )
    return True


def left_of(found: Found, reason: str, mend: str) -> Left:
    """A file that is left where it is."""
    return Left(f"{found.folder}/{found.shown}", reason, mend)


def in_words(error: Exception) -> str:
    """An error without the addresses of this machine."""
    if isinstance(error, PacesetterError):
        return str(error)
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def clear_copies(home: Path) -> None:
    """Take away the copies of looks whose process is dead."""
    for folder in home.glob("inbox-*-*"):
        parts = folder.name.split("-")
        if folder.is_dir() and not folder.is_symlink() and parts[1].isdecimal() and not lives(int(parts[1])):
            shutil.rmtree(folder, ignore_errors=True)


def lives(process: int) -> bool:
    """Whether a process of that number runs, and it is not this one."""
    with suppress(ProcessLookupError, OverflowError):
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        return process != os.getpid()
    return False


def look_only(settings: Settings) -> Seen:
    """What lies there now, touched by nobody; nothing where there is no such folder."""
    try:
        with open_root(inbox_path(settings)) as root:
            return look_around(root)
    except OSError:
        return Seen()
