"""Where files of the inbox end: ``processed/DATE/`` or ``errors/DATE/``, each beside its report."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import orjson

from pacesetter.jobs.inbox.names import ERRORS, PROCESSED, REPORTS, number_name
from pacesetter.jobs.inbox.report import write_words
from pacesetter.jobs.inbox.tree import Changed, Found, is_plain, mark_of, open_folder, open_source
from pacesetter.kernel.errors import InputError

PLACE = re.compile(rf"({PROCESSED}|{ERRORS})/(\d{{4}}-\d{{2}}-\d{{2}})/([^/\x00]+)", re.ASCII)
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
MOST_TRIES = 10_000


class Taken(Exception):
    """Another file lies at the place that was chosen."""


def split_place(place: str) -> tuple[str, str, str]:
    """``processed/2025-07-24/a.csv`` in its three parts; ``InputError`` for anything else."""
    parts = PLACE.fullmatch(place)
    if parts is None or parts[3] in (".", ".."):
        raise InputError(f"{place[:80]!r} is no place of the inbox")
    return parts[1], parts[2], parts[3]


def has(folder: int, name: str) -> bool:
    """Whether something is called so in a folder."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def choose_place(root: int, end: str, on: str, name: str, planned: Collection[str]) -> str:
    """A place that is free, also of its reports and of what is ``planned`` for others."""
    with open_folder(root, end, on, make=True) as folder:
        for n in range(1, MOST_TRIES):
            own = name if n == 1 else number_name(name, n)
            names = (own, *(own + ending for ending in REPORTS))
            if f"{end}/{on}/{own}" not in planned and not any(has(folder, one) for one in names):
                return f"{end}/{on}/{own}"
    raise InputError(
        f"there are {MOST_TRIES:,} files called {name!r} in {end}/{on}", mend="clear that folder"
    )


def lies_at(root: int, place: str) -> bool:
    """Whether a file lies at a place."""
    end, on, name = split_place(place)
    try:
        with open_folder(root, end, on) as folder:
            return has(folder, name)
    except (FileNotFoundError, NotADirectoryError):
        return False


def move_out(root: int, found: Found, place: str, report: Mapping[str, Any]) -> None:
    """Move a file to its place, its reports before it.

    ``Taken`` where another one lies there, ``Changed`` where it is not the file that was read.
    """
    end, on, name = split_place(place)
    with open_source(root, found) as source, open_folder(root, end, on, make=True) as target:
        check_same(source, found.name, found)
        if has(target, name):
            raise Taken
        write_reports(target, name, report)
        os.rename(found.name, name, src_dir_fd=source, dst_dir_fd=target)
        try:
            check_same(target, name, found)
        except Changed:  # it was swapped at the last moment: what nobody has read goes back
            with suppress(OSError):
                os.link(name, found.name, src_dir_fd=target, dst_dir_fd=source, follow_symlinks=False)
                os.unlink(name, dir_fd=target)
            raise


def check_same(folder: int, name: str, found: Found) -> None:
    """``Changed`` where a name stands for another file than the one found, or for none."""
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError as error:
        raise Changed from error
    if mark_of(info) != found.mark or not is_plain(info):
        raise Changed


def write_reports(folder: int, name: str, report: Mapping[str, Any]) -> None:
    """The report as JSON and in words, each whole or not at all; what a killed try left is replaced."""
    contents = (orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n", write_words(report).encode())
    for ending, content in zip(REPORTS, contents, strict=True):
        half = f".{name}{ending}.part"
        with suppress(FileNotFoundError):
            os.unlink(half, dir_fd=folder)
        handle = os.open(half, NEW_FILE, 0o600, dir_fd=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.rename(half, name + ending, src_dir_fd=folder, dst_dir_fd=folder)


def move_back(root: int, place: str, folder: str, shown: str) -> str:
    """Move a file back to where it was found, under a name that is free; its reports are taken away."""
    end, on, name = split_place(place)
    within, _, own = shown.rpartition("/")
    with (
        open_folder(root, end, on) as source,
        open_folder(root, folder, *([within] if within else []), make=True) as target,
    ):
        info = os.stat(name, dir_fd=source, follow_symlinks=False)
        if not is_plain(info):
            raise InputError("what lies there is no plain file any more", where=place)
        back = next(
            c for c in (own, *(number_name(own, n) for n in range(2, MOST_TRIES))) if not has(target, c)
        )
        os.rename(name, back, src_dir_fd=source, dst_dir_fd=target)
        for ending in REPORTS:
            with suppress(FileNotFoundError):
                os.unlink(name + ending, dir_fd=source)
    return "/".join(part for part in (folder, within, back) if part)
