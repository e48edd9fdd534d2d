"""How a signal fades with its age: linear, exponential, in steps, or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from pacesetter.kernel.errors import InputError
from pacesetter.research.table import Table, check_number

Kind = Literal["linear", "exponential", "step", "none"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Decay:
    """The share of a score that is left at an age in days, 1 at age 0 unless a step says otherwise.

    linear: max(0, 1 − age / ``zero_after_days``) · exponential: ½^(age / ``half_life_days``) ·
    step: the factor of the last of ``steps`` (from this age in days, factor) that was reached · none: 1
    """

    kind: Kind
    zero_after_days: float = math.inf
    half_life_days: float = math.inf
    steps: tuple[tuple[float, float], ...] = ()

    def factors(self, age_days: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Shares from 0 to 1, in the shape of ``age_days`` (each 0 or more)."""
        if self.kind == "linear":
            return np.maximum(0.0, 1.0 - age_days / self.zero_after_days)
        if self.kind == "exponential":
            return np.exp2(-age_days / self.half_life_days)
        if self.kind == "step":
            starts, shares = np.array(self.steps, np.float64).T
            return np.asarray(shares[np.searchsorted(starts, age_days, side="right") - 1], np.float64)
        return np.ones_like(age_days)

    def in_words(self) -> str:
        """For a person, such as ``half of it gone every 7 days``."""
        if self.kind == "linear":
            return f"fades evenly to nothing in {self.zero_after_days:g} days"
        if self.kind == "exponential":
            return f"half of it gone every {self.half_life_days:g} days"
        if self.kind == "step":
            return ", ".join(f"{share:.0%} from day {start:g}" for start, share in self.steps)
        return "does not fade"


def parse_decay(given: Table) -> Decay:
    """A decay from its TOML table; ``InputError`` says which key is wrong and how to mend it."""
    kind = given.text("kind", among=KINDS)
    if kind == "linear":
        decay = Decay("linear", zero_after_days=_above_zero(given, "zero_after_days"))
    elif kind == "exponential":
        decay = Decay("exponential", half_life_days=_above_zero(given, "half_life_days"))
    elif kind == "step":
        decay = Decay("step", steps=_steps(given))
    else:
        decay = Decay("none")
    given.end()
    return decay


def _above_zero(given: Table, key: str) -> float:
    value = given.number(key)
    if value == 0:
        raise InputError(f"{key} = 0", where=given.where, mend="give a number of days above 0")
    return value


def _steps(given: Table) -> tuple[tuple[float, float], ...]:
    rows = given.take("steps")
    if not isinstance(rows, list) or not rows:
        raise InputError("steps is no list", where=given.where, mend="write steps = [[0, 1.0], [30, 0.5]]")
    steps = []
    for i, row in enumerate(rows, 1):
        where = f"{given.where}, step {i}"
        if not isinstance(row, list) or len(row) != 2:
            raise InputError(f"{row!r} is no step", where=where, mend="write [days, factor]")
        start = check_number(row[0], "days", where)
        steps.append((start, check_number(row[1], "factor", where, at_most=1.0)))
    starts = [start for start, _ in steps]
    if starts[0] != 0:
        raise InputError(
            f"the first step begins at day {starts[0]:g}", where=given.where, mend="let it begin at day 0"
        )
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise InputError("the steps are not in order", where=given.where, mend="sort them by days, each once")
    return tuple(steps)
