"""How agents announce themselves: a function with a name, a sentence and its parameters.

    @seeker("unusual_volume", "Volume of at least three times its mean", types=("unusual_volume",),
            parameters={"times": Parameter(3.0, 1.0, 100.0, "so many times the mean of 30 sessions")})
    def seek(evidence, given): ...          # → signals of ``evidence.on``, in any order

    @analyst("value", "What it costs against what it earns", parameters={...})
    def look(symbol, evidence, given): ...  # → an Opinion, or None where it has nothing to judge by

An agent is pure: the same evidence and parameters give the same answer, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pacesetter.agents.evidence import Evidence
from pacesetter.kernel.registry import Registry
from pacesetter.research.opinion import Opinion
from pacesetter.research.signal import Signal

Given = Mapping[str, float]
Seek = Callable[[Evidence, Given], Sequence[Signal]]
Look = Callable[[str, Evidence, Given], Opinion | None]


@dataclass(frozen=True)
class Parameter:
    """A number that a person may set, within its bounds, and what it means in words."""

    default: float
    least: float
    most: float
    words: str


@dataclass(frozen=True)
class Seeker:
    """A discovery agent; ``types``: the signal types that it may give."""

    name: str
    words: str
    types: tuple[str, ...]
    seek: Seek
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True)
class Analyst:
    """An analyst."""

    name: str
    words: str
    look: Look
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


seekers: Registry[Seeker] = Registry(
    "discovery agent", "pacesetter.agents.discovery", group="pacesetter.agents"
)
analysts: Registry[Analyst] = Registry("analyst", "pacesetter.agents.analysts", group="pacesetter.agents")


def seeker(
    name: str, words: str, *, types: Sequence[str], parameters: Mapping[str, Parameter] | None = None
) -> Callable[[Seek], Seek]:
    """Register the decorated function as a discovery agent."""

    def register(seek: Seek) -> Seek:
        seekers.add(name, Seeker(name, words, tuple(types), seek, parameters or {}))
        return seek

    return register


def analyst(
    name: str, words: str, *, parameters: Mapping[str, Parameter] | None = None
) -> Callable[[Look], Look]:
    """Register the decorated function as an analyst."""

    def register(look: Look) -> Look:
        analysts.add(name, Analyst(name, words, look, parameters or {}))
        return look

    return register
