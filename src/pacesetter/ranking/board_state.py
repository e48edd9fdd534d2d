"""A board at one moment: everything that its ranks are a function of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pacesetter.market.panel import F8
from pacesetter.ranking.method import Method, WeightedFactor
from pacesetter.ranking.scores import UNIVERSE_MIN

Row = NDArray[np.bool_]


@dataclass(frozen=True)
class BoardState:
    """What decides a board's ranks on a date, over the symbols S of several states.

    ``raw``: by registered factor, float64 S (NaN: missing), of every factor that any
    method in the comparison uses. ``universe``: the ranked symbols of the board's kind;
    ``member``: the board's (both bool S).
    """

    symbols: tuple[str, ...]
    method: Method
    raw: Mapping[str, F8]
    universe: Row
    member: Row

    @property
    def scope(self) -> Row:
        """Over whom values are normalised (bool S): the universe, or the board where that is small."""
        wide = self.method.normalise == "robust_z" and int(self.universe.sum()) >= UNIVERSE_MIN
        return self.universe if wide else self.member & self.universe

    @property
    def parts(self) -> tuple[WeightedFactor, ...]:
        """The method's factors."""
        return self.method.factors
