"""Which routes' answers may be kept: said at the route, read once when the application is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from pacesetter.web.auth.permission import routes_of

Kind = Literal["leaderboard", "detail", "series"]
TTL_S: dict[str, int] = {"leaderboard": 15 * 60, "detail": 10 * 60, "series": 30 * 60}

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

UNKNOWN = "(none)"  # the template of a path that no route has
_MARK = "__kept__"


@dataclass(frozen=True)
class Kept:
    """A promise: the answer is the same for everybody who may read, and follows from path, query,
    what is stored, and (only if ``by_accept``) the form that ``present`` finds in Accept."""

    kind: Kind
    by_accept: bool = False

    @property
    def ttl_s(self) -> int:
        """How long an answer may be kept."""
        return TTL_S[self.kind]


def kept(kind: Kind, *, by_accept: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Keep the answers of an endpoint; to be written between ``@router.get`` and ``def``."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, Kept(kind, by_accept))
        return endpoint

    return mark


@dataclass(frozen=True)
class Found:
    """The route of a request: its template, and what it says about keeping (None: never)."""

    template: str
    kept: Kept | None


NOTHING = Found(UNKNOWN, None)


def check_kept(app: FastAPI) -> None:
    """Refuse to make an application that keeps what not every reader may see."""
    needs = {(method, path): needed for method, path, needed in routes_of(app)}
    for route in iter_route_contexts(app.routes):
        if getattr(route.endpoint, _MARK, None) is not None and set(needs["GET", route.path or ""] or ()) != {
            "read"
        }:
            raise AssertionError(f"{route.path} is kept for all readers, so it must need 'read' alone")


class RouteTable:
    """The routes of an application in the order in which they are tried."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._rows: list[tuple[re.Pattern[str], frozenset[str] | None, Found]] = []
        for route in iter_route_contexts(routes):
            pattern = getattr(route, "path_regex", None)
            if pattern is None:
                continue
            methods = None if route.methods is None else frozenset(route.methods)
            rule = getattr(route.endpoint, _MARK, None) if methods and "GET" in methods else None
            self._rows.append((pattern, methods, Found(route.path or UNKNOWN, rule)))

    def methods(self, path: str) -> list[str]:
        """What can be asked of the path that a path is first taken for."""
        template = next((found.template for pattern, _, found in self._rows if pattern.match(path)), UNKNOWN)
        found = {one for _, methods, row in self._rows if row.template == template for one in methods or ()}
        return sorted(found | ({"HEAD"} if "GET" in found else set()))

    def find(self, method: str, path: str) -> Found:
        """The route that answers; HEAD is answered by GET's."""
        method = "GET" if method == "HEAD" else method
        for pattern, methods, found in self._rows:
            if (methods is None or method in methods) and pattern.match(path):
                return found
        return NOTHING
