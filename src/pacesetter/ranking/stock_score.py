"""Score one board of raw factor values: ``ps.rank_domain({ticker: {factor: raw}})``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pacesetter.factors.base import REASON_CODE, FactorValues, factors
from pacesetter.kernel.errors import InputError
from pacesetter.ranking.boards import UNRANKED
from pacesetter.ranking.method import Method, load_shipped
from pacesetter.ranking.scores import kernels, score_scope


@dataclass(frozen=True)
class FactorScore:
    """One factor of one ticker: the raw value as shown, z, weight·z as it entered the composite,
    and the weight that it had there (0 for one left out)."""

    raw: float | None
    normalized: float | None
    weighted: float
    effective_weight: float


@dataclass(frozen=True)
class StockScore:
    """A ticker's composite, score (0–100) and competition rank (1 best, None: unranked)."""

    ticker: str
    composite_score: float | None
    score: float | None
    rank: int | None
    coverage: float
    unranked_reason: str | None
    factor_scores: dict[str, FactorScore]


def rank_domain(
    values: Mapping[str, Mapping[str, float | None]], method: str | Method = "core"
) -> dict[str, StockScore]:
    """Rank the tickers of one board by raw factor values, normalised inside the board.

    ``values``: by ticker, then by the method's factor names, in the factor's own unit (a
    trailing P/E for ``classic``'s financial_ratio); None or NaN where a value is missing.
    A factor that is taken relative to the board's median may be left out: it is computed
    from the factor that the method uses for it.
    """
    chosen = load_shipped(method) if isinstance(method, str) else method
    tickers = sorted(values)
    known = {part.name for part in chosen.factors}
    strange = sorted({name for given in values.values() for name in given} - known)
    if strange:
        raise InputError(
            f"the method {chosen.name!r} has no factor {strange[0]!r}",
            mend=f"known: {', '.join(sorted(known))}",
        )
    member = np.ones((1, len(tickers)), dtype=bool)
    raw = {part.uses: _row(values, tickers, _source(chosen, part.uses)) for part in chosen.factors}
    scores = score_scope(
        chosen, {name: _values(name, row) for name, row in raw.items()}, member, "domain:board"
    )
    ranks = kernels().competition_ranks(scores.composite, member)
    return {
        ticker: StockScore(
            ticker=ticker,
            composite_score=_plain(scores.composite[0, s]),
            score=_plain(scores.score[0, s]),
            rank=int(ranks[0, s]) or None,
            coverage=float(scores.coverage[0, s]),
            unranked_reason=_reason(scores.coverage[0, s], int(ranks[0, s])),
            factor_scores=_factor_scores(chosen, scores, s),
        )
        for s, ticker in enumerate(tickers)
    }


def _source(method: Method, uses: str) -> str:
    """The shown name under which the values of a registered factor are handed in."""
    own = [part.name for part in method.factors if part.uses == uses]
    plain = [part.name for part in method.factors if part.uses == uses and part.relative_to is None]
    return (plain or own)[0]


def _row(values: Mapping[str, Mapping[str, float | None]], tickers: list[str], name: str) -> np.ndarray:
    given = [values[ticker].get(name) for ticker in tickers]
    return np.array([[np.nan if v is None else float(v) for v in given]])


def _values(name: str, raw: np.ndarray) -> FactorValues:
    reason = np.where(np.isfinite(raw), 0, REASON_CODE["undefined"]).astype(np.int8)
    return FactorValues(factors.get(name), raw, reason, np.zeros(raw.shape, dtype=np.int32))


def _factor_scores(method: Method, scores: object, s: int) -> dict[str, FactorScore]:
    parts = scores.parts  # type: ignore[attr-defined]
    present = {p.part.name: bool(np.isfinite(p.raw[0, s]) and np.isfinite(p.z[0, s])) for p in parts}
    fills = method.normalise == "robust_z"
    used = sum(p.part.weight for p in parts if present[p.part.name])
    out = {}
    for p in parts:
        weight = p.part.weight if fills else (p.part.weight / used if present[p.part.name] and used else 0.0)
        z = _plain(p.z[0, s])
        out[p.part.name] = FactorScore(_plain(p.raw[0, s]), z, weight * (z or 0.0), weight)
    return out


def _reason(coverage: float, rank: int) -> str | None:
    if rank:
        return None
    return UNRANKED[4] if coverage <= 0 else UNRANKED[3]


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
