"""The time comes in as an argument: a real clock for the product, a set one for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can tell the instant, in UTC."""

    def now(self) -> datetime:
        """The current instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)


@dataclass
class VirtualClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by ``by``."""
        self.at += by
