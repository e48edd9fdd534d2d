"""From an error to an HTTP answer (RFC 9457 problem details); the only place with status numbers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pacesetter.kernel.errors import (
    AccessError,
    BadDate,
    BadFile,
    BadMethod,
    BadParameter,
    BasisMismatch,
    DatabaseUnreachable,
    InputError,
    LeaseLost,
    NotLoggedIn,
    PacesetterError,
    ProviderError,
    SchemaMismatch,
    SimulationMismatch,
    StoreError,
    TooManyAttempts,
    UnknownName,
    in_short,
    may_be_told,
)
from pacesetter.web.bodies.body import encode

OK = 200
CREATED = 201
ACCEPTED = 202
BAD_REQUEST = 400
NOT_LOGGED_IN = 401
CONFLICT = 409
TOO_LARGE = 413
UNPROCESSABLE = 422
MISDIRECTED = 421
TOO_MANY = 429
FORBIDDEN = 403
METHOD_NOT_ALLOWED = 405
INTERNAL = 500
UNAVAILABLE = 503
RETRY_AFTER_S = 1

STATUS: dict[type[PacesetterError], int] = {
    UnknownName: 404,
    BadDate: UNPROCESSABLE,
    BadFile: UNPROCESSABLE,
    BadMethod: UNPROCESSABLE,
    BadParameter: UNPROCESSABLE,
    BasisMismatch: 409,
    InputError: 404,  # asked for by GET, it can only mean that there is no such thing (yet)
    DatabaseUnreachable: UNAVAILABLE,
    SchemaMismatch: UNAVAILABLE,
    SimulationMismatch: 409,
    LeaseLost: 409,
    AccessError: FORBIDDEN,
    NotLoggedIn: 401,
    TooManyAttempts: 429,
    StoreError: INTERNAL,
    ProviderError: 502,
}

log = logging.getLogger("pacesetter.web")


def status_of(error: PacesetterError) -> int:
    """The status of the nearest class in the tree."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), INTERNAL)


def headers_of(error: PacesetterError) -> dict[str, str]:
    """When to come again, for what passes by itself; how to say who one is."""
    if isinstance(error, DatabaseUnreachable):
        return {"Retry-After": str(RETRY_AFTER_S)}
    if isinstance(error, TooManyAttempts):
        return {"Retry-After": str(error.retry_after_s)}
    return {"WWW-Authenticate": 'Bearer realm="pacesetter"'} if isinstance(error, NotLoggedIn) else {}


def problem(
    status: int,
    detail: str,
    *,
    instance: str = "",
    headers: Mapping[str, str] | None = None,
    kind: str = "about:blank",
    **more: Any,
) -> Response:
    """A problem details answer. ``where`` and ``mend`` say what to do about it."""
    body = {"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body |= {name: value for name, value in {"instance": instance, **more}.items() if value}
    return Response(encode(body), status, dict(headers or {}), "application/problem+json")


def answer_error(request: Request, error: PacesetterError) -> Response:
    """The answer to a mistake that says what, where and how to mend it."""
    status, path = status_of(error), request.url.path
    if type(error) is InputError and request.method != "GET":
        status = UNPROCESSABLE
    kind = f"urn:pacesetter:problem:{type(error).__name__}"
    if may_be_told(error):
        more = {"where": error.where, "mend": error.mend}
        return problem(status, error.what, instance=path, kind=kind, headers=headers_of(error), **more)
    log.warning("%s answered %s: %s", path, status, error)
    return problem(status, in_short(error), instance=path, kind=kind, headers=headers_of(error))


def answer_validation(request: Request, error: RequestValidationError) -> Response:
    """The answer to a parameter that cannot be read."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    return problem(
        UNPROCESSABLE,
        f"{name}: {first['msg'].removeprefix('Value error, ')}",
        instance=request.url.path,
        kind="urn:pacesetter:problem:InputError",
        where=name,
    )


def answer_http(request: Request, error: HTTPException) -> Response:
    """The framework's own refusals, such as an unknown path, in the same form."""
    path, headers = request.url.path, dict(error.headers or {})
    if error.status_code == METHOD_NOT_ALLOWED:  # the framework names the methods of one route of the path
        headers["Allow"] = ", ".join(request.app.state.routes.methods(path))
    return problem(error.status_code, str(error.detail), instance=path, headers=headers)


def answer_bug(path: str, error: Exception) -> Response:
    """An unexpected error: told in the log, not to the caller."""
    log.error("unexpected error at %s", path, exc_info=error)
    return problem(INTERNAL, "an unexpected error; the server's log has it", instance=path)


def add_handlers(app: FastAPI) -> None:
    """Register all of them."""
    app.add_exception_handler(PacesetterError, answer_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, answer_validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, answer_http)  # type: ignore[arg-type]
