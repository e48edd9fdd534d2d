"""Reports as rows: versions, the report before, ninety days; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.jobs.report.make_report import KEPT_DAYS, list_reports, read_report, store_report
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName
from pacesetter.reports.morning import compose
from pacesetter.store.desk.desk_reports import newest_before, reports
from tests.jobs.home import with_home
from tests.reports.night_made import NEXT, ON, make_night, make_quiet


@pytest.fixture
def home(tmp_path: Any, database_url: str) -> Callable[[Any], Any]:
    return lambda work: with_home(tmp_path / "home", work, url=database_url)


def test_equal_content_is_no_new_version(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        content = compose(make_night())
        async with ws.db.write() as conn:
            first = await store_report(conn, content)
            again = await store_report(conn, compose(make_night()))
            other = await store_report(conn, compose(replace(make_night(), orders=())))
        assert (first.version, again.id, other.version) == (1, first.id, 2)
        assert (first.stocks_analyzed, first.recommendations_count) == (3, 2)
        row = await read_report(ws, ON)
        assert row.version == 2 and row.content == compose(replace(make_night(), orders=()))
        assert (await read_report(ws, ON, 1)).content == content
        assert (await read_report(ws)).id == row.id
        assert [one.version for one in await list_reports(ws)] == [2]
        with pytest.raises(UnknownName, match="version 3"):
            await read_report(ws, ON, 3)

    home(work)


def test_a_night_is_compared_with_the_newest_version_of_the_one_before(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            await store_report(conn, compose(make_night()))
            await store_report(conn, compose(make_quiet()))
            await store_report(conn, compose(make_night(on=NEXT + timedelta(days=9))))
        async with ws.db.read() as conn:
            before = await newest_before(conn, NEXT)
            assert before is not None and (before.date, before.version) == (ON, 2)
            assert await newest_before(conn, ON) is None
        assert [one.date for one in await list_reports(ws)] == [NEXT + timedelta(days=9), ON]

    home(work)


def test_reports_are_kept_for_ninety_days(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        last = ON + timedelta(days=KEPT_DAYS)
        async with ws.db.write() as conn:
            for on in (ON - timedelta(days=1), ON, last):
                await store_report(conn, compose(make_night(on=on)))
            assert {row.date for row in await reports.find(conn)} == {ON, last}

    home(work)


def test_no_report_says_how_to_get_one(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(UnknownName, match="no report yet"):
            await read_report(ws)
        with pytest.raises(UnknownName, match="no report of 2025-03-14"):
            await read_report(ws, date(2025, 3, 14))

    home(work)
