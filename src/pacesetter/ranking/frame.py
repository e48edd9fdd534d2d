"""Rank a frame of bars, with no database: ``ps.rank(frame, method="core")``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
import polars as pl

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import InputError
from pacesetter.market.growth import measure_growth
from pacesetter.market.panel import Facts, Panel
from pacesetter.market.symbol import guess_asset_type
from pacesetter.ranking.boards import UNRANKED, BoardRanks, rank_board, score_universe
from pacesetter.ranking.method import Method, load_shipped

EVERYTHING = "all"
NUMBERS = ("open", "high", "low", "close", "adj_close", "volume")


def rank(
    frame: Any,
    method: str | Method = "core",
    *,
    on: date | Literal["all"] | None = None,
    boards: Mapping[str, Iterable[str]] | None = None,
    fundamentals: Any = None,
    benchmark: str | None = "SPY",
) -> Any:
    """Rank symbols by their bars; returns the kind of frame that was given (Polars or pandas).

    ``frame``: one row a symbol and date with ``symbol``, ``date``, ``close`` and optionally
    ``adj_close``, ``volume``, ``open``, ``high``, ``low``. ``on``: a date, ``"all"`` dates of
    the frame, or None for its newest. ``boards``: members by board name (default: one
    board ``"all"`` of every symbol but the benchmark). ``fundamentals``: ``symbol``,
    ``known_on``, measures such as ``eps``, optionally ``as_of``.

    Columns of the result: date, board, symbol, rank, score (0–100), composite, coverage
    (0–1), unranked_reason, scope, and raw_, z_ and contribution_ of each factor.
    """
    chosen = load_shipped(method) if isinstance(method, str) else method
    bars, was_pandas = as_polars(frame)
    panel = panel_from_frame(bars, on=on, fundamentals=fundamentals, benchmark=benchmark)
    members = boards or {EVERYTHING: [s for s in panel.symbols if s != benchmark]}
    unknown = sorted({s for names in members.values() for s in names} - set(panel.symbols))
    if unknown:
        raise InputError(
            f"no bars of {', '.join(unknown[:5])}", where="boards", mend="add their bars to the frame"
        )
    values = {part.uses: evaluate(factors.get(part.uses), panel) for part in chosen.factors}
    universe = score_universe(chosen, values, panel, "equity")
    ranked = [
        board_frame(panel, chosen, name, rank_board(chosen, values, panel, universe, mask, name))
        for name, mask in ((name, member_mask(panel, names)) for name, names in members.items())
    ]
    result = pl.concat(ranked).sort("date", "board", "rank", "symbol", nulls_last=True)
    return result.to_pandas() if was_pandas else result


def as_polars(frame: Any) -> tuple[pl.DataFrame, bool]:
    """The frame in Polars, and whether it came from pandas."""
    if isinstance(frame, pl.DataFrame):
        return frame, False
    if isinstance(frame, pl.LazyFrame):
        return frame.collect(), False
    if hasattr(frame, "columns") and hasattr(frame, "to_numpy"):
        plain = {str(c): frame[c].to_numpy() for c in frame.columns}
        columns = {c: v.tolist() if v.dtype == object else v for c, v in plain.items()}
        return pl.DataFrame({c: v for c, v in columns.items()}, strict=False), True
    raise InputError(f"{type(frame).__name__} is no frame", mend="give a Polars or pandas frame")


def member_mask(panel: Panel, names: Iterable[str]) -> np.ndarray:
    """Constant membership (bool T×S)."""
    wanted = set(names)
    return np.tile(np.array([s in wanted for s in panel.symbols]), (panel.n_sessions, 1))


def panel_from_frame(
    bars: pl.DataFrame,
    *,
    on: date | Literal["all"] | None = None,
    fundamentals: Any = None,
    benchmark: str | None = "SPY",
) -> Panel:
    """A panel of the frame's bars; all dates that occur are its calendar."""
    lacking = [c for c in ("symbol", "date", "close") if c not in bars.columns]
    if lacking:
        raise InputError(f"the column {lacking[0]!r} is missing", where="frame", mend="name it so")
    if bars.is_empty():
        raise InputError("the frame has no rows", where="frame", mend="give at least one bar")
    typed = bars.select(
        pl.col("symbol").cast(pl.String),
        pl.col("date").cast(pl.Date),
        *[
            pl.col(c).cast(pl.Float64) if c in bars.columns else pl.lit(None, pl.Float64).alias(c)
            for c in NUMBERS
        ],
    ).sort("symbol", "date")
    twice = typed.filter(typed.select(pl.struct("symbol", "date").is_duplicated()).to_series())
    if not twice.is_empty():
        raise InputError(
            f"{twice['symbol'][0]} has two bars on {twice['date'][0]}", where="frame", mend="keep one of them"
        )
    bad = typed.filter(pl.col("close").is_null() | ~pl.col("close").is_finite() | (pl.col("close") <= 0))
    if not bad.is_empty():
        raise InputError(
            f"{bad['symbol'][0]} has no positive close on {bad['date'][0]}",
            where="frame",
            mend="drop such rows",
        )
    return _panel(typed, on, fundamentals, benchmark)


