"""The version of all that can be read: moved by every change of content, and by nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pacesetter.jobs.boards.measure_confidence import measure_confidence
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.database.content import Content, read_content
from tests.jobs.backfill.test_backfill import DAYS, home
from tests.jobs.boards.test_cycle import publish
from tests.jobs.home import ask

__all__ = ["home"]


async def state(ws: Workspace) -> Content:
    async with ws.db.read() as conn:
        return await read_content(conn)


def test_a_change_of_content_moves_it_and_a_lease_does_not(home) -> None:
    async def work(ws: Workspace) -> None:
        start = await state(ws)
        assert start.cycle == "none" and start.version > 0
        async with ws.db.write(content=False) as conn:
            await conn.execute(text("UPDATE meta SET value = value"))
        async with ws.db.read() as conn:
            await conn.execute(text("SELECT 1"))
        assert await state(ws) == start
        with pytest.raises(RuntimeError):
            async with ws.db.write() as conn:
                raise RuntimeError("nothing is kept")
        assert await state(ws) == start

        await publish(ws, DAYS[-1], source="none")
        published = await state(ws)
        ((newest,),) = await ask(ws, "SELECT id FROM cycles WHERE status = 'published'")
        assert published > start and published.nonce != start.nonce
        assert published.cycle == (newest if isinstance(newest, bytes) else newest.bytes).hex()
        assert published.key.startswith(published.cycle)

        await verify_date(ws, DAYS[-1])  # reads
        assert await state(ws) == published
        await measure_confidence(ws)
        assert (await state(ws)).version > published.version
        assert (await state(ws)).cycle == published.cycle

    home(work)
