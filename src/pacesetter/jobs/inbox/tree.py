"""The inbox as files: found, read and moved by handles of folders, so that no name and no link leads outside.

Every folder is opened within the one above it and never through a link; a file is opened so, too, and read
only where it is a regular one with a single name. Whoever swaps a file or a folder meanwhile is noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pacesetter.jobs.inbox.names import FOLDERS, INSIDE, LOCK, OWN, README, is_half_written, keep_name
from pacesetter.kernel.errors import BadFile

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
PLAIN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not hold us up
MOST_ENTRIES = 20_000  # that are looked at in one folder
CHUNK = 1 << 20
NO_LINK = "put the file itself here"

Mark = tuple[int, int, int, int]  # device, inode, size in bytes, mtime in ns: what a file is known again by


class Changed(Exception):
    """The file is not what it was a moment ago: it is looked at again later."""


@dataclass(frozen=True)
class Found:
    """A file that lies in the inbox: ``within`` is the folder inside of ``folder``, "" for none."""

    folder: str
    within: str
    name: str
    mark: Mark

    @property
    def shown(self) -> str:
        """Its name as people see it, and as it is noted."""
        kept = keep_name(self.name)
        return f"{self.within}/{kept}" if self.within else kept


@dataclass(frozen=True)
class Left:
    """Something in the inbox that is left where it is, and why."""

    path: str
    reason: str
    mend: str = ""


@dataclass
class Seen:
    """What a look at the folders found."""

    files: list[Found] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@contextmanager
def open_root(path: Path) -> Iterator[int]:
    """A handle of the inbox itself, the only folder that may be named through a link: its owner named it."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def open_folder(above: int, *names: str, make: bool = False) -> Iterator[int]:
    """A handle of a folder within another, level by level; ``make`` makes what is not there."""
    handle = os.dup(above)
    try:
        for name in names:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=handle)
            inner = os.open(name, DIRECTORY, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


@contextmanager
def hold(root: int) -> Iterator[bool]:
    """Whether this process is the only one to work on the inbox, until the end; a dead one holds nothing."""
    handle = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=root)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def look_around(root: int) -> Seen:
    """All files that lie ready, folder by folder in the order of their names, and what is left alone."""
    seen = Seen()
    for entry, info in entries(root):
        shown = keep_name(entry)
        if entry in FOLDERS and not stat.S_ISDIR(info.st_mode):
            seen.left.append(Left(shown, "it stands where a folder should be", "`pacesetter inbox make`"))
        elif entry not in FOLDERS and entry not in OWN and not entry.startswith("."):
            mend = f"put it into one of {', '.join(FOLDERS)}"
            seen.left.append(Left(shown, "what lies outside of the folders is not looked at", mend))
    for folder in FOLDERS:
        for within in ("", *INSIDE.get(folder, ())):
            names = [folder, *([within] if within else [])]
            with suppress(OSError), open_folder(root, *names) as handle:  # else the level above has told
                look_into(handle, folder, within, seen)
    return seen


def look_into(handle: int, folder: str, within: str, seen: Seen) -> None:
    """One folder."""
    inside = INSIDE.get(folder, ()) if not within else ()
    for name, info in entries(handle):
        kept = keep_name(name)
        path = "/".join(part for part in (folder, within, kept) if part)
        kind = info.st_mode
        if name in inside and stat.S_ISDIR(kind):
            continue
        if name == README:
            continue
        if stat.S_ISLNK(kind):
            seen.left.append(Left(path, "it is a link, and links are never followed", NO_LINK))
        elif stat.S_ISDIR(kind):
            seen.left.append(Left(path, "folders in here are not looked into", "put the files one level up"))
        elif not stat.S_ISREG(kind):
            seen.left.append(Left(path, "it is a pipe, a socket or a device, and no file", NO_LINK))
        elif is_half_written(name):
            seen.left.append(Left(path, "by its name it is still being written", "give it its final name"))
        elif info.st_nlink != 1:
            seen.left.append(Left(path, "the file has a second name elsewhere", "put a copy of it here"))
        else:
            seen.files.append(Found(folder, within, name, mark_of(info)))


def entries(handle: int) -> list[tuple[str, os.stat_result]]:
    """The entries of a folder by name, none of them followed; one that goes meanwhile is left out."""
    found = []
    with os.scandir(handle) as scan:
        for entry in scan:
            with suppress(FileNotFoundError):
                found.append((entry.name, os.stat(entry.name, dir_fd=handle, follow_symlinks=False)))
            if len(found) >= MOST_ENTRIES:
                break
    return sorted(found, key=lambda one: os.fsencode(one[0]))


def mark_of(info: os.stat_result) -> Mark:
    """What a file is known again by."""
    return (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)


def is_plain(info: os.stat_result) -> bool:
    """Whether it is a regular file with one name."""
    return stat.S_ISREG(info.st_mode) and info.st_nlink == 1


@contextmanager
def open_source(root: int, found: Found) -> Iterator[int]:
    """A handle of the folder that a file was found in; ``Changed`` where it is gone."""
    names = [found.folder, *([found.within] if found.within else [])]
    try:
        with open_folder(root, *names) as handle:
            yield handle
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Changed from error


def copy_out(root: int, found: Found, into: Path, *, most_bytes: int) -> str:
    """Copy a file as it was found to a path of our own, and give its SHA-256 (hex).

    What is applied are these bytes, whatever becomes of the file. ``Changed`` where it is another one by
    now, or becomes one while it is read; ``BadFile`` where it is empty or larger than ``most_bytes``.
    """
    with open_source(root, found) as folder:
        try:
            source = os.open(found.name, PLAIN_FILE, dir_fd=folder)
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            raise Changed from error  # gone, or a link by now
        with os.fdopen(source, "rb", buffering=0) as stream:
            info = os.fstat(source)
            if mark_of(info) != found.mark or not is_plain(info):
                raise Changed
            if info.st_size == 0:
                raise BadFile("the file is empty", where=found.shown, mend="look at what it was saved from")
            if info.st_size > most_bytes:
                raise BadFile(
                    f"it has {info.st_size / 1e6:,.1f} MB, and at most {most_bytes / 1e6:,.1f} MB are read",
                    where=found.shown,
                    mend="split it, import it by the command line, or raise PACESETTER_INBOX_MAX_MB",
                )
            digest, n = hashlib.sha256(), 0
            with into.open("xb") as copy:
                while n <= most_bytes and (block := stream.read(CHUNK)):
                    digest.update(block)
                    copy.write(block)
                    n += len(block)
            if mark_of(os.fstat(source)) != found.mark or n != info.st_size:
                raise Changed
    return digest.hexdigest()
