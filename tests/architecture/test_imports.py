"""Imports between rooms go one way, and a planted wrong one is found."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, modules, parsed

PURE = {"kernel", "market", "factors", "ranking", "research", "portfolio", "reports", "agents"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv"}
RAW_CLIENTS = {"urllib.request", "http.client", "ftplib", "smtplib", "curl_cffi"}

# (file to write, what it says, name of the contract that must go red)
PLANTED = [
    ("market/planted.py", "import pacesetter.store\n", "rooms"),
    ("kernel/planted.py", "import pacesetter.settings\n", "rooms"),
    ("store/planted.py", "import pacesetter.providers\n", "rooms"),
    ("factors/planted.py", "import pacesetter.ranking\n", "rooms"),
    ("research/planted.py", "import pacesetter.ranking\n", "rooms"),
    ("research/planted.py", "import pacesetter.portfolio\n", "rooms"),
    ("misc/__init__.py", '"""A room nobody agreed on."""\n', "rooms"),
    ("jobs/boards/planted.py", "import pacesetter.jobs.desk\n", "jobs"),
    ("jobs/boxes/planted.py", "import pacesetter.jobs.symbols\n", "jobs"),
    ("jobs/planted.py", '"""Nobody said where it belongs."""\n', "jobs"),
    ("store/bars/planted.py", "import pacesetter.store.boards\n", "store"),
    ("store/desk/planted.py", "import pacesetter.store.boxes\n", "store"),
    ("store/planted.py", '"""Nobody said where it belongs."""\n', "store"),
    ("web/auth/planted.py", "import pacesetter.web.routes\n", "web"),
    ("ranking/planted.py", "def rows():\n    import sqlalchemy\n", "pure"),
    ("market/planted.py", "import pydantic_settings\n", "pure"),
    ("providers/planted.py", "import httpx\n", "network"),
]


def lint(root: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
            "--config",
            "pyproject.toml",
            *chosen,
        ],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in modules():
        target = tmp_path / "src" / "pacesetter" / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def test_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("path", "text", "contract"), PLANTED, ids=[f"{c}:{p}" for p, _, c in PLANTED])
def test_contract_finds_a_planted_import(copied: Path, path: str, text: str, contract: str) -> None:
    planted = copied / "src" / "pacesetter" / path
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text)
    result = lint(copied, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert planted.parent.name in result.stdout


def test_every_pure_room_is_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = next(c for c in contracts if c["id"] == "pure")["source_modules"]
    present = {f"pacesetter.{room}" for room in PURE if (PACKAGE / room).is_dir()}
    assert set(held) == present


def test_every_folder_is_a_package() -> None:
    """Without ``__init__.py`` the import contract does not see a folder (migrations are scripts)."""
    folders = {path.parent for path in modules() if "migrations" not in path.parts}
    assert not {folder for folder in folders if not (folder / "__init__.py").exists()}


def test_only_settings_read_the_environment() -> None:
    found = {name for name, tree in parsed() if reads_environment(tree)}
    assert found <= {"settings.py"}


def test_environment_reader_is_recognised() -> None:
    for text in ("import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"):
        assert reads_environment(ast.parse(text))
    assert not reads_environment(ast.parse("import os\nos.getpid()"))


def test_only_the_guarded_client_opens_connections() -> None:
    """What the import contract cannot name: modules inside the standard library's packages."""
    found = {(name, given) for name, tree in parsed() for given in imported(tree) & RAW_CLIENTS}
    assert not {(name, given) for name, given in found if name != "providers/http.py"}


def reads_environment(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT:
            return True
        names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
        if names & ENVIRONMENT:
            return True
    return False


def imported(tree: ast.Module) -> set[str]:
    """Every module named by an import, with the packages around it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names | {name.split(".")[0] for name in names}
