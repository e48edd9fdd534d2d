"""The funds of the simulated market: each moves with the market, and with the companies that it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Fund(NamedTuple):
    """A fund: its beta to the market, the size of moves of its own (of one session), and which companies
    it holds in equal parts, by their shape: eight numbers between 0 and 1."""

    beta: float
    own: float
    holds: Callable[[np.ndarray], bool]


def nobody(shape: np.ndarray) -> bool:
    """A fund of bonds holds no company."""
    return False


FUNDS: dict[str, Fund] = {
    "TLT": Fund(-0.15, 0.007, nobody),
    "VTV": Fund(0.9, 0.001, lambda shape: bool(shape[7] > 0.55)),  # much earned for its price
    "VUG": Fund(1.1, 0.001, lambda shape: bool(shape[7] < 0.45)),  # little
    "MTUM": Fund(1.05, 0.001, lambda shape: bool(shape[2] > 0.65)),  # drifting upwards
    "QUAL": Fund(1.0, 0.001, lambda shape: bool(shape[4] > 0.6)),  # paying dividends
    "IWM": Fund(1.15, 0.001, lambda shape: bool(shape[6] < 0.35)),  # little traded
    "USMV": Fund(0.7, 0.001, lambda shape: bool(shape[1] < 0.35)),  # calm
}
