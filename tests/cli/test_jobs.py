"""Jobs on the command line: listed, shown, and wrong questions."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.runner.queue import ask_job
from pacesetter.jobs.runner.run_job import Watch, run_job, take_next
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import InputError
from tests.cli.conftest import Call
from tests.homes import EVENING, settings_for


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a job that failed and one that waits."""

    async def fail(_ws: Any, _job: Any, progress: Watch) -> str:
        progress("dates", 60, 180)
        raise InputError("no prices are stored", where="AI/Tech", mend="`pacesetter import prices FILE`")

    async def fill() -> None:
        settings = settings_for(tmp_path / "home")
        async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
            await ask_job(ws, "backfill", {"from": date(2025, 6, 2), "boards": ["ev"]}, by="ann")
            job = await take_next(ws)
            assert job is not None
            await run_job(ws, job, Watch(), fail)
            await ask_job(ws, "warm", {}, by="ben")

    asyncio.run(fill())
    return tmp_path / "home"


def test_jobs_are_listed_newest_first(pace: Call, home: Path) -> None:
    rows = pace("--home", home, "--json", "jobs").json["rows"]
    assert [(row["kind"], row["state"], row["asked_by"]) for row in rows] == [
        ("warm", "queued", "ben"),
        ("backfill", "failed", "ann"),
    ]
    text = pace("--home", home, "jobs").out
    assert "60 of 180 sessions" in text and "no prices are stored" in text and "pacesetter jobs show" in text
    assert pace("--home", home, "--json", "jobs", "--state", "failed", "--kind", "warm").json["rows"] == []
    lines = pace("--home", home, "--csv", "jobs", "--state", "queued").out.splitlines()
    assert lines[0] == "id,kind,state,asked for,by,done,what came of it" and len(lines) == 2


def test_one_job_is_shown_by_the_end_of_its_id(pace: Call, home: Path) -> None:
    (job,) = pace("--home", home, "--json", "jobs", "--state", "failed").json["rows"]
    for name in (job["id"], job["id"][-12:], job["id"][:18].upper()):
        shown = pace("--home", home, "--json", "jobs", "show", name).json
        assert shown["id"] == job["id"] and shown["parameters"] == {"boards": ["ev"], "from": "2025-06-02"}
    text = pace("--home", home, "jobs", "show", job["id"]).out
    for said in ("by ann", "from: 2025-06-02", "no prices are stored", "AI/Tech", "pacesetter import prices"):
        assert said in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("show", "zzz"), "no job is called 'zzz'"),
        (("show", "0"), "several jobs are"),
        (("--state", "lost"), "choose queued, running"),
        (("--kind", "import"), "choose cycle, backfill, warm"),
    ],
)
def test_wrong_questions(pace: Call, home: Path, asked: tuple[str, ...], said: str) -> None:
    outcome = pace("--home", home, "jobs", *asked)
    assert outcome.code == 2 and said in outcome.error
