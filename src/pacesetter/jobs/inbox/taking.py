"""One file of the inbox from where it lies to where it ends: read, taken in or refused, noted, moved.

Its row is written with what it brought, and says already where the file shall lie; it is finished when the
file lies there. So whoever dies in between leaves a row that the next look finishes, and never a second one.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.inbox.apply import Refused, TakenIn, apply_file, value_again
from pacesetter.jobs.inbox.names import ERRORS, PROCESSED, keep_name, shorten
from pacesetter.jobs.inbox.places import Taken, choose_place, lies_at, move_out
from pacesetter.jobs.inbox.report import Outcome, summarise, tell_flaws
from pacesetter.jobs.inbox.tree import Changed, Found, copy_out
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadFile, InputError, LeaseLost, PacesetterError, StoreError
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files.plain_text import Flaw
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.inbox import InboxRow, find_applied, find_unfinished, inbox, list_unfinished

log = logging.getLogger("pacesetter.inbox")
GIVEN_UP = timedelta(days=1)  # until a file that lies nowhere is thought gone: another inbox may have it
AGAIN = {
    "prices": "`pacesetter import prices FILE` takes it in again, such as after an import was taken back",
    "boxes": "`pacesetter import boxes FILE` takes it in again, such as after an import was taken back",
    "portfolios": "`pacesetter portfolio import` takes it in again",
}


@dataclass(frozen=True)
class Desk:
    """What a look works with: the handle of the inbox, and a folder of our own for copies."""

    ws: Workspace
    root: int
    copies: Path


@dataclass(frozen=True)
class Content:
    """A file as it was read."""

    found: Found
    sha256: str
    at: datetime  # when it was found

    @property
    def name(self) -> str:
        """The name that it is noted under."""
        return shorten(self.found.shown, 255)


async def take_file(desk: Desk, found: Found) -> Outcome:
    """Take a file in, or refuse it, and move it. ``Changed`` where it is not what it was: look again later;
    ``StoreError`` where the database is away, ``OSError`` where the disk will not do it."""
    path = desk.copies / new_id().hex / keep_name(found.name)
    path.parent.mkdir(mode=0o700)
    at, most = desk.ws.now(), desk.ws.settings.inbox_max_mb * 1_000_000
    unread: BadFile | None = None
    try:
        try:
            sha256 = await asyncio.to_thread(copy_out, desk.root, found, path, most_bytes=most)
        except BadFile as error:
            unread = error
            sha256 = hashlib.sha256(f"{found.mark[2]} bytes, not read".encode()).hexdigest()
        content = Content(found, sha256, at)
        row = await settle(desk, content, path, unread)
    finally:
        path.unlink(missing_ok=True)
        path.parent.rmdir()
    return await finish(desk, found, row)


async def settle(desk: Desk, content: Content, path: Path, unread: BadFile | None) -> InboxRow:
    """The row that says what became of a content: one that a killed look left, or a new one."""
    folder, sha256 = content.found.folder, content.sha256
    async with desk.ws.db.read() as conn:
        begun = await find_unfinished(conn, folder, content.name, sha256)
        before = await find_applied(conn, folder, sha256)
    if begun is not None:
        if begun.status == "applied" and folder == "portfolios":
            await value_again(desk.ws, path)  # which a killed look may not have come to
        return begun
    if before is not None:
        return await note_duplicate(desk, content, before)
    if unread is not None:
        return await refuse(desk, content, [flaw_of(unread)])
    try:
        return await apply(desk, content, path)
    except Exception as error:
        async with desk.ws.db.read() as conn:
            before = await find_applied(conn, folder, sha256)
        if before is not None and (before.name, before.finished_at) == (content.name, None):
            if not isinstance(error, IntegrityError):  # which says that a rival has just done so
                log.exception("%s/%s was taken in, but what follows failed", folder, content.name)
            return before
        if before is not None:  # another process was faster: its transaction stands, ours does not
            return await note_duplicate(desk, content, before)
        if isinstance(error, StoreError | OSError | LeaseLost) and not isinstance(error, InputError):
            raise
        return await refuse(desk, content, flaws_of(error, content))


def flaws_of(error: Exception, content: Content) -> Sequence[Flaw]:
    """Why nothing of a file could be taken in."""
    if isinstance(error, Refused):
        return error.flaws
    if isinstance(error, InputError):
        return [flaw_of(error)]
    log.error("%s/%s could not be taken in", content.found.folder, content.name, exc_info=error)
    what = error.what if isinstance(error, PacesetterError) else f"unexpected: {type(error).__name__}"
    return [Flaw("", f"it could not be taken in ({what})", "the log has more; please report it")]


def flaw_of(error: InputError) -> Flaw:
    """An error in words, without the path of our own copy."""
    where = error.where.rpartition("/")[2]
    return Flaw(where.rpartition(", ")[2] if ", line " in where else where, error.what, error.mend)


async def apply(desk: Desk, content: Content, path: Path) -> InboxRow:
    """Take it in; its row is written in the same transaction."""
    file_id, rows = new_id(), list[InboxRow]()

    async def note(conn: AsyncConnection, taken: TakenIn) -> None:
        about: dict[str, Any] = {"summary": taken.summary, "counts": dict(taken.counts)}
        about |= {"said": list(taken.said), "flaws": tell_flaws(taken.flaws)}
        rows.append(await write_row(desk, conn, content, file_id, "applied", about))

    await apply_file(desk.ws, content.found, path, file_id, note)
    return rows[-1]


async def refuse(desk: Desk, content: Content, flaws: Sequence[Flaw]) -> InboxRow:
    """Note that nothing of it was taken in, and why."""
    async with desk.ws.db.write(content=False) as conn:
        return await write_row(desk, conn, content, new_id(), "failed", {"flaws": tell_flaws(flaws)})


async def note_duplicate(desk: Desk, content: Content, before: InboxRow) -> InboxRow:
    """Note that its content was taken in before."""
    said = [f"the same content was taken in on {before.found_at:%Y-%m-%d %H:%M} UTC, as {before.name}"]
    if again := AGAIN.get(content.found.folder):
        said.append(again)
    about = {"summary": said[0], "said": said[1:]}
    async with desk.ws.db.write(content=False) as conn:
        return await write_row(desk, conn, content, new_id(), "duplicate", about)


async def write_row(
    desk: Desk, conn: AsyncConnection, content: Content, file_id: UUID, status: str, about: dict[str, Any]
) -> InboxRow:
    """The row of a file with its report and its place, and the entry of the audit log."""
    found, at = content.found, desk.ws.now()
    planned = {row.moved_to for row in await list_unfinished(conn) if row.moved_to}
    end, own = ERRORS if status == "failed" else PROCESSED, keep_name(found.name)
    place = await asyncio.to_thread(choose_place, desk.root, end, at.date().isoformat(), own, planned)
    report = {
        "name": content.name,
        "folder": found.folder,
        "status": status,
        "at": at.isoformat(timespec="seconds"),
        "size_bytes": found.mark[2],
        "sha256": content.sha256,
        **about,
    }
    row = InboxRow(
        id=file_id,
        folder=found.folder,
        name=content.name,
        sha256=content.sha256,
        size_bytes=found.mark[2],
        status=status,
        report=report,
        moved_to=place,
        found_at=content.at,
    )
    await inbox.add(conn, [row])
    entry = {name: report[name] for name in ("folder", "name", "sha256", "status")}
    action = "inbox.refused" if status == "failed" else "inbox.applied"
    if status != "duplicate":  # which changes nothing
        await write_entry(conn, action, {**entry, "summary": summarise(report)}, at=at)
    return row


async def finish(desk: Desk, found: Found, row: InboxRow) -> Outcome:
    """Move the file to its place; the row is finished when it lies there."""
    while True:
        assert row.moved_to is not None  # noqa: S101 - every row is written with its place
        try:
            await asyncio.to_thread(move_out, desk.root, found, row.moved_to, row.report)
            break
        except Taken:  # something was put there since: another place, of the same name
            row = await choose_again(desk, found, row)
        except Changed:
            if row.status == "failed":  # nobody has it, and what lies there now is looked at again
                await end_row(desk, replace(row, moved_to=None))
            raise
    await end_row(desk, row)
    return outcome_of(row)


async def choose_again(desk: Desk, found: Found, row: InboxRow) -> InboxRow:
    """The row with another place."""
    end, on, _ = str(row.moved_to).split("/", 2)
    async with desk.ws.db.write(content=False) as conn:
        planned = {one.moved_to for one in await list_unfinished(conn) if one.moved_to and one.id != row.id}
        own = keep_name(found.name)
        place = await asyncio.to_thread(choose_place, desk.root, end, on, own, planned)
        return await inbox.change(conn, row.id, moved_to=place)


async def end_row(desk: Desk, row: InboxRow) -> None:
    """The file lies where its row says (None: it is gone)."""
    async with desk.ws.db.write(content=False) as conn:
        await inbox.change(conn, row.id, moved_to=row.moved_to, finished_at=desk.ws.now())


async def end_moved(desk: Desk, waiting: set[tuple[str, str]]) -> None:
    """Finish the rows of files that a killed look has moved, or that somebody has taken away since.

    ``waiting``: folder and name of what lies in the inbox; a file of those may still have to be moved.
    """
    async with desk.ws.db.read() as conn:
        rows = await list_unfinished(conn)
    for row in rows:
        if (row.folder, row.name) in waiting:
            continue
        if row.moved_to is not None and await asyncio.to_thread(lies_at, desk.root, row.moved_to):
            await end_row(desk, row)
        elif row.found_at < desk.ws.now() - GIVEN_UP:
            await end_row(desk, replace(row, moved_to=None))


def outcome_of(row: InboxRow) -> Outcome:
    """A row as a look tells it."""
    return Outcome(str(row.id), row.folder, row.name, row.status, row.moved_to, summarise(row.report or {}))
