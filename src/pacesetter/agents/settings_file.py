"""Settings of agents as a file, TOML or JSON, and the presets that come with the product.

    format = 1
    [agent.value]
    enabled = true
    weight = 2.0
    [agent.value.parameters]
    buy_from = 65.0

An agent in a file is set as the file says; what the file leaves out of it is as it is shipped. Agents that
are not in the file are not spoken of.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pacesetter.agents.catalogue import find_agent, set_agent, shipped
from pacesetter.agents.setting import AgentSetting
from pacesetter.kernel.errors import BadFile, UnknownName, unknown

FORMAT = 1
Form = Literal["toml", "json"]
TOP, KEYS = ("format", "title", "agent"), ("enabled", "weight", "parameters")


@dataclass(frozen=True)
class Preset:
    """Settings by agent under a name; ``title`` says what they are for."""

    name: str
    title: str
    settings: Mapping[str, AgentSetting]


def write_settings(settings: Mapping[str, AgentSetting], form: Form) -> str:
    """The settings as a file that ``parse_settings`` reads back as the same."""
    if form == "json":
        agents = {
            name: {"enabled": one.enabled, "weight": one.weight, "parameters": dict(one.parameters)}
            for name, one in sorted(settings.items())
        }
        return json.dumps({"format": FORMAT, "agent": agents}, indent=2, ensure_ascii=False) + "\n"
    lines = [f"format = {FORMAT}"]
    for name, one in sorted(settings.items()):
        lines += ["", f"[agent.{quote(name)}]", f"enabled = {str(one.enabled).lower()}"]
        lines += [f"weight = {one.weight!r}", "", f"[agent.{quote(name)}.parameters]"]
        known = {key: value for key, value in one.parameters.items() if value is not None}
        lines += [f"{quote(key)} = {write_value(value)}" for key, value in known.items()]
    return "\n".join(lines) + "\n"


def quote(key: str) -> str:
    """A key as TOML takes it."""
    plain = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if plain else json.dumps(key, ensure_ascii=False)


def write_value(value: Any) -> str:
    """A number or a text in TOML."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(float(value))


def parse_settings(text: str, *, where: str, form: Form = "toml") -> dict[str, AgentSetting]:
    """The settings of a file, by agent, complete and checked; version 0 throughout. ``BadFile`` or
    ``InputError`` says what is wrong with it, and where."""
    return read_agents(_load(text, where, form), where)


def read_agents(given: Mapping[str, Any], where: str) -> dict[str, AgentSetting]:
    """The agents of a file's content."""
    _refuse_unknown(given, TOP, where)
    if given.get("format") != FORMAT:
        raise BadFile(f"its format is {given.get('format')!r}", where=where, mend=f"write format = {FORMAT}")
    found = {}
    for name, entry in _mapping(given.get("agent", {}), f"{where}, agent").items():
        place = f"{where}, {name}"
        try:
            agent = find_agent(name)
        except UnknownName as error:
            raise UnknownName(error.what, where=where, mend=error.mend) from None
        entry = _mapping(entry, place)
        _refuse_unknown(entry, KEYS, place)
        found[name] = set_agent(
            agent,
            shipped(agent),
            enabled=entry.get("enabled"),
            weight=entry.get("weight"),
            parameters=_mapping(entry.get("parameters", {}), place),
            where=place,
        )
    return found


def preset_names() -> list[str]:
    """The presets that come with the product."""
    folder = files("pacesetter.agents").joinpath("presets")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


@cache
def load_preset(name: str) -> Preset:
    """A shipped preset; ``UnknownName`` offers the nearest."""
    if name not in preset_names():
        raise unknown("preset", name, preset_names())
    path = files("pacesetter.agents").joinpath("presets", f"{name}.toml")
    given = _load(path.read_text("utf-8"), path.name, "toml")
    return Preset(name, str(given.get("title", name)), read_agents(given, path.name))


def _load(text: str, where: str, form: Form) -> Mapping[str, Any]:
    try:
        given = json.loads(text) if form == "json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # both decoders' errors are ValueErrors
        raise BadFile(
            f"that is no {form.upper()}: {error}", where=where, mend="`pacesetter agents export` writes one"
        ) from None
    return _mapping(given, where)


def _mapping(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadFile(f"{given!r:.60} is no table", where=where, mend="`pacesetter agents export` writes one")
    return given


def _refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in known:
            raise BadFile(f"unknown key {key!r}", where=where, mend=f"known: {', '.join(known)}")
