"""Exact Shapley shares of a game with few players, from the value of every coalition.

Source: Shapley (1953), "A value for n-person games".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, fsum

import numpy as np

from pacesetter.market.panel import F8, I8


def weigh_coalitions(players: int) -> list[int]:
    """For each coalition size s without a player: s!·(n − s − 1)!, in units of 1/n!."""
    return [factorial(s) * factorial(players - s - 1) for s in range(players)]


def share_whole(value: I8, players: int) -> list[Fraction]:
    """Shares of an integer game as fractions; ``value`` (int64, 2^n) by the coalition's bits."""
    weights = weigh_coalitions(players)
    return [
        Fraction(sum(w * int(step) for w, step in zip(weights, steps, strict=True)), factorial(players))
        for steps in sum_steps(value, players)
    ]


def share_real(value: F8, players: int) -> list[float]:
    """Shares of a real game, each within rounding of its exact value."""
    total = factorial(players)
    weights = [w / total for w in weigh_coalitions(players)]
    return [
        fsum(w * float(step) for w, step in zip(weights, steps, strict=True))
        for steps in sum_steps(value, players)
    ]


def sum_steps(value: F8 | I8, players: int) -> list[Sequence[float]]:
    """For each player and size s: the sum of what it adds to the coalitions of s others."""
    coalition = np.arange(len(value))
    size = np.bitwise_count(coalition)
    out: list[Sequence[float]] = []
    for player in range(players):
        without = coalition[(coalition >> player) & 1 == 0]
        step = value[without | (1 << player)] - value[without]
        out.append([step[size[without] == s].sum() for s in range(players)])
    return out
