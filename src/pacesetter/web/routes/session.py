"""Logging in and out, who one is, and one's own password."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, SecretStr

from pacesetter.jobs.accounts.logins import check_password, log_in, log_out
from pacesetter.jobs.accounts.passwords import hash_token
from pacesetter.jobs.accounts.users import set_password
from pacesetter.web.auth.credentials import csrf_token, session_of
from pacesetter.web.auth.door import SECRET, AtDoor
from pacesetter.web.auth.permission import PUBLIC, Asking, Requires
from pacesetter.web.auth.principal import Principal
from pacesetter.web.inputs import Given
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["session"], dependencies=[SECRET])


class LoginInput(Given):
    """Who one says to be."""

    name: str = Field(max_length=200)
    password: SecretStr = Field(max_length=1000)


class PasswordInput(Given):
    """A new password; ``current`` is needed unless there is none yet."""

    current: SecretStr | None = Field(None, max_length=1000)
    new: SecretStr = Field(max_length=1000, description="12 to 256 characters.")


class SessionBody(BaseModel):
    """Who asks and what they may do."""

    name: str = Field(description="Empty while nobody has to log in.")
    role: str | None
    via: str = Field(description="open (nobody has to log in), session or key.")
    permissions: list[str] = Field(description="Of read, write, admin, account.")
    csrf_token: str | None = Field(description="To be sent as X-CSRF-Token with every change by a session.")
    expires_at: datetime | None = Field(None, description="When a session that just began ends unused.")


def session_body(principal: Principal, token: str | None, expires_at: datetime | None = None) -> SessionBody:
    """A principal as an answer."""
    return SessionBody(
        name=principal.name,
        role=principal.role,
        via=principal.via,
        permissions=principal.permissions,
        csrf_token=csrf_token(token) if principal.via == "session" and token else None,
        expires_at=expires_at,
    )


@router.post("/session", dependencies=[PUBLIC])
async def begin(
    given: LoginInput, request: Request, response: Response, ws: Reading, door: AtDoor
) -> SessionBody:
    """Log in: the answer sets the session's cookie and tells the token for changes."""
    door.count(request, given.name)
    login = await log_in(ws, given.name, given.password.get_secret_value())
    old = session_of(request.scope)
    if old is not None:
        await log_out(ws, old)
    door.let_in(response, login.token)
    account = login.account
    principal = Principal(account.id, account.name, account.role, frozenset(), "session")  # type: ignore[arg-type]
    return session_body(principal, login.token, login.expires_at)


@router.get("/session", dependencies=[Requires("read")])
async def read(request: Request, principal: Asking) -> SessionBody:
    """Who asks, what they may do, and the token for changes."""
    return session_body(principal, session_of(request.scope))


@router.delete("/session", dependencies=[Requires("account")], status_code=204)
async def end(request: Request, response: Response, ws: Reading, door: AtDoor) -> None:
    """Log out."""
    await log_out(ws, session_of(request.scope) or "")
    door.let_out(response)


@router.put("/session/password", dependencies=[Requires("account")], status_code=204)
async def change_password(
    given: PasswordInput, request: Request, ws: Reading, door: AtDoor, principal: Asking
) -> None:
    """Set one's own password; all other sessions of the user end."""
    door.count(request, principal.name)
    current = None if given.current is None else given.current.get_secret_value()
    await check_password(ws, principal.name, current)
    kept = hash_token(session_of(request.scope) or "")
    await set_password(ws, principal.name, given.new.get_secret_value(), keep=kept)
    door.visitors.forget()
