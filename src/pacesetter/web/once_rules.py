"""Which routes look at an Idempotency-Key: it follows from what they say about permissions and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from pacesetter.web.auth.door import keep_secret
from pacesetter.web.auth.permission import Gate
from pacesetter.web.auth.principal import Principal

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class OnceRule:
    """A route that changes something: what it needs, and whether it may carry a secret."""

    needs: frozenset[str]
    secret: bool

    def allows(self, principal: Principal | None) -> bool:
        """Whether somebody may make the change; everybody else is the router's to refuse."""
        return all(principal is not None and principal.may(needed) for needed in self.needs)


class OnceRules:
    """The routes of an application that change something. What needs no more than reading does not."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._rows = list(changing_routes(routes))

    def find(self, method: str, path: str) -> OnceRule | None:
        """The rule of a request; None where the header says nothing."""
        for pattern, methods, _, rule in self._rows:
            if method in methods and pattern.match(path):
                return rule
        return None

    def only_reads(self, method: str, path: str) -> bool:
        """Whether a route answers to it that changes nothing, such as one that tries other weights."""
        found = (
            rule for pattern, methods, _, rule in self._rows if method in methods and pattern.match(path)
        )
        return next(found, self) is None

    def of_template(self, method: str, template: str) -> OnceRule | None:
        """The rule of a route by the path that it declares."""
        return next(
            (rule for _, methods, path, rule in self._rows if method in methods and path == template), None
        )


def changing_routes(
    routes: Sequence[BaseRoute],
) -> Iterator[tuple[re.Pattern[str], frozenset[str], str, OnceRule | None]]:
    """(pattern, methods, declared path, rule) of all routes in the order in which they are tried."""
    for route in iter_route_contexts(routes):
        pattern, dependant = getattr(route, "path_regex", None), getattr(route, "dependant", None)
        methods = CHANGING & set(route.methods or ())
        if pattern is None or dependant is None or not methods:
            continue
        calls = [one.call for one in dependant.dependencies]
        needs = frozenset(call.permission for call in calls if isinstance(call, Gate) and call.permission)
        secret = keep_secret in calls
        rule = OnceRule(needs, secret) if secret or needs - {"read"} else None
        yield pattern, frozenset(methods), route.path or "", rule
