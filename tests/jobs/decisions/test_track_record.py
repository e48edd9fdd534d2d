"""What became of analysts' calls, by hand, on both databases; nothing after the asked date counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.decisions.track_record import CallRecord, track_record
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import sessions_between
from pacesetter.store.desk.analyses import AnalysisRow, analyses
from tests.jobs.home import with_home, write_csv

DAYS = sessions_between("XNYS", date(2025, 1, 2), date(2025, 6, 30))
LATE = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
# closes on the sessions 0, 5, 10, 15; in between all rise alike, so that every fifth session compares
STEPS = {"SPY": (100.0, 105.0, 105.0, 84.0), "AAA": (50.0, 55.0, 55.0, 55.0), "BBB": (20.0, 20.4, 20.4, 20.4)}


def prices(last: int = 15) -> list[tuple[Any, ...]]:
    return [
        (symbol, day, steps[min(i // 5, 3)] * (1 + i % 5 / 1000), 1000)
        for symbol, steps in STEPS.items()
        for i, day in enumerate(DAYS[: last + 1])
    ]


def call(analyst: str, symbol: str, session: int, said: str) -> AnalysisRow:
    return AnalysisRow(
        id=new_id(),
        symbol=symbol,
        analyst=analyst,
        analysed_on=DAYS[session],
        recommendation=said,
        score=50.0,
        confidence=0.5,
        reasoning="so",
        key_metrics={},
        risks=[],
        config_version=0,
    )


CALLS = [
    call("value", "AAA", 0, "BUY"),  # +10 % against +5 %: a hit
    call("value", "BBB", 0, "BUY"),  # +2 % against +5 %: none
    call("value", "AAA", 4, "BUY"),  # to session 9: +10 % against +5 %: a hit
    call("value", "AAA", 12, "BUY"),  # its fifth session is the 17th, which has no price yet
    call("value", "BBB", 5, "HOLD"),  # no call
    call("growth", "BBB", 0, "SELL"),  # +2 % against +5 %: a hit
    call("growth", "BBB", 4, "SELL"),  # +2 % against +5 %: a hit
    call("growth", "AAA", 10, "SELL"),  # 0 % against −20 %: none
]


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Callable[..., Any]:
    url = database_url if database_url.startswith("postgres") else None

    def enter(work: Any, *, rows: Any = None, calls: Any = CALLS) -> Any:
        async def main(ws: Workspace) -> Any:
            await import_prices(ws, write_csv(tmp_path / "prices.csv", prices() if rows is None else rows))
            async with ws.db.write() as conn:
                await analyses.add(conn, calls)
            return await work(ws)

        return with_home(tmp_path / "home", main, url=url, at=LATE)

    return enter


def test_by_hand(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        found = await track_record(ws, on=DAYS[15], horizons=(5,))
        assert (found.on, found.benchmark) == (DAYS[15], "SPY")
        (value,) = found.records["value"]
        assert (value.recommendation, value.n, value.symbols, value.hits, value.waiting) == (
            "BUY",
            3,
            2,
            2,
            1,
        )
        assert value.hit_rate == 2 / 3
        assert value.mean_return == pytest.approx((0.10 + 0.02 + 0.10) / 3)
        assert value.benchmark_return == pytest.approx(0.05)
        (growth,) = found.records["growth"]
        assert growth.mean_return == pytest.approx(0.04 / 3)
        assert growth.benchmark_return == pytest.approx(-0.1 / 3)
        assert (growth.recommendation, growth.n, growth.hits) == ("SELL", 3, 2)
        assert found.records["quality"] == ()

    home(work)


def test_only_prices_by_the_asked_date(home: Any) -> None:
    """Session 4's horizon ends on the 9th: on the 8th it is not known, whatever stands in the database."""

    async def work(ws: Workspace) -> None:
        before, after = [(await track_record(ws, on=DAYS[n], horizons=(5,))).records for n in (8, 9)]
        assert [(one["value"][0].n, one["value"][0].waiting) for one in (before, after)] == [(2, 1), (3, 0)]
        assert before["growth"][0].n == 1
        assert (await track_record(ws, on=DAYS[4], horizons=(5,))).records["value"][0].n == 0
        assert (await track_record(ws, on=DAYS[0], horizons=(5,))).records["value"] == (
            CallRecord("BUY", 5, 0, 0, 0, None, None, 2),
        )

    home(work)


def test_the_usual_horizons_and_the_newest_price(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        found = await track_record(ws)
        assert found.on == DAYS[15]
        assert [one.horizon for one in found.records["value"]] == [5, 21, 63]
        assert [one.n for one in found.records["value"]] == [3, 0, 0]

    home(work)


def test_without_a_benchmark_it_is_better_or_worse_than_nothing(home: Any) -> None:
    rows = [row for row in prices() if row[0] != "SPY"]

    async def work(ws: Workspace) -> None:
        found = await track_record(ws, on=DAYS[15], horizons=(5,))
        assert found.benchmark is None
        assert (found.records["value"][0].hits, found.records["value"][0].benchmark_return) == (3, None)
        assert found.records["growth"][0].hits == 0  # a return of exactly nothing is no hit either

    home(work, rows=rows)


def test_nothing_known_is_nothing_told(home: Any, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        found = await track_record(ws)
        assert found.on is not None and set(found.records.values()) == {()}

    home(work, calls=[])

    async def empty(ws: Workspace) -> None:
        assert (await track_record(ws)).on is None

    with_home(tmp_path / "empty", empty)


def test_against_a_slow_count(home: Any, rng: np.random.Generator) -> None:
    """Random walks and calls, counted one by one."""
    names, n = ["AAA", "BBB", "CCC", "SPY"], 60
    walk = {name: np.round(50 * np.exp(np.cumsum(rng.normal(0, 0.02, n))), 4) for name in names}
    rows = [(name, DAYS[i], float(walk[name][i]), 1000) for name in names for i in range(n)]
    keys = {
        (str(rng.choice(["value", "risk"])), str(rng.choice(names[:3])), int(rng.integers(n)))
        for _ in range(120)
    }
    calls = [call(*key, str(rng.choice(["BUY", "SELL", "HOLD"]))) for key in sorted(keys)]
    last = 50

    async def work(ws: Workspace) -> None:
        found = await track_record(ws, on=DAYS[last], horizons=(5, 21))
        checked = 0
        for analyst, records in found.records.items():
            for one in records:
                own, market = [], []
                for row in calls:
                    i = DAYS.index(row.analysed_on)
                    if (row.analyst, row.recommendation) != (analyst, one.recommendation):
                        continue
                    if i + one.horizon <= last:
                        own.append(walk[row.symbol][i + one.horizon] / walk[row.symbol][i] - 1)
                        market.append(walk["SPY"][i + one.horizon] / walk["SPY"][i] - 1)
                better = [
                    a > b if one.recommendation == "BUY" else a < b for a, b in zip(own, market, strict=True)
                ]
                assert (one.n, one.hits) == (len(own), sum(better))
                assert one.mean_return == pytest.approx(np.mean(own), abs=1e-9)
                checked += one.n
        assert checked > 60

    home(work, rows=rows, calls=calls)
