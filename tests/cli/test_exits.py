"""Every outcome is one line and a code, never a traceback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pacesetter.cli import lazy
from pacesetter.cli.exits import code_of
from pacesetter.cli.main import call
from pacesetter.cli.options import Options
from pacesetter.cli.output import Column, Table, cell, clean, make_console, print_table
from pacesetter.kernel import errors
from tests.cli.conftest import Call
from tests.servers import free_port

PROGRAM = Path(sys.executable).with_name("pacesetter")


def test_every_error_has_a_code() -> None:
    def below(kind: type[errors.PacesetterError]) -> list[type[errors.PacesetterError]]:
        return [kind, *(one for part in kind.__subclasses__() for one in below(part))]

    codes = {kind.__name__: code_of(kind()) for kind in below(errors.PacesetterError)}
    assert codes.pop("PacesetterError") == 70 and codes.pop("JobStopped") == 130
    assert set(codes.values()) <= {2, 3, 4, 5}
    assert (codes["BadFile"], codes["PortInUse"], codes["LeaseLost"], codes["RateLimited"]) == (2, 3, 4, 5)


def test_unreachable_database(pace: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:hunter2@127.0.0.1:{free_port()}/pace")
    for command in (["rank"], ["cycle"], ["doctor"], ["up", "--source", "none", "--port", str(free_port())]):
        outcome = pace("--home", tmp_path, *command)
        assert outcome.code == 4, command
        assert "does not answer" in outcome.err and "hunter2" not in outcome.err
        assert "Traceback" not in outcome.err


def test_a_file_that_is_no_database(pace: Call, tmp_path: Path) -> None:
    (tmp_path / "pacesetter.db").write_bytes(b"no database at all, only text " * 300)
    outcome = pace("--home", tmp_path, "rank")
    assert outcome.code == 4
    assert "pacesetter.db" in outcome.error


def test_port_in_use(pace: Call, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        outcome = pace("--home", tmp_path / "home", "up", "--port", port)
    assert outcome.code == 3
    assert f"port {port}" in outcome.error and f"--port {port + 1}" in outcome.error
    assert not (tmp_path / "home").exists()


def test_an_address_for_others_is_refused(pace: Call, tmp_path: Path) -> None:
    outcome = pace("--home", tmp_path / "home", "up", "--host", "0.0.0.0")
    assert outcome.code == 3 and "--host" in outcome.error


def test_a_home_that_cannot_be_made(pace: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = pace("--home", tmp_path / "file" / "home", "rank")
    assert outcome.code == 3 and "--home" in outcome.error


def test_json_and_csv_exclude_each_other(pace: Call) -> None:
    assert pace("methods", "--json", "--csv").code == 2


def test_a_bug_leaves_a_report(pace: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, name: str) -> None:
        raise ZeroDivisionError("a planted\nbug")

    monkeypatch.setattr(lazy.LazyCommands, "__getitem__", broken)
    outcome = pace("--home", tmp_path, "rank")
    assert outcome.code == 70
    assert "unexpected ZeroDivisionError: a planted — this is a bug" in outcome.error
    (report,) = (tmp_path / "logs").iterdir()
    assert str(report) in outcome.err and "Traceback" in report.read_text()
    shown = pace("--home", tmp_path, "--debug", "rank")
    assert shown.code == 70 and "Traceback" in shown.err


def test_interrupt(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object, name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lazy.LazyCommands, "__getitem__", interrupted)
    assert call(["rank"]) == 130


def test_ctrl_c_in_a_running_import(tmp_path: Path) -> None:
    """A real SIGINT while a pipe feeds the import nothing."""
    pipe = tmp_path / "prices.csv"
    os.mkfifo(pipe)
    command = [PROGRAM, "--home", str(tmp_path / "home"), "import", "prices", str(pipe)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "reading" in process.stderr.readline()
    writer = os.open(pipe, os.O_WRONLY)  # waits until somebody reads
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    os.close(writer)  # the thread that reads ends with its pipe
    _, said = process.communicate(timeout=240)
    assert process.returncode == 130, said
    assert "Traceback" not in said


def test_a_closed_pipe_is_no_error(simulated: Path) -> None:
    command = f'"{PROGRAM}" --home "{simulated}" methods --factors --json | head -c 10'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@x", "\tx"])
def test_csv_cells_are_no_formulas(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(-1.5) == -1.5


def test_control_characters_never_reach_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in clean("red \x1b[31m")
    table = Table("", [Column("name")], [["\x1b]0;title\x07[bold]x[/bold]"]])
    print_table(make_console(Options()), table)
    out = capfd.readouterr().out
    assert "\x1b" not in out and "[bold]x[/bold]" in out


@pytest.mark.parametrize(
    ("kind", "header"),
    [("prices", "Symbol,Date,Close"), ("fundamentals", "Symbol,EPS"), ("symbols", "Symbol,Name")],
)
def test_a_file_without_rows(kind: str, header: str, pace: Call, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text(header + "\n")
    outcome = pace("--home", tmp_path / "home", "import", kind, tmp_path / "empty.csv")
    assert outcome.code == 2
    assert "no rows" in outcome.error and "empty.csv" in outcome.error
