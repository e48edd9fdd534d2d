"""The audit log on the command line: listed by name, checked, and a break in it told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings
from pacesetter.store.accounts.audit import write_entry
from tests.cli.conftest import Call

AT = datetime(2025, 3, 4, 7, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two entries, the second with long details."""
    write(tmp_path, ["agent.changed", "watch.added"])
    return tmp_path


def write(folder: Path, actions: list[str], *statements: str) -> None:
    settings = Settings(home=folder, source="none", _env_file=None)  # type: ignore[call-arg]

    async def work() -> None:
        async with open_workspace(settings, simulated=False) as ws, ws.db.write() as conn:
            for action in actions:
                await write_entry(conn, action, {"why": action * 20}, at=AT)
            for statement in statements:
                await conn.execute(text(statement))

    asyncio.run(work())


def test_entries_are_listed_the_newest_first(pace: Call, home: Path) -> None:
    rows = pace("--home", home, "audit", "--json").json
    assert [(row["sequence"], row["action"], row["user"]) for row in rows] == [
        (2, "watch.added", "pacesetter"),
        (1, "agent.changed", "pacesetter"),
    ]
    assert rows[0]["data"] == {"why": "watch.added" * 20}
    table = pace("--home", home, "audit", "--action", "agent")
    assert "2025-03-04 07:00" in table.out and "agent.changed" in table.out and "watch" not in table.out
    assert "…" in table.out
    assert "there is no entry of moon" in pace("--home", home, "audit", "--action", "moon").err


def test_a_whole_record_and_its_newest_hash(pace: Call, home: Path) -> None:
    done = pace("--home", home, "audit", "verify", "--json")
    assert (done.code, done.json["whole"], done.json["entries"]) == (0, True, 2)
    noted = done.json["head"]
    assert pace("--home", home, "audit", "verify", "--head", noted).code == 0
    write(home, ["watch.removed"])
    assert pace("--home", home, "audit", "verify", "--head", noted).code == 0, "it is still in there"
    other = pace("--home", home, "audit", "verify", "--head", "ab" * 32)
    assert other.code == 1 and "noted hash" in other.out


def test_a_changed_entry_is_told(pace: Call, home: Path) -> None:
    write(
        home, [], "DROP TRIGGER audit_log_no_update", "UPDATE audit_log SET action = 'x' WHERE sequence = 1"
    )
    done = pace("--home", home, "audit", "verify")
    assert done.code == 1 and "it was changed" in done.out and "NOT whole" in done.err
    (found,) = pace("--home", home, "audit", "verify", "--json").json["breaks"]
    assert found["sequence"] == 1
