"""Keys for programs: one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pacesetter.jobs.accounts.api_keys import DAYS, Key, create_key, list_keys, revoke_key
from pacesetter.kernel.errors import NotAllowed
from pacesetter.web.auth.door import SECRET, AtDoor
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.inputs import Given
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["keys"], dependencies=[SECRET, Requires("account")])

Scope = Literal["read", "write", "admin"]


class KeyItem(BaseModel):
    """A key; of its text only the first characters are known."""

    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class NewKeyBody(KeyItem):
    """A key that was just made."""

    key: str = Field(description="The key itself: shown here and never again.")


class KeysBody(BaseModel):
    """One's own keys, oldest first; revoked ones are marked."""

    keys: list[KeyItem]


class NewKeyInput(Given):
    """A key to be."""

    name: str = Field(max_length=80)
    scopes: list[Scope] = Field(["read"], max_length=3, description="Reading is always among them.")
    days: int | None = Field(DAYS, ge=1, le=3650, description="Days until it expires; null: never.")


def fields_of(key: Key) -> dict[str, object]:
    """A key's fields as they are answered."""
    return {name: getattr(key, name) for name in KeyItem.model_fields}


@router.get("/keys")
async def read_keys(ws: Reading, principal: Asking) -> KeysBody:
    """One's own keys."""
    return KeysBody(keys=[KeyItem(**fields_of(key)) for key in await list_keys(ws, principal.name)])  # type: ignore[arg-type]


@router.post("/keys", status_code=201)
async def add_key(given: NewKeyInput, ws: Reading, principal: Asking) -> NewKeyBody:
    """Make a key with a part of one's own rights."""
    beyond = [scope for scope in given.scopes if not principal.may(scope)]
    if beyond:
        raise NotAllowed(f"the role {principal.role} has no {beyond[0]!r} to give to a key")
    made = await create_key(ws, principal.name, given.name, scopes=given.scopes, days=given.days)
    return NewKeyBody(**fields_of(made.key), key=made.secret)  # type: ignore[arg-type]


@router.delete("/keys/{which}", status_code=204)
async def drop_key(
    which: Annotated[str, Path(max_length=80, description="Id, first characters or name of a key.")],
    ws: Reading,
    door: AtDoor,
    principal: Asking,
) -> None:
    """Revoke one of one's own keys."""
    await revoke_key(ws, which, user=principal.name)
    door.visitors.forget()
