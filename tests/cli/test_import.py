# ruff: noqa: E501
"""``import``, ``cycle``, ``doctor``, ``backup``, ``restore`` and ``config`` on homes of their own."""

from __future__ import annotations

import io
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from pacesetter.market.calendar import sessions_between
from tests.cli.conftest import Call

LAST = date(2025, 7, 24)


def write_prices(path: Path, symbols: list[str], days: int = 300) -> int:
    """A long CSV with a wave of prices a symbol; returns the number of rows."""
    sessions = sessions_between("XNYS", LAST - timedelta(days=600), LAST)[-days:]
    lines = ["Symbol,Date,Open,High,Low,Close,Adj Close,Volume"]
    for s, symbol in enumerate(symbols):
        for i, session in enumerate(sessions):
            close = round(100 + 10 * s + i * 0.05 * (s + 1) + (i * 7 + s) % 5, 2)
            lines.append(
                f"{symbol},{session},{close},{close + 1},{close - 1},{close},{close},{1000 + (i * 13 + s) % 97}"
            )
    path.write_text("\n".join(lines) + "\n")
    return len(lines) - 1


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    write_prices(path, ["AAPL", "MSFT", "NVDA", "AMD", "GOOGL"])
    return path


def test_import_rank_undo(pace: Call, tmp_path: Path, prices: Path) -> None:
    home = tmp_path / "home"
    report = pace("--home", home, "import", "prices", prices, "--json").json
    assert report["read"] == 1500 == report["stored"] + report["quarantined"] + report["refused"]
    assert report["inserted"] > 1400
    again = pace("--home", home, "import", "prices", prices, "--json").json
    assert (again["inserted"], again["changed"]) == (0, 0)
    cycle = pace("--home", home, "cycle", "--on", LAST, "--source", "none", "--json").json
    assert (cycle["status"], cycle["boards"], cycle["simulated"]) == ("published", 12, False)
    rows = pace("--home", home, "rank", "AI/Tech", "--json").json["rows"]
    assert {row["factors"]["financial_ratio"]["missing_reason"] for row in rows} == {"not_known"}
    assert [row["coverage"] for row in rows] == pytest.approx([0.8] * 5)
    text = pace("--home", home, "rank", "AI/Tech")
    assert "missing for all: financial_ratio (not known on this date)" in text.out
    assert "completed sessions are newer" in text.err and "SIMULATED" not in text.out + text.err
    imports = pace("--home", home, "import", "list", "--json").json["imports"]
    assert [one["read"] for one in imports] == [1500, 1500]
    undone = pace("--home", home, "import", "undo", report["import_id"], "--json")
    assert undone.code == 0 and undone.json["import_id"] == report["import_id"]
    twice = pace("--home", home, "import", "undo", report["import_id"])
    assert twice.code == 2 and "undone already" in twice.error
    assert "no import called" in pace("--home", home, "import", "undo", "nothing").error


def test_dry_run_keeps_nothing(pace: Call, tmp_path: Path, prices: Path) -> None:
    home = tmp_path / "home"
    outcome = pace("--home", home, "import", "prices", prices, "--dry-run")
    assert outcome.code == 0 and "nothing was kept" in outcome.err and "1,500" in outcome.out
    assert pace("--home", home, "import", "list", "--json").json == {"imports": []}
    assert "no prices are stored" in pace("--home", home, "doctor").out


def test_progress_goes_to_stderr_and_quiet_is_quiet(pace: Call, tmp_path: Path, prices: Path) -> None:
    loud = pace("--home", tmp_path / "a", "import", "prices", prices, "--csv")
    assert "import: storing" in loud.err and "import:" not in loud.out
    assert len(loud.out.splitlines()) == 2
    assert pace("--home", tmp_path / "b", "import", "prices", prices, "--csv", "--quiet").err == ""


