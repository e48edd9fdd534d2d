"""A board as people look at it: published rows, or the same computed on the spot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pacesetter.ranking.trend import Trend


@dataclass(frozen=True)
class FactorView:
    """One factor of one symbol: ``raw`` in the factor's unit, ``normalized`` = z,
    ``weight`` of the method, ``contribution`` = weight·z, and why a raw value is missing."""

    raw: float | None
    normalized: float | None
    weight: float
    contribution: float | None
    missing_reason: str | None = None


@dataclass(frozen=True)
class RankInterval:
    """The 90 % interval of a rank over ``n_ranked`` of ``n_draws`` redrawn years; ``flip_share``: of
    those in which the next of the board is ahead (None: there is no next), more than a quarter
    of which makes the two statistically tied."""

    low: int | None
    high: int | None
    n_ranked: int
    n_draws: int
    flip_share: float | None
    tied_with_next: bool


@dataclass(frozen=True)
class BoardRow:
    """One member of a board on one date; an unranked one has no rank and says why.

    ``held_bars``: how many of its bars of the year before wait for a decision, and so
    are not in these figures. ``trend``: of the score over the board's last seven published
    dates. ``interval``: how firm the rank is; measured for the newest date only.
    """

    symbol: str
    name: str | None
    rank: int | None
    score: float | None
    composite: float | None
    coverage: float | None
    previous_rank: int | None = None
    previous_on: date | None = None
    rank_change: int | None = None
    unranked_reason: str | None = None
    held_bars: int = 0
    factors: dict[str, FactorView] = field(default_factory=dict)
    trend: Trend | None = None
    interval: RankInterval | None = None


@dataclass(frozen=True)
class BoardView:
    """A board on one date. ``origin``: published rows, or computed on the spot for another method
    or an unpublished date. ``scope``: over whom factors were normalised. ``known_at``: the instant
    whose knowledge was asked for, if one was. ``source``: who gave the prices of the newest ranks; of
    a published board only. ``asset_type``: of what it ranks, which says by whose days it is ranked.
    ``remarks``: what one has to know to read it, such as that its day is a thin one."""

    board: str
    slug: str
    method: str
    method_version: int
    as_of: date
    previous_on: date | None
    scope: str
    origin: Literal["published", "computed"]
    provisional: bool
    simulated: bool
    stale_sessions: int
    computed_at: datetime | None
    rows: list[BoardRow]
    known_at: datetime | None = None
    source: str | None = None
    asset_type: str = "equity"
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Leader:
    """The first of a board; ``ranked`` of ``members`` have a rank."""

    board: str
    slug: str
    symbol: str | None
    name: str | None
    score: float | None
    composite: float | None
    ranked: int
    members: int
    held_bars: int = 0


@dataclass(frozen=True)
class LeadersView:
    """The leader of every board, and the best overall on the universe scale."""

    as_of: date | None
    simulated: bool
    stale_sessions: int
    provisional: bool
    leaders: list[Leader]
    best: list[BoardRow]
