"""The dashboard's own checks: types, lint, unit tests, and that it speaks of today's API."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

FRONTEND = ROOT / "frontend"
installed = pytest.mark.skipif(
    not shutil.which("npm") or not (FRONTEND / "node_modules/vitest").is_dir(),
    reason="`make dev` installs it",
)


def call(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=1000, check=False)


@installed
def test_types_lint_and_units() -> None:
    """All that ``npm run check`` runs one after the other, side by side."""
    scripts = json.loads((FRONTEND / "package.json").read_text("utf-8"))["scripts"]
    parts = [re.fullmatch(r"npm run -s (\w+)", part) for part in scripts["check"].split(" && ")]
    names = [part[1] for part in parts if part]
    assert len(names) == len(parts) and {"typecheck", "lint", "test"} <= set(names), scripts["check"]
    with ThreadPoolExecutor(len(names)) as side_by_side:
        ended = list(side_by_side.map(lambda name: call("npm", "run", "--silent", name), names))
    failed = [done.stdout + done.stderr for done in ended if done.returncode]
    assert not failed, "\n".join(failed)


@installed
def test_types_are_those_of_the_api(tmp_path: Path) -> None:
    described, made = tmp_path / "openapi.json", tmp_path / "schema.d.ts"
    assert call(sys.executable, "openapi.py", described).returncode == 0
    done = call("node_modules/.bin/openapi-typescript", described, "--output", made, "--root-types=false")
    assert done.returncode == 0, done.stderr
    kept = (FRONTEND / "src/api/schema.d.ts").read_text("utf-8")
    assert made.read_text("utf-8") == kept, "npm --prefix frontend run types"


def test_versions_are_pinned_and_no_registry_is_recorded() -> None:
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert not {name: v for name, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)}
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(locked) > 100
    assert not [name for name, entry in locked.items() if "resolved" in entry]
    assert not [name for name, entry in locked.items() if name and "integrity" not in entry]


def test_the_build_needs_no_test_tools() -> None:
    """`make run` installs without the development dependencies."""
    kept = set(json.loads((FRONTEND / "package.json").read_text("utf-8"))["dependencies"])
    sources = [FRONTEND / "vite.config.ts", *(FRONTEND / "src").rglob("*.ts*")]
    built = [path for path in sources if ".test." not in path.name and path.name != "test-setup.ts"]
    assert len(built) > 20
    for path in built:
        text = path.read_text("utf-8")
        for name in re.findall(r"(?:\bfrom|^import) '([^'.][^']*)';?$", text, re.MULTILINE):
            if not name.startswith(("node:", "@/")):
                package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
                assert package in kept, f"{path.name} imports {name}"