def test_missing_file_makes_no_home(pace: Call, tmp_path: Path) -> None:
    home = tmp_path / "home"
    outcome = pace("--home", home, "import", "prices", tmp_path / "nothing.csv")
    assert outcome.code == 2 and "no such file" in outcome.error and "nothing.csv" in outcome.error
    assert not home.exists()


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "Symbol,Close\nAAPL,1\n", "\x00\x01\x02"])
def test_malformed_file_is_one_line(pace: Call, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    outcome = pace("--home", tmp_path / "home", "import", "prices", path)
    assert outcome.code == 2
    assert "bad.csv" in outcome.error


def test_known_on_is_checked(pace: Call, tmp_path: Path) -> None:
    path = tmp_path / "eps.csv"
    path.write_text("Symbol,Earnings/Share\nAAPL,6.1\nMSFT,11.8\n")
    home = tmp_path / "home"
    assert "YYYY-MM-DD" in pace("--home", home, "import", "fundamentals", path, "--known-on", "July").error
    future = pace("--home", home, "import", "fundamentals", path, "--known-on", "2999-01-01")
    assert future.code == 2 and "future" in future.error
    done = pace("--home", home, "import", "fundamentals", path, "--known-on", "2025-07-01", "--json").json
    assert (done["kind"], done["stored"], done["refused"]) == ("fundamentals", 2, 0)


def test_real_import_leaves_the_simulated_home_alone(
    pace: Call, tmp_path: Path, simulated: Path, prices: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(simulated, home)
    before = (home / "simulated.db").read_bytes()
    first = pace("--home", home, "import", "prices", prices)
    assert first.code == 0 and "real data from now on" in first.err
    assert "real data from now on" not in pace("--home", home, "import", "prices", prices).err
    assert (home / "simulated.db").read_bytes() == before
    view = pace("--home", home, "doctor", "--json").json
    assert view["simulated"] is False


def test_failed_import_leaves_the_simulated_home_in_use(pace: Call, tmp_path: Path, simulated: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(simulated, home)
    bad = tmp_path / "bad.csv"
    bad.write_text("hello\n")
    assert pace("--home", home, "import", "prices", bad).code == 2
    assert pace("--home", home, "rank", "EV", "--json").json["simulated"] is True


def test_doctor_counts_what_is_bad(pace: Call, tmp_path: Path, simulated: Path) -> None:
    outcome = pace("--home", tmp_path / "empty", "doctor")
    assert outcome.code == 1 and "✗ bad" in outcome.out and "pacesetter import prices FILE" in outcome.out
    one = pace("--home", simulated, "doctor", "NVDA", "--json").json
    assert one["bad"] == 0 and any("rank" in finding["what"] for finding in one["findings"])
    assert pace("--home", simulated, "doctor", "NOSUCH").code == 1


def test_backup_and_restore(pace: Call, tmp_path: Path, simulated: Path, prices: Path) -> None:
    home = tmp_path / "home"
    pace("--home", home, "import", "prices", prices)
    kept = pace("--home", home, "backup", "--json").json
    assert Path(kept["path"]).stat().st_size == kept["bytes"] > 0
    pace("--home", home, "import", "prices", tmp_path / "prices.csv", "--asset-type", "etf")
    done = pace("--home", home, "restore", kept["path"])
    assert done.code == 0 and "former state is kept" in done.err
    assert len(pace("--home", home, "import", "list", "--json").json["imports"]) == 1
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    outcome = pace("--home", home, "restore", broken)
    assert outcome.code == 2 and "broken.db" in outcome.error
    assert len(pace("--home", home, "import", "list", "--json").json["imports"]) == 1
    assert pace("--home", home, "restore", tmp_path / "none.db").code == 2


@pytest.mark.parametrize(("answer", "code"), [("n\n", 130), ("", 130), ("y\n", 0)])
def test_restore_asks_on_a_terminal(
    pace: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    home = tmp_path / "home"
    path = pace("--home", home, "backup").out.strip()
    assert Path(path).is_file()
    database = home / "pacesetter.db"
    database.unlink()
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    asked = pace("--home", home, "restore", path)
    assert asked.code == code and "in the place of the database?" in asked.err
    assert database.exists() == (code == 0)
    assert pace("--home", home, "restore", path, "--yes").code == 0 and database.exists()


def test_backup_of_a_simulated_home_comes_back_as_one(pace: Call, tmp_path: Path, simulated: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(simulated, home)
    path = Path(pace("--home", home, "backup", "--json").json["path"])
    (home / "simulated.db").unlink()
    assert pace("--home", home, "restore", path).code == 0
    assert pace("--home", home, "rank", "EV", "--json").json["simulated"] is True


def test_config_says_where_each_value_comes_from(
    pace: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s:e@cret@db.example/pace?password=secret")
    Path(".env").write_text("PACESETTER_PORT=9001\n")
    outcome = pace("--home", tmp_path, "config", "show", "--json")
    rows = {row["name"]: row for row in outcome.json["settings"]}
    assert rows["home"]["from"] == "option" and rows["home"]["value"] == str(tmp_path)
    assert (rows["port"]["value"], rows["port"]["from"]) == (9001, ".env")
    assert (rows["database_url"]["from"], rows["database_url"]["variable"]) == ("environment", "DATABASE_URL")
    assert rows["benchmark"]["from"] == "default"
    assert "cret" not in outcome.out.replace("secret", "") and "s:e" not in outcome.out
    assert rows["database_url"]["value"] == "postgresql://me:***@db.example/pace?password=***"


def test_wrong_setting_is_a_configuration_error(pace: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACESETTER_PORT", "many")
    outcome = pace("config", "show")
    assert outcome.code == 3 and "port" in outcome.error
