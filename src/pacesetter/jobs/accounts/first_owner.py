"""The first owner of a server that others reach from its first start, such as one in a container."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from pacesetter.jobs.accounts.logins import FIRST_OWNER
from pacesetter.jobs.accounts.passwords import LONGEST, new_token
from pacesetter.jobs.accounts.users import create_user, has_users
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.errors import ConfigError, InputError
from pacesetter.settings import Settings

SETTING = "PACESETTER_OWNER_PASSWORD_FILE"


async def first_owner(settings: Settings, *, simulated: bool) -> bool:
    """Add the first owner that the settings ask for, if any; whether one was added."""
    if settings.owner_password_file is None:
        return False
    async with open_workspace(settings, simulated=simulated) as ws:
        return await ensure_owner(ws, settings.owner_password_file)


async def ensure_owner(ws: Workspace, path: Path) -> bool:
    """Add the owner whose password stands in the file, unless there is any user; whether it was added.

    A file that does not exist is written with a random password, for its owner's eyes only. It is
    written before the user is added: stopped in between, the next start goes on with the same one.
    """
    if await has_users(ws):
        return False
    password = read_password(path)
    try:
        await create_user(ws, FIRST_OWNER, "owner", password)
    except InputError as error:
        if error.where != "password":
            return False  # another process that started at the same moment was faster
        raise ConfigError(f"{path}: {error.what}", where=SETTING, mend=error.mend) from None
    return True


def read_password(path: Path) -> str:
    """The password in a file, which is written where there is none; ``ConfigError`` naming the file."""
    try:
        if not path.exists():
            write_password(path, new_token())
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 2).removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        mend = "name a file that this user may read, or one that it may make"
        raise ConfigError(f"{path}: {said}", where=SETTING, mend=mend) from None


def write_password(path: Path, password: str) -> None:
    """A new file for its owner's eyes only, whole or not at all; one that is there by now is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-") as file:  # of mode 0600
        file.write(f"{password}\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
