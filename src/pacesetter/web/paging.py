"""Pages of a list: a cursor names the last row that was given, so that pages neither overlap nor skip."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Query

from pacesetter.kernel.errors import BadParameter
from pacesetter.web.inputs import Whole

Row = TypeVar("Row")
Key = Callable[[Row], tuple[Any, ...]]
MOST = 1000


@dataclass(frozen=True)
class Asked:
    """A page asked for: at most ``limit`` rows, those after the row whose key is ``after``."""

    limit: int
    after: tuple[Any, ...] | None

    def cut(self, rows: Sequence[Row], key: Key[Row]) -> tuple[list[Row], str | None]:
        """The page of ``rows``, sorted by ``key`` (unique, its parts comparable), and the next cursor."""
        ordered = sorted(rows, key=key)
        if self.after is not None:
            after = self.after
            try:
                ordered = [row for row in ordered if key(row) > after]
            except TypeError:
                raise bad_cursor() from None
        page = ordered[: self.limit]
        more = len(ordered) > len(page)
        return page, write_cursor(key(page[-1])) if more else None


def ask_page(
    limit: Annotated[Whole, Query(ge=1, le=MOST, description="At most so many rows.")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=400, description="`next` of the page before; null on the last one.")
    ] = None,
) -> Asked:
    """The page of a request."""
    return Asked(limit, None if cursor is None else read_cursor(cursor))


Page = Annotated[Asked, Depends(ask_page)]


def write_cursor(key: tuple[Any, ...]) -> str:
    """A row's key as text for a URL."""
    return base64.urlsafe_b64encode(orjson.dumps(key, default=str)).rstrip(b"=").decode()


def read_cursor(text: str) -> tuple[Any, ...]:
    """The key of ``write_cursor``; ``BadParameter`` for any other text."""
    try:
        key = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    if not isinstance(key, list) or not all(isinstance(part, str | int | float | bool) for part in key):
        raise bad_cursor()
    return tuple(key)


def bad_cursor() -> BadParameter:
    """The mistake of making up a cursor."""
    return BadParameter(
        "that is no cursor of this list", where="cursor", mend="give `next` of the page before"
    )
