"""The factors of a board's rows as they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.board_view import FactorView
from pacesetter.ranking.method import Method, WeightedFactor
from pacesetter.ranking.scores import CLASSIC_RULE, RULES, z_of


def stored_factors(
    method: Method,
    rows: Sequence[Row[Any]],
    scope: str,
    stats: Mapping[tuple[str, str], Row[Any]],
    values: Mapping[tuple[str, str], Row[Any]],
) -> list[dict[str, FactorView]]:
    """The factors of each published row: z is taken again from the stored statistics."""
    views: list[dict[str, FactorView]] = [{} for _ in rows]
    columns = rows[0]._fields if rows else ()
    for part in method.factors:
        found = [values.get((row.symbol, part.uses)) for row in rows]
        if part.name in columns:
            raws = [getattr(row, part.name) for row in rows]
        else:
            raws = [None if value is None else value.raw for value in found]
        z = stored_z(method, part, raws, stats.get((scope, part.name)))
        for row, view, value, raw, one in zip(rows, views, found, raws, z, strict=True):
            # a box that nobody looked at on the day has no figures to keep
            without = "not_observed" if row.unranked_reason == "not_observed" else "no_bars"
            missing = without if value is None else value.missing_reason
            view[part.name] = factor_view(method, part.weight, raw, one, missing)
    return views


def stored_z(
    method: Method, part: WeightedFactor, raws: Sequence[float | None], stat: Row[Any] | None
) -> list[float | None]:
    """Z of raw values by stored statistics; None for a missing value, or without statistics."""
    if stat is None:
        return [None] * len(raws)
    rule = RULES.index(stat.rule)
    sign = 1 if rule == CLASSIC_RULE or method.normalise == "domain_z" else factors.get(part.uses).sign
    raw = np.array([number(one) for one in raws], dtype=np.float64)
    z = z_of(raw, sign, number(stat.centre), number(stat.scale), method.clip, rule)
    known = (np.isfinite(z) & np.isfinite(raw)).tolist()
    return [one if is_known else None for one, is_known in zip(z.tolist(), known, strict=True)]


def factor_view(
    method: Method, weight: float, raw: float | None, z: float | None, missing: str | None
) -> FactorView:
    """A missing value counts as the average (z = 0) where the method says so."""
    if raw is None and method.normalise == "robust_z":
        z = 0.0
    return FactorView(
        raw=raw,
        normalized=z,
        weight=weight,
        contribution=None if z is None else weight * z,
        missing_reason=missing if raw is None else None,
    )


def number(value: float | None) -> float:
    """NaN for a missing number."""
    return float("nan") if value is None else value


def finite(value: Any) -> float | None:
    """None for a missing number."""
    plain = float(value)
    return plain if np.isfinite(plain) else None
