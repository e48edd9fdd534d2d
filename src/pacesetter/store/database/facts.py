"""What never changes once it is written: read once, and kept by its key while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
ROOM = 1024  # facts


class Facts:
    """Facts of one database by keys that name them for ever, such as the ids of append-only rows.

    Nothing is ever taken out because it changed, so nothing that can change belongs here. What a
    transaction has not committed yet does not either.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._held: OrderedDict[Hashable, Any] = OrderedDict()

    async def of(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The fact of a key; ``read`` is asked when it is not held, and what it gives is kept."""
        if key in self._held:
            self._held.move_to_end(key)
            held: T = self._held[key]
            return held
        found = self._held[key] = await read()
        if len(self._held) > self._room:
            self._held.popitem(last=False)
        return found
