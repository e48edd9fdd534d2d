"""Boxes on the command line."""

from __future__ import annotations

import asyncio
import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from pacesetter.jobs.workspace import open_workspace
from pacesetter.market.box_measures import MEASURES
from pacesetter.settings import Settings
from tests.boxes import FIRST, SECOND, THIRD, UNPRICED, add_boxes
from tests.cli.conftest import Call
from tests.store.made import add_symbols


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with made-up boxes; to be read only."""
    folder = tmp_path_factory.mktemp("boxes")
    settings = Settings(home=folder, source="none", _env_file=None)  # type: ignore[call-arg]

    async def fill() -> None:
        async with open_workspace(settings, simulated=False) as ws, ws.db.write() as conn:
            await add_symbols(conn, ["STOCK"])
            await add_boxes(conn)

    asyncio.run(fill())
    return folder


def test_the_leaderboard_says_its_date_what_it_is_compared_with_and_how_old_it_is(
    pace: Call, home: Path
) -> None:
    table = pace("--home", home, "boxes")
    assert table.code == 0 and f"Boxes · {THIRD} · " in table.out and " days old" in table.out
    assert f"changes of rank since {SECOND}" in table.out and "seen by manual, shop" in table.out
    assert f"note: {UNPRICED} is newer: 2 boxes were observed, but no floor price is known" in table.err
    assert "unnamed cccc3333" in table.out and "1 box has no name" in table.out
    assert "+10.0 %" in table.out and "sales unknown" in table.out and "new" in table.out
    lines = [line.split() for line in table.out.splitlines() if "BOX-" in line]
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "4", "–"]


def test_any_measure_sorts_and_shows(pace: Call, home: Path) -> None:
    body = pace("--home", home, "boxes", "--sort", "floor_price_usd", "--limit", "2", "--json").json
    assert (body["sort"], body["order"], body["count"], body["as_of"]) == (
        "floor_price_usd", "desc", 6, str(THIRD),
    )  # fmt: skip
    assert [(row["symbol"], row["place"], row["current_rank"]) for row in body["rows"]] == [
        ("BOX-SF03-BLUE", 1, 1), ("BOX-SF01", 2, 2),
    ]  # fmt: skip
    cheap = pace("--home", home, "boxes", "--sort", "floor_price_usd", "--order", "asc", "--json", "-q").json
    assert cheap["rows"][0]["symbol"] == "BOX-SF02"
    table = pace("--home", home, "boxes", "--sort", "visible_market_cap_usd", "--limit", "1")
    assert "Value of all listings" in table.out and "2,178.00" in table.out  # 18 of 121
    assert "1 of 6 boxes" in table.out
    some = pace("--home", home, "boxes", "--game", "skyfarers", "--on", FIRST, "--csv", "-q")
    rows = list(csv.DictReader(io.StringIO(some.out)))
    assert [row["symbol"] for row in rows] == ["BOX-SF01", "BOX-SF02"]
    assert float(rows[0]["floor_price_usd"]) == 100.0 and set(MEASURES) <= set(rows[0])
    assert "no box matches" in pace("--home", home, "boxes", "--search", "chess").err
    one = pace("--home", home, "boxes", "--search", "sf01")
    assert "1 box, 5 of 6 observed" in one.out


def test_what_was_not_observed_that_day_is_said_and_when_it_was(pace: Call, home: Path) -> None:
    gone = pace("--home", home, "boxes", "--search", "gm01", "--on", SECOND)
    assert gone.code == 0
    assert (
        f"none of the 3 boxes observed on {SECOND} match; 1 other does, last seen on {UNPRICED}" in gone.err
    )
    never = pace("--home", home, "boxes", "--search", "never")
    assert "match; those that do were never observed" in never.err


def test_a_measure_that_nobody_has_says_why(pace: Call, home: Path) -> None:
    none = pace("--home", home, "boxes", "--sort", "liquidity_score", "--on", FIRST)
    assert f"none of the 3 boxes of {FIRST} has a value of liquidity_score" in none.err
    assert "fewer than 7 days with known sales (3 of 3)" in none.err
    assert "has a value" not in pace("--home", home, "boxes", "--sort", "floor_price_usd", "--on", FIRST).err


def test_a_box_in_full(pace: Call, home: Path) -> None:
    shown = pace("--home", home, "boxes", "show", "BOX-SF01")
    assert f"BOX-SF01 · Skyfarers - SF-01 First Wind Booster Box · {THIRD} · rank 2 of 5" in shown.out
    assert all(one.title in shown.out for one in MEASURES.values())
    assert "fewer than 7 days with known sales" in shown.out and "counted again" in shown.out
    assert "7 days" in shown.out and f"observed on 4 days, {FIRST} to {UNPRICED}" in shown.out
    body = pace("--home", home, "boxes", "show", "aaaa1111-01", "--on", FIRST, "--json").json
    assert (body["as_of"], body["day"]["floor_price_usd"]) == (str(FIRST), 100.0)
    assert body["box"]["symbol"] == "BOX-SF01" and len(body["ranks"]) == 1
    never = pace("--home", home, "boxes", "show", "BOX-NEVER")
    assert never.code == 0 and "never observed" in never.err


def test_series_market_and_measures(pace: Call, home: Path) -> None:
    series = pace("--home", home, "boxes", "series", "BOX-GM01", "--measure", "rank,floor_price_usd", "--csv")
    assert series.out.splitlines() == [
        "date,gap_days,rank,floor_price_usd",
        f"{FIRST},,3,80.0",
        f"{THIRD},8,4,80.0",
        f"{UNPRICED},11,,",
    ]
    market = pace("--home", home, "boxes", "market", "--to", THIRD)
    assert "95.00" in market.out and "Movers over 7 days" in market.out and "-10.0 %" in market.out
    body = pace("--home", home, "boxes", "market", "--from", SECOND, "--json").json
    assert [row["date"] for row in body["rows"]] == [str(SECOND), str(THIRD), str(UNPRICED)]
    assert body["movers"][0]["gainers"][0]["compared_on"] == str(SECOND)
    measures = pace("boxes", "measures", "--json").json["rows"]
    assert [row["name"] for row in measures] == list(MEASURES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sort", "luck"), "known: rank, floor_price_usd"),
        (("--order", "up"), "asc or desc"),
        (("--game", "chess"), "known: Skyfarers, Élan Grove"),
        (("--on", "2026-01-05"), f"the nearest dates with observations: {FIRST} and {SECOND}"),
        (("show", "STOCK"), "STOCK is an equity, not a sealed box"),
        (("show", "BOX-SF1"), "did you mean"),
        (("show", "BOX-SF03"), "did you mean BOX-SF03-BLUE?"),
        (("show", "sf-03"), "did you mean BOX-SF03-BLUE?"),
        (("show", "gm0"), "did you mean BOX-GM01, BOX-GM02?"),
        (("show", "BOX-GM01", "--on", SECOND), "was not observed"),
        (("series", "BOX-GM01", "--measure", "luck"), "unknown measure"),
    ],
)
def test_mistakes_end_with_a_line(pace: Call, home: Path, arguments: tuple[object, ...], said: str) -> None:
    outcome = pace("--home", home, "boxes", *arguments)
    assert outcome.code == 2 and said in outcome.error


def test_before_any_box_the_table_says_how_to_begin(pace: Call, tmp_path: Path) -> None:
    outcome = pace("--home", tmp_path / "new", "boxes")
    assert outcome.code == 0 and "pacesetter import boxes FILE" in outcome.err
    assert "nothing observed yet" in outcome.out


def test_its_help_imports_nothing_heavy() -> None:
    heavy = {"polars", "numpy", "sqlalchemy", "fastapi", "numba", "pandas", "orjson", "rich"}
    code = (
        "import sys; from pacesetter.cli.main import call; call(['boxes', '--help']);"
        f"print('LOADED', *sorted(set(sys.modules) & {heavy!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split()[1:] == []
