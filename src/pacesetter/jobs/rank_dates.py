"""Rank every board on any number of dates at once: one panel, one set of factors, all boards."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import polars as pl

from pacesetter.factors.base import REASONS, FactorValues, factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Mask, Panel
from pacesetter.ranking.boards import UNRANKED, BoardRanks, rank_board, score_universe
from pacesetter.ranking.method import Method, load_shipped
from pacesetter.ranking.publication import (
    RESULT_SCHEMA,
    STANDARD,
    STAT_SCHEMA,
    VALUE_SCHEMA,
    Publication,
)
from pacesetter.ranking.scores import RULES, Scores
from pacesetter.store.domains import list_domains
from pacesetter.store.memberships import membership
from pacesetter.store.methods import register_factors, register_method
from pacesetter.store.panels import load_panel


@dataclass(frozen=True)
class BoardPlan:
    """A board to rank: who belongs to it when (symbol, first day, day after the last or None)."""

    domain_id: UUID
    name: str
    slug: str
    asset_type: str
    method: Method
    method_version_id: UUID
    spells: tuple[tuple[str, int, int | None], ...]

    def members(self, panel: Panel) -> Mask:
        """Membership on each session (bool T×S), of the symbols that the panel has."""
        index = {symbol: i for i, symbol in enumerate(panel.symbols)}
        mask = np.zeros((panel.n_sessions, panel.n_symbols), dtype=bool)
        for symbol, first, after in self.spells:
            if symbol in index:
                inside = (panel.sessions >= first) & (after is None or panel.sessions < (after or 0))
                mask[:, index[symbol]] |= inside
        return mask


@dataclass(frozen=True)
class Ranked:
    """Everything that ranking computed: the panel, values by factor, ranks and plan by board."""

    panel: Panel
    values: Mapping[str, FactorValues]
    universes: Mapping[tuple[str, str], Scores]
    boards: Sequence[tuple[BoardPlan, BoardRanks]]


async def plan_boards(
    ws: Workspace, *, slugs: Sequence[str] | None = None, method: Method | None = None
) -> list[BoardPlan]:
    """The boards with the methods that they publish under, or all under ``method``."""
    async with ws.db.read() as conn:
        rows = [row for row in await list_domains(conn) if slugs is None or row.slug in slugs]
        spells = await membership(conn)
    by_board: dict[UUID, list[tuple[str, int, int | None]]] = {}
    for spell in spells:
        after = None if spell.valid_to is None else day_number(spell.valid_to)
        by_board.setdefault(spell.domain_id, []).append((spell.symbol, day_number(spell.valid_from), after))
    chosen = {row.slug: method or load_shipped(row.method) for row in rows}
    async with ws.db.write() as conn:
        ids = {one.sha256: await register_method(conn, one) for one in chosen.values()}
    return [
        BoardPlan(
            row.id,
            row.name,
            row.slug,
            row.asset_type,
            chosen[row.slug],
            ids[chosen[row.slug].sha256],
            tuple(by_board.get(row.id, ())),
        )
        for row in rows
    ]


async def compute(ws: Workspace, plans: Sequence[BoardPlan], dates: Sequence[date]) -> Ranked:
    """Load the panel and rank ``plans`` on ``dates``, off the event loop."""
    panel = await load_panel(
        ws.db,
        ws.home,
        sessions=dates,
        calendar=ws.settings.calendar,
        asset_types={plan.asset_type for plan in plans},
        benchmark=ws.settings.benchmark,
    )
    return await asyncio.to_thread(rank_panel, panel, plans)


def rank_panel(panel: Panel, plans: Sequence[BoardPlan]) -> Ranked:
    """Rank ``plans`` on every session of ``panel``: pure, over all dates at once."""
    used = sorted({part.uses for plan in plans for part in plan.method.factors})
    values = {name: evaluate(factors.get(name), panel) for name in used}
    universes: dict[tuple[str, str], Scores] = {}
    boards = []
    for plan in plans:
        key = (plan.method.sha256, plan.asset_type)
        if key not in universes:
            universes[key] = score_universe(plan.method, values, panel, plan.asset_type)
        members = plan.members(panel)
        boards.append((plan, rank_board(plan.method, values, panel, universes[key], members, plan.slug)))
    return Ranked(panel, values, universes, boards)


async def rank_dates(
    ws: Workspace, dates: Sequence[date], *, slugs: Sequence[str] | None = None
) -> Publication:
    """Everything to publish for ``dates``."""
    plans = await plan_boards(ws, slugs=slugs)
    ranked = await compute(ws, plans, dates)
    async with ws.db.write() as conn:
        ids = await register_factors(conn, [factors.get(name) for name in ranked.values])
    return await asyncio.to_thread(assemble, ranked, ids, dates)


def assemble(ranked: Ranked, factor_ids: Mapping[str, int], dates: Sequence[date]) -> Publication:
    """The frames to store, and the fingerprint of what they were computed from."""
    results = pl.concat(
        [pl.DataFrame(schema=RESULT_SCHEMA), *(board_rows(ranked.panel, p, r) for p, r in ranked.boards)]
    )
    return Publication(
        results=results,
        factor_values=value_rows(ranked, factor_ids),
        factor_stats=stat_rows(ranked),
        fingerprint=fingerprint(ranked),
        dates=dates,
        data_revision=ranked.panel.revision,
    )


def board_rows(panel: Panel, plan: BoardPlan, ranks: BoardRanks) -> pl.DataFrame:
    """One row a member and date."""
    symbols = np.array(panel.symbols, dtype=object)
    day, who = np.nonzero(ranks.member)
    absent = sorted({symbol for symbol, _, _ in plan.spells} - set(panel.symbols))
    raw = {part.part.name: part.raw[day, who] for part in ranks.scores.parts}
    frame = pl.DataFrame(
        {
            "metric_date": pl.Series(panel.sessions[day]).cast(pl.Date),
            "symbol": pl.Series(symbols[who].tolist(), dtype=pl.String),
            **{name: raw.get(name, np.full(len(day), np.nan)) for name in STANDARD},
            "composite_score": np.where(ranks.rank[day, who] > 0, ranks.scores.composite[day, who], np.nan),
            "score": np.where(ranks.rank[day, who] > 0, ranks.scores.score[day, who], np.nan),
            "current_rank": ranks.rank[day, who].astype(np.int64),
            "coverage": np.where(
                np.isfinite(ranks.scores.coverage[day, who]), ranks.scores.coverage[day, who], 0.0
            ),
            "unranked_reason": pl.Series([UNRANKED[c] for c in ranks.unranked[day, who]], dtype=pl.String),
        }
    )
    missing = [
        {
            "metric_date": on,
            "symbol": symbol,
            "coverage": 0.0,
            "current_rank": 0,
            "unranked_reason": "no_bars",
        }
        for on in pl.Series(panel.sessions).cast(pl.Date)
        for symbol in absent
    ]
    if missing:
        frame = pl.concat(
            [frame, pl.DataFrame(missing, schema_overrides={"metric_date": pl.Date})], how="diagonal"
        )
    return frame.with_columns(
        pl.col(pl.Float64).fill_nan(None),
        domain_id=pl.lit(plan.domain_id.bytes),
        method_version_id=pl.lit(plan.method_version_id.bytes),
        current_rank=pl.when(pl.col("current_rank") > 0).then("current_rank"),
        unranked_reason=pl.when(pl.col("unranked_reason") != "").then("unranked_reason"),
    ).select(list(RESULT_SCHEMA))


def value_rows(ranked: Ranked, factor_ids: Mapping[str, int]) -> pl.DataFrame:
    """One row a date, factor and symbol: ranked symbols of the universe, and all members of boards."""
    panel = ranked.panel
    kept = np.zeros((panel.n_sessions, panel.n_symbols), dtype=bool)
    for scores in ranked.universes.values():
        kept |= scores.member
    for _, ranks in ranked.boards:
        kept |= ranks.member
    day, who = np.nonzero(kept)
    symbols = pl.Series(panel.symbols, dtype=pl.String).gather(who)
    dates = pl.Series(panel.sessions[day]).cast(pl.Date)
    reasons = pl.Series(REASONS, dtype=pl.String)
    frames = [
        pl.DataFrame(
            {
                "metric_date": dates,
                "factor_version_id": pl.repeat(factor_ids[name], len(day), dtype=pl.Int64, eager=True),
                "symbol": symbols,
                "raw": pl.Series(values.raw[day, who]).fill_nan(None),
                "missing_reason": reasons.gather(values.reason[day, who].astype(np.uint32)),
                "n_obs": values.n_obs[day, who].astype(np.int64),
            }
        )
        for name, values in ranked.values.items()
    ]
    rows = pl.concat([pl.DataFrame(schema=VALUE_SCHEMA), *frames])
    return rows.with_columns(missing_reason=pl.when(pl.col("missing_reason") != "").then("missing_reason"))


def stat_rows(ranked: Ranked) -> pl.DataFrame:
    """One row a date, scope and factor: what z was taken with."""
    version = {plan.method.sha256: plan.method_version_id.bytes for plan, _ in ranked.boards}
    done: set[tuple[str, str]] = set()
    frames = [pl.DataFrame(schema=STAT_SCHEMA)]
    for plan, ranks in ranked.boards:
        scopes = np.array(ranks.scope, dtype=object)
        for scope in sorted(set(ranks.scope)):
            if (plan.method.sha256, scope) in done:
                continue
            done.add((plan.method.sha256, scope))
            on = np.flatnonzero(scopes == scope)
            for part in ranks.scores.parts:
                own = part.statistics
                frames.append(
                    pl.DataFrame(
                        {
                            "method_version_id": pl.repeat(version[plan.method.sha256], len(on), eager=True),
                            "metric_date": pl.Series(ranked.panel.sessions[on]).cast(pl.Date),
                            "scope": pl.repeat(scope, len(on), eager=True),
                            "factor": pl.repeat(part.part.name, len(on), eager=True),
                            "n": own.n[on],
                            "centre": pl.Series(own.centre[on]).fill_nan(None),
                            "scale": pl.Series(own.scale[on]).fill_nan(None),
                            "rule": pl.Series(RULES, dtype=pl.String).gather(own.rule[on].astype(np.uint32)),
                        }
                    )
                )
    return pl.concat(frames)


def fingerprint(ranked: Ranked) -> str:
    """SHA-256 over the bars, facts and method definitions that the ranks were computed from."""
    digest = hashlib.sha256()
    panel = ranked.panel
    digest.update("\n".join(panel.symbols).encode())
    for column in (
        panel.offsets,
        panel.date,
        panel.close,
        panel.volume,
        panel.growth,
        panel.final,
        panel.sessions,
    ):
        digest.update(np.ascontiguousarray(column).tobytes())
    if panel.facts is not None:
        for name, column in sorted(panel.facts.values.items()):
            digest.update(name.encode() + np.ascontiguousarray(column).tobytes())
        digest.update(panel.facts.known_on.tobytes() + panel.facts.as_of.tobytes())
    for plan, _ in ranked.boards:
        digest.update(plan.slug.encode() + plan.method.sha256.encode() + repr(plan.spells).encode())
    return digest.hexdigest()
