"""A person accepts or repairs a bar that was held back, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.bars.decide_bar import accept_bar, list_cases, repair_bar
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.store.accounts.audit import list_entries
from tests.jobs.backfill.test_backfill import DAYS, home, rows
from tests.jobs.boards.test_cycle import evening, publish, set_time
from tests.jobs.home import ask, write_csv

__all__ = ["home"]
BAD = DAYS[-3]
TRUE = {(symbol, on): close for symbol, on, close, _ in rows()}


async def import_jump(ws: Workspace, folder: Path) -> None:
    """NVDA a hundred times too high on one session, and the two after it as they are."""
    days = [("NVDA", BAD, 100 * TRUE["NVDA", BAD], 5000)]  # type: ignore[operator]
    await import_prices(ws, write_csv(folder / "jump.csv", days))  # type: ignore[arg-type]


async def held(ws: Workspace) -> list[tuple[str, str]]:
    return [(row.symbol, str(row.date)) for row in await list_cases(ws)]


async def stored(ws: Workspace, on: Any = BAD) -> float:
    ((close,),) = await ask(
        ws, "SELECT close FROM market_data_cache WHERE symbol = 'NVDA' AND date = :on", on=on
    )
    return float(close)


def test_a_repair_is_stored_ranked_and_stands(home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, DAYS[-1], source="none")
        await import_jump(ws, tmp_path)
        assert await held(ws) == [("NVDA", str(BAD))]
        before = await view_board(ws, "AI/Tech")
        assert {row.symbol: row.held_bars for row in before.rows}["NVDA"] == 1

        set_time(ws, evening(DAYS[-1]) + timedelta(hours=1))
        done = await repair_bar(ws, "nvda", BAD, {"volume": 777}, by="ann", scale=0.0101)
        assert (done.state, done.by, done.reason) == ("repaired", "ann", "unit_jump_100")
        assert done.bar["close"] == pytest.approx(1.01 * TRUE["NVDA", BAD])
        assert await held(ws) == []
        assert await stored(ws) == done.bar["close"]
        assert await ask(ws, "SELECT state, decided_by FROM quarantined_bars WHERE symbol = 'NVDA'") == [
            ("repaired", "ann")
        ]
        async with ws.db.read() as conn:
            (entry,) = await list_entries(conn, action="price")
        assert (entry.action, entry.data["by"], entry.data["held_for"]) == (
            "price.repaired",
            "ann",
            done.reason,
        )
        assert entry.data["before"]["close"] == pytest.approx(100 * TRUE["NVDA", BAD])
        assert (entry.data["after"]["close"], entry.data["after"]["volume"]) == (done.bar["close"], 777)
        await run_cycle(ws, on=DAYS[-1], source="none")
        after = await view_board(ws, "AI/Tech")
        assert after.rows != before.rows and not any(row.held_bars for row in after.rows)

        await import_prices(ws, write_csv(tmp_path / "again.csv", rows()))  # as it was once
        assert await stored(ws) == done.bar["close"]
        with pytest.raises(InputError, match="is held back"):
            await accept_bar(ws, "NVDA", BAD, by="ann")

    home(work)


def test_an_accepted_bar_is_stored_as_it_is(home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await import_jump(ws, tmp_path)
        set_time(ws, evening(DAYS[-1]) + timedelta(hours=1))
        done = await accept_bar(ws, "NVDA", BAD, by="bob")
        assert (done.state, done.bar["close"]) == ("accepted", await stored(ws))
        assert await stored(ws) == pytest.approx(100 * TRUE["NVDA", BAD])
        await import_jump(ws, tmp_path)  # the same content once more is no new case
        assert await held(ws) == []

    home(work)


@pytest.mark.parametrize(
    ("values", "scale", "said"),
    [
        ({}, 1.0, "needs another value"),
        ({"close": -1.0}, 1.0, "impossible"),
        ({"close": 1.0}, 1.0, "impossible"),  # below the low
        ({"colour": 1.0}, 1.0, "no 'colour'"),
        ({"close": float("nan")}, 1.0, "no number"),
        ({}, 0.0, "no scale"),
    ],
)
def test_a_wrong_repair_changes_nothing(home, tmp_path: Path, values, scale, said) -> None:
    async def work(ws: Workspace) -> None:
        await import_jump(ws, tmp_path)
        close = await stored(ws)
        with pytest.raises(InputError, match=said):
            await repair_bar(ws, "NVDA", BAD, values, by="ann", scale=scale)
        assert await held(ws) == [("NVDA", str(BAD))] and await stored(ws) == close
        with pytest.raises(InputError, match="is held back"):
            await repair_bar(ws, "NVDA", DAYS[-2], {"close": 2.0}, by="ann")
        with pytest.raises(UnknownName):
            await accept_bar(ws, "NOBODY", BAD, by="ann")

    home(work)
