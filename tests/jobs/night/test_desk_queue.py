"""The stored research queue: rows of an evening by hand, and whole histories against plain dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.desk.view_queue import view_queue
from pacesetter.jobs.night.advance_desk_queue import advance_stored_queue
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.research.convergence import Breakdown, Convergence, converge
from pacesetter.research.desk import QueueRule, load_desk
from pacesetter.research.signal import Signal, frame_signals
from pacesetter.store.desk.nights import NightRow, nights
from pacesetter.store.desk.research_queue import QueueRow, open_entries, research_queue
from pacesetter.store.symbols.symbols import stock_ids, upsert_symbols
from tests.jobs.boards.one_transaction import sequences
from tests.jobs.home import with_home

START = date(2025, 3, 3)
DESK = load_desk()
NAMES = "ABCDEFGH"
SMALL = QueueRule(enter_at=31, promote_at=61, most_entries=4, most_days=6)


def scored(scores: dict[str, float], on: date) -> Convergence:
    """A convergence with exactly these scores: one picked by hand each, which does not fade."""
    found = [Signal(name, "manual", "hand", score, 1.0, on) for name, score in scores.items()]
    return converge(frame_signals(found), on, regime="neutral", favours={}, desk=DESK)


async def end_night(conn: AsyncConnection, on: date, resting: frozenset[str]) -> None:
    """What the night keeps for the next one."""
    at = datetime(on.year, on.month, on.day, 23, tzinfo=UTC)
    row = NightRow(
        night_on=on, known_until=at, regime="neutral", resting=sorted(resting), counts={}, inputs="0" * 64,
        fingerprint="0" * 64, rules={}, done_at=at,
    )  # fmt: skip
    await nights.put(conn, [row], by=["night_on"])


async def all_rows(conn: AsyncConnection) -> list[QueueRow]:
    return await research_queue.find(conn)


def test_an_evening_is_stored_with_its_reasons(tmp_path: Path, database_url: str) -> None:
    later = START + timedelta(days=1)

    async def work(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            await upsert_symbols(conn, list("ABC"), asset_type="equity", source="admin")
            ids = await stock_ids(conn, list("ABC"))
            first = await advance_stored_queue(
                conn, scored({"A": 31, "B": 70, "C": 45.5}, START), START, SMALL
            )
            await end_night(conn, START, first.resting)
            before = {row.symbol: row for row in await all_rows(conn)}
            second = await advance_stored_queue(conn, scored({"A": 50, "B": 65}, later), later, SMALL)
            rows = {row.symbol: row for row in await all_rows(conn)}
        assert before["A"].status == "queued" and before["A"].stock_id == ids["A"]
        assert before["A"].breakdown["parts"][0]["signal_type"] == "manual"
        assert before["A"].breakdown["on"] == "2025-03-03" and before["A"].breakdown["band"] == "research"
        assert (before["B"].status, before["B"].left_on, before["B"].reason) == (
            "promoted", START, "score at least 61",
        )  # fmt: skip
        assert [(t.symbol, t.change) for t in second.transitions] == [("A", "rescored"), ("C", "dropped")]
        a, c = rows["A"], rows["C"]
        assert (a.id, a.score, a.entry_score, a.entered_on, a.scored_on) == (
            before["A"].id,
            50,
            31,
            START,
            later,
        )
        assert (c.status, c.score, c.entry_score, c.left_on, c.reason) == (
            "dropped", 0, 45.5, later, "score under 31",
        )  # fmt: skip
        assert c.breakdown == {"symbol": "C", "on": "2025-03-04", "score": 0.0, "parts": []}
        assert rows["B"] == before["B"]  # it rests
        assert [row.symbol for row in await view_queue(ws)] == ["A"]
        assert [row.symbol for row in await view_queue(ws, left=True)] == ["C", "B"]
        assert [row.symbol for row in await view_queue(ws, status="promoted")] == ["B"]
        assert [row.status for row in await view_queue(ws, symbol="c")] == ["dropped"]
        with pytest.raises(UnknownName, match="did you mean promoted"):
            await view_queue(ws, status="promotd")
        with pytest.raises(InputError, match="exclude each other"):
            await view_queue(ws, symbol="A", left=True)

    with_home(tmp_path, work, url=database_url)


def test_a_night_that_is_over_is_not_worked_through_again(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            await upsert_symbols(conn, ["A"], asset_type="equity", source="admin")
            await end_night(conn, START, frozenset())
            with pytest.raises(InputError, match=r"night of 2025-03-03 was .* in their order"):
                await advance_stored_queue(conn, scored({}, START), START - timedelta(days=1), SMALL)

    with_home(tmp_path, work, url=database_url)


EDGES = st.sampled_from([0, 30.999, 31, 31, 40, 45, 45, 50, 60.999, 61, 95])


@st.composite
def histories(draw: Any) -> list[tuple[int, dict[str, float]]]:
    """Nights: days since the last one, and the scores of some symbols, most of them as on most nights."""
    scores = st.dictionaries(st.sampled_from(NAMES), EDGES, max_size=8)
    steady = draw(scores)
    night = st.tuples(st.integers(1, 3), st.one_of(scores.map(lambda s: {**steady, **s}), st.just(steady)))
    return draw(st.lists(night, min_size=1, max_size=10))


class Model:
    """Every entry that ever was as a list: name, status, entry score, score, entered, scored, left."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.rests: set[str] = set()

    def waiting(self) -> dict[str, list[Any]]:
        return {row[0]: row for row in self.rows if row[1] == "queued"}

    def night(self, on: date, scores: dict[str, float]) -> None:
        for name in NAMES:
            score, row = scores.get(name, 0), self.waiting().get(name)
            if score < 31:
                self.rests.discard(name)
                self.end(row, "dropped", score, on)
            elif name in self.rests:
                continue
            elif score >= 61:
                if row is None:
                    self.rows.append(row := [name, "queued", score, score, on, on, None])
                self.end(row, "promoted", score, on)
                self.rests.add(name)
            elif row is None:
                self.rows.append([name, "queued", score, score, on, on, None])
            elif (on - row[4]).days > 6:
                self.end(row, "expired", score, on)
                self.rests.add(name)
            else:
                row[3], row[5] = score, on
        while len(waiting := self.waiting()) > 4:
            worst = min(waiting.values(), key=lambda row: (row[3], [-ord(c) for c in row[0]]))
            if worst[4] == on:
                self.rows.remove(worst)
            else:
                self.end(worst, "displaced", worst[3], on)

    def end(self, row: list[Any] | None, status: str, score: float, on: date) -> None:
        if row is not None:
            row[1], row[3], row[5], row[6] = status, score, on, on


