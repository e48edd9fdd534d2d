"""``history``, and the trend and long-term score that ``explain`` says, over simulated homes."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pacesetter.cli import history
from pacesetter.cli.explain import long_term_line
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.symbol_history import TrendView
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_between
from pacesetter.ranking.trend import LongTerm, Trend, refuse
from tests.cli.conftest import Call
from tests.homes import EVENING, SESSIONS, make_simulated_home

DATES = sessions_between("XNYS", SESSIONS[-1].replace(month=6, day=2), SESSIONS[-1])


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated home with more published sessions than a table shows."""
    home = tmp_path_factory.mktemp("long")
    settings = make_simulated_home(home)

    async def fill() -> None:
        async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
            await backfill_ranks(ws, first=DATES[0], last=DATES[-1])

    asyncio.run(fill())
    return home


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[1:5] == "2025"]


def test_json_holds_every_date_and_the_trend(pace: Call, long: Path) -> None:
    told = pace("--home", long, "--json", "history", "nvda").json
    (board,) = told["boards"]
    assert (told["symbol"], told["simulated"], board["slug"]) == ("NVDA", True, "ai-tech")
    assert [row["date"] for row in board["rows"]] == [str(on) for on in DATES[::-1]]
    newest = [row["score"] for row in board["rows"][:7]][::-1]
    slope = np.polyfit(np.arange(7), newest, 1)[0]
    assert board["trend"]["slope"] == pytest.approx(slope, abs=1e-9)
    assert board["trend"]["direction"] == ("up" if slope > 0.5 else "down" if slope < -0.5 else "flat")
    assert board["trend_reason"] is None and board["trend_until"] == str(DATES[-1])
    for later, earlier in zip(board["rows"], board["rows"][1:], strict=False):
        assert (later["previous_on"], later["previous_rank"]) == (earlier["date"], earlier["rank"])


def test_the_text_shows_thirty_dates_and_says_how_many_more(pace: Call, long: Path) -> None:
    assert len(DATES) == 37
    text = pace("--home", long, "history", "NVDA").out
    assert [line.split()[0] for line in lines_of(text)] == [str(on) for on in DATES[:-31:-1]]
    assert "7 earlier dates not shown: --json and --csv give all" in text
    assert "SIMULATED" in text and "trend of the last 7 dates: " in text
    few = pace("--home", long, "history", "NVDA", "--from", DATES[-4], "--to", DATES[-2]).out
    assert [line.split()[0] for line in lines_of(few)] == [
        str(on) for on in (DATES[-2], DATES[-3], DATES[-4])
    ]
    assert "not shown" not in few


