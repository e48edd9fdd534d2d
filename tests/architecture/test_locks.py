"""The lock files are hashed, complete, in step with each other, and name no address."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.tree import ROOT

LOCKS = {
    "requirements.lock": ["build", "notify"],
    "requirements-dev.lock": ["build", "notify", "dev"],
}
OLDEST = "3.11.2"  # what Debian 12 has
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
ADDRESS = re.compile(r"://|--(?:index-url|extra-index-url|find-links|trusted-host)|#.*[ (=]/")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pins(name: str) -> dict[str, str]:
    return {canonicalize_name(package): version for package, version in PIN.findall(text(name))}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text(name))[1:]
    assert len(blocks) == len(pins(name)) > 20
    assert not [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_nor_path_is_recorded(name: str) -> None:
    assert not ADDRESS.findall(text(name))
    assert "make lock" in text(name).split("\n\n")[0]


def test_an_address_would_be_found() -> None:
    for line in ("--index-url https://a.example/simple", "# via pacesetter (/a/pyproject.toml)"):
        assert ADDRESS.search(line)


def test_both_locks_pin_the_same_versions() -> None:
    run, dev = (pins(name) for name in LOCKS)
    assert not {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version}


@pytest.mark.parametrize(("name", "extras"), LOCKS.items())
def test_every_dependency_is_locked(name: str, extras: list[str]) -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(r for e in extras for r in project["optional-dependencies"][e])]
    locked = pins(name)
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement} is not in {name}: make lock"
        assert requirement.specifier.contains(Version(version), prereleases=True), f"{requirement}: make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_the_oldest_python_can_install_it(name: str) -> None:
    locked = pins(name)
    old = {"python_version": "3.11", "python_full_version": OLDEST, "extra": ""}
    for package in locked:
        about = distribution(package).metadata
        assert SpecifierSet(about["Requires-Python"] or "").contains(OLDEST), (
            f"{package} wants a later Python"
        )
        for requirement in map(Requirement, about.get_all("Requires-Dist") or []):
            if requirement.marker is None or requirement.marker.evaluate(old):
                assert canonicalize_name(requirement.name) in locked, f"{package} needs {requirement}"