@dataclass(frozen=True)
class Plain:
    """What the queue asks of a convergence, without the time that one takes."""

    given: dict[str, float]
    on: date

    def scores(self) -> dict[str, float]:
        return self.given

    def breakdown(self, symbol: str) -> Breakdown:
        score = self.given[symbol]
        return Breakdown(symbol, self.on, (), (), score, "neutral", 1.0, "neutral", 1.0, 1.0, score, "x")


@pytest.mark.timeout(1800)  # of the full counts, beside others' work
def test_stored_histories_equal_the_model(tmp_path: Path, database_url: str, full_counts: bool) -> None:
    seen: set[str] = set()
    with sequences(tmp_path, database_url, list(NAMES)) as play:

        @settings(max_examples=2000 if full_counts else 60, suppress_health_check=list(HealthCheck))
        @given(histories())
        def check(played: list[tuple[int, dict[str, float]]]) -> None:
            async def sequence(ws: Workspace, conn: AsyncConnection, clock: Any) -> None:
                on, model = START, Model()
                for later, scores in played:
                    on += timedelta(days=later)
                    model.night(on, scores)
                    given_: Any = Plain(scores, on)
                    day = await advance_stored_queue(conn, given_, on, SMALL)
                    rows = await all_rows(conn)
                    assert sorted(map(plain, rows), key=key) == sorted(map(tuple, model.rows), key=key)
                    assert day.resting == model.rests
                    waiting = [(row.symbol, row.score) for row in await open_entries(conn)]
                    assert waiting == [(entry.symbol, entry.score) for entry in day.entries]
                    again = await advance_stored_queue(conn, given_, on, SMALL)  # cut off before its end
                    await end_night(conn, on, day.resting)
                    third = await advance_stored_queue(conn, given_, on, SMALL)
                    for one in (again, third):
                        assert (one.entries, one.resting, one.transitions) == (day.entries, day.resting, ())
                    assert await all_rows(conn) == rows
                    with pytest.raises(InputError, match="before it"):
                        await advance_stored_queue(conn, given_, on - timedelta(days=1), SMALL)
                    seen.update(row.status for row in rows)

            play(sequence)

        check()
    assert seen == {"queued", "promoted", "dropped", "expired", "displaced"}


def plain(row: QueueRow) -> tuple[Any, ...]:
    return (row.symbol, row.status, row.entry_score, row.score, row.entered_on, row.scored_on, row.left_on)


def key(row: Any) -> tuple[str, date]:
    return row[0], row[4]


def test_the_smallest_rule_is_the_desks_own() -> None:
    assert replace(SMALL, most_entries=100, most_days=60) == DESK.queue
