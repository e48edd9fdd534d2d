"""Serve page and API until the process is stopped; ticks are proposed by a process beside it."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from pacesetter.jobs.accounts.users import has_users
from pacesetter.jobs.runner.scheduler_child import propose_ticks
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.errors import ConfigError, PortInUse
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.auth.loopback import is_loopback

WATCH_S = 5.0  # how often the scheduler's process is looked at

log = logging.getLogger("pacesetter.web")


def logging_for(level: str) -> dict[str, Any]:
    """Where messages of the server go: to stderr, because stdout is for data."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(levelname)s %(message)s"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}
        },
        "loggers": {
            "_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "pacesetter": {"handlers": ["stderr"], "level": level.upper(), "propagate": False},
        },
    }


def check_address(host: str, port: int, *, locked: bool = False) -> int:
    """The port to listen on, free at this moment; a free one for 0.

    ``PortInUse`` when another program has it, ``ConfigError`` for an address that is not
    this machine's or that others can reach while not ``locked``: nobody has to log in then.
    """
    if not locked and not is_loopback(host):
        raise ConfigError(
            f"{host} can be reached by others, and there is no user with a password yet",
            where="--host",
            mend="`pacesetter user add NAME --role owner`, or listen on 127.0.0.1",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise ConfigError(f"port {port} is not for everyone", mend="choose --port above 1023") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or port == 0:
                raise ConfigError(f"cannot listen on {host}: {error.strerror}", where="--host") from None
            raise PortInUse(
                f"port {port} of {host} is in use",
                mend=f"stop the other program, or choose another: pacesetter up --port {port + 1}",
            ) from None
        return int(probe.getsockname()[1])


def locked(settings: Settings, *, simulated: bool | None = None) -> bool:
    """Whether there is a user with a password, so that others may reach the server. Opens the database
    only where that matters.
    """

    async def look() -> bool:
        async with open_workspace(settings, simulated=simulated) as ws:
            return await has_users(ws, with_password=True)

    return not is_loopback(settings.host) and asyncio.run(look())


def serve(settings: Settings, *, simulated: bool, announce: Callable[[str], None]) -> None:
    """Listen until SIGINT or SIGTERM; ``announce`` gets the address when it answers."""
    port = check_address(settings.host, settings.port, locked=locked(settings, simulated=simulated))
    asyncio.run(run_all(settings, port, simulated, announce))


async def run_all(settings: Settings, port: int, simulated: bool, announce: Callable[[str], None]) -> None:
    """The server, and beside it the scheduler unless nothing is to be fetched."""
    ticking = None
    if settings.source != "none":
        ticking = asyncio.create_task(keep_ticking(settings, simulated))
    try:
        await listen(settings, port, simulated, announce)
    finally:
        if ticking is not None:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking


async def keep_ticking(settings: Settings, simulated: bool) -> None:
    """Keep the scheduler's process running: one that ended unasked is started again, and that is said."""
    ticks = start_ticks(settings, simulated)
    try:
        while True:
            await asyncio.sleep(WATCH_S)
            if not ticks.is_alive():
                log.error("the scheduler ended (exit code %s) and is started again", ticks.exitcode)
                ticks = start_ticks(settings, simulated)
    finally:
        ticks.terminate()
        ticks.join(10)


def start_ticks(settings: Settings, simulated: bool) -> SpawnProcess:
    """A new process that proposes ticks."""
    context = multiprocessing.get_context("spawn")
    ticks = context.Process(target=propose_ticks, args=(settings, simulated), daemon=True)
    ticks.start()
    return ticks


async def listen(settings: Settings, port: int, simulated: bool, announce: Callable[[str], None]) -> None:
    """Run the server on this event loop."""
    server = Server(
        create_app(settings, simulated=simulated),
        address=settings.host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=logging_for(settings.log_level),
    )
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopped.wait())
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    if await answers(settings.host, port, serving):
        set_apart_what_stays()
        announce(f"http://{shown}:{port}")
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        server.stop()  # type: ignore[no-untyped-call]
    waiting.cancel()
    await serving


def set_apart_what_stays() -> None:
    """Keep the garbage collector off what was loaded to start with: looking through all of it would hold
    every request up for a tenth of a second, again and again."""
    gc.collect()
    gc.freeze()


async def answers(host: str, port: int, serving: asyncio.Task[None]) -> bool:
    """Wait until the server takes connections; false when it has ended instead."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        return True
    return False
