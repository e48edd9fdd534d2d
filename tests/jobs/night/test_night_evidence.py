"""The evidence of an evening, on both databases: what is in it, and that nothing later is."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text as text_of

from pacesetter.agents.discover import discover
from pacesetter.agents.evidence import Evidence, known_until
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.desk.list_signals import list_signals
from pacesetter.jobs.imports.import_fundamentals import import_fundamentals
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.night.evidence import load_evidence
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError, UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import sessions_between
from pacesetter.research.desk import load_desk
from pacesetter.research.signal import Signal
from pacesetter.store.boards.final_ranks import final_dates, final_ranks
from pacesetter.store.desk.research_texts import TextRow, research_texts
from pacesetter.store.desk.signals import store_signals
from tests.jobs.boards.test_cycle import evening, set_time
from tests.jobs.home import with_home, write_csv
from tests.jobs.portfolios.portfolio_home import put_action

DAYS = sessions_between("XNYS", date(2024, 1, 2), date(2025, 7, 25))
SYMBOLS = ("AAPL", "AMD", "GOOGL", "JPM", "MSFT", "NVDA", "GS", "BAC", "MS")
ON, PAST = DAYS[-20], DAYS[-21]


def rows(last: date, factor: float = 1.0) -> list[tuple[object, ...]]:
    """Random walks; what is after ``ON`` is multiplied by ``factor``."""
    rng = np.random.default_rng(11)
    walks = 100 * np.exp(np.cumsum(rng.normal(0, 0.015, (len(DAYS), len(SYMBOLS))), axis=0))
    return [
        (symbol, on, round(float(walks[t, s]) * (factor if on > ON else 1), 4), 1000 + 7 * t + s)
        for t, on in enumerate(DAYS)
        for s, symbol in enumerate(SYMBOLS)
        if on <= last
    ]


def text(kind: str, symbol: str | None, on: date, at: datetime, title: str) -> TextRow:
    return TextRow(
        id=new_id(), kind=kind, symbol=symbol, noted_on=on, known_at=at, title=title, source="inbox",
        body="body", data={"surprise_pct": 9.0}, sha256=title.ljust(64, "0"),
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    url = database_url if database_url.startswith("postgresql") else None

    def run(work: Any, *, last: date = DAYS[-1], ranked: date = DAYS[-1]) -> Any:
        async def prepared(ws: Workspace) -> Any:
            set_time(ws, evening(DAYS[-1]))
            await import_prices(ws, write_csv(tmp_path / "bars.csv", rows(last)))
            known = tmp_path / "known.csv"
            known.write_text("symbol,as_of,known_on,eps,trailing_pe\nAAPL,2025-03-31,2025-05-01,6,20\n")
            await import_fundamentals(ws, known)
            known.write_text(f"symbol,as_of,known_on,eps,trailing_pe\nAAPL,2025-06-30,{DAYS[-19]},9,5\n")
            await import_fundamentals(ws, known)
            await backfill_ranks(ws, first=DAYS[-30], last=ranked)
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url)

    return run


async def add_texts(ws: Workspace) -> None:
    limit, before = known_until(ON), datetime(2025, 6, 1, tzinfo=UTC)
    async with ws.db.write() as conn:
        await research_texts.add(
            conn,
            [
                text("news", "AAPL", ON, limit, "in time"),
                text("news", "AAPL", ON, limit + timedelta(seconds=1), "too late"),
                text("news", "AAPL", ON + timedelta(days=1), before, "of tomorrow"),
                text("earnings", "JPM", PAST, before, "older"),
                text("macro", None, ON, limit, "markets"),
                text("news", "JPM", ON - timedelta(days=500), before, "long ago"),
            ],
        )


def same(a: Evidence, b: Evidence) -> None:
    assert a.facts.equals(b.facts, null_equal=True) and a.before.equals(b.before, null_equal=True)
    assert a.ranks.equals(b.ranks, null_equal=True)
    assert (a.texts, a.regime, a.regime_reason, a.favours) == (b.texts, b.regime, b.regime_reason, b.favours)
    assert (a.on, a.known_until, a.sessions, a.listings) == (b.on, b.known_until, b.sessions, b.listings)
    assert a.recall is not None and b.recall is not None
    for symbol in SYMBOLS:
        mine, other = a.recall(symbol), b.recall(symbol)
        assert mine.dates == other.dates
        for name, values in mine.columns.items():
            assert values.tobytes() == other.columns[name].tobytes(), name


def test_what_is_in_it(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        await add_texts(ws)
        made = await load_evidence(ws, ON, recall_of=["AAPL"])
        assert (made.on, made.sessions[-2:], made.known_until) == (ON, (PAST, ON), known_until(ON))
        assert made.facts["symbol"].to_list() == sorted(SYMBOLS) == made.before["symbol"].to_list()
        assert [one.title for one in made.texts] == ["in time", "markets", "older"]
        facts = made.of("AAPL")
        closes = {(s, on): close for s, on, close, _ in rows(DAYS[-1])}
        assert facts["price.close"] == closes["AAPL", ON]
        assert made.of_before("AAPL")["price.close"] == closes["AAPL", PAST]
        assert facts["factor.eps"] == 6.0 and facts["factor.trailing_pe"] == 20.0
        assert facts["event.news"] == 1.0 and made.of("JPM")["event.earnings_surprise_pct"] == 9.0
        tech = made.ranks.filter(made.ranks["board"] == "ai-tech")
        row = tech.row(tech["symbol"].to_list().index("AAPL"), named=True)
        assert row["previous_on"] == PAST and row["n_ranked"] == facts["rank.n"] == 5.0
        assert (
            row["rank"] == facts["rank.rank"] and row["previous_rank"] == made.of_before("AAPL")["rank.rank"]
        )
        history = made.recall("AAPL")  # type: ignore[misc]
        assert history.dates[-1] == ON and len(history.dates) == 254
        for name, values in history.columns.items():
            now, past = facts.get(name, math.nan), made.of_before("AAPL").get(name, math.nan)
            assert np.array([past, now]).tobytes() == values[-2:].tobytes(), name
        assert np.isfinite(history.columns["rank.rank"]).sum() == 11  # ranked from DAYS[-30] to ON
        ranks = made.recall("JPM").columns["rank.rank"]  # type: ignore[misc]
        assert np.isnan(ranks[:-2]).all() and ranks[-1] == made.of("JPM")["rank.rank"]  # nobody asked
        later = await load_evidence(ws, DAYS[-19])
        assert later.of("AAPL")["factor.eps"] == 9.0 and later.of_before("AAPL")["factor.eps"] == 6.0
        assert (await load_evidence(ws)).on == DAYS[-1]

    home(work)


def test_nothing_after_the_session_is_in_it(home: Any, tmp_path: Path) -> None:
    async def grown(ws: Workspace) -> tuple[Evidence, Evidence]:
        await add_texts(ws)
        early = await load_evidence(ws, ON, recall_of=SYMBOLS)
        await import_prices(ws, write_csv(tmp_path / "later.csv", rows(DAYS[-1], 1.4)))
        await backfill_ranks(ws, first=DAYS[-18], last=DAYS[-1])
        assert (await load_evidence(ws)).on > ON
        return early, await load_evidence(ws, ON, recall_of=SYMBOLS)

    early, late = home(grown, last=ON, ranked=ON)
    same(early, late)
    assert discover(early, {}, load_desk()) == discover(late, {}, load_desk())


def test_a_session_without_final_ranks_is_told_in_words(home: Any, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadDate, match="no session of XNYS"):
            await load_evidence(ws, date(2025, 7, 4))
        with pytest.raises(BadDate, match=f"no final ranks of {DAYS[-2]}.*{ON}"):
            await load_evidence(ws, DAYS[-2])
        with pytest.raises(BadDate, match="on or before"):
            await load_evidence(ws, DAYS[-60])

    home(work, ranked=ON)
    with pytest.raises(BadDate, match=r"cycle"):
        with_home(tmp_path / "empty", load_evidence)


def test_signals_are_listed_with_what_is_left_of_them(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        for days, kind, score in ((0, "near_high", 30.0), (3, "news", 20.0), (6, "near_high", 15.0)):
            on = ON - timedelta(days=days)
            async with ws.db.write() as conn:
                await store_signals(
                    conn, [Signal("AAPL", kind, kind, score, 0.5, on, {"a": 1})], on=on, at=ws.now()
                )
        found = await list_signals(ws, on=ON)
        assert [(s.signal_type, s.age_days, s.decay_factor, s.decayed) for s in found] == [
            ("near_high", 0, 1.0, 30.0),
            ("news", 3, 0.5, 10.0),  # half of it gone every 3 days
            ("near_high", 6, 0.6, 9.0),  # evenly to nothing in 15
        ]
        assert [s.score for s in await list_signals(ws, on=ON, signal_type="near_high", days=6)] == [30.0]
        assert len(await list_signals(ws, on=ON, symbol="aapl", limit=2)) == 2
        assert await list_signals(ws, on=ON, symbol="JPM") == []
        with pytest.raises(UnknownName):
            await list_signals(ws, signal_type="newz")
        for wrong in ({"days": 0}, {"limit": 0}):
            with pytest.raises(InputError):
                await list_signals(ws, **wrong)

    home(work)


@pytest.mark.parametrize("basis", ["raw", "split"])
def test_a_later_split_changes_no_price_of_the_evening(home: Any, basis: str) -> None:
    """What is stored adjusted for it is half as high; a night before it bought at what was paid then."""

    async def work(ws: Workspace) -> None:
        before = await load_evidence(ws, ON)
        await put_action(ws, "AAPL", DAYS[-5], "split", 2.0)
        async with ws.db.write() as conn:
            await conn.execute(text_of(f"UPDATE symbol_universe SET basis = '{basis}' WHERE symbol = 'AAPL'"))
        times = {"raw": 1, "split": 2}[basis]  # the stored prices are what they were: twice that was paid
        later = await load_evidence(ws, ON)
        for symbol, n in (("AAPL", times), ("JPM", 1)):
            early, late = before.of(symbol), later.of(symbol)
            for name in ("price.close", "price.high_252d", "price.low_252d", "technical.sma_50"):
                assert late[name] == pytest.approx(n * early[name]), name
            assert late["price.volume"] == pytest.approx(early["price.volume"] / n)
            assert late["price.change_21d_pct"] == early["price.change_21d_pct"]
        after = await load_evidence(ws, DAYS[-1])
        assert after.of("AAPL")["price.close"] == rows(DAYS[-1])[-len(SYMBOLS)][2]

    home(work)


def test_ranks_are_of_the_dates_asked_for(home: Any) -> None:
    async def work(ws: Workspace) -> None:
        async with ws.db.read() as conn:
            every = await final_ranks(conn, PAST, ON)
            own = await final_ranks(conn, PAST, ON, ["AAPL"])
            days = await final_dates(conn, PAST)
        assert sorted(set(every["on"])) == sorted(set(own["on"])) == [PAST, ON]
        assert set(own["symbol"]) == {"AAPL"} and set(every["symbol"]) >= set(SYMBOLS)
        assert days == DAYS[-21:]

    home(work)
