"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["owner", "analyst", "viewer"]
Permission = Literal["read", "write", "admin", "account"]

RIGHTS: dict[str | None, frozenset[str]] = {
    None: frozenset({"read"}),  # nobody has to log in on loopback, as long as there is no user
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "write"}),
    "owner": frozenset({"read", "write", "admin"}),
}


@dataclass(frozen=True)
class Principal:
    """Who asks. ``scopes`` narrow the role of a key's owner; they say nothing for a session.

    Permissions: ``read`` (what is published), ``write`` (boards, methods, decisions, jobs), ``admin``
    (users, keys of others, settings), ``account`` (one's own password and keys: by a session only, so
    that a key that got lost makes no other).
    """

    user_id: UUID | None
    name: str
    role: Role | None
    scopes: frozenset[str]
    via: Literal["open", "session", "key"]

    def may(self, permission: str) -> bool:
        """Whether a permission is given; one that nobody has heard of is not."""
        if permission == "account":
            return self.via == "session"
        if self.role is None and self.via != "open":
            return False
        return permission in RIGHTS[self.role] and (self.via != "key" or permission in self.scopes)

    @property
    def permissions(self) -> list[str]:
        """All that are given."""
        return [one for one in ("read", "write", "admin", "account") if self.may(one)]


OPEN = Principal(None, "", None, frozenset(), "open")
