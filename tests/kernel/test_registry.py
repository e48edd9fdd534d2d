"""Plug-ins: off unless named, loaded once, never a crash."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
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


def test_whoever_asks_while_the_files_are_imported_waits_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "slow_things"
    package.mkdir()
    (package / "__init__.py").touch()
    body = """
        import time
        from tests.kernel.test_registry import slow
        time.sleep(0.02)
        slow.add(__name__[-1], __name__)
        slow.names()  # a file may ask, too: it sees those before it
        """
    for name in "abcdefgh":
        (package / f"{name}.py").write_text(textwrap.dedent(body))
    monkeypatch.syspath_prepend(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda name: slow.get(name)[-1], "hgfedcba")) == list("hgfedcba")


slow: Registry[str] = Registry("slow thing", "slow_things")
