"""Somebody who may do everything and somebody who may only look, for tests by somebody logged in."""

from __future__ import annotations

from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.workspace import Workspace

OWNER = ("anna", "correct horse battery staple")
VIEWER = ("vera", "a visitor of this house")
WHO = {
    "PACESETTER_USER": OWNER[0],
    "PACESETTER_PASSWORD": OWNER[1],
    "PACESETTER_VIEWER": VIEWER[0],
    "PACESETTER_VIEWER_PASSWORD": VIEWER[1],
}


async def add_people(ws: Workspace) -> None:
    """Add both to a home."""
    await create_user(ws, OWNER[0], "owner", OWNER[1])
    await create_user(ws, VIEWER[0], "viewer", VIEWER[1])
