"""Facts are read once by their key, and as many are kept as there is room for."""

from __future__ import annotations

import asyncio

from pacesetter.store.database.facts import Facts


def test_a_fact_is_read_once_while_there_is_room() -> None:
    facts, read = Facts(room=2), list[str]()

    async def ask(key: str) -> str:
        async def from_the_database() -> str:
            read.append(key)
            return key.upper()

        return await facts.of(key, from_the_database)

    async def ask_for(keys: str) -> list[str]:
        return [await ask(key) for key in keys]

    assert asyncio.run(ask_for("abab")) == ["A", "B", "A", "B"]
    assert read == ["a", "b"]
    assert asyncio.run(ask_for("aca")) == ["A", "C", "A"]  # b was asked for longest ago
    assert asyncio.run(ask_for("b")) == ["B"]
    assert read == ["a", "b", "c", "b"]


def test_what_could_not_be_read_is_asked_again() -> None:
    facts = Facts()

    async def fail() -> str:
        raise OSError

    async def work() -> str:
        return "read"

    for _ in range(2):
        try:
            asyncio.run(facts.of("key", fail))
        except OSError:
            continue
        raise AssertionError
    assert asyncio.run(facts.of("key", work)) == "read"