def test_csv_holds_all_boards_in_one_table(pace: Call, long: Path) -> None:
    told = pace("--home", long, "history", "NVDA", "--json").json
    text = pace("--home", long, "history", "NVDA", "--csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    wanted = [row for board in told["boards"] for row in board["rows"]]
    assert [float(row["score"]) for row in rows] == [row["score"] for row in wanted]
    assert [row["previous_on"] for row in rows] == [row["previous_on"] or "" for row in wanted]
    assert {row["state"] for row in rows} == {"final"}


def test_too_few_dates_have_no_trend(pace: Call, simulated: Path) -> None:
    assert "no trend: fewer than 7 published dates" in pace("--home", simulated, "history", "NVDA").out
    (board,) = pace("--home", simulated, "history", "NVDA", "--json").json["boards"]
    assert (board["trend"], board["trend_reason"]) == (None, "too_few_dates")


def test_the_first_date_has_no_change_and_nobody_is_new_on_it(pace: Call, simulated: Path) -> None:
    text = pace("--home", simulated, "history", "NVDA").out
    assert lines_of(text)[-1].split()[2] == "–" and "new" not in lines_of(text)[-1]


def test_it_draws_oldest_to_newest(pace: Call, simulated: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from pacesetter.reports.charts import rank_history

    plain, drawn = rank_history.draw_rank_history, []

    def watched(points: Any, title: str, note: str) -> Any:
        drawn.append((points, title, note))
        return plain(points, title, note)

    monkeypatch.setattr(rank_history, "draw_rank_history", watched)
    outcome = pace("--home", simulated, "history", "NVDA", "--plot", "nvda.svg")
    assert outcome.code == 0 and "drawn: nvda.svg" in outcome.err
    assert (tmp_path / "nvda.svg").read_text().count("<svg") == 1
    ((points, title, note),) = drawn
    assert [on for on, _ in points] == list(SESSIONS)
    assert "NVDA" in title and "SIMULATED" in note and "AI/Tech" in note


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["NVDAA"], "did you mean"),
        (["NVDA", "--board", "AI/Tec"], "did you mean AI/Tech"),
        (["NVDA", "--board", "EV"], "NVDA is not on the board 'EV'"),
        (["NVDA", "--from", "2025-07-24", "--to", "2025-07-23"], "2025-07-24 is after 2025-07-23 (--from)"),
        (["NVDA", "--to", "2024-01-01"], "no rank of NVDA is published to 2024-01-01"),
        (["NVDA", "--known-at", "2024-01-01"], "was published by 2024-01-01 23:59 UTC"),
        (["NVDA", "--plot", "nvda.pdf"], "is no picture"),
        (["SPY"], "SPY is on no board"),
    ],
)
def test_mistakes_are_one_line(pace: Call, simulated: Path, arguments: list[str], said: str) -> None:
    outcome = pace("--home", simulated, "history", *arguments)
    assert outcome.code == 2 and said in outcome.error and " — " in outcome.error


def test_nothing_published_names_the_command(pace: Call, tmp_path: Path) -> None:
    outcome = pace("--home", tmp_path / "empty", "history", "NVDA")
    assert outcome.code == 2 and "published yet" in outcome.error and "pacesetter cycle" in outcome.error


def test_a_trend_in_words() -> None:
    on = SESSIONS[-1]
    assert history.trend_line(TrendView(Trend(1.234, "up"), on), on) == (
        "trend of the last 7 dates: up, +1.2 points a date"
    )
    assert history.trend_line(TrendView(Trend(-0.01, "flat"), on), on).endswith("flat, +0.0 points a date")
    assert f"(final ones, to {SESSIONS[0]})" in history.trend_line(
        TrendView(Trend(-2.0, "down"), SESSIONS[0]), on
    )
    assert history.trend_line(TrendView(None, on, "unranked_date"), on) == (
        "no trend: unranked on one of the last 7 dates"
    )


def test_explain_says_trend_and_long_term_score(pace: Call, long: Path) -> None:
    told = pace("--home", long, "explain", "NVDA", "--json").json
    (board,) = told["boards"]
    (past,) = pace("--home", long, "history", "NVDA", "--json").json["boards"]
    assert board["trend"] == past["trend"] is not None
    own = told["long_term"]
    parts = [own[name] for name in ("one_year", "drawdown", "positive_months")]
    assert own["score"] == pytest.approx(sum(parts) / 3, abs=1e-9) and own["on"] == str(DATES[-1])
    text = pace("--home", long, "explain", "NVDA").out
    assert f"long-term score {own['score']:.1f}: one-year return {own['one_year']:.1f}" in text
    assert "trend of the last 7 dates: " in text


def test_a_long_term_score_in_words() -> None:
    def line(own: LongTerm) -> str:
        return long_term_line(SimpleNamespace(long_term=own, long_term_on=SESSIONS[-1]))  # type: ignore[arg-type]

    assert line(LongTerm(63.6, 43.0, 81.2, 200 / 3, 12)) == (
        "long-term score 63.6: one-year return 43.0 · drawdown 81.2 · positive months 66.7 (8 of 12)"
    )
    assert line(refuse("too_few_bars")) == ("no long-term score on 2025-07-24: too few prices for the window")
