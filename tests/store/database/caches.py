"""A Redis of a test's own, and the cache in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pacesetter.store.database.cache import RedisCache

SECRET = b"s" * 32
PATIENT_S = 60.0  # a deadline that is not meant to be missed, however busy the machine is


def with_cache(url: str, work: Callable[[RedisCache], Awaitable[Any]], **options: Any) -> Any:
    """Run an async function with an opened cache, and close it."""

    async def main() -> Any:
        cache = RedisCache(url, options.pop("secret", SECRET), **options)
        try:
            return await work(cache)
        finally:
            await cache.close()

    return asyncio.run(main())


@contextmanager
def impatient(cache: RedisCache, deadline_s: float = 0.3) -> Iterator[None]:
    """A short deadline for a while in which nothing answers anyway; before and after, a patient one."""
    patient_s, cache._deadline_s = cache._deadline_s, deadline_s
    try:
        yield
    finally:
        cache._deadline_s = patient_s
