"""The documentation names what exists: files, links, targets, commands with their options, settings."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pacesetter.settings import Settings
from tests.architecture.tree import ROOT, markdown

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PATH = re.compile(r"(?:src/pacesetter|tests|docs)/[\w./*-]*\w/?")
TARGET = re.compile(r"(?:^|`)make ([a-z]+)\b", re.MULTILINE)
BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?pacesetter\b(.*)", re.MULTILINE)
INLINE = re.compile(r"`pacesetter ([a-z][^`]*)`")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages() -> list[Any]:
    return [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in markdown()]


@pytest.mark.parametrize("page", pages())
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = {link.split("#")[0] for link in LINK.findall(page.read_text("utf-8"))}
    local = {link for link in links if link and "://" not in link and not link.startswith("mailto:")}
    assert not {link for link in local if not (page.parent / link).exists()}


@pytest.mark.parametrize("page", pages())
def test_named_paths_exist(page: Path) -> None:
    named = {path.rstrip(".") for path in PATH.findall(page.read_text("utf-8"))}
    assert not {path for path in named if not any(ROOT.glob(path))}


@pytest.mark.parametrize("page", pages())
def test_named_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert not set(TARGET.findall(page.read_text("utf-8"))) - targets


@pytest.mark.parametrize("page", pages())
def test_named_commands_parse(page: Path) -> None:
    """Each `pacesetter …` line is parsed by the real command line, options and all, but not run."""
    if page.name == "cli.md":
        return  # generated from the commands themselves, its headings name them without arguments
    root = generator().cli_root()
    for line in sorted(set(command_lines(page.read_text("utf-8")))):
        arguments = shlex.split(line, comments=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(ROOT)
            parse(root, arguments)


def test_wrong_command_is_found() -> None:
    root = generator().cli_root()
    for line in ("no-such-command", "rank --no-such-option", "cycle --on"):
        with pytest.raises(Exception, match=r"(?i)no such|requires an argument"):
            parse(root, shlex.split(line))


def test_settings_example_lists_every_setting() -> None:
    listed = re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert listed == [f"PACESETTER_{name.upper()}" for name in Settings.model_fields]


def test_settings_example_holds_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line that has a value, uncommented, reads back as the default."""
    for name in ("PACESETTER_DATABASE_URL", "DATABASE_URL", "PACESETTER_HOME", "FETCH_INTERVAL_MINUTES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    example = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#(\w+=.+)$", r"\1", example, flags=re.MULTILINE))
    given = Settings()
    for name, field in Settings.model_fields.items():
        value = getattr(given, name)
        value = value.expanduser() if isinstance(value, Path) else value
        assert value == field.get_default(call_default_factory=True), name


@pytest.mark.parametrize("name", [".env.example", "docs/reference/settings.md", "docs/reference/cli.md"])
def test_generated_pages_are_current(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == generator().PAGES[name](), "run `make docs`"


def command_lines(text: str) -> Iterator[str]:
    """Arguments of every `pacesetter` call in shell blocks and in inline code."""
    for block in BLOCK.findall(text):
        yield from CALL.findall(block.replace("\\\n", " "))
    yield from (line for line in INLINE.findall(text) if "…" not in line)


def parse(root: Any, arguments: list[str]) -> None:
    """Parse as the program would, down to the last group; raises a usage error."""
    context = root.make_context("pacesetter", list(arguments))
    command, rest = root, [*context._protected_args, *context.args]
    while hasattr(command, "commands") and rest:
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, list(rest), parent=context)
        rest = [*getattr(context, "_protected_args", []), *context.args]
