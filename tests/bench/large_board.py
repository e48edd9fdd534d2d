"""A board of ten thousand invented symbols, put into a home through the store's own bulk paths."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from pacesetter.factors.base import factors
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.inputs import Inputs
from pacesetter.ranking.publication import RESULT_SCHEMA, STAT_SCHEMA, VALUE_SCHEMA, Publication
from pacesetter.store.bars.quarantine import hold_bars
from pacesetter.store.boards.heads import HEAD
from pacesetter.store.boards.intervals import INTERVAL_SCHEMA, keep_intervals
from pacesetter.store.boards.methods import find_method, register_factors
from pacesetter.store.boards.published_rows import heads_of
from pacesetter.store.boards.rankings import publish
from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols.domains import add_domain
from pacesetter.store.tables.symbol import symbol_universe
from pacesetter.store.work.cycles import claim_tick

SLUG = "large"
SYMBOLS, DATES, HELD = 10_000, 8, 400
UNRANKED_IN = 20  # every such one is not ranked


async def add_large_board(ws: Workspace, last: date, *, symbols: int = SYMBOLS, dates: int = DATES) -> None:
    """Publish the board ``SLUG`` on ``dates`` sessions up to ``last``, each symbol with its five values,
    intervals on the last one, and some bars that are held back."""
    names = [f"L{i:05d}" for i in range(symbols)]
    at = datetime.combine(last, datetime.min.time(), UTC) + timedelta(hours=23)
    async with ws.db.write() as conn:
        await load_frame(conn, symbol_universe, universe(names))
        domain_id = await add_domain(
            conn, "Large", SLUG, description=None, rule=None, asset_type="equity", method="core"
        )
        method, version_id = await find_method(conn, "core")
        ids = await register_factors(conn, [factors.get(part.uses) for part in method.factors])
    days = [day for back in range(3 * dates) if (day := last - timedelta(days=back)).weekday() < 5][:dates]
    for index, on in enumerate(sorted(days)):
        rng = np.random.default_rng(index)
        z = np.round(rng.standard_normal((symbols, len(ids))), 6)
        composite = z @ np.array([part.weight for part in method.factors])
        results = ranked(names, composite).with_columns(
            domain_id=pl.lit(domain_id.bytes),
            method_version_id=pl.lit(version_id.bytes),
            metric_date=pl.lit(on),
            **{part.name: pl.Series(z[:, i]) for i, part in enumerate(method.factors)},
        )
        values = pl.concat(
            pl.DataFrame(
                {"symbol": names, "raw": z[:, i]},
            ).with_columns(
                metric_date=pl.lit(on),
                factor_version_id=pl.lit(factor_id, pl.Int64),
                missing_reason=pl.lit(None, pl.String),
                n_obs=pl.lit(252, pl.Int64),
            )
            for i, factor_id in enumerate(ids.values())
        )
        stats = [
            (version_id.bytes, on, "universe:equity", part.name, symbols, 0.0, 1.0, "median_mad")
            for part in method.factors
        ]
        publication = Publication(
            results=results.select(list(RESULT_SCHEMA)),
            factor_values=values.select(list(VALUE_SCHEMA)),
            factor_stats=pl.DataFrame(stats, schema=STAT_SCHEMA, orient="row"),
            inputs=Inputs("f" * 64, "0.0.0"),
            dates=[on],
        )
        async with ws.db.write() as conn:
            claim = await claim_tick(
                conn,
                kind="manual",
                calendar="XNYS",
                scheduled_for=at + timedelta(seconds=index),
                metric_date=on,
                owner="bench",
                at=at,
                lease_s=600,
            )
            assert claim is not None
            await publish(conn, claim, publication, at=at + timedelta(seconds=index), source="simulated")
    await add_evidence(ws, names, last)


def universe(names: list[str]) -> pl.DataFrame:
    """The symbols' own rows."""
    return pl.DataFrame(
        {"symbol": names, "name": [f"Invented company {name}" for name in names]}
    ).with_columns(
        asset_type=pl.lit("equity"),
        currency=pl.lit("USD"),
        quote_unit=pl.lit("USD"),
        added_source=pl.lit("batch"),
    )


def ranked(names: list[str], composite: np.ndarray) -> pl.DataFrame:
    """Scores and ranks; some have none."""
    is_ranked = pl.int_range(pl.len()) % UNRANKED_IN != 0
    frame = pl.DataFrame({"symbol": names, "value": composite}).with_columns(
        composite_score=pl.when(is_ranked).then("value")
    )
    rank = pl.col("composite_score").rank("min", descending=True).cast(pl.Int64)
    return frame.with_columns(
        current_rank=rank,
        score=100.0 * (1.0 - (rank - 1) / pl.len()),
        coverage=pl.when(is_ranked).then(1.0).otherwise(0.4),
        unranked_reason=pl.when(~is_ranked).then(pl.lit("coverage")),
    )


async def add_evidence(ws: Workspace, names: list[str], on: date) -> None:
    """Intervals of the newest ranks, and held bars of the year before."""
    async with ws.db.write() as conn:
        (head,) = [head for head in await heads_of(conn, on) if head.slug == SLUG]
        key = {
            name: pl.lit(v.bytes if name != "metric_date" else v)
            for name in (*HEAD, "evidence_cycle_id")
            for v in [getattr(head, name)]
        }
        rows = pl.DataFrame({"symbol": names}).with_columns(
            **key, low_rank=1, high_rank=50, n_ranked=200, n_draws=200, flip_share=0.25
        )
        await keep_intervals(conn, [head], rows.select(list(INTERVAL_SCHEMA)).cast(INTERVAL_SCHEMA))
        held = pl.DataFrame({"symbol": names[:HELD]}).with_columns(
            date=pl.lit(on - timedelta(days=30)),
            **{name: pl.lit(10.0) for name in ("open", "high", "low", "close", "adj_close")},
            volume=pl.lit(1000, pl.Int64),
            is_final=pl.lit(value=True),
            reason=pl.lit("jump"),
            detail=pl.lit("made up"),
        )
        revision = await new_revision(conn, "fetch", ws.now())
        await hold_bars(conn, held, source="simulated", revision=revision, fetched_at=ws.now())
