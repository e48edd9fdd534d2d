"""What a request shows to say who it is: a key in a header, or a session's token in a cookie."""

from __future__ import annotations

import base64
import hashlib
import hmac

from starlette.responses import Response
from starlette.types import Scope

COOKIE = "pacesetter_session"
CSRF_HEADER = b"x-csrf-token"


def header_of(scope: Scope, name: bytes) -> str | None:
    """A header's value; None unless there is exactly one."""
    given = [value for key, value in scope["headers"] if key == name]
    return given[0].decode("latin-1").strip() if len(given) == 1 else None


def has_header(scope: Scope, name: bytes) -> bool:
    """Whether a header is there, however often."""
    return any(key == name for key, _ in scope["headers"])


def bearer_of(scope: Scope) -> str | None:
    """The key of a request; empty where the header holds none."""
    if not has_header(scope, b"authorization"):
        return None
    kind, _, key = (header_of(scope, b"authorization") or "").partition(" ")
    return key.strip() if kind.casefold() == "bearer" else ""


def session_of(scope: Scope) -> str | None:
    """The session's token of a request; the first where there are several."""
    for key, value in scope["headers"]:
        if key == b"cookie":
            text: str = value.decode("latin-1")
            for part in text.split(";"):
                name, _, token = part.strip().partition("=")
                if name == COOKIE:
                    return token
    return None


def csrf_token(session: str) -> str:
    """What a page of ours sends along to change something. It follows from the session's token, which
    scripts cannot read and which is stored nowhere: so neither is this.
    """
    mac = hmac.digest(session.encode(), b"pacesetter: this request was meant", hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def set_session(response: Response, token: str, *, lasts_s: int, secure: bool) -> None:
    """Give a browser its session: out of reach of scripts, sent to this server's own pages only."""
    response.set_cookie(
        COOKIE, token, max_age=lasts_s, path="/", secure=secure, httponly=True, samesite="strict"
    )


def drop_session(response: Response, *, secure: bool) -> None:
    """Take it away."""
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="strict")
