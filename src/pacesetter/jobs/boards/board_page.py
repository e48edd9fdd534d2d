"""A page of a published board: what is not shown is neither read nor computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boards.board_view import BoardRow, BoardView
from pacesetter.jobs.boards.published_board import find_published_head, head_facts, published_view
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.method import Method
from pacesetter.store.boards.board_pages import (
    SORTED_BY,
    Key,
    lean_rows,
    page_rows,
    rows_of,
)

WHOLE = ("current_rank", "rank_change")  # columns of whole numbers
LARGEST = 2**31 - 1


R = TypeVar("R")


@dataclass(frozen=True)
class PageAsked:
    """Which rows of a board, and in which order: ``sort`` ("symbol" or one of ``SORTED_BY``, a leading
    "-" turns it round), of the first ``top`` only those that are ``ranked`` (None: all) and that contain
    ``search``; at most ``limit`` behind the place ``after``."""

    limit: int
    sort: str = "rank"
    search: str | None = None
    ranked: bool | None = None
    top: int | None = None
    after: Key | None = None


@dataclass(frozen=True)
class BoardPage:
    """The page (``view.rows``); ``count`` rows were asked for in all, and there are ``more`` behind it."""

    view: BoardView
    count: int
    more: bool


async def find_page(
    ws: Workspace,
    board: str,
    asked: PageAsked,
    *,
    on: date | None = None,
    method: str | Method | None = None,
    known_at: datetime | None = None,
) -> BoardPage | None:
    """A page of the published board; None when it was not published."""
    async with ws.db.read() as conn:
        found = await find_published_head(ws, conn, board, on=on, method=method, known_at=known_at)
        if found is None:
            return None
        domain, head = found
        if asked.search is None:
            rows = await page_rows(
                conn,
                head,
                asked.sort,
                after=asked.after,
                limit=asked.limit + 1,
                ranked=asked.ranked,
                top=asked.top,
            )
            facts = await head_facts(ws, conn, domain, head)
            count = facts.size.count(ranked=asked.ranked, top=asked.top)
        else:
            rows, count = await search_rows(conn, head, asked)
        view = await published_view(ws, conn, domain, head, known_at, rows=rows[: asked.limit])
        return BoardPage(view, count, len(rows) > asked.limit)


async def find_row(
    ws: Workspace, board: str, symbol: str, *, on: date | None = None
) -> tuple[BoardView, int] | None:
    """The published board with the row of one symbol alone (no row: it is not on it), and how many are
    ranked; None when the board was not published."""
    async with ws.db.read() as conn:
        found = await find_published_head(ws, conn, board, on=on, method=None, known_at=None)
        if found is None:
            return None
        domain, head = found
        rows = await rows_of(conn, head, [symbol])
        view = await published_view(ws, conn, domain, head, rows=rows)
        return view, (await head_facts(ws, conn, domain, head)).size.ranked


def page_of(view: BoardView, asked: PageAsked) -> BoardPage:
    """The page of a board that is in memory: what ``find_page`` gives of the same rows."""
    found = [
        row
        for row in view.rows[: asked.top]
        if contains(row, asked.search) and asked.ranked in (None, row.rank is not None)
    ]
    rows = ordered(found, sort_key(asked.sort), asked.after)
    shown = replace(view, rows=rows[: asked.limit])
    return BoardPage(shown, len(found), len(rows) > asked.limit)


async def search_rows(conn: AsyncConnection, head: Any, asked: PageAsked) -> tuple[list[Row[Any]], int]:
    """The rows of the page, and one more where there is one, and how many contain what is searched for.

    Looked through here, because databases differ in what they take for the same letter.
    """
    name = SORTED_BY.get(asked.sort.removeprefix("-"))
    key = row_key(name, down=asked.sort.startswith("-"))
    found = [
        row
        for row in await lean_rows(conn, head, asked.top)
        if contains(row, asked.search) and asked.ranked in (None, row.current_rank is not None)
    ]
    shown = ordered(found, key, asked.after)[: asked.limit + 1]
    return await rows_of(conn, head, [row.symbol for row in shown]), len(found)


def ordered(rows: Sequence[R], key: Callable[[R], Key], after: Key | None) -> list[R]:
    """Rows by their keys, those behind a place."""
    every = sorted(rows, key=key)
    return every if after is None else [row for row in every if key(row) > after]


def contains(row: Any, search: str | None) -> bool:
    """Whether a row's symbol or name contains a text, however capitalised."""
    return search is None or search.casefold() in f"{row.symbol} {row.name or ''}".casefold()


def sort_key(sort: str) -> Callable[[BoardRow], Key]:
    """The order of a board's rows under a sort."""
    name = sort.removeprefix("-")
    return row_key(None if name == "symbol" else name, down=sort.startswith("-"))


def row_key(name: str | None, *, down: bool = False) -> Callable[[Any], Key]:
    """Rows by an attribute (None: by symbol): missing values last either way, equal ones by symbol."""
    sign = -1 if down else 1

    def key(row: Any) -> Key:
        value = None if name is None else getattr(row, name)
        return (value is None, 0 if value is None else sign * value, row.symbol)

    return key


def read_key(after: Sequence[Any] | None, sort: str) -> Key | None:
    """A place under a sort; ``ValueError`` when it can be none, whatever the rows are."""
    if after is None:
        return None
    column = SORTED_BY.get(sort.removeprefix("-"))
    missing, value, symbol = after
    whole = column is None or column in WHOLE
    if (
        not isinstance(missing, bool)
        or isinstance(value, bool)
        or not isinstance(value, int if whole else int | float)
        or not isinstance(symbol, str)
        or "\0" in symbol
        or not isfinite(value)
        or (whole and abs(value) > LARGEST)
        or (column is None and not missing)
    ):
        raise ValueError("no place among these rows")
    # no database holds every whole number
    return missing, value if whole else float(value), symbol
