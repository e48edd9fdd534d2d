"""Who can be set, and what is refused: each error names the parameter, its bounds and how to mend it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from pacesetter.agents import catalogue
from pacesetter.agents.base import analysts, seekers
from pacesetter.agents.catalogue import (
    DESK,
    check_analysts,
    find_agent,
    known_agents,
    set_agent,
    shipped,
)
from pacesetter.agents.setting import AgentSetting
from pacesetter.kernel.errors import InputError, PluginError, UnknownName

VALUE = find_agent("value")


def test_everybody_is_known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {name: one.kind for name, one in known_agents().items()}
    assert kinds["value"] == "analyst" and kinds["insider"] == "discovery" and kinds["desk"] == "desk"
    assert len(kinds) == len(analysts.names()) + len(seekers.names()) + 1
    monkeypatch.setattr(catalogue, "DESK", replace(DESK, name="value"))
    with pytest.raises(PluginError, match="two agents are called 'value'"):
        known_agents()


def test_an_unknown_agent_is_offered_its_neighbours() -> None:
    with pytest.raises(UnknownName, match="did you mean value"):
        find_agent("valu")


def test_what_is_set_is_kept_and_the_rest_stays() -> None:
    base = shipped(VALUE)
    found = set_agent(VALUE, base, enabled=False, weight=2, parameters={"buy_from": 65})
    assert found == AgentSetting("value", 0, False, 2.0, {**base.parameters, "buy_from": 65.0})
    assert set_agent(VALUE, base) == base


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"weight": 0.09}, "weight = 0.09 .* from 0.1 to 3"),
        ({"weight": 3.01}, "weight = 3.01"),
        ({"weight": math.nan}, "no number"),
        ({"weight": True}, "no number"),
        ({"enabled": "yes"}, "true or false"),
        ({"parameters": {"buy_from": 101}}, "buy_from = 101 .value. — keep it from 0 to 100"),
        ({"parameters": {"buy_from": "high"}}, "buy_from = 'high' is no number"),
        ({"parameters": {"buy_from": None}}, "no number"),
        ({"parameters": {"bye_from": 60}}, "unknown parameter of value 'bye_from' — did you mean buy_from"),
        ({"parameters": {"watch_from": 71}}, "watch_from = 71 is above buy_from = 70"),
        ({"parameters": {"sell_to": 56}}, "sell_to = 56 is above watch_from = 55"),
    ],
)
def test_what_is_wrong_is_named(what: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        set_agent(VALUE, shipped(VALUE), **what)


def test_risk_has_a_ladder_of_its_own() -> None:
    risk = find_agent("risk")
    with pytest.raises(
        InputError, match=r"sell_to = 51 is above hold_from = 50 .* order: sell_to, hold_from$"
    ):
        set_agent(risk, shipped(risk), parameters={"sell_to": 51})
    assert set_agent(risk, shipped(risk), parameters={"sell_to": 50}).parameters["sell_to"] == 50.0


@pytest.mark.parametrize("weight", [0.1, 3.0])
def test_a_weight_at_its_bounds_is_fine(weight: float) -> None:
    assert set_agent(VALUE, shipped(VALUE), weight=weight).weight == weight


def test_the_desk_has_words_for_parameters() -> None:
    base = shipped(DESK)
    assert base.parameters["mode"] == "manual" and base.parameters["portfolio"] is None
    found = set_agent(DESK, base, parameters={"mode": "paper", "portfolio": " Core "})
    assert found.parameters["mode"] == "paper" and found.parameters["portfolio"] == "Core"
    for wrong, said in (
        ({"mode": "live"}, "use one of manual, paper, read_only, dry_run"),
        ({"mode": ["paper"]}, "use one of"),
        ({"portfolio": " "}, "no name"),
        ({"portfolio": "x" * 81}, "up to 80"),
        ({"portfolio": "a\nb"}, "no name"),
        ({"portfolio": 7}, "no name"),
    ):
        with pytest.raises(InputError, match=said):
            set_agent(DESK, base, parameters=wrong)
    with pytest.raises(InputError, match="only analysts are weighed"):
        set_agent(find_agent("insider"), shipped(find_agent("insider")), weight=2.0)
    with pytest.raises(InputError, match="read_only"):
        set_agent(DESK, base, enabled=False)


def test_three_analysts_stay_on() -> None:
    names = analysts.names()
    off = {name: AgentSetting(name, enabled=False) for name in names}
    check_analysts({name: off[name] for name in names[3:]})
    with pytest.raises(InputError, match=f"only 2 analysts would stay on: {names[0]}, {names[1]}"):
        check_analysts({name: off[name] for name in names[2:]})
    with pytest.raises(InputError, match="only 0"):
        check_analysts(off)
