"""Exposures and figures as rows: replaced as a set, the same on both engines, never older over newer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import text

from pacesetter.portfolio.exposure import load_definitions
from pacesetter.store.database.engine import Database
from pacesetter.store.portfolios.daily_metrics import (
    METRICS_SCHEMA,
    count_metrics,
    find_metrics,
    list_metrics,
    newest_metrics_date,
    page_metrics,
    upsert_metrics,
)
from pacesetter.store.portfolios.exposures import (
    EXPOSURE_SCHEMA,
    exposures_of,
    exposures_on,
    list_definitions,
    replace_exposures,
    seed_definitions,
)
from tests.store.made import add_symbols

D1, D2 = date(2025, 7, 23), date(2025, 7, 24)
AT = datetime(2025, 7, 25, 1, 2, 3, 456789, tzinfo=UTC)
BETA = 0.1 + 0.2  # whose last bit is easily lost


def exposure(symbol: str, factor: str = "value", on: date = D2, **more: Any) -> dict[str, Any]:
    plain = {
        "metric_date": on, "factor": factor, "symbol": symbol, "beta": BETA, "standard_error": 1 / 3,
        "r_squared": None, "n_observations": 63, "calculation_method": "ridge_regression",
        "regularisation": 1.0, "window": 63, "quality_flag": "full", "vif": 2.5, "data_revision": 5,
        "computed_at": AT,
    }  # fmt: skip
    return {**plain, **more}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=EXPOSURE_SCHEMA)


async def prepare(db: Database) -> None:
    async with db.write() as conn:
        await add_symbols(conn, ["A", "B", "a", "C"])
        await seed_definitions(conn, load_definitions())


async def put(db: Database, rows: pl.DataFrame, **more: Any) -> int:
    given = {"dates": [D2], "factors": ["value"], "revision": 5, **more}
    async with db.write() as conn:
        return await replace_exposures(conn, rows, **given)


def test_the_shipped_factors_and_their_funds_are_there_once(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        async with db.write() as conn:
            await conn.execute(text("UPDATE factor_definitions SET label = 'x', proxy = 'SPY'"))
            await conn.execute(text("UPDATE symbol_universe SET asset_type = 'fund' WHERE symbol = 'TLT'"))
            await seed_definitions(conn, load_definitions())
        async with db.read() as conn:
            rows = await list_definitions(conn)
            funds = "symbol IN ('SPY','TLT','VTV','VUG','MTUM','QUAL','IWM','USMV')"
            kinds = await conn.execute(
                text(
                    f"SELECT asset_type, added_source, count(*) FROM symbol_universe WHERE {funds} "
                    "GROUP BY 1, 2 ORDER BY 3"
                )
            )
            assert [tuple(row) for row in kinds] == [("fund", "seed", 1), ("etf", "seed", 7)]
        for row, one in zip(rows, load_definitions(), strict=True):
            for name in ("name", "label", "kind", "proxy", "minus", "window", "regularisation", "position"):
                assert getattr(row, name) == getattr(one, name)

    with_database(work)


def test_rows_come_back_as_they_went_in(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        given = frame(exposure("B"), exposure("A", vif=None), exposure("a", on=D1), exposure("A", "growth"))
        wrote = await put(db, given, dates=[D1, D2], factors=["value", "growth"])
        assert wrote == 4
        async with db.read() as conn:
            on = await exposures_on(conn, D2)
            assert on.equals(given.filter(pl.col("metric_date") == D2).sort("factor", "symbol"))
            assert (await exposures_on(conn, D2, symbols=["A"]))["factor"].to_list() == ["growth", "value"]
            assert (await exposures_of(conn, "A", D1, D2, factor="value")).height == 1
            assert (await exposures_of(conn, "a", D1, D2))["metric_date"].to_list() == [D1]

    with_database(work)


def test_a_set_takes_the_place_of_what_was_measured_before(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        await put(
            db,
            frame(exposure("A"), exposure("B"), exposure("C"), exposure("A", "growth")),
            factors=["value", "growth"],
        )
        await put(db, frame(exposure("A", beta=2.0)), symbols=["A", "B"], revision=6)
        async with db.read() as conn:
            rows = await exposures_on(conn, D2)
        assert rows.select("factor", "symbol", "beta").rows() == [
            ("growth", "A", BETA), ("value", "A", 2.0), ("value", "C", BETA),
        ]  # fmt: skip

    with_database(work)


def test_rows_of_newer_data_stay(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        await put(db, frame(exposure("A", beta=9.0, data_revision=8)), revision=8, symbols=["A"])
        assert await put(db, frame(exposure("A"), exposure("B"))) == 1
        async with db.read() as conn:
            assert (await exposures_on(conn, D2)).select("symbol", "beta").rows() == [("A", 9.0), ("B", BETA)]

    with_database(work)


def test_what_is_no_number_is_refused_and_nothing_is_half_written(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        with pytest.raises(Exception, match=r"(?i)finite|check|not null"):
            await put(db, frame(exposure("A"), exposure("B", beta=float("inf"))))
        with pytest.raises(Exception, match=r"(?i)foreign"):
            await put(db, frame(exposure("A"), exposure("NOBODY")))
        async with db.read() as conn:
            assert (await exposures_on(conn, D2)).is_empty()

    with_database(work)


def figures(symbol: str, on: date = D2, **more: Any) -> dict[str, Any]:
    plain = dict.fromkeys(METRICS_SCHEMA) | {
        "symbol": symbol, "metric_date": on, "price": BETA, "data_quality": 50.0,
        "quality_notes": ["less than a year"], "data_revision": 5, "computed_at": AT,
    }  # fmt: skip
    return {**plain, **more}


async def keep(db: Database, *rows: dict[str, Any]) -> int:
    async with db.write() as conn:
        return await upsert_metrics(conn, pl.DataFrame(rows, schema=METRICS_SCHEMA))


def test_figures_are_never_replaced_by_older_ones(with_database) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        assert await keep(db, figures("A"), figures("B", D1)) == 2
        assert await keep(db, figures("A", D1, price=1.0), figures("B", price=2.0)) == 1
        assert await keep(db, figures("A", price=3.0, data_revision=4)) == 0
        assert await keep(db, figures("A", price=4.0, quality_notes=[])) == 1
        async with db.read() as conn:
            a, b = await list_metrics(conn, ["A", "B"])
            assert (a.price, a.quality_notes, a.computed_at) == (4.0, [], AT)
            assert (b.price, b.metric_date, b.quality_notes) == (2.0, D2, ["less than a year"])
            assert await newest_metrics_date(conn) == D2 and await find_metrics(conn, "C") is None

    with_database(work)


@pytest.mark.parametrize("sort", ["symbol", "-symbol", "price", "-price"])
def test_pages_neither_overlap_nor_skip(with_database, sort: str) -> None:
    async def work(db: Database) -> None:
        await prepare(db)
        prices = {"A": 2.0, "B": None, "a": -1.0, "C": 2.0}
        await keep(db, *(figures(s, price=p, sector="Tech" if s != "C" else None) for s, p in prices.items()))
        down, seen, after = sort.startswith("-"), [], None
        async with db.read() as conn:
            for _ in range(9):
                rows = await page_metrics(conn, sort, after=after, limit=1)
                if not rows:
                    break
                (row,) = rows
                seen.append(row.symbol)
                value = None if "symbol" in sort else row.price
                after = (value is None, value or 0.0, row.symbol)
            assert await count_metrics(conn, sector="Tech") == 3
            assert len(await page_metrics(conn, sort, after=None, limit=9, sector="Tech")) == 3
        expected = {
            "symbol": ["A", "B", "C", "a"], "-symbol": ["a", "C", "B", "A"],
            "price": ["a", "A", "C", "B"], "-price": ["A", "C", "a", "B"],
        }  # fmt: skip
        assert seen == expected[sort], down

    with_database(work)
