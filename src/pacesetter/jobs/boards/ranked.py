"""What ranking any number of boards on any number of dates computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from pacesetter.factors.base import FactorValues
from pacesetter.market.panel import I4, Mask, Panel
from pacesetter.ranking.boards import BoardRanks
from pacesetter.ranking.method import Method
from pacesetter.ranking.scores import Scores


@dataclass(frozen=True)
class BoardPlan:
    """A board to rank: who belongs to it when (symbol, first day, day after the last or None)."""

    domain_id: UUID
    name: str
    slug: str
    asset_type: str
    method: Method
    method_version_id: UUID
    spells: tuple[tuple[str, int, int | None], ...]

    def members(self, panel: Panel) -> Mask:
        """Membership on each session (bool T×S), of the symbols that the panel has."""
        index = {symbol: i for i, symbol in enumerate(panel.symbols)}
        mask = np.zeros((panel.n_sessions, panel.n_symbols), dtype=bool)
        for symbol, first, after in self.spells:
            if symbol in index:
                mask[:, index[symbol]] |= covered(panel.sessions, first, after)
        return mask


def covered(sessions: I4, first: int, after: int | None) -> Mask:
    """Which sessions lie in a spell of membership (bool T)."""
    return (sessions >= first) & (after is None or sessions < (after or 0))


@dataclass(frozen=True)
class Ranked:
    """Everything that ranking computed: the panel, values by factor, ranks and plan by board."""

    panel: Panel
    values: Mapping[str, FactorValues]
    universes: Mapping[tuple[str, str], Scores]
    boards: Sequence[tuple[BoardPlan, BoardRanks]]

    def on(self, first: int, last: int) -> Ranked:
        """The sessions from the ``first`` to before the ``last`` (places in the panel's)."""
        rows = slice(first, last)
        return Ranked(
            self.panel.on(self.panel.sessions[rows]),
            {name: cut(one, rows) for name, one in self.values.items()},
            {key: cut(one, rows) for key, one in self.universes.items()},
            [(plan, cut(ranks, rows)) for plan, ranks in self.boards],
        )


def cut(value: Any, rows: slice) -> Any:
    """Every array whose first axis is sessions, however deep, on some of them only."""
    if isinstance(value, np.ndarray):
        return value[rows]
    if isinstance(value, tuple):
        # scope names are one a session; factors of a method are cut one by one
        return value[rows] if all(isinstance(v, str) for v in value) else tuple(cut(v, rows) for v in value)
    if is_dataclass(value) and not isinstance(value, type) and has_sessions(value):
        changed = {f.name: cut(getattr(value, f.name), rows) for f in fields(value)}
        return replace(value, **changed)
    return value


def has_sessions(value: Any) -> bool:
    """Whether a dataclass holds arrays (a method or a factor's declaration does not)."""
    inside = [getattr(value, f.name) for f in fields(value)]
    return any(isinstance(one, np.ndarray) or is_dataclass(one) for one in inside)
