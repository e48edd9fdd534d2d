"""The answers of one process: bounded by bytes, the longest unused one leaves first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from pacesetter.web.kept.answer import Answer

Key = tuple[str, bytes, bytes]  # path, query, and the Accept header where the route reads it
Alias = tuple[str, bytes, bytes, bytes]  # path, query, Accept, Accept-Encoding: as a request has them

ALIASES = 16  # spellings of the same request that are remembered


@dataclass(slots=True)
class Slot:
    """An answer in its place; ``gzip`` by alias says which of its encodings is meant."""

    key: Key
    answer: Answer
    template: str
    aliases: list[Alias] = field(default_factory=list)


class Shelf:
    """Answers by key. ``fast`` leads from a request's own words to its slot, in one lookup."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.bytes = 0
        self.evicted = 0
        self.fast: dict[Alias, tuple[Slot, bool]] = {}
        self.slots: OrderedDict[Key, Slot] = OrderedDict()

    def __len__(self) -> int:
        return len(self.slots)

    def get(self, key: Key) -> Answer | None:
        """The answer under a key, whatever its age."""
        slot = self.slots.get(key)
        return None if slot is None else slot.answer

    def put(self, key: Key, answer: Answer, template: str) -> None:
        """Keep an answer, unless it would take more than a quarter of all the room."""
        self.drop(key)
        if answer.size * 4 > self.limit_bytes:
            return
        self.slots[key] = Slot(key, answer, template)
        self.bytes += answer.size
        while self.bytes > self.limit_bytes:
            self.drop(next(iter(self.slots)))
            self.evicted += 1

    def link(self, alias: Alias, key: Key, *, gzip: bool) -> None:
        """Remember how a request for this answer is spelt."""
        slot = self.slots.get(key)
        if slot is None or alias in self.fast:
            return
        if len(slot.aliases) >= ALIASES:
            del self.fast[slot.aliases.pop(0)]
        slot.aliases.append(alias)
        self.fast[alias] = (slot, gzip)

    def drop(self, key: Key) -> None:
        """Take an answer away."""
        slot = self.slots.pop(key, None)
        if slot is not None:
            self.bytes -= slot.answer.size
            for alias in slot.aliases:
                del self.fast[alias]

    def clear(self) -> None:
        """Take all answers away."""
        self.fast.clear()
        self.slots.clear()
        self.bytes = 0
