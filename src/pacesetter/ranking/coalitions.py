"""The value of every coalition of the ledger's players, each distinct z taken only once.

With n players there are 2^n coalitions, but a factor's z on the whole board depends only
on the symbol's own state, the peers', the membership's and the method's: a handful of
rows. They are normalised once and put together by coalition.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import FactorValues, factors
from pacesetter.market.panel import F8, I8, Mask
from pacesetter.ranking.board_state import BoardState
from pacesetter.ranking.method import Method
from pacesetter.ranking.scores import combine, score_factor

PEERS, MEMBERSHIP, METHOD, REVISIONS = "peers", "membership", "method", "revisions"


class Coalitions:
    """The pipeline of three states A, B and C, ready to be asked for any mixture of them."""

    def __init__(self, states: tuple[BoardState, BoardState, BoardState]) -> None:
        self.states = states
        self.columns = np.flatnonzero(states[0].member | states[2].member)
        self.place = {int(s): k for k, s in enumerate(self.columns)}
        self._whole: dict[int, F8] = {}

    def standing(self, end: int, i: int) -> tuple[int | None, float | None, int, int]:
        """Rank, composite, sharers and ranked symbols of symbol ``i`` in state 0 (A) or 2 (C)."""
        if i not in self.place:
            return None, None, 0, 0
        composite = self._composite(end)
        ranked = np.isfinite(composite)
        own = composite[self.place[i]]
        if not np.isfinite(own):
            return None, None, 0, int(ranked.sum())
        rank = 1 + int((composite[ranked] > own).sum())
        return rank, float(own), int((composite[ranked] == own).sum()), int(ranked.sum())

    def _composite(self, end: int) -> F8:
        """Composites of the board's members in a state as it is (columns; NaN: unranked)."""
        if end not in self._whole:
            state = self.states[end]
            scope = state.scope[None, :]
            parts = [
                normalise(state.method, k, state.raw[part.uses][None, :], scope)
                for k, part in enumerate(state.parts)
            ]
            self._whole[end] = self._put_together(state.method, parts, scope, state)[0]
        return self._whole[end]

    def _put_together(
        self, method: Method, parts: Sequence[tuple[F8, Mask]], scope: Mask, state: BoardState
    ) -> F8:
        """Composites (rows × columns) of the ranked members of ``state``'s board."""
        at = self.columns
        member = scope[:, at] & (state.member & state.universe)[at]
        z, present = [p[0][:, at] for p in parts], [p[1][:, at] for p in parts]
        if method.normalise == "domain_z":
            return combine(method, z, present, member)[1]
        return np.where(member, combine(method, z, present, scope[:, at])[1], np.nan)

    def values(self, i: int, players: Sequence[frozenset[str]]) -> tuple[I8, F8]:
        """Rank (int64, 2^n) and composite (float64, 2^n) of symbol ``i`` for each coalition's bits.

        Unranked in between: the rank after all ranked ones, and composite 0.
        """
        n = 1 << len(players)
        bits = np.arange(n)
        joined = {name: (bits >> k) & 1 == 1 for k, player in enumerate(players) for name in player}
        nobody = np.zeros(n, dtype=bool)
        revised = joined.get(REVISIONS, nobody)
        peers = np.where(joined.get(PEERS, nobody), 2, revised.astype(np.int64))
        ranks, composites = np.empty(n, dtype=np.int64), np.empty(n)
        by_method, by_member = joined.get(METHOD, nobody), joined.get(MEMBERSHIP, nobody)
        for later_method in (False, True):
            for later_member in (False, True):
                rows = np.flatnonzero((by_method == later_method) & (by_member == later_member))
                if not len(rows):
                    continue
                members = self.states[2 if later_member else 0]
                method = self.states[2 if later_method else 0].method
                board = BoardState(members.symbols, method, {}, members.universe, members.member)
                scope = board.scope[None, :]
                parts = []
                for k, part in enumerate(method.factors):
                    own = np.where(joined.get(part.uses, nobody), 2, revised.astype(np.int64))[rows]
                    parts.append(self._mixed(method, k, part.uses, i, own, peers[rows], scope))
                total = self._put_together(
                    method, parts, np.broadcast_to(scope, (len(rows), scope.shape[1])), board
                )
                ranks[rows], composites[rows] = rank_of(total, self.place[i])
        return ranks, composites

    def _mixed(
        self, method: Method, k: int, uses: str, i: int, own: I8, peers: I8, scope: Mask
    ) -> tuple[F8, Mask]:
        """Z and presence of a factor (rows × S) for rows of (own state, peers' state)."""
        code, back = np.unique(own * 3 + peers, return_inverse=True)
        raw = np.stack([self.states[c % 3].raw[uses] for c in code])
        raw[:, i] = [self.states[c // 3].raw[uses][i] for c in code]
        z, present = normalise(method, k, raw, np.broadcast_to(scope, raw.shape))
        return z[back], present[back]


def normalise(method: Method, k: int, raw: F8, scope: Mask) -> tuple[F8, Mask]:
    """Z and presence of the method's ``k``-th factor over the scope, row by row (rows × S)."""
    part = method.factors[k]
    given = FactorValues(factors.get(part.uses), raw, NO_REASON[: raw.shape[0]], NO_COUNT)
    scored = score_factor(method, part, {part.uses: given}, scope)
    return scored.z, np.isfinite(scored.raw) & scope


def rank_of(composite: F8, place: int) -> tuple[I8, F8]:
    """Competition rank and composite of one column, row by row."""
    own = composite[:, [place]]
    ranked = np.isfinite(composite)
    with np.errstate(invalid="ignore"):
        better = (composite > own).sum(axis=1)
    there = np.isfinite(own[:, 0])
    rank = np.where(there, 1 + better, ranked.sum(axis=1) + 1)
    return rank.astype(np.int64), np.where(there, own[:, 0], 0.0)


NO_REASON: NDArray[np.int8] = np.zeros((0, 0), dtype=np.int8)
NO_COUNT: NDArray[np.int32] = np.zeros((0, 0), dtype=np.int32)
