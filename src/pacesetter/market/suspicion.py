"""Which bars do not fit what came before, and which of those three in a row confirm."""

from __future__ import annotations

import polars as pl

MOVE_LIMIT = 0.5
UNIT_JUMPS = ((100.0, 0.05), (10.0, 0.03))  # ratio and tolerance; and their inverses
SPLIT_RATIOS = (1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0)
SPLIT_TOLERANCE = 0.005
STALE_BARS = 5
STALE_CLOSES = 10
ZERO_VOLUME_BARS = 5
CONFIRMING = 3  # so many bars at a new level, agreeing with each other, make it real


def name_move(ratio: float) -> str:
    """Why a price ratio from one bar to the next is suspicious; empty when it is not."""
    up = max(ratio, 1.0 / ratio)
    for jump, tolerance in UNIT_JUMPS:
        if abs(up / jump - 1.0) <= tolerance:
            return f"unit_jump_{jump:.0f}"
    if any(abs(up / split - 1.0) <= SPLIT_TOLERANCE for split in SPLIT_RATIOS):
        return "split_like"
    return "large_move" if abs(ratio - 1.0) > MOVE_LIMIT else ""


def judge_sequences(bars: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """Bars (sorted by symbol and date, ``origin``, ``seconded``) with ``reason`` (empty:
    accepted), ``detail``, ``released`` (held at first, then confirmed) and ``mark``.

    ``splits`` of symbols whose prices are unadjusted: symbol, ex_on, value.
    """
    flagged = with_flags(bars, splits)
    plain = flagged.with_columns(
        reason=pl.when(pl.col("stale")).then(pl.lit("stale")).otherwise(pl.lit("")),
        detail=pl.when(pl.col("stale")).then(pl.lit("the same prices again and again")).otherwise(pl.lit("")),
        released=pl.lit(value=False),
        mark=pl.when(pl.col("zeros") >= ZERO_VOLUME_BARS).then(pl.lit("zero_volume")).otherwise(pl.lit("")),
    )
    jumpy = plain.filter(pl.col("jump"))["symbol"].unique().to_list()
    if jumpy:
        verdicts = pl.concat(
            [walk(group) for group in plain.filter(pl.col("symbol").is_in(jumpy)).partition_by("symbol")]
        )
        plain = pl.concat([plain.filter(~pl.col("symbol").is_in(jumpy)), verdicts]).sort(
            "symbol", "date", maintain_order=True
        )
    return plain.drop("ratio", "share_factor", "jump", "stale", "zeros", "seconded")


def with_flags(bars: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """Columns that need no memory: the ratio to the bar before, stale runs, runs of no volume."""
    ratio = pl.col("close") * pl.col("share_factor") / pl.col("close").shift(1).over("symbol")
    up = pl.max_horizontal("ratio", 1.0 / pl.col("ratio"))
    split_like = pl.any_horizontal([(up / s - 1.0).abs() <= SPLIT_TOLERANCE for s in SPLIT_RATIOS])
    traded = (pl.col("volume") > 0).fill_null(value=False)
    same_bar = pl.all_horizontal(
        [pl.col(c) == pl.col(c).shift(1).over("symbol") for c in ("open", "high", "low", "close")]
    ).fill_null(value=False)
    same_close = (pl.col("close") == pl.col("close").shift(1).over("symbol")).fill_null(value=False)
    return (
        with_share_factor(bars, splits)
        .with_columns(
            ratio=ratio,
            same_bar=run_length(same_bar & traded),
            same_close=run_length(same_close),
            zeros=run_length((pl.col("volume") == 0).fill_null(value=False)),
        )
        .with_columns(
            stale=(pl.col("same_bar") >= STALE_BARS - 1) | (pl.col("same_close") >= STALE_CLOSES - 1),
            jump=((pl.col("ratio") - 1.0).abs() > MOVE_LIMIT) | split_like,
        )
        .with_columns(pl.col("jump").fill_null(value=False))
        .drop("same_bar", "same_close")
    )


def with_share_factor(bars: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """Add ``share_factor``: new shares per share since the bar before, 1 without a split.

    A split acts on the first bar on or after its date: that day may have no bar.
    """
    if splits.is_empty():
        return bars.with_columns(share_factor=pl.lit(1.0))
    days = bars.select("symbol", "date").with_columns(on=pl.col("date"))
    acting = (
        splits.select("symbol", "ex_on", "value")
        .sort("ex_on")
        .join_asof(
            days.sort("date"),
            left_on="ex_on",
            right_on="date",
            by="symbol",
            strategy="forward",
            check_sortedness=False,
        )
        .drop_nulls("on")
        .group_by("symbol", date=pl.col("on"))
        .agg(share_factor=pl.col("value").product())
    )
    joined = bars.join(acting, on=["symbol", "date"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("share_factor").fill_null(1.0))


def run_length(condition: pl.Expr) -> pl.Expr:
    """How many bars of the symbol in a row, up to this one, the condition has held."""
    so_far = condition.cast(pl.Int64).cum_sum()
    before_run = pl.when(~condition).then(so_far).forward_fill().fill_null(0)
    return (so_far - before_run).over("symbol")


def walk(group: pl.DataFrame) -> pl.DataFrame:
    """Judge one symbol's bars in order, each against the last accepted one."""
    closes, factors = group["close"].to_list(), group["share_factor"].to_list()
    origins, seconded = group["origin"].to_list(), group["seconded"].to_list()
    reasons, details = group["reason"].to_list(), group["detail"].to_list()
    released = [False] * len(closes)
    accepted: float | None = None
    pending: list[int] = []
    for i, close in enumerate(closes):
        if accepted is not None:
            accepted /= factors[i]
        if origins[i] == 0:
            accepted, pending = close, []
            continue
        if accepted is None and origins[i] == 1:
            continue  # held against a level that is not at hand: it cannot set one
        why = "" if accepted is None else name_move(close / accepted)
        if not why:
            if not reasons[i]:  # a stale bar tells nothing about the level
                accepted, pending = close, []
            continue
        reasons[i], details[i] = why, f"close {close:g} after {accepted:g}"
        if seconded[i]:
            reasons[i], released[i] = "", True
            accepted, pending = close, []
            continue
        if pending and name_move(close * factors[i] / closes[pending[-1]]):
            pending = []
        pending.append(i)
        if len(pending) == CONFIRMING:
            for j in pending:
                reasons[j], released[j] = "", True
            accepted, pending = close, []
    return group.with_columns(
        reason=pl.Series(reasons, dtype=pl.String),
        detail=pl.Series(details, dtype=pl.String),
        released=pl.Series(released, dtype=pl.Boolean),
    )
