"""What the routes of accounts share: who is at the door, how often, and with which cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from pacesetter.jobs.accounts.logins import LONGEST
from pacesetter.kernel.clock import Clock
from pacesetter.web.auth.attempts import Attempts
from pacesetter.web.auth.authenticate import Visitors
from pacesetter.web.auth.credentials import drop_session, set_session


@dataclass(frozen=True)
class Door:
    """``secure``: cookies go over TLS only, because others can listen in."""

    visitors: Visitors
    attempts: Attempts
    secure: bool

    def count(self, request: Request, name: str) -> None:
        """Note an attempt to log in; ``TooManyAttempts`` when there were too many."""
        self.attempts.count(request.client.host if request.client else "", name)

    def let_in(self, response: Response, token: str) -> None:
        """Give the browser its session."""
        self.visitors.forget()
        lasts_s = int(LONGEST / timedelta(seconds=1))  # the server decides whether it still holds
        set_session(response, token, lasts_s=lasts_s, secure=self.secure)

    def let_out(self, response: Response) -> None:
        """Take it away."""
        self.visitors.forget()
        drop_session(response, secure=self.secure)


def door_of(request: Request) -> Door:
    """The application's door."""
    door: Door = request.app.state.door
    return door


def keep_private(response: Response) -> None:
    """Answers are for whoever asked: no cache keeps them."""
    response.headers["Cache-Control"] = "no-store"


def keep_secret(response: Response) -> None:
    """They may hold a password or a key, too: nothing of them is kept, not even for whoever asked."""
    keep_private(response)


def make_door(visitors: Visitors, clock: Clock, *, secure: bool) -> Door:
    """A door without any attempts yet."""
    return Door(visitors, Attempts(clock), secure)


AtDoor = Annotated[Door, Depends(door_of)]
PRIVATE = Depends(keep_private)
SECRET = Depends(keep_secret)
