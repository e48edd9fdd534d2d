"""The validation lab: whether a board's scores, and each of its factors, say anything of what followed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.boards.try_weights import load_history
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_date
from pacesetter.ranking.boards import rank_board, score_universe
from pacesetter.ranking.validation import Validation, validate


@dataclass(frozen=True)
class BoardValidated:
    """The validation of a board's score and of each factor's z, computed from the stored bars as
    they are known now; only final bars are used."""

    board: str
    method: str
    first: date
    last: date
    members: int
    simulated: bool
    score: Validation
    factors: Mapping[str, Validation]


async def validate_board(
    ws: Workspace,
    board: str,
    *,
    method: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> BoardValidated:
    """Validate a board's score and factors over its history (default: the last ten years)."""
    plan, panel = await load_history(ws, board, method=method, first=first, last=last)

    def work() -> BoardValidated:
        values = {part.uses: evaluate(factors.get(part.uses), panel) for part in plan.method.factors}
        universe = score_universe(plan.method, values, panel, plan.asset_type)
        ranks = rank_board(plan.method, values, panel, universe, plan.members(panel), plan.slug)
        ranked = ranks.rank > 0
        by_factor = {}
        for part in ranks.scores.parts:
            known = ranked & np.isfinite(part.raw)
            by_factor[part.part.name] = validate(panel, np.where(known, part.z, np.nan))
        return BoardValidated(
            board=plan.name,
            method=f"{plan.method.name} v{plan.method.version}",
            first=day_date(panel.sessions[0]),
            last=day_date(panel.sessions[-1]),
            members=int(ranked.any(axis=0).sum()),
            simulated=ws.simulated,
            score=validate(panel, np.where(ranked, ranks.scores.composite, np.nan)),
            factors=by_factor,
        )

    return await asyncio.to_thread(work)


def figures(found: BoardValidated) -> list[dict[str, Any]]:
    """The figures of the score and of every factor, a row a horizon; None for what has no value."""
    every = {"score": found.score, **found.factors}
    return [line for name, one in every.items() for line in lines_of(name, one)]


def lines_of(name: str, one: Validation) -> list[dict[str, Any]]:
    """The figures of a score, a line a horizon."""
    lines = []
    for part in one.horizons:
        top = part.quantiles.usual - 1
        lines.append(
            {
                "what": name,
                "horizon": part.horizon,
                "ic": known(part.summary.mean),
                "icir": known(part.summary.icir),
                "t": known(part.summary.t),
                "p": known(part.summary.p),
                "n": part.summary.n,
                "turnover": mean_of(part.turnover[:, top]) if top > 0 else None,
                "rank_autocorrelation": mean_of(part.rank_autocorrelation),
                "spread": mean_of(part.quantiles.spread),
                "quantile_returns": [known(x) for x in part.quantiles.mean],
            }
        )
    return lines


def monthly(found: BoardValidated) -> list[dict[str, Any]]:
    """The score's mean IC of each month with one, by horizon: a decade of days is too many to see."""
    months = found.score.dates.astype("datetime64[D]").astype("datetime64[M]")
    lines = []
    for part in found.score.horizons:
        has = np.isfinite(part.ic)
        names, place, n = np.unique(months[has], return_inverse=True, return_counts=True)
        mean = np.bincount(place, weights=part.ic[has], minlength=len(names)) / np.maximum(n, 1)
        lines += [
            {"horizon": part.horizon, "month": month.astype("datetime64[D]").item(), "ic": ic, "n": count}
            for month, ic, count in zip(names, mean.tolist(), n.tolist(), strict=True)
        ]
    return lines


def mean_of(values: Any) -> float | None:
    """The mean of what is known."""
    some = np.asarray(values)[np.isfinite(values)]
    return float(some.mean()) if len(some) else None


def known(value: float) -> float | None:
    """None for a missing number."""
    return float(value) if np.isfinite(value) else None
