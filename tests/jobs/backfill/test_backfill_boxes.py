"""Backfilled days of boxes are of the figures that stand when they are published, by any order of sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.backfill import backfill_boxes as backfill
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.undo_import import undo
from pacesetter.jobs.workspace import Workspace
from tests.jobs.boxes.boxes_home import AT, day, heads, ranks, seen, write_json
from tests.jobs.home import with_home

Home = Callable[[Any], Any]


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in an empty home whose database is SQLite's and then PostgreSQL's."""
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


def between(monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]) -> None:
    """Let ``change`` happen after a backfill has chosen its days and before it ranks them."""
    choose, asked = backfill.observed_dates, []

    async def chosen(*given: Any, **more: Any) -> Any:
        days = await choose(*given, **more)
        asked.append(days)
        if len(asked) == 1:
            await change()
        return days

    monkeypatch.setattr(backfill, "observed_dates", chosen)


def test_what_comes_in_meanwhile_is_ranked_with(home: Home, tmp_path: Path, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await import_boxes(ws, write_json(tmp_path / "a.json", [seen("aaaa", 0, 100.0, 2.0)]))
        more = write_json(tmp_path / "b.json", [seen("bbbb", 0, 100.0, 9.0)])
        between(monkeypatch, lambda: import_boxes(ws, more))
        await backfill_ranks(ws, board="boxes")
        assert [(row[1], row[4]) for row in await ranks(ws)] == [("BOX-AAAA", 2), ("BOX-BBBB", 1)]
        assert (await verify_date(ws, day(0))).differences == []

    home(work)


def test_a_day_that_is_taken_back_meanwhile_stays_away(home: Home, tmp_path: Path, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await import_boxes(ws, write_json(tmp_path / "a.json", [seen("aaaa", 0, 100.0)]))
        kept = await heads(ws)
        late = await import_boxes(ws, write_json(tmp_path / "b.json", [seen("aaaa", 3, 100.0)]))
        between(monkeypatch, lambda: undo(ws, str(late.import_id)))
        await backfill_ranks(ws, board="boxes")
        assert await heads(ws) == kept

    home(work)


def test_another_order_of_sources_is_followed_and_the_former_one_still_verifies(
    home: Home, tmp_path: Path
) -> None:
    rows = [
        seen("aaaa", 0, 100.0, 1.0),
        seen("aaaa", 0, 100.0, 9.0, source="auction"),
        seen("bbbb", 0, 100.0, 4.0),
    ]

    async def work(ws: Workspace) -> None:
        first = replace(ws, settings=ws.settings.model_copy(update={"box_sources": ["shop", "auction"]}))
        await import_boxes(first, write_json(tmp_path / "a.json", rows))
        assert [row[4] for row in await ranks(ws)] == [2, 1]
        other = replace(ws, settings=ws.settings.model_copy(update={"box_sources": ["auction", "shop"]}))
        assert (await verify_date(other, day(0))).differences == []
        await backfill_ranks(other, board="boxes")
        assert [row[4] for row in await ranks(ws)] == [1, 2]
        assert (await verify_date(first, day(0))).differences == []

    home(work)
