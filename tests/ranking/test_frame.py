"""`ps.rank` on frames, with no database."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import pacesetter as ps
from pacesetter.kernel.errors import InputError


def bars(rng: np.random.Generator, symbols: int, days: int = 300) -> pl.DataFrame:
    frames = []
    for i in range(symbols):
        close = 50 * np.exp(np.cumsum(rng.normal(0.0005, 0.02, days)))
        frames.append(
            pl.DataFrame(
                {
                    "symbol": [f"S{i:02d}"] * days,
                    "date": [date(2024, 1, 1) + timedelta(days=d) for d in range(days)],
                    "close": close,
                    "volume": rng.integers(1000, 9000, days),
                }
            )
        )
    return pl.concat(frames)


@pytest.mark.parametrize(("n", "scope"), [(29, "domain:all"), (30, "universe:equity")])
def test_thirty_symbols_make_a_universe(n, scope, rng) -> None:
    ranked = ps.rank(bars(rng, n))
    assert set(ranked["scope"]) == {scope}
    assert ranked["rank"].to_list() == list(range(1, n + 1))
    assert ranked["coverage"].to_list() == [0.8] * n


def test_pandas_in_pandas_out_with_the_same_numbers(rng) -> None:
    frame = bars(rng, 6)
    polars, pandas = ps.rank(frame), ps.rank(frame.to_pandas())
    assert type(pandas).__module__.startswith("pandas")
    assert pandas["symbol"].tolist() == polars["symbol"].to_list()
    assert pandas["composite"].to_numpy() == pytest.approx(polars["composite"].to_numpy(), abs=0)


def test_all_dates_at_once_equal_each_date_alone(rng) -> None:
    frame = bars(rng, 8)
    whole = ps.rank(frame, on="all")
    for day in (date(2024, 10, 1), date(2024, 10, 26)):
        alone = ps.rank(frame.filter(pl.col("date") <= day), on=day)
        assert alone.equals(whole.filter(pl.col("date") == day))


def test_fundamentals_are_read_when_they_are_known(rng) -> None:
    frame = bars(rng, 6)
    facts = pl.DataFrame({"symbol": ["S00"], "known_on": [date(2024, 10, 20)], "eps": [5.0]})
    before = ps.rank(frame, on=date(2024, 10, 19), fundamentals=facts).filter(symbol="S00")
    after = ps.rank(frame, on=date(2024, 10, 20), fundamentals=facts).filter(symbol="S00")
    close = frame.filter(symbol="S00", date=date(2024, 10, 20))["close"][0]
    assert before["raw_financial_ratio"][0] is None
    assert after["raw_financial_ratio"][0] == 5.0 / close


def test_boards_are_ranked_one_by_one(rng) -> None:
    ranked = ps.rank(bars(rng, 30), boards={"one": ["S00", "S01"], "two": ["S01", "S02", "S03"]})
    assert ranked.group_by("board").agg(pl.col("rank").max()).sort("board").rows() == [("one", 2), ("two", 3)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop("close"), "'close' is missing"),
        (lambda f: f.head(0), "no rows"),
        (lambda f: pl.concat([f, f.head(1)]), "two bars"),
        (lambda f: f.with_columns(close=pl.lit(-1.0)), "no positive close"),
    ],
)
def test_a_wrong_frame_says_what_is_wrong(change, said, rng) -> None:
    with pytest.raises(InputError, match=said):
        ps.rank(change(bars(rng, 2, 10)))


def test_an_unknown_member_is_named(rng) -> None:
    with pytest.raises(InputError, match="NOPE"):
        ps.rank(bars(rng, 2, 10), boards={"one": ["NOPE"]})
