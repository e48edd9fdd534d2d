"""Users, for owners."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, SecretStr

from pacesetter.jobs.accounts.users import (
    Account,
    change_role,
    create_user,
    deactivate,
    list_accounts,
    set_password,
)
from pacesetter.kernel.errors import InputError
from pacesetter.web.auth.door import SECRET, AtDoor
from pacesetter.web.auth.permission import Requires
from pacesetter.web.inputs import Given
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["users"], dependencies=[SECRET, Requires("admin")])

Role = Literal["owner", "analyst", "viewer"]
Name = Annotated[str, Path(max_length=80, description="Name of a user.")]


class UserItem(BaseModel):
    """A user."""

    name: str
    role: Role
    is_active: bool = Field(description="False: was removed.")
    has_password: bool = Field(description="False: only a login link lets them in.")
    last_login_at: datetime | None
    created_at: datetime


class UsersBody(BaseModel):
    """All users by name, also removed ones."""

    users: list[UserItem]


class NewUserInput(Given):
    """A user to be."""

    name: str = Field(max_length=80)
    role: Role
    password: SecretStr | None = Field(None, max_length=1000, description="12 to 256 characters.")


class UserChangeInput(Given):
    """One change: of the role, of the password, or ``is_active`` false to remove the user."""

    role: Role | None = None
    password: SecretStr | None = Field(None, max_length=1000)
    is_active: Literal[False] | None = None


def user_item(account: Account) -> UserItem:
    """A user as an answer."""
    return UserItem(**{name: getattr(account, name) for name in UserItem.model_fields})


@router.get("/users")
async def read_users(ws: Reading) -> UsersBody:
    """All users."""
    return UsersBody(users=[user_item(one) for one in await list_accounts(ws)])


@router.post("/users", status_code=201)
async def add_user(given: NewUserInput, ws: Reading, door: AtDoor) -> UserItem:
    """Add a user, or take a removed one in again."""
    password = given.password.get_secret_value() if given.password else None
    made = await create_user(ws, given.name, given.role, password)
    door.visitors.forget()
    return user_item(made)


@router.patch("/users/{name}")
async def change_user(name: Name, given: UserChangeInput, ws: Reading, door: AtDoor) -> UserItem:
    """Change a user's role or password, which ends their sessions, or remove the user."""
    changes = given.model_dump(exclude_none=True)
    if len(changes) != 1:
        raise InputError("state one change", mend="send role, password or is_active")
    try:
        if given.role is not None:
            changed = await change_role(ws, name, given.role)
        elif given.password is not None:
            changed = await set_password(ws, name, given.password.get_secret_value())
        else:
            changed = await deactivate(ws, name)
    finally:
        door.visitors.forget()
    return user_item(changed)
