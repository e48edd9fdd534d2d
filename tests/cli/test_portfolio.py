"""The command ``portfolio``, from a file to figures and back, with its exit codes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pacesetter.jobs.workspace import open_workspace
from tests.cli.conftest import Call
from tests.homes import settings_for
from tests.jobs.portfolios.portfolio_home import put_prices

LOTS = "Symbol,Quantity,Entry Price,Entry Date\nAAA,10,5.00,2025-07-01\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of real data with a little market."""
    folder = tmp_path / "home"

    async def fill() -> None:
        async with open_workspace(settings_for(folder), simulated=False) as ws:
            await put_prices(ws, {"AAA": [5.0] * 39 + [6.0], "SPY": [100.0] * 40})

    asyncio.run(fill())
    return folder


def test_a_portfolio_from_a_file_to_figures_and_back(pace: Call, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "lots.csv"
    file.write_text(LOTS)
    at = ("--home", home, "--json")
    assert pace(*at, "portfolio", "create", "mine").json["state"] == "empty"
    tried = pace(*at, "portfolio", "import", "mine", file, "--dry-run")
    assert (tried.code, tried.json["rows_added"], tried.json["import_id"]) == (0, 1, None)
    done = pace(*at, "portfolio", "import", "mine", file).json
    assert (done["rows_added"], done["nav"], done["state"]) == (1, 60.0, "complete")
    shown = pace(*at, "portfolio", "show", "mine").json
    assert (shown["figures"]["nav"], shown["positions"][0]["symbol"]) == (60.0, "AAA")
    trade = ("buy", "--symbol", "AAA", "--quantity", "2", "--price", "5", "--on", "2025-07-02")
    added = pace(*at, "portfolio", "trade", "mine", *trade).json
    assert pace(*at, "portfolio").json["portfolios"][0]["nav"] == 72.0
    assert len(pace(*at, "portfolio", "trades", "mine").json["rows"]) == 2
    assert pace(*at, "portfolio", "undo", "mine", added["id"]).json["trades_removed"] == 1
    assert pace(*at, "portfolio", "refresh").json["refreshed"] == 0
    assert len(pace(*at, "portfolio", "stress", "mine").json["rows"]) == 19
    assert len(pace(*at, "exposures", "mine").json["rows"]) == 12
    assert pace(*at, "portfolio", "undo", "mine", done["import_id"]).json["trades_removed"] == 1
    assert pace(*at, "portfolio", "remove", "mine").json == {"removed": "mine"}
    for command in ("show", "stress", "trades"):
        assert pace("--home", home, "portfolio", command, "mine").code == 2


def test_tables_are_readable(pace: Call, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "lots.csv"
    file.write_text(LOTS)
    pace("--home", home, "portfolio", "create", "mine")
    pace("--home", home, "portfolio", "import", "mine", file)
    shown = pace("--home", home, "portfolio", "show", "mine").out
    assert "mine · 2025-07-24 · USD · complete" in shown
    assert "+20.00 %" in shown
    csv = pace("--home", home, "--csv", "portfolio", "show", "mine").out.splitlines()
    assert csv[0].startswith("symbol,side,since")
    assert csv[1].startswith("AAA,long,2025-07-01,10")


def test_faults_are_a_table_and_an_exit_code(pace: Call, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(LOTS + "BBB,some,x,2025-13-01\n")
    pace("--home", home, "portfolio", "create", "mine")
    done = pace("--home", home, "portfolio", "import", "mine", file)
    assert (done.code, "3 faults: nothing was imported" in done.out) == (2, True)
    assert pace("--home", home, "--json", "portfolio", "trades", "mine").json["rows"] == []
    assert "no such file" in pace("--home", home, "portfolio", "import", "mine", tmp_path / "no.csv").error
    assert "--map" in pace("--home", home, "portfolio", "import", "mine", file, "--map", "Symbol").error


def test_rates_come_in_as_rows_or_as_a_column_a_pair(pace: Call, home: Path, tmp_path: Path) -> None:
    rows, wide = tmp_path / "rows.csv", tmp_path / "wide.csv"
    rows.write_text(
        "Date,Base,Quote,Rate\n2025-07-01,EUR,USD,1.25\n2025-07-02,EUR,EUR,1\n2025-07-02,GBP,USD,-1\n"
    )
    wide.write_text("date;EUR/USD;GBPUSD\n2025-07-01;1.25;1.5\n2025-07-02;;1.6\n")
    first = pace("--home", home, "--json", "import", "fx", rows).json
    assert (first["stored"], first["inserted"], first["refused"]) == (1, 1, 2)
    assert first["reasons"] == {"same_currency": 1, "not_a_rate": 1}
    second = pace("--home", home, "--json", "import", "fx", wide).json
    assert (second["stored"], second["inserted"], second["unchanged"]) == (3, 2, 1)
    wide.write_text("date;EURUSD\n2025-07-01;1,25\n")
    third = pace("--home", home, "--json", "import", "fx", wide, "--dry-run").json
    assert (third["stored"], third["reasons"]) == (0, {"decimal_comma": 1})


def test_what_cannot_be_is_refused_with_how_to_mend_it(pace: Call, home: Path) -> None:
    pace("--home", home, "portfolio", "create", "mine")
    for currency in ("EURO", "üäö"):
        done = pace("--home", home, "portfolio", "create", "other", "--currency", currency)
        assert (done.code, "base currency" in done.error) == (2, True), done.error
    buy = ("portfolio", "trade", "mine", "buy", "--symbol", "AAA", "--price", "5")
    for number, on, why in (
        ("0.123456789", "2025-07-01", "more than 8 decimals"),
        ("1e11", "2025-07-01", "too large"),
        ("1", "1989-12-29", "too long ago"),
    ):
        done = pace("--home", home, *buy, "--quantity", number, "--on", on)
        assert (done.code, why in done.error) == (2, True), (number, on, done.error)
    assert pace("--home", home, "--json", "portfolio", "trades", "mine").json["rows"] == []


def test_exposures_of_a_portfolio_whose_name_is_no_symbol(pace: Call, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "lots.csv"
    file.write_text(LOTS)
    for name in ("MY PENSION", "AAA"):
        pace("--home", home, "portfolio", "create", name)
        pace("--home", home, "portfolio", "import", name, file)
    shown = pace("--home", home, "--json", "exposures", "MY PENSION").json
    assert (shown["portfolio"], len(shown["rows"])) == ("MY PENSION", 12)
    assert pace("--home", home, "--json", "exposures", "AAA").json["symbol"] == "AAA"
