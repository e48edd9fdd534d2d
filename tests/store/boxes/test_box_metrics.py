"""Stored figures of boxes: exactly what was made, and nothing touched that is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import select, text

from pacesetter.market.box import merge_observations
from pacesetter.market.box_metrics import measure_boxes
from pacesetter.store.boxes.box_board import retire_days, take_board
from pacesetter.store.boxes.box_metrics import FROM, write_metrics
from pacesetter.store.boxes.boxes import SEEN, read_last_floor
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.box import METRICS, OBSERVED, unified_box_metrics
from tests.store.boxes.boxes_made import Seen, add_boxes, bring
from tests.store.made import NOW

Run = Callable[[Callable[[Database], Any]], Any]
D1 = date(2026, 1, 5)


def day(n: int) -> date:
    return D1 + timedelta(days=n)


ROWS: list[Seen] = [
    ("BOX-A", day(0), "shop", 10.0, 5.0, 1.0, None),
    ("BOX-A", day(0), "other", 11.0, 6.0, None, 2.0),
    ("BOX-A", day(1), "shop", None, 5.0, 1.0, None),
    ("BOX-B", day(1), "shop", 20.0, None, 0.0, 0.0),
]


def make(rows: list[Seen]) -> tuple[pl.DataFrame, pl.DataFrame]:
    merged = merge_observations(pl.DataFrame(rows, schema=SEEN, orient="row"), ["shop"])
    return measure_boxes(merged), merged


def since(**days: int) -> pl.DataFrame:
    rows = [(f"BOX-{letter}", day(n)) for letter, n in days.items()]
    return pl.DataFrame(rows, schema={"symbol": pl.String, "date": pl.Date}, orient="row")


def test_what_is_read_is_what_was_made(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            figures, merged = make(ROWS)
            assert (await write_metrics(conn, figures, merged, since=since(A=0, B=0))).rows == 3
            found = (await conn.execute(select(unified_box_metrics).order_by("symbol", "metric_date"))).all()
            for row, made, seen in zip(found, figures.rows(named=True), merged.rows(named=True), strict=True):
                plain = row._mapping
                for name in ("symbol", "metric_date", *METRICS, *FROM, "n_observed"):
                    assert plain[name] == made[name], name
                reasons = {name: made[f"{name}_reason"] for name in METRICS if made[f"{name}_reason"]}
                assert plain["reasons"] == reasons
                sources = {f: seen[f"{f}_source"] for f in OBSERVED if seen[f"{f}_source"]}
                assert plain["sources"] == sources
            assert found[0].sources["boxes_added"] == "other"
            assert found[0].current_rank is None

    with_database(work)


def test_only_what_differs_is_written_and_only_from_its_day_on(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            figures, merged = make(ROWS)
            await write_metrics(conn, figures, merged, since=since(A=0, B=0))
            await conn.execute(
                text("UPDATE unified_box_metrics SET current_rank = 7, updated_at = '2000-01-01'")
            )
            assert await write_metrics(conn, figures, merged, since=since(A=0, B=0)) == (0, set())

            fewer, merged = make([row for row in ROWS if row[:2] != ("BOX-A", day(1))])
            late = fewer.filter(pl.col("metric_date") >= day(1))
            assert (await write_metrics(conn, late, merged, since=since(A=1))).rows == 1, (
                "a row without observation goes"
            )
            later, merged = make([*ROWS[:2], ("BOX-B", day(1), "shop", 21.0, None, 0.0, 0.0)])
            assert (await write_metrics(conn, later, merged, since=since(B=1))).rows == 1
            rows = await conn.execute(
                text(
                    "SELECT symbol, floor_price_usd, current_rank, updated_at "
                    "FROM unified_box_metrics ORDER BY 1"
                )
            )
            found = [(*row[:3], str(row[3])[:4]) for row in rows]
            assert found[0] == ("BOX-A", 10.0, 7, "2000"), "not touched"
            assert found[1][:3] == ("BOX-B", 21.0, 7)
            assert found[1][3] != "2000"

    with_database(work)


def test_the_last_floor_is_of_the_nearest_day_before_else_after(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A", "BOX-B"])
            rows: list[Seen] = [
                ("BOX-A", day(n), "shop", floor, None, None, None)
                for n, floor in ((0, 1.0), (2, 2.0), (3, None), (6, 6.0))
            ]
            figures, merged = make(rows)
            await write_metrics(conn, figures, merged, since=since(A=0))
            found = {n: await read_last_floor(conn, "BOX-A", day(n)) for n in (-1, 0, 2, 5, 9)}
            assert found == {
                -1: (day(0), 1.0),
                0: (day(2), 2.0),  # the day itself is what is being entered
                2: (day(0), 1.0),
                5: (day(2), 2.0),
                9: (day(6), 6.0),
            }
            assert await read_last_floor(conn, "BOX-B", day(0)) is None

    with_database(work)


def test_days_that_nobody_observed_any_more_are_shown_no_more(with_database: Run) -> None:
    """Three published days: the one without observations ends, and the one after it is named."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_boxes(conn, ["BOX-A"])
            await bring(
                conn, [("BOX-A", day(0), "s", 1.0, 1.0, 1.0, 1.0), ("BOX-A", day(4), "s", 1.0, 1.0, 1.0, 1.0)]
            )
            board = await take_board(conn)
            await publish_days(conn, board, [day(0), day(2), day(4)])
            assert await retire_days(conn, [day(0), day(4)], NOW) == []
            assert await retire_days(conn, [day(2), day(3)], NOW) == [day(4)]
            heads = await conn.execute(
                text("SELECT metric_date FROM board_heads WHERE head_to IS NULL ORDER BY 1")
            )
            assert [str(on) for (on,) in heads] == [str(day(0)), str(day(4))]
            assert await conn.scalar(text("SELECT count(*) FROM board_heads WHERE head_to > head_from")) == 1

    with_database(work)


async def publish_days(conn: Any, board: Any, days: list[date]) -> None:
    """Heads of a board of boxes without rows."""
    from pacesetter.ranking.method import load_shipped
    from pacesetter.store.boards.methods import register_method
    from pacesetter.store.tables.ranking import board_heads
    from pacesetter.store.work.cycles import claim_tick

    version = await register_method(conn, load_shipped("boxes"))
    claim = await claim_tick(
        conn,
        kind="boxes",
        calendar="24/7",
        scheduled_for=NOW,
        metric_date=days[-1],
        owner="t",
        at=NOW,
        lease_s=60,
    )
    assert claim is not None
    row = {"domain_id": board, "method_version_id": version, "head_from": NOW}
    ids = {"cycle_id": claim.cycle_id, "evidence_cycle_id": claim.cycle_id, "is_provisional": False}
    await conn.execute(board_heads.insert(), [{**row, **ids, "metric_date": on} for on in days])
