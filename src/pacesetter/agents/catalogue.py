"""Every agent that can be set: discovery agents, analysts and the desk itself, with their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from pacesetter.agents.base import Parameter, analysts, seekers
from pacesetter.agents.setting import LEAST_WEIGHT, MOST_WEIGHT, AgentSetting
from pacesetter.kernel.errors import InputError, PluginError, unknown
from pacesetter.research.table import check_number

LEAST_ANALYSTS = 3  # stay on, or the desk would decide by the word of one or two
MODES = ("manual", "paper", "read_only", "dry_run")
LADDER = ("sell_to", "hold_from", "watch_from", "buy_from")


@dataclass(frozen=True)
class Choice:
    """A word out of a few."""

    default: str
    among: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Name:
    """A name that a person gave to something, or none."""

    words: str
    most_characters: int = 80
    default: None = None


Setter = Parameter | Choice | Name


@dataclass(frozen=True)
class KnownAgent:
    """An agent by name; ``kind``: discovery, analyst or desk."""

    name: str
    kind: Literal["discovery", "analyst", "desk"]
    words: str
    parameters: Mapping[str, Setter]


DESK = KnownAgent(
    "desk",
    "desk",
    "How the desk works: who trades, and for which portfolio",
    {
        "mode": Choice(
            "manual",
            MODES,
            "manual: a person trades; paper: the desk does, on paper; read_only: nobody "
            "can answer its decisions; dry_run: an answer says what it would do, and nothing is kept",
        ),
        "portfolio": Name("the portfolio that sizes and limits are taken of; none: an empty one"),
    },
)


def known_agents() -> dict[str, KnownAgent]:
    """All agents by name: analysts, discovery agents, the desk. ``PluginError`` for a name given twice."""
    found: dict[str, KnownAgent] = {}
    looking = [KnownAgent(one.name, "analyst", one.words, one.parameters) for one in analysts]
    seeking = [KnownAgent(one.name, "discovery", one.words, one.parameters) for one in seekers]
    for one in (*looking, *seeking, DESK):
        if one.name in found:
            raise PluginError(f"two agents are called {one.name!r}", mend="rename one of them")
        found[one.name] = one
    return found


def find_agent(name: str) -> KnownAgent:
    """An agent by name; ``UnknownName`` offers the nearest."""
    agents = known_agents()
    if name not in agents:
        raise unknown("agent", name, list(agents))
    return agents[name]


def shipped(agent: KnownAgent) -> AgentSetting:
    """How an agent is set before anybody changes it."""
    return AgentSetting(agent.name, parameters={name: one.default for name, one in agent.parameters.items()})


def set_agent(
    agent: KnownAgent,
    base: AgentSetting,
    *,
    enabled: Any = None,
    weight: Any = None,
    parameters: Mapping[str, Any] | None = None,
    where: str = "",
) -> AgentSetting:
    """``base`` with something otherwise, all of it checked; ``InputError`` names what is wrong, its bounds
    and how to mend it. Its version is that of ``base``."""
    where = where or agent.name
    if enabled is not None and not isinstance(enabled, bool):
        raise InputError(f"enabled = {enabled!r}", where=where, mend="write true or false")
    if enabled is False and agent.kind == "desk":
        raise InputError("the desk cannot be turned off", where=where, mend="set its mode to read_only")
    if weight is not None:
        weight = check_number(weight, "weight", where, at_least=LEAST_WEIGHT, at_most=MOST_WEIGHT)
        if agent.kind != "analyst" and weight != 1:
            raise InputError(
                f"weight = {weight:g}, and only analysts are weighed",
                where=where,
                mend="leave it at 1; what its signals count stands in desk.toml",
            )
    given = dict(base.parameters)
    for name, value in (parameters or {}).items():
        if name not in agent.parameters:
            raise unknown(f"parameter of {agent.name}", name, list(agent.parameters))
        given[name] = check_value(agent.parameters[name], name, value, where)
    check_ladder(given, where)
    return replace(
        base,
        enabled=base.enabled if enabled is None else enabled,
        weight=base.weight if weight is None else weight,
        parameters=given,
    )


def check_value(setter: Setter, name: str, value: Any, where: str) -> float | str | None:
    """A parameter's value, where it is one."""
    if isinstance(setter, Parameter):
        return check_number(value, name, where, at_least=setter.least, at_most=setter.most)
    if isinstance(setter, Choice):
        if value not in setter.among:
            raise InputError(f"{name} = {value!r}", where=where, mend=f"use one of {', '.join(setter.among)}")
        return str(value)
    if value is None:
        return None
    most = setter.most_characters
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most or not value.isprintable():
        raise InputError(f"{name} = {value!r} is no name", where=where, mend=f"up to {most} plain characters")
    return value.strip()


def check_ladder(given: Mapping[str, Any], where: str) -> None:
    """The scores from which answers change follow each other, the better answer later."""
    steps = [(name, given[name]) for name in LADDER if name in given]
    for (low, below), (high, above) in pairwise(steps):
        if below > above:
            raise InputError(
                f"{low} = {below:g} is above {high} = {above:g}",
                where=where,
                mend=f"order: {', '.join(name for name, _ in steps)}",
            )


def check_analysts(settings: Mapping[str, AgentSetting], where: str = "") -> None:
    """``InputError`` where fewer than three analysts would stay on."""
    on = [one.name for one in analysts if one.name not in settings or settings[one.name].enabled]
    if len(on) < LEAST_ANALYSTS:
        raise InputError(
            f"only {len(on)} analysts would stay on{': ' * bool(on)}{', '.join(on)}",
            where=where,
            mend=f"at least {LEAST_ANALYSTS} stay on: leave more of them, or give them a small weight",
        )
