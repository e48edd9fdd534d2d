"""Passwords: argon2id, as slow for a name that nobody has as for a wrong password."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar

from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pwdlib import PasswordHash

Result = TypeVar("Result")
SHORTEST, LONGEST = 12, 256  # characters
_hashing = BoundedSemaphore(2)  # each takes 64 MiB and all of a processor


@cache
def hasher() -> PasswordHash:
    """Argon2id with the library's recommended cost, which grows with its releases."""
    from pwdlib import PasswordHash  # slow to import, and most commands need none of it

    return PasswordHash.recommended()


@cache
def nobody() -> str:
    """The hash of a password that nobody knows, for names that nobody has."""
    return hasher().hash(secrets.token_urlsafe())


async def hash_password(password: str, name: str) -> str:
    """The hash to store; ``InputError`` for a password that could be guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"a password has {SHORTEST} to {LONGEST} characters", where="password", mend="take a longer one"
        )
    if password.casefold() == name or len(set(password)) < 5:
        raise InputError("that password is easily guessed", where="password", mend="take another one")
    return await in_thread(lambda: hasher().hash(password))


async def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it is the password behind ``stored``, and a new hash where that one has become too cheap.

    Without ``stored`` it takes the same time, and is wrong.
    """

    def verify() -> tuple[bool, str | None]:
        fits, renewed = hasher().verify_and_update(password[: LONGEST + 1], stored or nobody())
        return fits and stored is not None, renewed

    if nobody.cache_info().currsize == 0:  # the first login takes longer, whoever it is
        await in_thread(nobody)
    return await in_thread(verify)


async def in_thread(work: Callable[[], Result]) -> Result:
    """Do it beside the event loop, two at a time."""

    def wait_and_work() -> Result:
        with _hashing:
            return work()

    return await asyncio.to_thread(wait_and_work)


def new_token() -> str:
    """A secret of 32 random bytes, as text that fits into an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token: SHA-256, in hex. It is random, so that no slower hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
