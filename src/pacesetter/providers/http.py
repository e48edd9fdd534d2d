"""The one guarded client for every call to the outside.

Only hosts on the allow-list are asked; a name is resolved once and the connection goes
to that very address, which must be public unless the host was trusted by name; every
redirect is checked again; size, time and rate are bounded; a run of failures opens the
breaker, which lets one probe through after a pause. What is posted follows no redirect: neither
it nor the key beside it goes anywhere else.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from pacesetter.kernel.errors import NetworkBlocked, ProviderError, ProviderRefused, RateLimited

MAX_REDIRECTS = 5
TRIES = 3


@dataclass
class Breaker:
    """Opens after ``limit`` failures in a row; after ``pause_s`` one call may probe."""

    limit: int = 5
    pause_s: float = 30.0
    failures: int = 0
    opened_at: float | None = None
    cause: str = "no answer"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self) -> None:
        """``NetworkBlocked`` while the breaker is open."""
        with self._lock:
            if self.opened_at is None:
                return
            if time.monotonic() - self.opened_at < self.pause_s:
                raise NetworkBlocked(f"{self.cause}; calls are paused for a while", mend="try again later")
            self.opened_at = time.monotonic()  # this caller probes, others wait on

    def note(self, *, worked: bool, cause: str = "") -> None:
        """Count an outcome, and remember why it failed."""
        with self._lock:
            self.cause = cause or self.cause
            self.failures = 0 if worked else self.failures + 1
            self.opened_at = None if worked else self.opened_at
            if self.failures >= self.limit and self.opened_at is None:
                self.opened_at = time.monotonic()


@dataclass
class Pace:
    """At most ``per_minute`` calls a minute, evenly spaced, over all threads."""

    per_minute: int
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, deadline: float) -> None:
        """Wait for the next free moment; ``RateLimited`` when it lies after ``deadline``."""
        with self._lock:
            at = max(self._next, time.monotonic())
            if at > deadline:
                raise RateLimited("the own rate limit leaves no time for this call")
            self._next = at + 60.0 / self.per_minute
        time.sleep(max(0.0, at - time.monotonic()))


class GuardedClient:
    """A blocking HTTP client with the guards above. ``trusted`` hosts may have private addresses."""

    def __init__(
        self,
        *,
        hosts: tuple[str, ...],
        trusted: tuple[str, ...] = (),
        per_minute: int = 60,
        timeout_s: float = 10.0,
        max_bytes: int = 20_000_000,
        deadline_s: float = 120.0,
        breaker: Breaker | None = None,
        tries: int = TRIES,
        plain_outside: bool = True,
    ) -> None:
        """``plain_outside``: whether http, which anyone on the way can read, may go to public addresses."""
        self._hosts = hosts
        self._trusted = trusted
        self._pace = Pace(per_minute)
        self._max_bytes = max_bytes
        self._deadline = time.monotonic() + deadline_s
        self._timeout_s = timeout_s
        self.breaker = breaker or Breaker()
        self._tries = tries
        self._plain_outside = plain_outside
        self._streams: list[Any] = []  # of the connections, so that they can be ended from outside
        # addresses are pinned here, so neither proxies nor the environment may choose them
        self._client = httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Ask, with up to three tries for what may pass; the body is read whole.

        ``data``: fields of a form; ``content``: a body as it is, which follows no redirect.

        Raises ``RateLimited`` (429), ``NetworkBlocked`` (no connection, time-outs, guards)
        or ``ProviderRefused`` (too large, endless redirects). Other statuses are returned.
        """
        problem: ProviderError = NetworkBlocked("the time for this fetch is over", where=host_of(url))
        for attempt in range(self._tries):
            if time.monotonic() > self._deadline:
                raise problem
            self.breaker.admit()
            self._pace.wait(self._deadline)
            try:
                response = self._follow(method, url, dict(headers or {}), data, content)
            except (httpx.TransportError, OSError) as error:
                problem = NetworkBlocked(
                    f"no answer from {host_of(url)}: {type(error).__name__}",
                    mend="check the network, or import files",
                )
                self.breaker.note(worked=False, cause=problem.what)
            else:
                if response.status_code != 429 and response.status_code < 500:
                    self.breaker.note(worked=True)
                    return response
                self.breaker.note(worked=False, cause=f"{host_of(url)} answered {response.status_code}")
                wait = retry_after(response)
                if response.status_code < 500:
                    problem = RateLimited(
                        "the provider asks to slow down",
                        where=host_of(url),
                        mend="try again later, or lower PACESETTER_YAHOO_REQUESTS_PER_MINUTE",
                        retry_after_s=wait,
                    )
                else:
                    problem = ProviderRefused(f"it answered {response.status_code}", where=host_of(url))
                if attempt + 1 < self._tries:
                    self._sleep(wait if wait is not None else 0.5 * 2**attempt, problem)
        raise problem

    def _sleep(self, seconds: float, problem: Exception) -> None:
        if time.monotonic() + seconds > self._deadline:
            raise problem
        time.sleep(seconds)

    def _follow(
        self, method: str, url: str, headers: dict[str, str], data: Any, content: bytes | None
    ) -> httpx.Response:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(method, url, headers, data, content)
            if not response.is_redirect:
                return response
            if content is not None:
                raise ProviderRefused("it sends what is posted elsewhere", where=host_of(url))
            url, method, data = urljoin(url, response.headers["location"]), "GET", None
        raise ProviderRefused("it redirects without end", where=host_of(url))

    def _send(
        self, method: str, url: str, headers: dict[str, str], data: Any, content: bytes | None
    ) -> httpx.Response:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise NetworkBlocked("the time for this fetch is over", where=host_of(url))
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = self._resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
        if parts.scheme != "https" and not self._plain_outside and ipaddress.ip_address(address).is_global:
            raise NetworkBlocked(f"{host} is outside, and http can be read on the way", mend="use https")
        literal = f"[{address}]" if ":" in address else address
        pinned = parts._replace(netloc=literal + (f":{parts.port}" if parts.port else "")).geturl()
        timeout = httpx.Timeout(min(self._timeout_s, left_s))
        sent = self._client.build_request(
            method,
            pinned,
            headers={**headers, "Host": parts.netloc.rpartition("@")[2]},
            data=data,
            content=content,
            extensions={"sni_hostname": host, "timeout": timeout.as_dict(), "trace": self._note_stream},
        )
        # a time-out counts anew with every byte: who sends one now and then is cut off by this
        cutter = threading.Timer(left_s, self._cut)
        cutter.daemon = True
        cutter.start()
        try:
            streamed = self._client.send(sent, stream=True)
            body = self._read(streamed, host)
        finally:
            cutter.cancel()
        dropped = ("content-encoding", "content-length")
        plain = httpx.Headers([(k, v) for k, v in streamed.headers.multi_items() if k not in dropped])
        return httpx.Response(streamed.status_code, headers=plain, content=bytes(body), request=sent)

    def _read(self, streamed: httpx.Response, host: str) -> bytearray:
        body = bytearray()
        try:
            for block in streamed.iter_bytes():
                body += block
                if len(body) > self._max_bytes:
                    raise ProviderRefused(f"its answer is larger than {self._max_bytes} bytes", where=host)
        finally:
            streamed.close()
        if time.monotonic() > self._deadline:  # cut off by then, it may look whole
            raise NetworkBlocked("the time for this fetch is over", where=host)
        return body

    def _note_stream(self, event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams.append(info["return_value"])

    def _cut(self) -> None:
        for stream in self._streams:
            with suppress(Exception):  # of one that is closed already
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _resolve(self, host: str, port: int) -> str:
        if host not in self._hosts and host not in self._trusted:
            raise NetworkBlocked(f"the host {host!r} is not on the list of allowed ones")
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        if host not in self._trusted and not ipaddress.ip_address(address).is_global:
            raise NetworkBlocked(f"{host} resolves to the private address {address}")
        return address


def retry_after(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header, if it gives such."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None


def host_of(url: str) -> str:
    """The host of an address."""
    return urlsplit(url).hostname or url
