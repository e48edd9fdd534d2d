"""Ranks inside a board, on the universe's scale where the universe is large enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import FactorValues
from pacesetter.market.panel import F8, Mask, Panel
from pacesetter.ranking.method import Method
from pacesetter.ranking.scores import UNIVERSE_MIN, FactorScores, Scores, Statistics, kernels, score_scope

UNRANKED = ("", "no_bars", "no_recent_bar", "low_coverage", "no_factors", "not_observed")


@dataclass(frozen=True)
class BoardRanks:
    """A board on T dates × S symbols: rank (0 = none), why there is none (index into
    ``UNRANKED``), the scores that count on each date, and the scope they are of (T)."""

    slug: str
    member: Mask
    rank: NDArray[np.int32]
    unranked: NDArray[np.int8]
    scores: Scores
    scope: tuple[str, ...]


def score_universe(
    method: Method, values: Mapping[str, FactorValues], panel: Panel, asset_type: str
) -> Scores:
    """Scores over all ranked symbols of a kind; shared by all boards of that kind and method."""
    return score_scope(method, values, panel.universe(asset_type), f"universe:{asset_type}")


def rank_board(
    method: Method,
    values: Mapping[str, FactorValues],
    panel: Panel,
    universe: Scores,
    member: Mask,
    slug: str,
) -> BoardRanks:
    """Rank the members of a board (bool T×S) on every date.

    On dates with fewer than 30 ranked symbols, and always for a method that normalises
    inside the board or not at all, z and score are taken over the board; ``scope`` says so.
    """
    ranked = member & universe.member
    wide = universe.member.sum(axis=1) >= UNIVERSE_MIN
    if method.normalise != "robust_z":
        wide[:] = False
    scores = universe
    if not wide.all():
        narrow = score_scope(method, values, ranked, f"domain:{slug}")
        scores = choose_by_date(wide, universe, narrow) if wide.any() else narrow
    rank = kernels().competition_ranks(scores.composite, ranked)
    unranked = np.full(rank.shape, UNRANKED.index("low_coverage"), dtype=np.int8)
    unranked[scores.coverage <= 0] = UNRANKED.index("no_factors")
    unranked[~universe.member] = UNRANKED.index("not_observed" if panel.exact else "no_recent_bar")
    if not panel.exact:
        unranked[panel.newest < 0] = UNRANKED.index("no_bars")
    unranked[(rank > 0) | ~member] = 0
    scope = tuple(universe.scope if w else f"domain:{slug}" for w in wide)
    return BoardRanks(slug, member, rank, unranked, scores, scope)


def choose_by_date(wide: NDArray[np.bool_], universe: Scores, narrow: Scores) -> Scores:
    """The universe's scores on the dates where ``wide`` (T) holds, the board's own on the others."""
    pick = wide[:, None]

    def mix(a: F8, b: F8) -> F8:
        return np.where(pick, a, b)

    parts = []
    for one, other in zip(universe.parts, narrow.parts, strict=True):
        first, second = one.statistics, other.statistics
        statistics = Statistics(
            np.where(wide, first.n, second.n),
            np.where(wide, first.centre, second.centre),
            np.where(wide, first.scale, second.scale),
            np.where(wide, first.rule, second.rule).astype(np.int8),
        )
        mixed: FactorScores = replace(
            one, raw=mix(one.raw, other.raw), z=mix(one.z, other.z), statistics=statistics
        )
        parts.append(mixed)
    return replace(
        universe,
        scope="mixed",
        parts=tuple(parts),
        coverage=mix(universe.coverage, narrow.coverage),
        composite=mix(universe.composite, narrow.composite),
        score=mix(universe.score, narrow.score),
    )
