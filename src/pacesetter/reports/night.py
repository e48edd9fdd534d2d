"""A night as plain values: everything that a morning report tells. Whoever gathers it knows databases.

Prices are in the listing's quote unit with its ``unit`` (USD, or GBp for pence); shares ending in
``_pct`` are in percent. Texts may come from files: they are data, and a renderer makes them harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

AlertKind = Literal["stop", "stop_near", "target", "drawdown", "concentration", "stale_price"]
WatchChange = Literal["fired", "rearmed", "expired", "invalid", "standing"]
NEAR_PCT = 2.0  # so close to its highest or lowest price of a year a stock is near it


@dataclass(frozen=True)
class Order:
    """A decision to buy or to sell, waiting for a person. ``share_pct``: of the weight of all analysts that
    stands behind it. ``contrary``: what speaks against it, the strongest first; ``challenge``: whether
    it stands against that, as a sentence. ``told``: what a language model added, after the claim check.
    ``proposed_on``: the earlier night whose proposal it is, None for this one's."""

    symbol: str
    name: str | None
    side: Literal["buy", "sell"]
    share_pct: float | None = None
    conviction: str | None = None
    size_pct: float | None = None
    quantity: float | None = None
    unit: str | None = None
    price: float | None = None
    stop: float | None = None
    target: float | None = None
    expires_on: date | None = None
    reasons: Sequence[str] = ()
    risks: Sequence[str] = ()
    challenge: str = ""
    contrary: Sequence[str] = ()
    told: Sequence[str] = ()
    proposed_on: date | None = None


@dataclass(frozen=True)
class Traded:
    """A trade since the report before, as it was entered: ``action`` is buy, sell, short or cover; ``why``
    is what was noted with it, such as a stop that was hit on paper."""

    portfolio: str
    symbol: str
    name: str | None
    action: str
    quantity: float | None
    price: float | None
    unit: str | None
    on: date
    why: str = ""


@dataclass(frozen=True)
class Alert:
    """Something about a portfolio that asks for a look. ``value`` against ``limit``: prices of a stop or a
    target, percent of a drawdown or a weight, sessions of a price that is late."""

    kind: AlertKind
    portfolio: str
    symbol: str | None = None
    name: str | None = None
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    side: str = "long"
    others: Sequence[str] = ()


@dataclass(frozen=True)
class Trigger:
    """An entry of the watchlist that changed, or stands fired. ``values``: each fact of its condition in
    words, with its value. ``holds``: what the newest opinions say of the thesis, None where nobody knows."""

    symbol: str
    name: str | None
    change: WatchChange
    condition: str
    values: Sequence[tuple[str, float]] = ()
    thesis: str | None = None
    holds: bool | None = None
    reason: str = ""
    times: int = 0
    fired_on: date | None = None


@dataclass(frozen=True)
class Cause:
    """What moved a rank, in words, and by how many places; positive lifts."""

    words: str
    places: float


@dataclass(frozen=True)
class Mover:
    """A symbol whose rank moved: ``rank`` or ``previous`` is None where it left or entered the board."""

    symbol: str
    name: str | None
    rank: int | None
    previous: int | None
    n_ranked: int
    causes: Sequence[Cause] = ()
    reason: str = ""


@dataclass(frozen=True)
class Board:
    """Movers of one board, the widest one, since ``since``; ``n_moved`` of ``n_ranked`` in all."""

    name: str
    since: date | None
    n_ranked: int
    n_moved: int
    movers: Sequence[Mover] = ()


@dataclass(frozen=True)
class Step:
    """What the research queue did with a symbol."""

    symbol: str
    name: str | None
    change: str
    score: float
    before: float | None
    reason: str


@dataclass(frozen=True)
class Queue:
    """The research queue after the night: its steps, how many wait, and the best of them with scores."""

    steps: Sequence[Step] = ()
    n_waiting: int = 0
    best: Sequence[tuple[str, float]] = ()


@dataclass(frozen=True)
class Sector:
    """A sector: the middle of its symbols' changes in percent, and how the desk weighs it."""

    name: str
    n: int
    change_1d_pct: float | None
    change_21d_pct: float | None
    favour: str


@dataclass(frozen=True)
class Market:
    """The market around: the benchmark, how many of the symbols rose, and the regime with its reason."""

    benchmark: str
    unit: str | None
    close: float | None
    change_1d_pct: float | None
    change_5d_pct: float | None
    change_21d_pct: float | None
    regime: str
    regime_reason: str
    n: int = 0
    n_up: int = 0
    n_down: int = 0
    above_50d_pct: float | None = None
    near_high: int = 0
    near_low: int = 0
    sectors: Sequence[Sector] = ()


@dataclass(frozen=True)
class Piece:
    """What one signal adds to a convergence: its score, its age, what is left of it."""

    signal_type: str
    source: str
    base_score: float
    age_days: int
    decay_factor: float
    decayed: float


@dataclass(frozen=True)
class Converged:
    """A symbol on which signals converge: score = sum × regime × sector × bonus."""

    symbol: str
    name: str | None
    score: float
    band: str
    decayed_sum: float
    regime: float
    sector: float
    bonus: float
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Discovery:
    """Signals of this evening by type, how many symbols reach each band, and the best convergences."""

    kinds: Sequence[tuple[str, int]] = ()
    n_symbols: int = 0
    bands: Sequence[tuple[str, int]] = ()
    best: Sequence[Converged] = ()


@dataclass(frozen=True)
class Held:
    """A price that is held back until somebody decides."""

    symbol: str
    on: date
    reason: str


@dataclass(frozen=True)
class Health:
    """How good the data are. ``stale``: symbols with the sessions by which they are late. ``failed``: what
    could not be fetched or computed, in words. ``bare``: equities without any fundamental. ``as_of``: as of
    when a night read that was worked through later than its morning."""

    n_symbols: int
    newest_on: date | None
    stale: Sequence[tuple[str, int]] = ()
    held: Sequence[Held] = ()
    failed: Sequence[str] = ()
    n_equities: int = 0
    bare: Sequence[str] = ()
    as_of: str = ""


@dataclass(frozen=True)
class Night:
    """The night of session ``on``; ``previous_on``: the night before it that was worked through."""

    on: date
    previous_on: date | None
    simulated: bool
    mode: str
    n_analysed: int
    n_decided: int
    orders: Sequence[Order] = ()
    traded: Sequence[Traded] = ()
    alerts: Sequence[Alert] = ()
    triggers: Sequence[Trigger] = ()
    board: Board | None = None
    queue: Queue = Queue()
    market: Market | None = None
    discovery: Discovery = Discovery()
    health: Health = Health(0, None)
