"""The market of boxes: made once for a state of the figures, and cut from what was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.boxes import view_box_market as viewed
from pacesetter.jobs.boxes.view_box_market import view_box_market
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.undo_import import undo
from pacesetter.jobs.workspace import Workspace
from tests.jobs.boxes.boxes_home import AT, day, seen, write_json
from tests.jobs.home import with_home


def test_figures_are_read_once_until_they_change(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database_url if database_url.startswith("postgresql") else None
    first = write_json(tmp_path / "first.json", [seen("aaaa", n, 100.0 + n) for n in range(4)])
    more = write_json(tmp_path / "more.json", [seen("aaaa", 2, 204.0)])
    reads: list[Any] = []
    read = viewed.read_market_frame

    async def counted(*given: Any) -> Any:
        reads.append(given)
        return await read(*given)

    monkeypatch.setattr(viewed, "read_market_frame", counted)

    async def work(ws: Workspace) -> None:
        async def index(**asked: Any) -> list[tuple[Any, float]]:
            found = await view_box_market(ws, **asked)
            return [(row["metric_date"], round(row["index"], 9)) for row in found.days]

        assert await index() == []
        await import_boxes(ws, first)
        whole = [(day(n), 100.0 + n) for n in range(4)]
        reads.clear()
        assert await index() == whole
        assert await index(last=day(2)) == whole[:3]
        assert (await view_box_market(ws, last=day(2))).as_of == day(2)
        assert await index(first=day(1), last=day(2)) == whole[1:3]
        assert await index(last=day(-1)) == []
        await import_boxes(ws, first)
        assert await index() == whole
        assert len(reads) == 1
        done = await import_boxes(ws, more)
        assert await index() == [*whole[:2], (day(2), 204.0), whole[3]]
        await undo(ws, str(done.import_id))
        assert await index() == whole
        assert len(reads) == 3

    with_home(tmp_path / "home", work, url=url, at=AT)
