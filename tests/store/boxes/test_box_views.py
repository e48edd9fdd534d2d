"""Reads of boxes: pages in order on both databases, places, points and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.boxes.box_pages import (
    BoxDay,
    count_boxes,
    describe_box_day,
    find_movers,
    list_games,
    match_boxes,
    nearest_box_dates,
    newest_box_dates,
    page_boxes,
)
from pacesetter.store.boxes.box_points import read_box_lines, read_box_points, read_market_frame, read_ranks
from pacesetter.store.boxes.box_records import page_records, when_observed
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.box import METRICS, boxes, unified_box_metrics
from pacesetter.store.tables.symbol import symbol_universe
from tests.boxes import FIRST, SECOND, THIRD, UNPRICED, add_boxes

With = Callable[..., Any]
ON = date(2026, 2, 2)


def reading(with_database: With, work: Any, fill: Any = add_boxes) -> Any:
    """Fill a fresh database, and read from it."""

    async def main(db: Database) -> Any:
        async with db.write() as conn:
            await fill(conn)
        async with db.read() as conn:
            return await work(conn)

    return with_database(main)


def many(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    """Boxes of one day with many equal and missing values, in no order."""
    rows = []
    for i in rng.permutation(n):
        row: dict[str, Any] = {name: None for name in METRICS}
        for name in ("floor_price_usd", "liquidity_score"):
            row[name] = None if rng.random() < 0.2 else float(rng.integers(0, 6)) / 3
        row["current_rank"] = None if rng.random() < 0.2 else int(rng.integers(1, 9))
        spelled = f"BOX-{'A' if i % 2 else 'Z'}{i:03d}{'-2' if i % 5 == 0 else ''}"
        rows.append({"symbol": spelled, "metric_date": ON, "n_observed": 1, **row})
    return rows


@pytest.mark.parametrize("sort", ["current_rank", "floor_price_usd", "liquidity_score"])
@pytest.mark.parametrize("down", [False, True])
def test_pages_hold_every_box_once_in_order_and_at_its_place(
    with_database: With, rng: np.random.Generator, sort: str, down: bool
) -> None:
    rows = many(rng, 90)

    async def fill(conn: AsyncConnection) -> None:
        for row in rows:
            symbol = row["symbol"]
            await conn.execute(
                insert(symbol_universe).values(symbol=symbol, asset_type="sealed_box", added_source="admin")
            )
            await conn.execute(insert(boxes).values(id=new_id(), symbol=symbol))
        stored = [{**row, "reasons": {}, "sources": {}} for row in rows]
        await conn.execute(insert(unified_box_metrics), stored)

    async def walk(conn: AsyncConnection) -> list[tuple[str, float | None, int | None]]:
        seen, after = [], None
        for _ in range(20):
            page = await page_boxes(conn, ON, sort, down=down, after=after, limit=7)
            seen += [(row.symbol, getattr(row, sort), row.place) for row in page]
            if len(page) < 7:
                return seen
            value = getattr(page[-1], sort)
            after = (value is None, 0 if value is None else value, page[-1].symbol)
        raise AssertionError("it does not end")

    sign = -1 if down else 1
    values = [row[sort] for row in rows if row[sort] is not None]
    expected = sorted(
        rows, key=lambda row: (row[sort] is None, 0 if row[sort] is None else sign * row[sort], row["symbol"])
    )
    places = [
        None if row[sort] is None else 1 + sum(sign * one < sign * row[sort] for one in values)
        for row in expected
    ]
    got = reading(with_database, walk, fill)
    assert got == [(row["symbol"], row[sort], at) for row, at in zip(expected, places, strict=True)]


def test_places_count_all_boxes_whoever_is_asked_for(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        some = await match_boxes(conn, game="ÉLAN GROVE", search=None)
        rows = await page_boxes(conn, THIRD, "floor_price_usd", down=True, after=None, limit=9, among=some)
        return rows, await count_boxes(conn, THIRD, some), await match_boxes(conn, game=None, search="élan")

    rows, count, found = reading(with_database, work)
    assert [(row.symbol, row.place, row.floor_price_usd) for row in rows] == [
        ("BOX-GM01", 3, 80.0), ("BOX-GM02", 3, 80.0),
    ]  # fmt: skip
    assert count == 2 and sorted(found) == ["BOX-GM01", "BOX-GM02"]
    assert rows[0].game == "Élan Grove" and rows[0].sources["floor_price_usd"] == "shop"
    assert rows[1].reasons["unified_volume_7d_ema"] == "sales_unknown" and rows[1].current_rank is None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sf-0", ["BOX-SF01", "BOX-SF02", "BOX-SF03-BLUE"]),
        ("STORM", ["BOX-SF03-BLUE"]),
        ("cccc3333", ["BOX-CCCC3333"]),
        ("skyfarers", ["BOX-SF01", "BOX-SF02", "BOX-SF03-BLUE"]),
        ("%", []),
        ("none of these", []),
    ],
)
def test_a_search_is_plain_text(with_database: With, search: str, found: list[str]) -> None:
    got = reading(with_database, lambda conn: match_boxes(conn, game=None, search=search))
    assert sorted(got) == found


def test_dates(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        return (
            await newest_box_dates(conn),
            await newest_box_dates(conn, until=date(2026, 1, 8)),
            await when_observed(conn, "BOX-GM02"),
            await when_observed(conn, "BOX-NEVER"),
            await nearest_box_dates(conn, date(2026, 1, 5)),
            await nearest_box_dates(conn, date(2025, 1, 5)),
            await nearest_box_dates(conn, SECOND, "BOX-GM01"),
            await describe_box_day(conn, THIRD),
            await describe_box_day(conn, UNPRICED),
            await describe_box_day(conn, date(2026, 1, 5)),
            await list_games(conn),
            await when_observed(conn, "BOX-GM01"),
        )

    newest, early, lone, never, near, first, own, day, unpriced, nothing, games, seen = reading(
        with_database, work
    )
    assert newest == (THIRD, UNPRICED) and early == (SECOND, SECOND)
    assert (lone.ranked_on, lone.last_on) == (None, THIRD)
    assert (never.ranked_on, never.last_on, never.days) == (None, None, 0)
    assert near == [FIRST, SECOND] and first == [FIRST] and own == [FIRST, THIRD]
    assert day == BoxDay(THIRD, 6, 6, 5, 5, SECOND, ["manual", "shop"], 1)
    assert unpriced == BoxDay(UNPRICED, 2, 0, 0, 0, THIRD, ["shop"], 0) and nothing is None
    assert games == ["Skyfarers", "Élan Grove"]
    assert (seen.first_on, seen.last_on, seen.days, seen.ranked_on) == (FIRST, UNPRICED, 3, THIRD)


def test_points_say_the_observed_day_before_also_outside_of_what_is_asked(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        names = ["floor_price_usd", "current_rank"]
        every = await read_box_points(conn, "BOX-SF01", names, limit=10)
        some = await read_box_points(conn, "BOX-SF01", names, first=SECOND, last=THIRD, limit=1)
        lines = await read_box_lines(
            conn, ["BOX-SF01", "BOX-SF02", "BOX-NEVER"], "floor_price_usd", until=THIRD, points=2
        )
        return every, some, lines, await read_ranks(conn, "BOX-SF01", until=THIRD, limit=2)

    every, some, lines, ranks = reading(with_database, work)
    assert [(row.metric_date, row.point_before, row.floor_price_usd) for row in every] == [
        (FIRST, None, 100.0), (SECOND, FIRST, 110.0), (THIRD, SECOND, 121.0), (UNPRICED, THIRD, None),
    ]  # fmt: skip
    assert [(row.metric_date, row.point_before) for row in some] == [(THIRD, SECOND)]
    assert [(row.symbol, row.metric_date, row.value) for row in lines] == [
        ("BOX-SF01", SECOND, 110.0), ("BOX-SF01", THIRD, 121.0),
        ("BOX-SF02", SECOND, 40.0), ("BOX-SF02", THIRD, 40.0),
    ]  # fmt: skip
    assert [(row.metric_date, row.previous_on) for row in ranks] == [(THIRD, SECOND), (SECOND, FIRST)]


def test_movers_over_a_number_of_days(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        return [
            [
                (row.symbol, row.floor_price_7d_change_pct)
                for row in await find_movers(conn, on, 7, up=up, most=most)
            ]
            for on, up, most in ((SECOND, True, 5), (SECOND, False, 5), (THIRD, True, 1), (FIRST, True, 5))
        ]

    up, down, third, first = reading(with_database, work)
    assert [name for name, _ in up] == ["BOX-SF01"] and up[0][1] == pytest.approx(10.0)
    assert [name for name, _ in down] == ["BOX-SF02"] and down[0][1] == pytest.approx(-20.0)
    assert [name for name, _ in third] == ["BOX-SF01"] and first == []


def test_the_market_is_made_of_every_day(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        return await read_market_frame(conn)

    frame = reading(with_database, work)
    assert len(frame) == 14 and frame.filter(metric_date=THIRD).height == 6
    assert frame.filter(symbol="BOX-GM02")["daily_volume_usd"].to_list() == [None]


def test_records_are_all_versions_with_who_and_why(with_database: With) -> None:
    async def work(conn: AsyncConnection) -> Any:
        whole = await page_records(conn, "BOX-SF01", limit=100)
        pages, after = [], None
        for _ in range(10):
            page = await page_records(conn, "BOX-SF01", after=after, limit=2)
            pages += page
            if len(page) < 2:
                break
            after = (page[-1].date, page[-1].source, page[-1].known_from_revision)
        return whole, pages, await page_records(conn, "BOX-SF01", on=THIRD, current=True, limit=9)

    whole, pages, current = reading(with_database, work)
    assert [(row.date, row.source, row.known_to_revision is None) for row in whole] == [
        (UNPRICED, "shop", True),
        (THIRD, "manual", True), (THIRD, "manual", False), (THIRD, "shop", True),
        (SECOND, "auction", True), (SECOND, "shop", True), (FIRST, "shop", True),
    ]  # fmt: skip
    key = ("date", "source", "known_from_revision")
    assert [[getattr(row, k) for k in key] for row in pages] == [
        [getattr(row, k) for k in key] for row in whole
    ]
    now, replaced = whole[1], whole[2]
    assert now.options["by"] == "ada" and now.boxes_sold == 3.0 and now.replaced_at is None
    assert (replaced.file_name, replaced.floor_price_usd) == ("boxes.csv", 999.0)
    assert replaced.replaced_at == now.recorded_at and replaced.replaced_by_import == now.import_id
    assert [(row.source, row.floor_price_usd) for row in current] == [("manual", None), ("shop", 121.0)]
