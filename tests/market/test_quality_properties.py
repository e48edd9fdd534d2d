"""The quality gate against a slow one, in pieces against in one go, and every row's fate."""

from __future__ import annotations

import os
from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.market.quality import Verdict, judge
from tests.market.sequences import (
    HELD,
    NONE,
    SCHEMA,
    START,
    TODAY,
    History,
    histories,
    judge_slowly,
)

TIMES = 10 if os.environ.get("PACESETTER_TEST_COUNTS") == "full" else 1


def gate(
    frame: pl.DataFrame, splits: pl.DataFrame, context: pl.DataFrame = NONE, held: pl.DataFrame = HELD
) -> Verdict:
    return judge(frame, context=context, held=held, splits=splits, today=TODAY)


def days(frame: pl.DataFrame, symbol: str = "A") -> set[int]:
    return {(on - START).days for on in frame.filter(pl.col("symbol") == symbol)["date"]}


@settings(max_examples=80 * TIMES, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_it_says_what_the_slow_gate_says(made: list[History], random) -> None:
    names = ["A", "B", "C"][: len(made)]
    frame = pl.concat([h.frame(s) for h, s in zip(made, names, strict=True)])
    order = list(range(frame.height))
    random.shuffle(order)
    splits = pl.concat([h.split_frame(s) for h, s in zip(made, names, strict=True)])
    verdict = gate(frame[order], splits)
    assert verdict.refused.is_empty()
    for history, symbol in zip(made, names, strict=True):
        expected = judge_slowly(history)
        mine = verdict.quarantined.filter(pl.col("symbol") == symbol)
        reasons = {(on - START).days: why for on, why in mine.select("date", "reason").iter_rows()}
        assert days(verdict.accepted, symbol) == expected.accepted
        assert reasons == expected.held
        assert days(verdict.released, symbol) == expected.released
        assert days(verdict.marks, symbol) == expected.marked


@settings(max_examples=60 * TIMES, deadline=None)
@given(histories(), st.lists(st.integers(1, 9), min_size=1, max_size=80))
def test_in_pieces_it_ends_as_in_one_go_and_takes_nothing_back(history: History, steps: list[int]) -> None:
    frame, splits = history.frame(), history.split_frame()
    accepted, held, at = NONE, HELD, 0
    for step in [*steps, frame.height]:
        piece, at = frame[at : at + step], min(at + step, frame.height)
        verdict = gate(piece, splits, accepted.tail(12), held)
        assert verdict.accepted.height + verdict.quarantined.height == piece.height
        assert days(verdict.late) <= days(held)
        assert not days(verdict.accepted) & days(accepted)
        accepted = pl.concat([accepted, verdict.accepted, verdict.late]).sort("date")
        held = pl.concat([held, verdict.quarantined]).join(accepted, on=["symbol", "date"], how="anti")
        assert days(accepted) | days(held) == days(frame[:at])
    whole = gate(frame, splits)
    assert days(accepted) == days(whole.accepted)
    assert dict(held.select("date", "reason").iter_rows()) == dict(
        whole.quarantined.select("date", "reason").iter_rows()
    )


@settings(max_examples=40 * TIMES, deadline=None)
@given(histories(), histories())
def test_later_bars_take_no_accepted_one_back(before: History, after: History) -> None:
    shift = before.bars[-1][0] + 2
    longer = History(
        before.bars + [(d + shift, *rest) for d, *rest in after.bars],
        before.splits + [(d + shift, v) for d, v in after.splits],
    )
    splits = longer.split_frame()
    assert days(gate(before.frame(), splits).accepted) <= days(gate(longer.frame(), splits).accepted)


prices = st.sampled_from([None, float("nan"), float("inf"), -1.0, 0.0, 9.0, 9.99, 10.0, 10.01, 11.0, 1000.0])
rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from([None, date(2099, 1, 1), *(START + timedelta(days=d) for d in range(9))]),
        *[prices] * 5,
        st.sampled_from([None, -5, 0, 100]),
        st.booleans(),
    ),
    max_size=40,
)


@settings(max_examples=150 * TIMES, deadline=None)
@given(rows)
def test_each_row_has_exactly_one_fate_however_bad_it_is(given_rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(given_rows, schema=SCHEMA, orient="row").with_row_index("row", offset=100)
    verdict = gate(frame, History().split_frame())
    refused = verdict.refused["row"].to_list()
    assert len(refused) == len(set(refused))
    kept = pl.concat([verdict.accepted, verdict.quarantined.select(verdict.accepted.columns)])
    possible = frame.filter(~pl.col("row").is_in(refused)).drop("row")
    assert kept.sort(kept.columns).equals(possible.select(kept.columns).sort(kept.columns))
    assert kept.select("symbol", "date").is_unique().all()
    assert kept.null_count().select("symbol", "date", "close").row(0) == (0, 0, 0)
    for column in ("open", "high", "low", "close", "adj_close"):
        assert (kept[column].drop_nulls().is_finite() & (kept[column].drop_nulls() > 0)).all()
    assert not (verdict.refused["reason"] == "").any()
