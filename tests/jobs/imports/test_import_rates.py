"""Files of exchange rates, on both databases: listed, taken back in any order; a dry run keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.imports.import_rates import import_rates
from pacesetter.jobs.imports.undo_import import list_imports, undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from tests.jobs.home import ask, count, with_home

Home = Callable[..., Any]
HEAD = "Date,Base,Quote,Rate\n"
FIRST = f"{HEAD}2025-07-01,EUR,USD,1.25\n2025-07-02,EUR,USD,1.5\n"
SECOND = f"{HEAD}2025-07-02,EUR,USD,1.75\n2025-07-03,GBP,USD,2\n"
THIRD = f"{HEAD}2025-07-02,EUR,USD,1.875\n"


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work: with_home(tmp_path / "home", work, url=url)


async def take(ws: Workspace, folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str((await import_rates(ws, path)).import_id)


async def rates(ws: Workspace) -> list[float]:
    return [rate for (rate,) in await ask(ws, 'SELECT rate FROM fx_rates ORDER BY "on", base')]


def test_an_import_is_listed_and_taken_back_in_any_order(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        first = await take(ws, tmp_path, "a.csv", FIRST)
        second = await take(ws, tmp_path, "b.csv", SECOND)
        third = await take(ws, tmp_path, "c.csv", THIRD)
        assert await rates(ws) == [1.25, 1.875, 2.0]
        rows = await list_imports(ws)
        assert [(row.kind, row.file_name, row.counts["stored"]) for row in rows] == [
            ("fx", "c.csv", 1), ("fx", "b.csv", 2), ("fx", "a.csv", 2),
        ]  # fmt: skip
        done = await undo(ws, second)  # of its two rates one was replaced since, which stays
        assert (done["kind"], done["removed"], done["restored"], done["left"]) == ("fx", 1, 0, 1)
        assert await rates(ws) == [1.25, 1.875]
        done = await undo(ws, third)  # back to the first one's: the second's was taken back
        assert (done["removed"], done["restored"]) == (0, 1) and await rates(ws) == [1.25, 1.5]
        assert (await undo(ws, first))["removed"] == 2 and await rates(ws) == []
        with pytest.raises(InputError, match="undone already"):
            await undo(ws, first)
        await take(ws, tmp_path, "b.csv", SECOND)
        assert await rates(ws) == [1.75, 2.0]

    home(work)


def test_a_dry_run_keeps_nothing_and_old_rates_are_not_taken_back(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        path = tmp_path / "a.csv"
        path.write_text(FIRST)
        tried = await import_rates(ws, path, dry_run=True)
        assert (tried.import_id, tried.inserted) == (None, 2)
        assert (await count(ws, "imports"), await rates(ws), await count(ws, "data_revisions")) == (0, [], 0)
        await take(ws, tmp_path, "a.csv", FIRST)
        await execute(ws, "UPDATE fx_rates SET known_from_revision = NULL")  # as before revisions
        second = await take(ws, tmp_path, "b.csv", SECOND)
        assert (await undo(ws, second))["restored"] == 1
        assert await rates(ws) == [1.25, 1.5]

    home(work)


async def execute(ws: Workspace, sql: str) -> None:
    from sqlalchemy import text

    async with ws.db.write(content=False) as conn:
        await conn.execute(text(sql))
