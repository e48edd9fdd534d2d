"""Real server processes, load on them from a third process, and the table of what came out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.architecture.tree import ROOT

PROGRAM = Path(sys.executable).with_name("pacesetter")
FRONTEND = ROOT / "frontend"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
GZIP = {"accept-encoding": "gzip"}  # as every browser says
CONNECTIONS = 16
HIT_S, MISS_S, ROUNDS = 1.5, 4.0, 2


@dataclass(frozen=True)
class Load:
    """What a load gave: requests a second, times in milliseconds, and how busy the generator itself was."""

    per_second: float
    requests: int
    p50: float
    p99: float
    worst: float
    errors: int
    statuses: dict[str, int]
    busy: float


def load(
    address: str,
    paths: Sequence[str],
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> Load:
    """Ask for ``paths``, one after the other on each connection; nothing but ``status`` may come back."""
    asked = {"url": address, "paths": paths, "seconds": seconds, "connections": connections}
    asked["headers"] = {**GZIP, **(headers or {})}
    command = ["node", "bench/load.mjs", json.dumps(asked)]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    told = Load(**json.loads(done.stdout))
    assert told.errors == 0 and set(told.statuses) == {str(status)}, told
    return told


def need_generator() -> None:
    """Skip where there is no Node, or the development tools are not installed."""
    if shutil.which("node") is None or not (FRONTEND / "node_modules/autocannon").is_dir():
        pytest.skip("the load generator needs Node, and `make dev`")


@contextmanager
def process(command: Sequence[str], **variables: str) -> Iterator[str]:
    """A process that prints the address which it listens on; ended at the end."""
    clean = {
        k: v for k, v in os.environ.items() if "DATABASE_URL" not in k and not k.startswith("PACESETTER")
    }
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**clean, **variables}
    )
    try:
        assert running.stdout is not None
        for line in running.stdout:
            if found := ADDRESS.search(line):
                yield found[0]
                return
        pytest.fail(f"{command} ended with {running.wait()}")
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()


@contextmanager
def serving(
    home: Path, *, source: str = "none", database_url: str | None = None, **more: str
) -> Iterator[str]:
    """``pacesetter up`` over a home, when it has warmed what it warms; a limit that nobody reaches."""
    variables = {"PACESETTER_READS_PER_MINUTE": "1000000000", "PACESETTER_LOG_LEVEL": "error", **more}
    if database_url is not None:
        variables["PACESETTER_DATABASE_URL"] = database_url
    command = [str(PROGRAM), "--home", str(home), "up", "--source", source, "--port", "0"]
    with process(command, **variables) as address:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if httpx.get(f"{address}/api/v1/cache/status", timeout=30).json()["warmed"] is not None:
                break
            time.sleep(0.2)
        yield address


@contextmanager
def bare_peer(address: str, path: str, folder: Path) -> Iterator[str]:
    """A bare ASGI function that returns what ``path`` returned."""
    names = {"content-type", "content-encoding"}
    with httpx.Client() as client, client.stream("GET", address + path, headers=GZIP) as answer:
        body = b"".join(answer.iter_raw())
        headers = [(k, v) for k, v in answer.headers.items() if k in names]
    file = folder / "body"
    file.write_bytes(json.dumps([*headers, ("content-length", str(len(body)))]).encode() + b"\n" + body)
    with process([sys.executable, str(Path(__file__).with_name("bare_server.py")), str(file)]) as peer:
        yield peer


class Table:
    """Lines of a table in Markdown: printed, and kept in ``build/``."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]

    def add(self, *cells: Any) -> None:
        """A line; said at once, because a run takes minutes."""
        self.lines.append(f"| {' | '.join(map(str, cells))} |")
        print(self.lines[-1], flush=True)

    def write(self, path: Path) -> None:
        """The whole table into a file."""
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(self.lines) + "\n")
        print(f"\n{path.read_text()}\nkept in {path}")


def row_of(told: Load) -> tuple[str, str, str]:
    """Requests a second, p50 and p99 as cells; says so where the generator itself may have been the limit."""
    limited = " (generator busy)" if told.busy > 0.9 else ""
    return f"{told.per_second:,.0f}{limited}", f"{told.p50:.2f} ms", f"{told.p99:.2f} ms"


def verdict(value: float, most: float) -> str:
    """Whether a target in milliseconds was met."""
    return f"≤ {most:g} ms: {'met' if value <= most else 'missed'}"


def compare_with_bare(table: Table, address: str, case: str, path: str, engine: str, folder: Path) -> None:
    """Load kept answers and a bare function that returns the same bytes, by turns, and the 304s."""
    etag = httpx.get(address + path, headers=GZIP, timeout=60).headers["etag"]
    with bare_peer(address, path, folder) as peer:
        bare, hits = [], []
        for _ in range(ROUNDS):  # by turns: whatever else runs here concerns both
            bare.append(load(peer, ["/"], HIT_S))
            hits.append(load(address, [path], HIT_S))
        same = load(address, [path], HIT_S, headers={"if-none-match": etag}, status=304)
    peer_rate = sum(one.per_second for one in bare) / ROUNDS
    worse = max(hits, key=lambda one: one.p99)
    ratio = sum(one.per_second for one in hits) / ROUNDS / peer_rate
    target = f"≥ 0.7: {'met' if ratio >= 0.7 else 'missed'}; p99 {verdict(worse.p99, 2)}"
    if engine == "SQLite":
        table.add(f"bare function, bytes of {case}", *row_of(max(bare, key=lambda one: one.p99)), "1", "–")
    table.add(f"{case}, cached, {engine}", *row_of(worse), f"{ratio:.2f}", target)
    table.add(f"{case}, 304, {engine}", *row_of(same), f"{same.per_second / peer_rate:.2f}", "–")
