"""How much one may ask of the API in a minute, counted in this process; every answer says what is left.

A user's sessions and keys are counted apart, so that a program does not lock its owner out of the pages; who
is nobody is counted by address. Counting is a generic cell rate algorithm: one number for each, the instant
at which all of the quota is there again. (ATM Forum, Traffic Management 4.0, 1996; the fields are those of
draft-ietf-httpapi-ratelimit-headers-10.)
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from time import monotonic
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from pacesetter.web.auth.attempts import network_of
from pacesetter.web.errors import TOO_MANY, problem
from pacesetter.web.once_rules import OnceRules
from pacesetter.web.traffic import Traffic

WINDOW_S = 60.0
FULL_S = WINDOW_S + 1e-6  # sums of steps are not exact
MOST_COUNTED = 20_000  # askers; those whose quota is whole again go first
API = "/api/"
FREE = frozenset({"/api/health", "/api/v1/health/live", "/api/v1/health/ready"})
READING = ("GET", "HEAD")
KIND = "urn:pacesetter:problem:TooManyRequests"
REFUSED = "(too many)"  # what such requests are counted under

Pair = tuple[bytes, bytes]


class Limit:
    """At most ``quota`` requests at once, and as many a minute."""

    def __init__(self, name: str, quota: int) -> None:
        self.name = name
        self.quota = quota
        self.step = WINDOW_S / quota
        self.policy: Pair = (b"ratelimit-policy", b'"%s";q=%d;w=%d' % (name.encode(), quota, WINDOW_S))
        self._left = b'"%s";r=%%d;t=%%d' % name.encode()
        self._whole_at: dict[Any, float] = {}  # by asker

    def take(self, asker: Any, now: float) -> tuple[list[Pair], float]:
        """Count a request: the fields of its answer, and for how many seconds it has to wait (0: none)."""
        whole_at = self._whole_at.get(asker, 0.0)
        if not whole_at and len(self._whole_at) >= MOST_COUNTED:
            self._make_room(now)
        later = (whole_at if whole_at > now else now) + self.step
        used_s = later - now
        if used_s > FULL_S:
            return self._fields(0, whole_at - now), used_s - WINDOW_S
        self._whole_at[asker] = later
        return self._fields(int((FULL_S - used_s) / self.step), used_s), 0.0

    def _fields(self, left: int, whole_in_s: float) -> list[Pair]:
        return [self.policy, (b"ratelimit", self._left % (left, ceil(whole_in_s)))]

    def _make_room(self, now: float) -> None:
        self._whole_at = {asker: at for asker, at in self._whole_at.items() if at > now}
        while len(self._whole_at) >= MOST_COUNTED:  # the one that has asked longest
            self._whole_at.pop(next(iter(self._whole_at)))


class Limits:
    """ASGI middleware, behind ``Authenticate``. The guard adds the fields to whatever is answered."""

    def __init__(self, app: ASGIApp, *, reads: int, writes: int, traffic: Traffic) -> None:
        self.app = app
        self.traffic = traffic
        self.now = monotonic
        self._rules: OnceRules | None = None  # of the application, when that is complete
        self.reads = Limit("reads", reads) if reads else None
        self.writes = Limit("writes", writes) if writes else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count and pass on, or refuse."""
        path: str = scope["path"]
        if path.startswith(API) and path not in FREE:
            limit = self.writes if self._changes(scope) else self.reads
            if limit is not None:
                fields, wait_s = limit.take(asker_of(scope), self.now())
                scope["added_headers"] += fields
                if wait_s:
                    await self._refuse(limit, ceil(wait_s), scope, receive, send)
                    return
        await self.app(scope, receive, send)

    def _changes(self, scope: Scope) -> bool:
        """Whether a request changes something; trying weights, such as a slider does, does not."""
        if scope["method"] in READING:
            return False
        if self._rules is None:
            app: Any = scope.get("app")
            if not isinstance(app, Starlette):
                return True
            self._rules = OnceRules(app.routes)
        return not self._rules.only_reads(scope["method"], scope["path"])

    async def _refuse(self, limit: Limit, wait_s: int, scope: Scope, receive: Receive, send: Send) -> None:
        self.traffic.note(REFUSED, scope["method"], TOO_MANY, 0.0)
        answer = problem(
            TOO_MANY,
            f"more than {limit.quota} {limit.name} a minute",
            instance=scope["path"],
            kind=KIND,
            headers={"Retry-After": str(wait_s)},
            mend=f"come again in {wait_s} s, then no faster than {limit.quota / WINDOW_S:.3g} times a second",
        )
        await answer(scope, receive, send)


def asker_of(scope: Scope) -> Any:
    """Whom a request counts for: a user's sessions, a user's keys, or an address."""
    principal = scope.get("principal")
    if principal is not None and principal.user_id is not None:
        return principal.user_id, principal.via
    client = scope.get("client")
    return network(client[0]) if client else ""


network = lru_cache(maxsize=4096)(network_of)
