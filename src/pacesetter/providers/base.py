"""What a provider is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

import polars as pl

from pacesetter.kernel.clock import Clock
from pacesetter.kernel.registry import Registry
from pacesetter.market.bar import Basis, no_actions, no_rejections

Cause = Literal[
    "unknown_symbol", "renamed", "delisted", "rate_limited", "network", "no_data", "bad_reply", "other_basis"
]


@dataclass(frozen=True)
class FetchRequest:
    """Bars of ``symbols`` for the sessions from ``first`` to ``last``, both included."""

    symbols: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True)
class SymbolFailure:
    """Why a symbol's bars could not be had, in a word to act on and a sentence."""

    symbol: str
    cause: Cause
    detail: str


@dataclass(frozen=True)
class NotedText:
    """What was noted of a symbol, and the instant it was known at: evidence, never an instruction. ``kind``:
    research, news, insider or earnings; ``data``: its figures, as the files of the inbox give them."""

    kind: str
    symbol: str
    noted_on: date
    known_at: datetime
    title: str
    source: str
    body: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class FetchResult:
    """Bars (``BAR_SCHEMA``), actions (``ACTION_SCHEMA``), facts (symbol, as_of, known_on and
    measures), the symbols that failed, rows that could not be read (``REJECTION_SCHEMA``), and
    what the prices are adjusted for. ``fetched_at`` is by the clock that was handed in.

    ``texts`` are kept of the simulated market alone: who states when a real one was known might be wrong,
    so those come by the inbox, and count from then on."""

    bars: pl.DataFrame
    source: str
    fetched_at: datetime
    actions: pl.DataFrame = field(default_factory=no_actions)
    facts: pl.DataFrame = field(default_factory=pl.DataFrame)
    failures: Sequence[SymbolFailure] = field(default_factory=tuple)
    rejections: pl.DataFrame = field(default_factory=no_rejections)
    basis: Basis = "split"
    texts: Sequence[NotedText] = ()


class Provider(Protocol):
    """Anything that can fetch bars. One bad symbol is a failure in the result; only a provider
    that gives nothing at all raises a ``ProviderError``."""

    @property
    def name(self) -> str:
        """The name under which its data is stored."""
        ...

    def symbols(self) -> tuple[str, ...]:
        """Symbols to follow because it is this provider; empty for one that serves any."""
        ...

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        """Fetch; blocking, bounded in time."""
        ...


providers: Registry[type[Provider]] = Registry(
    "provider", "pacesetter.providers", group="pacesetter.providers"
)
