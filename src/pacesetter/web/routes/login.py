"""The one-time link: whoever opens it first is logged in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from pacesetter.jobs.accounts.logins import log_out, use_login_link
from pacesetter.web.auth.credentials import session_of
from pacesetter.web.auth.door import SECRET, AtDoor
from pacesetter.web.auth.permission import PUBLIC
from pacesetter.web.workspace import Reading

SEE_OTHER, NO_CONTENT = 303, 204

router = APIRouter(include_in_schema=False, dependencies=[SECRET])


@router.get("/login", dependencies=[PUBLIC])
async def use_link(
    request: Request, ws: Reading, door: AtDoor, token: Annotated[str, Query(max_length=200)]
) -> Response:
    """Log in by a link that works once, and go on to the boards."""
    if request.scope.get("reads_head"):
        return Response(status_code=NO_CONTENT)  # a look at a link does not use it up
    login = await use_login_link(ws, token)
    old = session_of(request.scope)
    if old is not None:
        await log_out(ws, old)
    response = RedirectResponse("/", SEE_OTHER, {"Cache-Control": "no-store"})
    door.let_in(response, login.token)
    return response
