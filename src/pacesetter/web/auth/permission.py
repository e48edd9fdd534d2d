"""What a route needs: every one states it, and an application with one that does not is not made.

``APIRouter(dependencies=[Requires("read")])`` states it for a file, and
``@router.post(..., dependencies=[Requires("write")])`` for a route; both must hold where both stand.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts

from pacesetter.kernel.errors import NotAllowed, NotLoggedIn
from pacesetter.web.auth.principal import Permission, Principal


class Gate:
    """The dependency behind ``Requires`` and ``Public``."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> None:
        """Let the request through, or raise ``NotLoggedIn`` or ``NotAllowed``."""
        if self.permission is None:
            return
        failed = request.scope.get("principal_error")
        if failed is not None:  # nobody could be asked who this is
            raise failed
        principal: Principal | None = request.scope.get("principal")
        if principal is not None and principal.may(self.permission):
            return
        if principal is None or principal.via == "open":
            raise NotLoggedIn(
                mend="log in (`pacesetter user link NAME` prints a link), or send `Authorization: Bearer KEY`"
            )
        raise NotAllowed(
            f"{principal.name} may not do that with this {principal.via}: it needs {self.permission!r}"
        )


def Requires(permission: Permission) -> Any:  # noqa: N802 reads as what it declares
    """The route needs this permission."""
    return Depends(Gate(permission))


PUBLIC = Depends(Gate(None))  # the route is for everyone, and says so


def principal_of(request: Request) -> Principal:
    """Who asks, in a route that needs a permission."""
    principal: Principal | None = request.scope.get("principal")
    if principal is None:
        raise NotLoggedIn
    return principal


Asking = Annotated[Principal, Depends(principal_of)]


def routes_of(app: FastAPI) -> list[tuple[str, str, list[Permission | None] | None]]:
    """Every route as (method, path, what it needs); None where it does not say."""
    found: list[tuple[str, str, list[Permission | None] | None]] = []
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        calls = [one.call for one in dependant.dependencies] if dependant is not None else []
        needs = [call.permission for call in calls if isinstance(call, Gate)] or None
        methods = sorted((route.methods or {"*"}) - {"HEAD"})
        found += [(method, route.path or "", needs) for method in methods]
    return found


def check_permissions(app: FastAPI) -> None:
    """Refuse to make an application with a route that anybody could call because nobody said who may."""
    silent = [f"{method} {path}" for method, path, needs in routes_of(app) if needs is None]
    if silent:
        raise AssertionError(f"no permission is stated for {', '.join(silent)}: see web/auth/permission.py")
