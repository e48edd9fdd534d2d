"""What a factor is, and how its values are taken from a panel.

A factor is one file with one decorated function. The function gets a ``Panel`` whose
bars are complete up to its last session and returns raw values either per bar
(float64, N; the framework then takes each symbol's newest bar per session) or per
session and symbol (float64, T×S), as ``per`` says. NaN is a missing value; ``absent``
says why a window that was long enough still gave none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pacesetter.kernel.registry import Registry
from pacesetter.market.panel import F8, I4

Per = Literal["bar", "session"]
Kind = Literal["bars", "boxes"]

# reasons of a missing value; stored as text, carried as the index into this tuple
REASONS = (
    "",
    "no_bars",  # the symbol has no accepted bar on or before the date
    "stale",  # its newest accepted bar is more than five sessions old
    "too_few_bars",  # fewer bars than the window needs
    "zero_volume",  # no trading in the whole window
    "no_volume",  # the source gives no volume
    "zero_variance",  # nothing moved, a ratio to it has no meaning
    "no_benchmark",  # too few sessions shared with the benchmark
    "not_known",  # no such fundamental was known on the date
    "currency",  # figures in two currencies and no rate between them
    "undefined",  # the formula has no value here
    # of boxes
    "not_observed",  # nobody looked on the date
    "no_floor",  # no floor price
    "sales_unknown",  # nobody said how many were sold
    "no_earlier_floor",  # no floor price where the change is measured from
    "few_days",  # fewer than seven days with known sales
    "few_listings",  # fewer than five are offered
    "listings_unknown",  # nobody said how many are offered
    "nothing_listed",  # none is offered
    "added_unknown",  # nobody said how many were added
    "no_net_demand",  # as many are added as are sold, or more
)
REASON_CODE = {name: code for code, name in enumerate(REASONS)}


@dataclass(frozen=True)
class Factor:
    """A factor's declaration and its function.

    ``needs``: panel columns read ("close", "volume", "growth", …) or facts
    ("fact:eps"). ``window``: how many of the symbol's own bars, the newest included,
    a value may depend on. ``minimum``: how many it must have (default: ``window``).
    ``about``: what a value tells, for somebody who has never heard of it; ``source``: paper
    or standard, empty where the definition is our own. ``of``: what it is a value of.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    window: int
    minimum: int
    higher_is_better: bool
    unit: str
    per: Per
    absent: str
    version: int
    formula: str
    source: str
    function: Callable[..., F8 | tuple[F8, NDArray[np.int8]]]
    about: str = ""
    of: Kind = "bars"

    @property
    def sign(self) -> int:
        """+1 when a higher raw value is better, else −1."""
        return 1 if self.higher_is_better else -1


@dataclass(frozen=True)
class FactorValues:
    """Raw values of one factor: ``raw`` float64 T×S (NaN = missing), ``reason`` int8 T×S
    (index into ``REASONS``, 0 where there is a value), ``n_obs`` int32 T×S bars used."""

    factor: Factor
    raw: F8
    reason: NDArray[np.int8]
    n_obs: I4


factors: Registry[Factor] = Registry("factor", "pacesetter.factors", group="pacesetter.factors")


def factors_of(kind: Kind) -> list[Factor]:
    """The registered factors of bars, or the measures of boxes, by name."""
    return [one for one in factors if one.of == kind]


def factor(
    *,
    title: str,
    needs: tuple[str, ...],
    window: int,
    higher_is_better: bool,
    unit: str,
    formula: str,
    minimum: int | None = None,
    per: Per = "bar",
    absent: str = "undefined",
    version: int = 1,
    about: str = "",
    source: str = "",
) -> Callable[[Callable[..., F8 | tuple[F8, NDArray[np.int8]]]], Factor]:
    """Declare the decorated function as the factor of its own name."""

    def declare(function: Callable[..., F8 | tuple[F8, NDArray[np.int8]]]) -> Factor:
        return factors.add(
            function.__name__,
            Factor(
                name=function.__name__,
                title=title,
                needs=needs,
                window=window,
                minimum=window if minimum is None else minimum,
                higher_is_better=higher_is_better,
                unit=unit,
                per=per,
                absent=absent,
                version=version,
                formula=formula,
                about=about,
                source=source,
                function=function,
            ),
        )

    return declare
