"""A server over a home, and the browser's tests against it: ``frontend/e2e/``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from pacesetter.web.routes.dashboard import BUILD
from tests.architecture.tree import ROOT
from tests.memory import ON_DISK

LIMIT_S = 1500.0  # ends what hangs; a busy machine takes ten times as long as a quiet one
MODULES = ROOT / "frontend/node_modules"
in_browser = [
    pytest.mark.skipif(
        not shutil.which("node") or not (MODULES / "playwright-core").is_dir() or not BUILD.is_dir(),
        reason="`make dev` installs and builds it",
    ),
    pytest.mark.timeout(LIMIT_S + 300),
]


def browse(home: Path, files: Sequence[str], **variables: str) -> None:
    """Serve a home, and run files of tests against it; what they measured is printed."""
    with serve(home) as address:
        done = subprocess.run(
            ["node", "--test", "--test-concurrency=1", *(f"e2e/{name}.test.mjs" for name in files)],
            cwd=ROOT / "frontend",
            # the browser is unpacked once for all runs, where files may be executed
            env={**os.environ, "TMPDIR": ON_DISK, "PACESETTER_URL": address, **variables},
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    print("\n".join(one for one in done.stdout.splitlines() if " of script" in one or "frames of" in one))
    assert done.returncode == 0, failures(done.stdout)


@contextmanager
def serve(home: Path) -> Iterator[str]:
    """The address of a server over a home, which takes a free port by itself and says when it answers."""
    said = home.parent / f"{home.name}-server.txt"
    with said.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-m", "pacesetter", "--home", home, "up", "--source", "none", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert server.stdout is not None
        lines = (re.search(r"Pacesetter is at (http://\S+)", line) for line in server.stdout)
        address = next((found[1] for found in lines if found), None)
        assert address, said.read_text("utf-8")
        yield address
    finally:
        server.terminate()
        try:
            server.communicate(timeout=120)
        finally:
            server.kill()


def failures(said: str) -> str:
    """What failed, without what did not."""
    parts = said.split("# Subtest: ")
    return "\n".join(part for part in parts if "not ok" in part)[-12_000:] or said[-4000:]
