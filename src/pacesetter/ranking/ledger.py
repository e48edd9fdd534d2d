"""The rank change ledger: a change of rank and of composite, split exactly among its causes.

Three states of the same board are compared: A, the first date as it was published; B,
the first date as it is known now; C, the second date as it was published. The players:
each own factor's value, the peers' values together, membership, method, and revisions.
v(S) runs the whole pipeline with the players in S in their later state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np

from pacesetter.factors.base import factors
from pacesetter.market.panel import F8
from pacesetter.ranking.board_state import BoardState, Row
from pacesetter.ranking.coalitions import MEMBERSHIP, METHOD, PEERS, REVISIONS, Coalitions
from pacesetter.ranking.shapley import share_real, share_whole

MOST_PLAYERS = 10


@dataclass(frozen=True)
class Standing:
    """A symbol on the board at one end: competition rank, composite, how many share the rank,
    how many are ranked. Unranked: ``rank`` and ``composite`` are None, and ``reason`` says why."""

    rank: int | None
    composite: float | None
    tied: int
    ranked: int
    reason: str = ""


@dataclass(frozen=True)
class Ledger:
    """Why a symbol moved. ``rank_shares`` (fractions; positive lifts the symbol) sum to
    ``rank_change`` = before − after; ``composite_shares`` sum to the composite's change.

    ``entered`` and ``left`` have no shares: at one end there is no rank to compare.
    """

    symbol: str
    status: Literal["moved", "entered", "left", "absent"]
    before: Standing
    after: Standing
    rank_shares: Mapping[str, Fraction] = field(default_factory=dict)
    composite_shares: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def rank_change(self) -> int | None:
        """Places gained; None without a rank at either end."""
        if self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank

    @property
    def composite_change(self) -> float | None:
        """The composite's change; None without one at either end."""
        if self.before.composite is None or self.after.composite is None:
            return None
        return self.after.composite - self.before.composite


def explain_changes(
    published: BoardState, known_now: BoardState, later: BoardState, symbols: Iterable[str] | None = None
) -> list[Ledger]:
    """The ledger of each symbol (default: every member at either end) from A and B to C."""
    states = (published, known_now, later)
    if symbols is None:
        either = published.member | later.member
        symbols = [published.symbols[i] for i in np.flatnonzero(either)]
    index = {symbol: i for i, symbol in enumerate(published.symbols)}
    game = Coalitions(states)
    return [explain_one(game, states, symbol, index[symbol]) for symbol in symbols]


def explain_one(
    game: Coalitions, states: tuple[BoardState, BoardState, BoardState], symbol: str, i: int
) -> Ledger:
    """One symbol's ledger."""
    before, after = (Standing(*game.standing(end, i), why_unranked(states[end], i)) for end in (0, 2))
    if before.rank is None or after.rank is None:
        status: Literal["entered", "left", "absent"] = "entered" if after.rank is not None else "left"
        if before.rank is None and after.rank is None:
            status = "absent"
        return Ledger(symbol, status, before, after)
    players, remarks = find_players(states, i)
    for end, standing in (("before", before), ("after", after)):
        if standing.tied > 1:
            remarks.append(f"{end}: shares its rank with {standing.tied - 1} other")
    ranks, composites = game.values(i, list(players.values()))
    rank_shares = share_whole(-ranks, len(players))
    composite_shares = share_real(composites, len(players))
    return Ledger(
        symbol,
        "moved",
        before,
        after,
        dict(zip(players, rank_shares, strict=True)),
        dict(zip(players, composite_shares, strict=True)),
        tuple(remarks),
    )


def why_unranked(state: BoardState, i: int) -> str:
    """Why a symbol has no rank in a state, as boards say it; nothing for one that has."""
    weights = [part.weight for part in state.parts]
    known = [w for w, part in zip(weights, state.parts, strict=True) if np.isfinite(state.raw[part.uses][i])]
    if not state.member[i]:
        return "not_on_board"
    if not state.universe[i]:
        return "not_observed" if state.method.of == "boxes" else "no_recent_bar"
    if not known:
        return "no_factors"
    return "low_coverage" if sum(known) / sum(weights) < state.method.coverage_min - 1e-12 else ""


def find_players(
    states: tuple[BoardState, BoardState, BoardState], i: int
) -> tuple[dict[str, frozenset[str]], list[str]]:
    """The players whose state differs, each with what it stands for (own factors or one of the four)."""
    a, b, c = states
    names = own_factors(a, c)
    moved = {name: differing(a.raw[name], b.raw[name], c.raw[name]) for name in names}
    own = [name for name in names if moved[name][i]]
    rest = []
    if any(np.delete(moved[name], i).any() for name in names):
        rest.append(PEERS)
    if not (np.array_equal(a.universe, c.universe) and np.array_equal(a.member, c.member)):
        rest.append(MEMBERSHIP)
    if a.method.sha256 != c.method.sha256:
        rest.append(METHOD)
    if any(differing(a.raw[name], b.raw[name]).any() for name in names):
        rest.append(REVISIONS)
    remarks = []
    players = {name: frozenset([name]) for name in own}
    if len(own) + len(rest) > MOST_PLAYERS:
        players = by_group(own)
        remarks.append("more than ten causes: the symbol's own factors are taken together by kind")
    return players | {name: frozenset([name]) for name in rest}, remarks


def own_factors(*states: BoardState) -> list[str]:
    """The factors of the states' methods, in their order."""
    return list(dict.fromkeys(part.uses for state in states for part in state.parts))


def by_group(names: Sequence[str]) -> dict[str, frozenset[str]]:
    """Factors by what they are made of: fundamentals, volume or price."""
    groups: dict[str, set[str]] = {}
    for name in names:
        needs = factors.get(name).needs
        kind = "price"
        if any(need.startswith("fact:") for need in needs):
            kind = "fundamentals"
        elif "volume" in needs:
            kind = "volume"
        groups.setdefault(kind, set()).add(name)
    return {kind: frozenset(members) for kind, members in groups.items()}


def differing(first: F8, *others: F8) -> Row:
    """Where any of the others is not the first one's equal, missing ones included (bool S)."""
    unlike = np.zeros(first.shape, dtype=bool)
    for other in others:
        unlike |= ~((first == other) | (np.isnan(first) & np.isnan(other)))
    return unlike
