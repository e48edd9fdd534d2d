"""``pacesetter inbox``: folders made, a look, what came, a refused file put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call


def test_from_an_empty_home_to_a_file_taken_in(
    pace: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACESETTER_INBOX_SETTLE_S", "0")
    home = tmp_path / "home"
    assert "there is no such folder: `pacesetter inbox make`" in pace("--home", home, "inbox", "look").err
    made = pace("--home", home, "--json", "inbox", "make").json
    assert made["path"] == str(home / "inbox") and "ticker-lists/README.txt" in made["made"]
    assert "urgency" in (home / "inbox/manual-stocks/README.txt").read_text()
    assert pace("--home", home, "--json", "inbox", "make").json["made"] == []
    (home / "inbox/ticker-lists/a.csv").write_text("NVDA,orders\n")
    (home / "inbox/manual-stocks/b.json").write_text("{}")
    (home / "inbox/prices/deep").mkdir()
    assert pace("--home", home, "--json", "inbox").json["waiting"] == [
        "ticker-lists/a.csv",
        "manual-stocks/b.json",
    ]
    looked = pace("--home", home, "inbox", "look")
    assert looked.code == 1 and "1 symbols put forward" in looked.out and "no ticker" in looked.out
    assert "folders in here are not looked into" in looked.out
    listed = pace("--home", home, "--json", "inbox", "--status", "failed").json["files"]
    assert [one["name"] for one in listed] == ["b.json"]
    assert "refused" in pace("--home", home, "inbox").out
    back = pace("--home", home, "--json", "inbox", "retry", listed[0]["id"][-12:]).json
    assert back == {"path": "manual-stocks/b.json"} and (home / "inbox/manual-stocks/b.json").exists()
    assert "no file is called" in pace("--home", home, "inbox", "retry", "zz").error
    assert "choose applied, failed" in pace("--home", home, "inbox", "--status", "x").error


def test_real_files_end_the_simulation(
    pace: Call, simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setenv("PACESETTER_INBOX_SETTLE_S", "0")
    home = tmp_path / "home"
    shutil.copytree(simulated, home)
    pace("--home", home, "inbox", "make")
    (home / "inbox/prices/AAPL.csv").write_text("Date,Close\n2025-07-22,10\n")
    assert "SIMULATED" in pace("--home", home, "inbox").err
    looked = pace("--home", home, "inbox", "look")
    assert looked.code == 0 and "real data from now on" in looked.err and "1 of 1 rows stored" in looked.out
    assert "SIMULATED" not in pace("--home", home, "inbox").err
