"""Settings as a file: out and in again the same, as TOML and as JSON; presets; what is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.agents.base import Parameter
from pacesetter.agents.catalogue import Choice, check_analysts, known_agents, set_agent, shipped
from pacesetter.agents.setting import AgentSetting
from pacesetter.agents.settings_file import load_preset, parse_settings, preset_names, write_settings
from pacesetter.kernel.errors import InputError


@st.composite
def some_settings(draw: st.DrawFn) -> dict[str, AgentSetting]:
    """Any agents, set in any way that is allowed."""
    found = {}
    for name in draw(st.lists(st.sampled_from(sorted(known_agents())), unique=True, min_size=1)):
        agent = known_agents()[name]
        parameters: dict[str, Any] = {}
        for key in draw(st.lists(st.sampled_from(sorted(agent.parameters) or [""]), unique=True)):
            setter = agent.parameters.get(key)
            if isinstance(setter, Parameter):
                parameters[key] = draw(st.floats(setter.least, setter.most))
            elif isinstance(setter, Choice):
                parameters[key] = draw(st.sampled_from(setter.among))
            elif setter is not None:
                parameters[key] = draw(st.none() | st.text(min_size=1, max_size=80).filter(is_name))
        with suppress(InputError):  # its thresholds are not in order
            found[name] = set_agent(
                agent,
                shipped(agent),
                enabled=name == "desk" or draw(st.booleans()),
                weight=draw(st.floats(0.1, 3)) if agent.kind == "analyst" else 1.0,
                parameters=parameters,
            )
    return found


def is_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


@settings(max_examples=200, print_blob=True)
@given(some_settings(), st.sampled_from(["toml", "json"]))
def test_out_and_in_again_is_the_same(given_settings: dict[str, AgentSetting], form: Any) -> None:
    text = write_settings(given_settings, form)
    assert parse_settings(text, where="file", form=form) == given_settings
    assert write_settings(parse_settings(text, where="file", form=form), form) == text


def test_what_a_file_leaves_out_is_as_it_is_shipped() -> None:
    (found,) = parse_settings("format = 1\n[agent.value]\nweight = 2", where="f").values()
    assert found == AgentSetting("value", 0, True, 2.0, shipped(known_agents()["value"]).parameters)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "its format is None .mine.toml. — write format = 1"),
        ("format = 2", "its format is 2"),
        ("format", "that is no TOML"),
        ("format = 1\nagents = 1", "unknown key 'agents'"),
        ("format = 1\nagent = 1", "no table"),
        ("format = 1\n[agent]\nvalue = 1", "no table"),
        ("format = 1\n[agent.valu]", "unknown agent 'valu' .mine.toml."),
        ("format = 1\n[agent.value]\nweigth = 1", "unknown key 'weigth' .mine.toml, value. — known: enabled"),
        ("format = 1\n[agent.value]\nweight = 9", "weight = 9 .mine.toml, value. — keep it from 0.1 to 3"),
        ("format = 1\n[agent.value]\nparameters = 3", "no table"),
        ("format = 1\n[agent.value.parameters]\nbuy_from = nan", "no number"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_settings(text, where="mine.toml")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": NaN}', "[" * 100_000])
def test_no_json_is_said_so(text: str) -> None:
    with pytest.raises(InputError, match=r"no JSON|no table|its format"):
        parse_settings(text, where="mine.json", form="json")


def test_every_preset_can_be_used() -> None:
    assert {"balanced", "value", "growth", "momentum", "cautious"} <= set(preset_names())
    for name in preset_names():
        preset = load_preset(name)
        assert preset.title and "desk" not in preset.settings
        check_analysts(preset.settings)
    assert load_preset("balanced").settings == {}
    with pytest.raises(InputError, match="did you mean cautious"):
        load_preset("cautios")
