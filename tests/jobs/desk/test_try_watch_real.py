"""How often a condition would have fired on real data, against a plain loop over the file's own closes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.desk.try_watch import read_facts, try_condition
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.night.evidence import load_evidence
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_between
from pacesetter.research.condition import facts_of
from pacesetter.research.condition_text import parse_text
from tests.jobs.home import ask, with_home

FIRST, ON = date(2023, 6, 1), date(2025, 7, 24)
RANKED = sessions_between("XNYS", date(2025, 5, 1), ON)
SYMBOLS = ("AAPL", "AMD", "GOOGL", "MSFT", "NVDA", "JPM", "GS", "BAC", "MS", "SPY")
Row = dict[str, float]


def closes_of(data: Path, symbol: str) -> list[tuple[date, float]]:
    frame = pl.scan_parquet(data / "prices/us_sp500_2014_2025.parquet")
    mine = (
        frame.filter(pl.col("symbol") == symbol, pl.col("date").is_between(FIRST, ON)).sort("date").collect()
    )
    return list(zip(mine["date"], mine["close"], strict=True))


def crossing_200(now: Row, old: Row, back: float | None) -> bool:
    if back is not None:
        return now["close"] > now["mean"] * (1 - back)
    return now["close"] > now["mean"] and old["close"] <= old["mean"]


def low_or_high(now: Row, old: Row, back: float | None) -> bool:
    eased = back or 0
    return now["close"] < 180 * (1 + eased) or now["close"] > 240 * (1 - eased)


def top_two(now: Row, old: Row, back: float | None) -> bool | None:
    return None if "rank" not in now else now["rank"] <= 2 * (1 + (back or 0))


CASES: list[tuple[str, str, Any, float, int]] = [
    ("AAPL", "price.close crosses above technical.sma_200", crossing_200, 2.0, 5),
    ("AAPL", "price.close crosses above technical.sma_200", crossing_200, 0.0, 0),
    ("AAPL", "price.close < 180 or price.close > 240", low_or_high, 1.0, 30),
    ("MSFT", "rank.rank <= 2", top_two, 0.0, 0),
    ("NVDA", "rank.rank <= 2", top_two, 0.0, 10),
]


def loop(rows: list[tuple[date, Row]], rule: Any, back_pct: float, rest: int) -> list[date]:
    """Day by day, as one would do it with a pencil."""
    fired: list[date] = []
    is_up = False
    for (_, old), (on, now) in pairwise(rows):
        if is_up:
            is_up = rule(now, old, back_pct / 100) is not False
        elif (not fired or (on - fired[-1]).days >= rest) and rule(now, old, None):
            fired.append(on)
            is_up = True
    return fired


def test_it_equals_a_plain_loop(tmp_path: Path, database_url: str, shared_data: Path) -> None:
    part = pl.scan_parquet(shared_data / "prices/us_sp500_2014_2025.parquet")
    kept = part.filter(pl.col("symbol").is_in(SYMBOLS), pl.col("date").is_between(FIRST, ON)).collect()
    kept.write_parquet(tmp_path / "part.parquet")

    async def work(ws: Workspace) -> None:
        await import_prices(ws, tmp_path / "part.parquet")
        await backfill_ranks(ws, first=RANKED[0], last=ON)
        n = 0
        for symbol, text, rule, back, rest in CASES:
            condition = parse_text(text)
            trial = await try_condition(ws, symbol, condition, hysteresis_pct=back, cool_down_days=rest)
            closes = closes_of(shared_data, symbol)
            ranks = await published(ws, symbol) if "rank" in text else {}
            rows = []
            for i, (on, close) in enumerate(closes):
                window = [one for _, one in closes[max(0, i - 199) : i + 1]]
                row = {"close": close, "mean": sum(window) / len(window)}
                rows.append((on, row | ({"rank": ranks[on]} if on in ranks else {})))
            year = ON - timedelta(days=365)
            start = next(i for i, (on, _) in enumerate(rows) if on > year)
            expected = loop(rows[start - 1 :], rule, back, rest)
            assert list(trial.firings.fired_on) == expected, text
            assert (trial.firings.first_on, trial.firings.last_on) == (rows[start][0], ON)
            assert (
                trial.firings.n_dates
                == len(rows) - start
                == trial.known.get("price.close", len(rows) - start)
            )
            if "rank" in text:
                assert trial.known == {"rank.rank": len(RANKED)}
                assert f"rank.rank is known on {len(RANKED)} of the" in trial.in_words()
            n += len(expected)
        assert n >= 6
        await evenings_say_the_same(ws)
        name, on, values = await read_facts(ws, "aapl")
        assert (name, on) == ("AAPL", ON) and values["price.close"] == closes_of(shared_data, "AAPL")[-1][1]

    with_home(tmp_path / "home", work, url=database_url)


async def evenings_say_the_same(ws: Workspace) -> None:
    """What a year is recalled as is what each evening itself said."""
    recall = (await load_evidence(ws, recall_of=["AAPL"])).recall
    assert recall is not None
    history = recall("AAPL")
    names = [name for text in {case[1] for case in CASES} for name in facts_of(parse_text(text))]
    for on in RANKED[-4:]:
        then = (await load_evidence(ws, on)).of("AAPL")
        recalled = history.facts(list(history.dates).index(on))
        assert {n: then[n] for n in names} == pytest.approx({n: recalled[n] for n in names}, rel=1e-12)


async def published(ws: Workspace, symbol: str) -> dict[date, int]:
    """The symbol's ranks on its main board: the one with most ranked, the first of them by name."""
    sql = (
        "SELECT d.name, r.metric_date, r.current_rank, (SELECT count(*) FROM ranking_results o WHERE "
        "o.domain_id = r.domain_id AND o.metric_date = r.metric_date AND o.cycle_id = r.cycle_id AND "
        "o.current_rank IS NOT NULL) FROM ranking_results r JOIN domains d ON d.id = r.domain_id "
        "WHERE r.symbol = :symbol AND r.current_rank IS NOT NULL"
    )
    best: dict[date, tuple[int, str, int]] = {}
    for name, on, rank, n in await ask(ws, sql, symbol=symbol):
        day = date.fromisoformat(str(on))
        best[day] = min(best.get(day, (0, "", 0)), (-n, name, rank))
    return {day: rank for day, (_, _, rank) in best.items()}
