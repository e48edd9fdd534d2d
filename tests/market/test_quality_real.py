"""The quality gate on the real files: what it lets through, what not, and that every row is accounted for."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.quality import Verdict, judge
from tests.market.sequences import HELD, NONE, SCHEMA, SPLITS, TODAY


def gate(frame: pl.DataFrame) -> Verdict:
    return judge(frame, context=NONE, held=HELD, splits=SPLITS, today=TODAY)


def test_the_real_dirty_file_is_accounted_for(shared_data: Path) -> None:
    dirty = pl.read_parquet(shared_data / "prices/us_dirty_2020_2021.parquet")
    verdict = gate(dirty.select(list(BAR_SCHEMA)).with_columns(is_final=True))
    n = verdict.accepted.height + verdict.quarantined.height + verdict.refused.height
    assert n == dirty.height == 1_015_907
    reasons = dict(verdict.refused["reason"].value_counts().iter_rows())
    assert reasons["empty_row"] == 66_630
    assert reasons["price_not_positive"] >= 1_585
    assert set(reasons) == {"empty_row", "price_not_positive", "outside_high_low"}
    for column in ("open", "high", "low", "close"):
        assert verdict.accepted[column].min() > 0
    known_bad = dirty.filter(pl.any_horizontal(pl.col("open", "high", "low", "close") <= 0))
    assert known_bad.join(verdict.accepted, on=["symbol", "date"], how="semi").is_empty()
    assert verdict.released.join(verdict.accepted, on=["symbol", "date"], how="anti").is_empty()


def test_the_real_index_members_are_nearly_all_accepted(shared_data: Path) -> None:
    frame = pl.read_parquet(shared_data / "prices/us_sp500_2014_2025.parquet")
    full = frame.with_columns(adj_close=pl.lit(None, pl.Float64), is_final=True).select(list(SCHEMA))
    verdict = gate(full)
    assert verdict.refused["reason"].to_list() == ["outside_high_low"] * 6
    assert verdict.accepted.height + verdict.quarantined.height + 6 == 1_357_433
    assert verdict.quarantined.height < 1_000
    moves = (
        full.sort("symbol", "date")
        .with_columns(ratio=pl.col("close") / pl.col("close").shift(1).over("symbol"))
        .filter((pl.col("ratio") - 1).abs() > 0.5)
    )
    assert moves.height == 9
    questioned = pl.concat([f.select("symbol", "date") for f in (verdict.quarantined, verdict.released)])
    assert moves.join(questioned, on=["symbol", "date"], how="semi").height == 9
