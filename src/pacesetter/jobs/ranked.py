"""What ranking any number of boards on any number of dates computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from pacesetter.factors.base import FactorValues
from pacesetter.market.panel import Mask, Panel
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
                inside = (panel.sessions >= first) & (after is None or panel.sessions < (after or 0))
                mask[:, index[symbol]] |= inside
        return mask


@dataclass(frozen=True)
class Ranked:
    """Everything that ranking computed: the panel, values by factor, ranks and plan by board."""

    panel: Panel
    values: Mapping[str, FactorValues]
    universes: Mapping[tuple[str, str], Scores]
    boards: Sequence[tuple[BoardPlan, BoardRanks]]
