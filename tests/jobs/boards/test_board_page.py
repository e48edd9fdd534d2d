"""A page that the database cuts is the page that Python cuts from the whole board, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
import pytest
from sqlalchemy import select, update

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.board_page import PageAsked, find_page, page_of, read_key, sort_key
from pacesetter.jobs.boards.published_board import find_published
from pacesetter.jobs.boards.view_leaders import view_leaders
from pacesetter.jobs.workspace import Workspace, seed
from pacesetter.kernel.clock import VirtualClock
from pacesetter.ranking.inputs import Inputs
from pacesetter.ranking.publication import RESULT_SCHEMA, STANDARD, STAT_SCHEMA, VALUE_SCHEMA, Publication
from pacesetter.settings import Settings
from pacesetter.store.bars.quarantine import hold_bars
from pacesetter.store.boards.intervals import INTERVAL_SCHEMA, keep_intervals
from pacesetter.store.boards.methods import find_method, register_factors
from pacesetter.store.boards.published_rows import heads_of
from pacesetter.store.boards.rankings import publish
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols.domains import find_domain
from pacesetter.store.tables.symbol import symbol_universe
from pacesetter.store.work.cycles import claim_tick
from tests.store.made import add_symbols

NOW = datetime(2025, 3, 14, 21, tzinfo=UTC)
DATES = [date(2025, 3, day) for day in (3, 4, 5, 6, 7, 10, 11, 12, 13)]
# what sorts differently by language, folds differently by database, or only looks alike
ODD = (
    "a",
    "A",
    "aA",
    "B",
    "b.X",
    "Z",
    "Ä",
    "ä",
    "É",
    "^X",
    "_",
    "ß",
    "SS",
    "\u0131",
    "İ",
    "Å",
    "1",
    "10",
    "2",
    "ﬁ",
    "-",
)
NAMES = (None, "Straße AG", "STRASSE", "x% y_z", "İstanbul", "ﬁnance", "Plain", "plain", "\\")
SEARCHES = ("", "a", "ss", "SS", "ß", "%", "_", "fi", "i", "İ", "Ä", "plain", " ", "x p", "\\", "nobody")
SORTS = (
    "symbol",
    *(s + n for n in ("rank", "score", "composite", "rank_change", "coverage") for s in ("", "-")),
)


async def publish_random(ws: Workspace, rng: np.random.Generator, on: date, tick: int) -> None:
    """Random rows, full of ties and of missing values, of a shipped board."""
    async with ws.db.write() as conn:
        domain = await find_domain(conn, "ai-tech")
        method, version_id = await find_method(conn, "core")
        ids = await register_factors(conn, [factors.get(part.uses) for part in method.factors])
        size = int(rng.integers(1, len(ODD) + 1))  # of none, nothing is published
        symbols = [str(s) for s in rng.choice(ODD, size, replace=False)]

        def some(values: Any, share: float = 0.3) -> list[Any]:
            return [None if rng.random() < share else v for v in values]

        few = [-1.5, -0.0, 0.0, 0.25, 1e300, -1e-300, 0.1 + 0.2]
        results = pl.DataFrame(
            {
                "domain_id": [domain.id.bytes] * size,
                "method_version_id": [version_id.bytes] * size,
                "metric_date": [on] * size,
                "symbol": symbols,
                **{name: some(rng.choice(few, size)) for name in STANDARD},
                "composite_score": some(rng.choice(few, size)),
                "score": some(rng.choice([0.0, 50.0, 100.0, 33.3], size)),
                "current_rank": some(rng.integers(1, 6, size).tolist()),
                "coverage": some(rng.choice([0.4, 1.0], size), 0.1),
                "unranked_reason": some(["coverage"] * size, 0.5),
            },
            schema=RESULT_SCHEMA,
        )
        values = [(on, i, s, float(rng.choice(few)), None, 21) for i in ids.values() for s in symbols]
        stats = [
            (version_id.bytes, on, "universe:equity", n, 4, 0.1, 0.2, "median_mad") for n in STANDARD[:4]
        ]
        publication = Publication(
            results,
            pl.DataFrame(values, schema=VALUE_SCHEMA, orient="row"),
            pl.DataFrame(stats, schema=STAT_SCHEMA, orient="row"),
            Inputs("f" * 64, "0"),
            [on],
        )
        at = NOW + timedelta(seconds=tick)
        tick_of = {"kind": "manual", "calendar": "XNYS", "scheduled_for": at, "metric_date": on}
        claim = await claim_tick(conn, **tick_of, owner="test", at=at, lease_s=60)
        assert claim is not None
        await publish(conn, claim, publication, at=at)
        await add_evidence(conn, rng, symbols, on)


async def add_evidence(conn: Any, rng: np.random.Generator, symbols: list[str], on: date) -> None:
    """Intervals of some rows, held bars of some symbols."""
    heads = [head for head in await heads_of(conn, on) if head.slug == "ai-tech"]
    for head in heads:
        key = {
            n: getattr(head, n)
            for n in ("domain_id", "method_version_id", "metric_date", "evidence_cycle_id")
        }
        same = {n: pl.lit(v.bytes if isinstance(v, UUID) else v) for n, v in key.items()}
        rows = pl.DataFrame({"symbol": symbols[::2]}, schema={"symbol": pl.String}).with_columns(
            **same, low_rank=1, high_rank=3, n_ranked=9, n_draws=9, flip_share=float(rng.random())
        )
        await keep_intervals(conn, [head], rows.select(list(INTERVAL_SCHEMA)).cast(INTERVAL_SCHEMA))
    held = pl.DataFrame({"symbol": symbols[::3]}, schema={"symbol": pl.String}).with_columns(
        date=pl.lit(on - timedelta(days=3)),
        **{name: pl.lit(10.0) for name in ("open", "high", "low", "close", "adj_close")},
        volume=pl.lit(1, pl.Int64),
        is_final=pl.lit(value=True),
        reason=pl.lit("jump"),
        detail=pl.lit(None, pl.String),
    )
    revision = await new_revision(conn, "fetch", NOW)
    await hold_bars(conn, held, source="t", revision=revision, fetched_at=NOW)


@pytest.fixture
def random_board(with_database, tmp_path, rng):
    """Run ``work`` over a workspace with nine published dates, some of them published twice."""

    def call(work: Any) -> Any:
        async def main(db: Database) -> Any:
            settings = Settings(home=tmp_path, _env_file=None)
            ws = Workspace(settings, Home(tmp_path), db, VirtualClock(NOW), simulated=False)
            await seed(ws)
            async with db.write() as conn:
                known = set(await conn.scalars(select(symbol_universe.c.symbol)))
                await add_symbols(conn, [symbol for symbol in ODD if symbol not in known])
                for symbol in ODD:
                    name = NAMES[rng.integers(len(NAMES))]
                    own = symbol_universe.c.symbol == symbol
                    await conn.execute(update(symbol_universe).where(own).values(name=name))
            for tick in range(12):
                day = min(tick, 8)  # the last is published again and again
                await publish_random(ws, rng, DATES[day], tick)
            return await work(ws)

        return with_database(main)

    return call


def test_random_pages_are_those_that_python_cuts(random_board, rng, full_counts) -> None:
    dates = [None, *DATES]

    async def check(ws: Workspace) -> int:
        rows = 0
        for _ in range(2000 if full_counts else 250):
            on = dates[rng.integers(len(dates))]
            known_at = (
                NOW + timedelta(seconds=float(rng.integers(0, 14)) + 0.5) if rng.random() < 0.2 else None
            )
            whole = await find_published(ws, "ai-tech", on=on, known_at=known_at)
            sort = str(rng.choice(SORTS))
            after = None
            if whole is not None and whole.rows and rng.random() < 0.6:  # of any row, shown or not
                after = sort_key(sort)(whole.rows[rng.integers(len(whole.rows))])
            asked = PageAsked(
                limit=int(rng.integers(1, 12)),
                sort=sort,
                search=str(rng.choice(SEARCHES)) if rng.random() < 0.4 else None,
                ranked=[None, True, False][rng.integers(3)],
                top=int(rng.integers(1, 25)) if rng.random() < 0.3 else None,
                after=read_key(after, sort),
            )
            found = await find_page(ws, "ai-tech", asked, on=on, known_at=known_at)
            if whole is None:
                assert found is None
                continue
            assert found == page_of(whole, asked), asked
            rows += len(found.view.rows)
        return rows

    assert random_board(check) > 300


@pytest.mark.parametrize("sort", SORTS)
def test_pages_neither_overlap_nor_skip(random_board, sort) -> None:
    async def walk(ws: Workspace) -> None:
        whole = await find_published(ws, "ai-tech", on=DATES[0])
        assert whole is not None
        seen, after = [], None
        while True:
            page = await find_page(ws, "ai-tech", PageAsked(3, sort, after=after), on=DATES[0])
            assert page is not None and page.count == len(whole.rows)
            seen += page.view.rows
            if not page.more:
                break
            after = read_key(sort_key(sort)(page.view.rows[-1]), sort)
        assert seen == sorted(whole.rows, key=sort_key(sort))

    random_board(walk)


@pytest.mark.parametrize(
    "after",
    [
        (),
        (False,),
        (False, 1, "A", 1),
        (0, 1, "A"),
        (False, True, "A"),
        (False, "1", "A"),
        (False, 1.5, "A"),
        (False, 2**31, "A"),
        (False, 1, 2),
        (False, 1, "\0"),
    ],
)
def test_what_is_no_place_among_ranks_is_refused(after) -> None:
    with pytest.raises(ValueError):
        read_key(after, "rank")


@pytest.mark.parametrize("sort", ["score", "-score", "composite", "-composite", "coverage"])
def test_a_place_among_fractions_is_no_whole_number(random_board, sort) -> None:
    """SQLite holds whole numbers of 64 bits only: a made-up cursor may name a larger one."""

    async def check(ws: Workspace) -> None:
        for value in (-(2**63), 2**63, 2**64 - 1, 7):
            after = read_key((False, value, "A"), sort)
            assert after is not None and isinstance(after[1], float)
            whole = await find_published(ws, "ai-tech", on=DATES[0])
            assert whole is not None
            asked = PageAsked(30, sort, after=after)
            assert await find_page(ws, "ai-tech", asked, on=DATES[0]) == page_of(whole, asked)

    random_board(check)


def test_leaders_are_those_of_the_whole_boards(random_board) -> None:
    async def check(ws: Workspace) -> None:
        for on in DATES:
            whole = await find_published(ws, "ai-tech", on=on)
            view = await view_leaders(ws, on=on, top=5)
            if whole is None or not whole.rows:
                assert (view.leaders, view.best) == ([], [])
                continue
            (leader,) = view.leaders
            firsts = [row for row in whole.rows if row.rank == 1]
            ranked = [row for row in whole.rows if row.rank is not None]
            assert (leader.members, leader.ranked) == (len(whole.rows), len(ranked))
            shown = (leader.symbol, leader.name, leader.score, leader.composite, leader.held_bars)
            one = min(firsts, key=lambda row: row.symbol, default=None)
            assert shown == (
                (None, None, None, None, 0)
                if one is None
                else (one.symbol, one.name, one.score, one.composite, one.held_bars)
            )
            scored = [row for row in whole.rows if row.score is not None and row.composite is not None]
            best = sorted(scored, key=lambda row: (-(row.composite or 0), row.symbol))[:5]
            assert [row.symbol for row in view.best] == [row.symbol for row in best]
            for row in view.best:
                above = sum((other.composite or 0) > (row.composite or 0) for other in scored)
                assert row.rank == 1 + above

    random_board(check)
