"""Somebody who may do everything, for tests by somebody logged in."""

from __future__ import annotations

from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings

NAME, PASSWORD = "anna", "correct horse battery staple"
WHO = {"PACESETTER_USER": NAME, "PACESETTER_PASSWORD": PASSWORD}


async def add_owner(settings: Settings) -> None:
    """Add them to a simulated home."""
    async with open_workspace(settings, simulated=True) as ws:
        await create_user(ws, NAME, "owner", PASSWORD)
