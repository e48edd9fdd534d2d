"""Plug-ins: off unless named, loaded once, never a crash."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pacesetter.kernel import registry
from pacesetter.kernel.errors import PluginError, UnknownName
from pacesetter.kernel.registry import Registry


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Registry[str]:
    """A registry beside which two plug-ins are installed: one that works, one that does not."""
    made: Registry[str] = Registry("thing", "tests.kernel", group="tests.things")
    made._scanned = True

    def break_down() -> None:
        raise RuntimeError("no licence")

    points = {
        "tests.things": [
            SimpleNamespace(name="good", load=lambda: made.add("theirs", "x")),
            SimpleNamespace(name="bad", load=break_down),
        ]
    }
    monkeypatch.setattr(registry, "entry_points", lambda group: points.get(group, []))
    return made


def test_a_plug_in_is_off_unless_it_is_named(things: Registry[str]) -> None:
    things.load_plugins([])
    assert "theirs" not in things
    things.load_plugins(["good"])
    assert things.get("theirs") == "x"
    things.load_plugins(["good"])  # a second time would add a second thing of that name
    assert things.loaded == {"good"}


def test_a_plug_in_that_fails_is_noted_and_left_out(things: Registry[str]) -> None:
    things.load_plugins(["good", "bad"])
    assert things.names() == ["theirs"]
    assert [(one.name, one.group) for one in things.failures] == [("bad", "tests.things")]
    assert "no licence" in things.failures[0].cause


def test_two_of_one_name_are_refused_and_an_unknown_one_gets_the_nearest(things: Registry[str]) -> None:
    things.add("momentum", "a")
    with pytest.raises(PluginError, match="momentum"):
        things.add("momentum", "b")
    with pytest.raises(UnknownName, match="momentum"):
        things.get("momentun")
