"""An installed wheel can do what a checkout can: migrations, methods, domains and pages are inside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.tree import PACKAGE, ROOT


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=900,
    )
    (wheel,) = Path(folder).glob("pacesetter-*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_shipped(shipped: set[str]) -> None:
    files = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not files - shipped


def test_what_running_needs_is_shipped(shipped: set[str]) -> None:
    assert "pacesetter/py.typed" in shipped
    assert "pacesetter/market/domains.toml" in shipped
    assert any(name.startswith("pacesetter/store/migrations/versions/") for name in shipped)
    assert any(name.startswith("pacesetter/ranking/methods/") and name.endswith(".toml") for name in shipped)
    assert any(name.startswith("pacesetter/web/") and name.endswith(".html") for name in shipped)


def test_licence_is_shipped_and_nothing_else_is(shipped: set[str]) -> None:
    others = {name for name in shipped if not name.startswith("pacesetter/")}
    assert any(name.endswith("/licenses/LICENSE") for name in others)
    assert all(".dist-info/" in name for name in others), others
