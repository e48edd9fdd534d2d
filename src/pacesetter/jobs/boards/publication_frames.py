"""From ranked boards to the frames that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from pacesetter.factors.base import REASONS
from pacesetter.jobs.boards.ranked import BoardPlan, Ranked, covered
from pacesetter.market.panel import Panel
from pacesetter.ranking.boards import UNRANKED, BoardRanks
from pacesetter.ranking.inputs import Inputs
from pacesetter.ranking.publication import (
    RESULT_SCHEMA,
    STANDARD,
    STAT_SCHEMA,
    VALUE_SCHEMA,
    Publication,
)
from pacesetter.ranking.scores import RULES


def assemble(
    ranked: Ranked, factor_ids: Mapping[str, int], dates: Sequence[date], inputs: Inputs
) -> Publication:
    """The frames to store, with what they were computed from."""
    results = pl.concat(
        [pl.DataFrame(schema=RESULT_SCHEMA), *(board_rows(ranked.panel, p, r) for p, r in ranked.boards)]
    )
    return Publication(
        results=results,
        factor_values=value_rows(ranked, factor_ids),
        factor_stats=stat_rows(ranked),
        inputs=inputs,
        dates=dates,
        data_revision=ranked.panel.revision,
    )


def board_rows(panel: Panel, plan: BoardPlan, ranks: BoardRanks) -> pl.DataFrame:
    """One row a member and date."""
    symbols = np.array(panel.symbols, dtype=object)
    day, who = np.nonzero(ranks.member)
    known = set(panel.symbols)
    absent = [spell for spell in plan.spells if spell[0] not in known]
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
            "unranked_reason": "not_observed" if panel.exact else "no_bars",
        }
        for symbol, first, after in absent
        for on in pl.Series(panel.sessions[covered(panel.sessions, first, after)]).cast(pl.Date)
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