def _panel(
    bars: pl.DataFrame, on: date | Literal["all"] | None, fundamentals: Any, benchmark: str | None
) -> Panel:
    symbols = bars["symbol"].unique().sort().to_list()
    counts = bars.group_by("symbol").len().sort("symbol")["len"].to_numpy()
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    owner = np.repeat(np.arange(len(symbols), dtype=np.int32), counts)
    day = bars["date"].cast(pl.Int32).to_numpy()
    calendar = np.unique(day)
    columns = {c: bars[c].fill_null(float("nan")).to_numpy() for c in NUMBERS}
    none = np.empty(0, dtype=np.int32)
    growth = measure_growth(
        owner,
        day,
        columns["close"],
        columns["adj_close"],
        ["split"] * len(symbols),
        (none, none, np.empty(0, dtype=bool), np.empty(0)),
    )
    if on is None:
        sessions = calendar[-1:]
    elif on == EVERYTHING:
        sessions = calendar
    else:
        sessions = np.array([(on - date(1970, 1, 1)).days], dtype=np.int32)  # type: ignore[operator]
    kinds = ["etf" if s == benchmark else guess_asset_type(s)[0] for s in symbols]
    if "equity" not in kinds:  # a frame of funds or boxes is ranked as what it is
        kinds = ["etf" if s == benchmark else "equity" for s in symbols]
    return Panel(
        symbols=tuple(symbols),
        offsets=offsets,
        date=day,
        open=columns["open"],
        high=columns["high"],
        low=columns["low"],
        close=columns["close"],
        volume=columns["volume"],
        growth=growth,
        final=np.ones(len(day), dtype=bool),
        calendar=calendar,
        sessions=sessions,
        asset_type=tuple(kinds),
        currency=(None,) * len(symbols),
        quote_unit=np.ones(len(symbols)),
        benchmark=symbols.index(benchmark) if benchmark in symbols else None,
        facts=None if fundamentals is None else facts_from_frame(as_polars(fundamentals)[0], symbols),
    )


def facts_from_frame(frame: pl.DataFrame, symbols: Sequence[str]) -> Facts:
    """Fundamentals of a frame in the panel's long form."""
    lacking = [c for c in ("symbol", "known_on") if c not in frame.columns]
    if lacking:
        raise InputError(f"the column {lacking[0]!r} is missing", where="fundamentals", mend="name it so")
    index = {symbol: i for i, symbol in enumerate(symbols)}
    known = frame.filter(pl.col("symbol").is_in(list(symbols))).with_columns(
        code=pl.col("symbol").replace_strict(index, return_dtype=pl.Int32),
        known_on=pl.col("known_on").cast(pl.Date),
    )
    if "as_of" not in known.columns:
        known = known.with_columns(as_of="known_on")
    known = known.with_columns(pl.col("as_of").cast(pl.Date)).sort("code", "known_on", "as_of")
    measures = [c for c, kind in known.schema.items() if kind.is_numeric() and c != "code"]
    return Facts(
        symbol=known["code"].to_numpy(),
        known_on=known["known_on"].cast(pl.Int32).to_numpy(),
        as_of=known["as_of"].cast(pl.Int32).to_numpy(),
        values={c: known[c].cast(pl.Float64).fill_null(float("nan")).to_numpy() for c in measures},
        currency=(None,) * known.height,
    )


def board_frame(panel: Panel, method: Method, name: str, ranks: BoardRanks) -> pl.DataFrame:
    """The rows of one board."""
    day, who = np.nonzero(ranks.member)
    placed = ranks.rank[day, who]
    columns: dict[str, Any] = {
        "date": pl.Series(panel.sessions[day]).cast(pl.Date),
        "board": [name] * len(day),
        "symbol": [panel.symbols[s] for s in who],
        "rank": placed.astype(np.int64),
        "score": np.where(placed > 0, ranks.scores.score[day, who], np.nan),
        "composite": np.where(placed > 0, ranks.scores.composite[day, who], np.nan),
        "coverage": ranks.scores.coverage[day, who],
        "unranked_reason": [UNRANKED[c] for c in ranks.unranked[day, who]],
        "scope": [ranks.scope[t] for t in day],
    }
    for part in ranks.scores.parts:
        z = part.z[day, who]
        columns[f"raw_{part.part.name}"] = part.raw[day, who]
        columns[f"z_{part.part.name}"] = z
        columns[f"contribution_{part.part.name}"] = part.part.weight * z
    schema = {"board": pl.String, "symbol": pl.String, "unranked_reason": pl.String, "scope": pl.String}
    rows = pl.DataFrame(columns, schema_overrides=schema)
    return rows.with_columns(
        pl.col(pl.Float64).fill_nan(None),
        rank=pl.when(pl.col("rank") > 0).then("rank"),
        unranked_reason=pl.when(pl.col("unranked_reason") != "").then("unranked_reason"),
    )
