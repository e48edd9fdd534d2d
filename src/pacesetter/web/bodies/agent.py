"""Agents and their settings as answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from pacesetter.agents.base import Parameter
from pacesetter.agents.catalogue import Choice, KnownAgent, Setter, shipped
from pacesetter.agents.setting import LEAST_WEIGHT, MOST_WEIGHT, AgentSetting
from pacesetter.jobs.decisions.agent_settings import AgentChange, content_of
from pacesetter.jobs.decisions.track_record import CallRecord

Value = float | str | None


class ParameterItem(BaseModel):
    """Something of an agent that can be set."""

    name: str
    words: str
    kind: Literal["number", "choice", "name"]
    value: Value = Field(description="A number, one of `among`, or a name; null: none.")
    default: Value
    least: float | None = Field(description="Of a number.")
    most: float | None
    among: list[str] | None = Field(description="Of a choice.")


class CallItem(BaseModel):
    """What became of an analyst's calls of one kind after so many sessions. Returns: 0.01 is 1 %."""

    recommendation: Literal["BUY", "SELL"]
    horizon: int = Field(description="Sessions.")
    n: int = Field(description="Calls that count; the same call on several evenings counts on each.")
    symbols: int
    hits: int = Field(description="A BUY that did better than the benchmark, a SELL that did worse.")
    hit_rate: float | None = Field(description="hits / n.")
    mean_return: float | None
    benchmark_return: float | None
    waiting: int = Field(description="Calls whose horizon has not passed, or without prices.")


class AgentItem(BaseModel):
    """An agent and how it is set."""

    name: str
    kind: Literal["analyst", "discovery", "desk"]
    words: str
    version: int = Field(description="0: as it is shipped.")
    enabled: bool
    can_be_off: bool
    weight: float
    least_weight: float = Field(description="Bounds of the weight; both 1 where it has none.")
    most_weight: float
    changed: bool = Field(description="Whether it is set otherwise than shipped.")
    parameters: list[ParameterItem]
    record: list[CallItem] = Field(description="Of an analyst: BUY and SELL at each horizon.")


class VersionItem(BaseModel):
    """How an agent was set since an instant."""

    version: int
    enabled: bool
    weight: float
    parameters: dict[str, Value]
    preset: str | None = Field(description="The preset that it came with.")
    by: str | None = Field(description="Who set it; null: somebody at the command line, or a file.")
    set_at: dt.datetime | None


class SetItem(BaseModel):
    """What is set of an agent."""

    version: int
    enabled: bool
    weight: float
    parameters: dict[str, Value]


class AgentChangeItem(BaseModel):
    """An agent before and after."""

    agent: str
    changed: bool
    before: SetItem
    after: SetItem


def agent_item(known: KnownAgent, setting: AgentSetting, record: tuple[CallRecord, ...]) -> AgentItem:
    """An agent as an answer."""
    weighed = known.kind == "analyst"
    return AgentItem(
        name=known.name,
        kind=known.kind,
        words=known.words,
        version=setting.version,
        enabled=setting.enabled,
        can_be_off=known.kind != "desk",
        weight=setting.weight,
        least_weight=LEAST_WEIGHT if weighed else 1.0,
        most_weight=MOST_WEIGHT if weighed else 1.0,
        changed=content_of(setting) != content_of(shipped(known)),
        parameters=[
            parameter_item(name, setter, setting.parameters.get(name))
            for name, setter in known.parameters.items()
        ],
        record=[call_item(one) for one in record],
    )


def parameter_item(name: str, setter: Setter, value: Any) -> ParameterItem:
    """A parameter with its bounds."""
    is_number, is_choice = isinstance(setter, Parameter), isinstance(setter, Choice)
    return ParameterItem(
        name=name,
        words=setter.words,
        kind="number" if is_number else "choice" if is_choice else "name",
        value=value,
        default=setter.default,
        least=setter.least if isinstance(setter, Parameter) else None,
        most=setter.most if isinstance(setter, Parameter) else None,
        among=list(setter.among) if isinstance(setter, Choice) else None,
    )


def call_item(one: CallRecord) -> CallItem:
    """A track record as an answer."""
    return CallItem(**vars(one), hit_rate=one.hit_rate)


def change_item(one: AgentChange) -> AgentChangeItem:
    """A change as an answer."""
    return AgentChangeItem(
        agent=one.agent, changed=one.changed, before=set_item(one.before), after=set_item(one.after)
    )


def set_item(setting: AgentSetting) -> SetItem:
    """What is set."""
    return SetItem(version=setting.version, **content_of(setting))
