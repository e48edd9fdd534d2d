"""Which errors mean that the database is away, and not that it refused something."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

LOST = (
    "connection was closed",
    "connection is closed",
    "connection has been closed",
    "connection reset",
    "terminating connection",
    "the database system is",
    "unable to open database file",
    "file is not a database",
    "disk i/o error",
)
FULL = ("disk is full", "no space left on device")


def outage_on_connecting(error: Exception) -> str | None:
    """Why no transaction could be begun, in the database's words; None for an error of ours."""
    if isinstance(error, OSError | TimeoutError | DBAPIError | sqlite3.Error) or _is_drivers(error):
        return first_line(error)
    return None


def outage_within(error: Exception) -> str | None:
    """Why a transaction lost its database; None for any other error.

    An error of the file system belongs to whoever opened the file, so of its kind only
    broken connections count. What follows a loss hides it (a rollback on a closed
    connection), so the errors behind a database error are looked at too.
    """
    if isinstance(error, ConnectionError):
        return first_line(error)
    if not (isinstance(error, DBAPIError) or _is_drivers(error)):
        return None
    for one in _errors_behind(error):
        if isinstance(one, ConnectionError) or any(sign in str(one).casefold() for sign in LOST):
            return first_line(one)
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return "the connection was lost" if invalidated else None


def no_space_left(error: Exception) -> bool:
    """Whether the database could not write because its disk is full."""
    return isinstance(error, DBAPIError) and any(sign in str(error.orig).casefold() for sign in FULL)


def first_line(error: BaseException) -> str:
    """The first line of an error, without SQLAlchemy's frame around it."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    return text.partition("Error'>: ")[2] or text


def _errors_behind(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        left += [one.__context__, one.__cause__, getattr(one, "orig", None)]


def _is_drivers(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] == "asyncpg"
