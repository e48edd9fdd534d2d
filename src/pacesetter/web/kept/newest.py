"""The newest state of the content that this process knows of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

from pacesetter.store.database.content import Content

TRUST_S = 2.0  # so long an answer is given without having asked the database again


class Newest:
    """Only goes forward, however late an answer of the database comes in.

    Reads overlap, so a read that says less than is known may simply be slow. It means that
    the database itself went back (a restored backup) only if it began after the read that
    told of the newer state had ended.
    """

    def __init__(self, read: Callable[[], Awaitable[Content]]) -> None:
        self._read = read
        self._steps = 0
        self._told_at = 0  # the step at which ``content`` was last confirmed
        self._doubted_at = 0  # the step since which nothing that was asked before is trusted
        self.content: Content | None = None
        self.trusted_until = 0.0  # by time.monotonic()
        self.watchers: list[Callable[[], None]] = []

    async def see(self) -> Content:
        """What a transaction that begins now reads; known to all before the caller goes on."""
        self._steps += 1
        began = self._steps
        asked_at = monotonic()
        content = await self._read()
        known = self.content
        if known is None or content.version > known.version or (content != known and began > self._told_at):
            self.content = content
            for watcher in self.watchers:
                watcher()
        if content == self.content:
            self._steps += 1
            self._told_at = self._steps
            if began > self._doubted_at:
                self.trusted_until = max(self.trusted_until, asked_at + TRUST_S)
        return content

    async def recall(self) -> Content:
        """What is known, while that is trusted: for who sees to it afterwards that it still held."""
        if self.content is not None and monotonic() < self.trusted_until:
            return self.content
        return await self.see()

    def doubt(self) -> None:
        """The database is away, or was just written to: ask it before the next answer."""
        self._steps += 1
        self._doubted_at = self._steps
        self.trusted_until = 0.0
