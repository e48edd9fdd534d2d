"""The batch and exposures on the command line."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.homes import SESSIONS
from tests.jobs.symbols.batch_home import FACTORS

LAST = SESSIONS[-1]


@pytest.fixture
def home(simulated: Path, tmp_path: Path) -> Path:
    """A ranked simulated home of this test's own."""
    shutil.copytree(simulated, tmp_path / "home")
    return tmp_path / "home"


def test_a_batch_by_hand_and_again(pace: Call, home: Path) -> None:
    first = pace("--home", home, "batch", "--on", LAST, "--json")
    assert first.code == 0, first.err
    body = first.json
    assert (body["status"], body["metric_date"], body["simulated"]) == ("done", str(LAST), True)
    assert [(row["phase"], row["state"]) for row in body["rows"]][3] == ("ridge", "done")
    assert body["rows"][3]["problems"] == {"no_bars": ["SIM29", "SIM30"]}
    assert "batch: ridge" in first.err
    again = pace("--home", home, "batch", "--on", LAST)
    assert again.out.count("done before, with the same data") == 6 and "2: no prices" in again.out
    span = pace("--home", home, "batch", "--from", SESSIONS[0], "--to", SESSIONS[1], "--csv", "-q")
    rows = list(csv.DictReader(io.StringIO(span.out)))
    assert {row["session"] for row in rows} == {str(day) for day in SESSIONS[:2]} and len(rows) == 12


def test_a_session_without_prices_shows_in_the_exit_code(pace: Call, home: Path) -> None:
    outcome = pace("--home", home, "batch", "--on", "2010-01-04", "--json")
    assert outcome.code == 1, outcome.err
    body, (phase,) = outcome.json, outcome.json["rows"]
    assert (body["status"], phase["phase"], phase["state"]) == ("incomplete", "prices", "failed")
    (without,) = body["not_measured"]
    assert without["session"] == "2010-01-04" and "no symbol has a price" in without["why"]
    table = pace("--home", home, "batch", "--on", "2010-01-04")
    assert table.code == 1 and "2010-01-04 is not measured: no symbol has a price" in table.err


def test_a_symbol_s_exposures_as_table_json_and_csv(pace: Call, home: Path) -> None:
    table = pace("--home", home, "exposures", "nvda", "--on", LAST)
    assert table.code == 0 and f"NVDA · NVIDIA · {LAST} · SIMULATED" in table.out
    assert all(name in table.out for name in FACTORS) and "VUG − VTV" in table.out
    body = pace("--home", home, "exposures", "NVDA", "--on", LAST, "--json").json
    assert (body["symbol"], body["as_of"]) == ("NVDA", str(LAST))
    assert [row["factor"] for row in body["rows"]] == FACTORS
    assert {"factor", "method", "beta", "se", "r2", "n"} <= set(body["rows"][0])
    rows = list(
        csv.DictReader(io.StringIO(pace("--home", home, "exposures", "NVDA", "--on", LAST, "--csv").out))
    )
    assert float(rows[0]["beta"]) == body["rows"][0]["beta"] and rows[0]["session"] == str(LAST)
    gone = pace("--home", home, "exposures", "SIM30", "--on", LAST)
    assert gone.out.count("no prices") == 12


def test_a_history_is_measured_once_and_kept(pace: Call, home: Path) -> None:
    pace("--home", home, "batch", "--on", LAST, "-q")
    asked = ("--home", home, "exposures", "NVDA", "--from", "2025-06-30", "--to", LAST, "--json")
    first = pace(*asked).json["rows"]
    assert len(first) == 18 * 12 and first[0]["on"] == "2025-06-30"
    assert pace(*asked).json["rows"] == first
    stored = pace("--home", home, "exposures", "NVDA", "--on", "2025-07-01", "--json").json["rows"]
    assert stored == [row for row in first if row["on"] == "2025-07-01"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exposures", "NOPE1"), "unknown symbol"),
        (("exposures", "NVDA", "--on", "2025-07-20"), "no trading day"),
        (("batch", "--on", "2025-07-20"), "no trading day"),
        (("batch", "--on", LAST, "--from", LAST), "exclude"),
        (("batch", "--from", LAST, "--to", SESSIONS[0]), "is after"),
        (("batch", "--on", "2999-01-04"), "not final"),
    ],
)
def test_mistakes_end_with_a_line(pace: Call, home: Path, arguments: tuple[object, ...], said: str) -> None:
    outcome = pace("--home", home, *arguments)
    assert outcome.code == 2 and said in outcome.error
