"""Convergence: what all signals of a symbol say together on a date.

    score = Σ decayed × regime × sector × bonus,     decayed = score × decay(age in days)

rounded to 9 decimals, so that a sum which is 31 on paper is 31 at the edge of a band. A signal's
confidence counts only where the desk's ``confidence_counts`` is true: its score is then multiplied
by it before it decays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.research.desk import MOST_SCORE, ConvergenceRule, Desk
from pacesetter.research.signal import SCHEMA

DECIMALS = 9
KEY = ("symbol", "signal_type", "source")
SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """What one signal adds: ``base_score`` as given (× confidence where that counts), ``age_days``, the
    ``decay_factor`` of that age, and ``decayed`` = their product. ``row``: its place in the given frame."""

    row: int
    signal_type: str
    source: str
    seen_on: date
    score: float
    confidence: float
    base_score: float
    age_days: int
    decay_factor: float
    decayed: float
    counts_as_kind: bool


@dataclass(frozen=True)
class Breakdown:
    """How a score came about, each number in the order in which it was multiplied."""

    symbol: str
    on: date
    parts: tuple[Part, ...]
    kinds: tuple[str, ...]
    decayed_sum: float
    regime: str
    regime_multiplier: float
    sector_favour: str
    sector_multiplier: float
    bonus: float
    score: float
    band: str


@dataclass(frozen=True)
class Convergence:
    """``frame``: symbol, score, band, n_signals, n_kinds, decayed_sum, sector_favour, bonus; the best first,
    ties by symbol. ``left_out``: row of the given frame and the reason why that signal is not counted."""

    on: date
    regime: str
    frame: pl.DataFrame
    left_out: pl.DataFrame
    _parts: pl.DataFrame
    _rule: ConvergenceRule

    def best(self) -> list[str]:
        """The symbols that go on to the analysts."""
        enough = self.frame.filter(pl.col("score") >= self._rule.go_on_from)
        return enough["symbol"].head(self._rule.go_on).to_list()

    def scores(self) -> dict[str, float]:
        """Score by symbol."""
        return dict(zip(self.frame["symbol"].to_list(), self.frame["score"].to_list(), strict=True))

    def breakdown(self, symbol: str) -> Breakdown:
        """How the score of one symbol came about; ``UnknownName`` where it has no signal that counts."""
        if symbol not in self._places:
            raise unknown("symbol with a signal", symbol, list(self._places))
        found = self.frame.row(self._places[symbol], named=True)
        first, last = (int(np.searchsorted(self._owners, symbol, side)) for side in SIDES)
        rows = self._parts[first:last].drop("symbol").iter_rows(named=True)
        parts = tuple(Part(**row) for row in rows)
        return Breakdown(
            symbol=symbol,
            on=self.on,
            parts=parts,
            kinds=tuple(sorted({part.signal_type for part in parts if part.counts_as_kind})),
            decayed_sum=found["decayed_sum"],
            regime=self.regime,
            regime_multiplier=self._rule.regimes[self.regime],
            sector_favour=found["sector_favour"],
            sector_multiplier=self._rule.sectors[found["sector_favour"]],
            bonus=found["bonus"],
            score=found["score"],
            band=found["band"],
        )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {symbol: i for i, symbol in enumerate(self.frame["symbol"].to_list())}

    @cached_property
    def _owners(self) -> npt.NDArray[np.str_]:
        return self._parts["symbol"].to_numpy().astype(np.str_)


def converge(
    signals: pl.DataFrame, on: date, *, regime: str, favours: Mapping[str, str], desk: Desk
) -> Convergence:
    """All symbols at once. ``signals``: the columns of ``signal.SCHEMA``, others are ignored.

    ``favours``: favoured, neutral or avoided by symbol, neutral where it says nothing. Signals seen after
    ``on`` are never counted, not even to replace an older one. A kind counts for the bonus while one of
    its signals has at least ``kind_counts_from`` of its score left.
    """
    rule = desk.convergence
    if regime not in rule.regimes:
        raise unknown("regime", regime, list(rule.regimes))
    if stray := sorted(set(favours.values()) - set(rule.sectors)):
        raise unknown("sector favour", stray[0], list(rule.sectors))
    if missing := [name for name in SCHEMA.names() if name not in signals.columns]:
        raise InputError(f"columns are missing: {', '.join(missing)}", mend="see research/signal.py")
    given = signals.select(SCHEMA.names()).with_row_index("row").cast({"row": pl.Int64})
    judged = given.with_columns(reason=_reason(on, desk))
    fine = judged.filter(pl.col("reason").is_null()).drop("reason")
    order = [*KEY, "seen_on", "score", "confidence", "row"]
    newest_first = fine.sort(order, descending=[False, False, False, True, True, True, False])
    kept = newest_first.unique(KEY, keep="first", maintain_order=True)
    replaced = fine.join(kept.select("row"), on="row", how="anti").select(
        "row", reason=pl.lit("replaced by a newer one of the same type and source")
    )
    refused = judged.filter(pl.col("reason").is_not_null()).select("row", "reason")
    parts = _decay(kept, on, desk)
    return Convergence(
        on=on,
        regime=regime,
        frame=_sum(parts, regime, favours, rule),
        left_out=pl.concat([refused, replaced]).sort("row"),
        _parts=parts,
        _rule=rule,
    )


def _reason(on: date, desk: Desk) -> pl.Expr:
    """Why a signal is not counted, null where it is."""
    score, confidence = pl.col("score"), pl.col("confidence")
    return (
        pl.when(pl.any_horizontal(pl.col(SCHEMA.names()).is_null()))
        .then(pl.lit("a value is missing"))
        .when(pl.col("seen_on") > on)
        .then(pl.lit("seen after the date"))
        .when(~pl.col("signal_type").is_in(list(desk.signals)))
        .then(pl.lit("the desk knows no such signal type"))
        .when(score.is_nan() | ~score.is_between(0, MOST_SCORE))
        .then(pl.lit(f"the score is not from 0 to {MOST_SCORE:g}"))
        .when(confidence.is_nan() | ~confidence.is_between(0, 1))
        .then(pl.lit("the confidence is not from 0 to 1"))
        .otherwise(None)
    )


def _decay(kept: pl.DataFrame, on: date, desk: Desk) -> pl.DataFrame:
    """The kept signals with what is left of them, sorted by symbol, type and source."""
    rule = desk.convergence
    age = (pl.lit(on) - pl.col("seen_on")).dt.total_days()
    kept = kept.with_columns(age_days=age)
    types, ages = kept["signal_type"].to_numpy(), kept["age_days"].to_numpy().astype(np.float64)
    factor = np.zeros(kept.height)
    for name in kept["signal_type"].unique().to_list():
        mine = types == name
        factor[mine] = desk.signals[name].decay.factors(ages[mine])
    score: Floats = kept["score"].to_numpy()
    base = score * kept["confidence"].to_numpy() if rule.confidence_counts else score
    decayed = base * factor
    return kept.with_columns(
        base_score=pl.Series(base, dtype=pl.Float64),
        decay_factor=pl.Series(factor, dtype=pl.Float64),
        decayed=pl.Series(decayed, dtype=pl.Float64),
        counts_as_kind=pl.Series((decayed > 0) & (factor >= rule.kind_counts_from), dtype=pl.Boolean),
    )


def _sum(parts: pl.DataFrame, regime: str, favours: Mapping[str, str], rule: ConvergenceRule) -> pl.DataFrame:
    symbols = parts["symbol"].unique(maintain_order=True)
    group = (parts["symbol"].rle_id() if parts.height else pl.Series([], dtype=pl.UInt32)).to_numpy()
    n = len(symbols)
    decayed = parts["decayed"].to_numpy()
    # bincount adds in the order of the rows, so the sum is the same to the last bit on every run
    total = np.bincount(group, weights=decayed, minlength=n)[:n]
    n_signals = np.bincount(group, weights=decayed > 0, minlength=n)[:n].astype(np.int64)
    kinds = parts.filter("counts_as_kind").group_by("symbol").agg(n_kinds=pl.col("signal_type").n_unique())
    favour = [favours.get(symbol, "neutral") for symbol in symbols]
    frame = pl.DataFrame(
        {"symbol": symbols, "n_signals": n_signals, "decayed_sum": total, "sector_favour": favour},
        schema_overrides={"symbol": pl.String, "sector_favour": pl.String},
    ).join(kinds, on="symbol", how="left", maintain_order="left")
    n_kinds = frame["n_kinds"].fill_null(0).cast(pl.Int64).to_numpy()
    bonus = np.array([1.0, *rule.bonus])[np.minimum(n_kinds, len(rule.bonus))]
    sector = np.array([rule.sectors[one] for one in favour], np.float64)
    score = np.round(total * rule.regimes[regime] * sector * bonus, DECIMALS)
    starts = np.array([start for _, start in rule.bands])
    names = np.array([name for name, _ in rule.bands])
    band = names[np.searchsorted(starts, score, side="right") - 1].tolist()
    found = frame.with_columns(
        n_kinds=pl.Series(n_kinds, dtype=pl.Int64),
        bonus=pl.Series(bonus, dtype=pl.Float64),
        score=pl.Series(score, dtype=pl.Float64),
        band=pl.Series(band, dtype=pl.String),
    )
    columns = ("symbol", "score", "band", "n_signals", "n_kinds", "decayed_sum", "sector_favour", "bonus")
    return found.select(columns).sort(["score", "symbol"], descending=[True, False])
