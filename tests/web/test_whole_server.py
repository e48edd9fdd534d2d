"""A whole server in a process of its own: it ends without dropping a request, and a bad Redis costs nothing
but time."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pacesetter.settings import Settings
from tests.servers import SlowProxy, start_redis
from tests.web.test_server import ADDRESS

PROGRAM = Path(sys.executable).with_name("pacesetter")
CONNECTIONS = 24
COMPUTED = 14  # requests that are computed in a thread, one after the other: they wait for a while
PATIENT_S = 240.0  # for what comes in a moment, on a machine that does much beside


@contextmanager
def running(home: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``pacesetter up`` over a home, with settings of its own: the process and its address."""
    clean = {
        k: v for k, v in os.environ.items() if "DATABASE_URL" not in k and not k.startswith("PACESETTER")
    }
    process = subprocess.Popen(
        [str(PROGRAM), "--home", str(home), "up", "--source", "none", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**clean, **variables},
    )
    try:
        assert process.stdout is not None
        address = next((found[0] for line in process.stdout if (found := ADDRESS.search(line))), None)
        assert address is not None, f"it ended with {process.wait()}"
        yield process, address
    finally:
        process.kill()
        process.wait()


def boards(address: str) -> list[str]:
    """The paths of all boards, each in several forms, so that nobody waits for the answer of another."""
    domains = httpx.get(f"{address}/api/v1/domains", timeout=PATIENT_S).json()["domains"]
    slugs = [row["slug"] for row in domains]
    assert len(slugs) == 12
    return [f"/api/v1/rankings/{slug}?limit={limit}" for limit in (40, 50, 60) for slug in slugs]


def test_sigterm_drops_no_request(sqlite_home: Settings) -> None:
    async def ask(process: subprocess.Popen[str], address: str) -> tuple[list[httpx.Response], int]:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=PATIENT_S) as client:
            paths = boards(address)[:CONNECTIONS]
            # every connection is open and has been used before: none of them is still to be accepted
            await asyncio.gather(*(client.get("/api/v1/health/live") for _ in paths))
            wanted = [f"{path}&method=classic" for path in paths[:COMPUTED]] + paths[COMPUTED:]
            asked = [asyncio.create_task(client.get(path)) for path in wanted]
            await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            process.send_signal(signal.SIGTERM)
            waiting = sum(not one.done() for one in asked)
            return await asyncio.gather(*asked), waiting

    with running(sqlite_home.home, PACESETTER_CACHE_MB="0") as (process, address):
        # a connection that is kept open, and says nothing more
        idle = httpx.Client(base_url=address, timeout=PATIENT_S)
        assert idle.get("/api/v1/health/live").status_code == 200
        answers, waiting = asyncio.run(ask(process, address))
        began = time.monotonic()
        assert process.wait(PATIENT_S) == 0
        print(
            f"{waiting} of {len(answers)} were waiting; ended {time.monotonic() - began:.2f} s after the last"
        )
        idle.close()
    assert waiting >= CONNECTIONS // 2
    assert [one.status_code for one in answers] == [200] * CONNECTIONS
    assert all(one.json()["rows"] for one in answers)  # whole to the last byte


@pytest.mark.parametrize("state", ["slow", "hung"])
def test_a_bad_redis_makes_no_wrong_answer(sqlite_home: Settings, state: str) -> None:
    with running(sqlite_home.home, PACESETTER_CACHE_MB="0") as (_, address):
        paths = boards(address)
        right = {path: httpx.get(address + path, timeout=PATIENT_S).json() for path in paths}

    async def ask(address: str) -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=16)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=PATIENT_S) as client:
            return await asyncio.gather(*(client.get(path) for path in paths * 8))

    with start_redis() as redis, SlowProxy(redis.port, 0.2) as proxy:
        if state == "hung":
            redis.freeze()
        url = f"redis://127.0.0.1:{proxy.port}/0"
        with running(sqlite_home.home, PACESETTER_CACHE_MB="0", PACESETTER_REDIS_URL=url) as (
            process,
            address,
        ):
            answers = asyncio.run(ask(address))
            told = httpx.get(f"{address}/api/v1/cache/status", timeout=PATIENT_S).json()["redis"]
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENT_S) == 0  # nor does it hold the end up
        redis.freeze(False)
        replies = proxy.replies
    assert told["errors"] > 0 and (replies > 0) == (state == "slow")  # it was asked, and was no help
    wrong = [
        one.url for one in answers if one.status_code != 200 or one.json() != right[one.url.raw_path.decode()]
    ]
    print(f"{len(answers)} answers, {len(wrong)} wrong")
    assert (len(answers), wrong) == (288, [])
