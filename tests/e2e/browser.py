"""A server over a home, and the browser's tests against it: ``frontend/e2e/``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from pacesetter.web.routes.dashboard import BUILD
from tests.architecture.tree import ROOT
from tests.memory import ON_DISK
from tests.servers import free_port

MODULES = ROOT / "frontend/node_modules"
needs_browser = pytest.mark.skipif(
    not shutil.which("node") or not (MODULES / "playwright-core").is_dir() or not BUILD.is_dir(),
    reason="`make dev` installs and builds it",
)


def browse(home: Path, files: Sequence[str], *, timeout_s: float, **variables: str) -> None:
    """Serve a home, and run files of tests against it; what they measured is printed."""
    port = free_port()
    command = [sys.executable, "-m", "pacesetter", "--home", str(home), "up"]
    server = subprocess.Popen(
        [*command, "--source", "none", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{address}/api/v1/health/ready")
        done = subprocess.run(
            ["node", "--test", *(f"e2e/{name}.test.mjs" for name in files)],
            cwd=ROOT / "frontend",
            # the browser is unpacked once for all runs, where files may be executed
            env={**os.environ, "TMPDIR": ON_DISK, "PACESETTER_URL": address, **variables},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        print(
            "\n".join(
                line for line in done.stdout.splitlines() if " of script" in line or "frames of" in line
            )
        )
        assert done.returncode == 0, failures(done.stdout)
    finally:
        server.terminate()
        server.wait(20)


def failures(said: str) -> str:
    """What failed, without what did not."""
    parts = said.split("# Subtest: ")
    return "\n".join(part for part in parts if "not ok" in part)[-12_000:] or said[-4000:]
