"""A file is named after the thing it holds."""

from __future__ import annotations

import pytest

from tests.architecture.tree import PACKAGE, modules

EMPTY_WORDS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "manager",
    "service",
    "services",
    "misc",
    "stuff",
}
EMPTY_NAMES = {"base_model", "lib", "core", "main_module"}


def empty_name(stem: str) -> bool:
    """Whether a file or folder name says nothing about what is inside."""
    return stem in EMPTY_NAMES or bool(EMPTY_WORDS & set(stem.split("_")))


def test_names_say_what_is_inside() -> None:
    named = {part for path in modules() for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not {name for name in named if empty_name(name)}


@pytest.mark.parametrize("name", ["utils", "date_utils", "cycle_manager", "price_service", "helpers"])
def test_an_empty_name_is_recognised(name: str) -> None:
    assert empty_name(name)


@pytest.mark.parametrize("name", ["bar", "rankings", "volume_change", "calendar"])
def test_a_plain_noun_passes(name: str) -> None:
    assert not empty_name(name)
