"""Whatever lies in the watched folder: each content ends as taken in once, nothing outside is touched."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pacesetter.jobs.inbox.watch_inbox import watch_inbox
from pacesetter.jobs.workspace import Workspace
from tests.jobs.home import ask, count
from tests.jobs.inbox.inbox_cases import CANARY, Case, make_case
from tests.jobs.inbox.inbox_home import at_once, hash_of, in_inbox, print_tree

AT_ONCE = 25


@pytest.mark.timeout(3000)
def test_nasty_cases(tmp_path: Path, database_url: str, rng: np.random.Generator, full_counts: bool) -> None:
    n = 2000 if full_counts else 200
    canary = tmp_path / "canary"
    canary.mkdir()
    for name in ("secret.csv", "linked.csv"):
        (canary / name).write_text(f"ticker,reason\nTSLA,{CANARY}\n")
    cases: list[Case] = []

    async def work(ws: Workspace, inbox: Path) -> None:
        for begin in range(0, n, AT_ONCE):
            fresh: list[Case] = []
            for number in range(begin, min(begin + AT_ONCE, n)):
                fresh.append(make_case(rng, number, inbox, canary, [*cases, *fresh]))
            before = print_tree(canary)
            changed = {one.path: rng.random() for one in fresh if one.comes}

            async def meddle(seconds: float, changed: dict[Path, float] = changed) -> None:
                for path, dice in changed.items():
                    if dice < 0.03 and path.read_bytes()[:2] != b"\xff\xfe":  # still being written
                        path.write_bytes(path.read_bytes() + b"\n")
                    elif dice < 0.06:
                        path.rename(path.with_name(f"{path.stem[:60]}~{dice}{path.suffix}"))

            report = await watch_inbox(ws, sleep=meddle)
            assert not report.said and not report.busy
            assert not [one.summary for one in report.files if "unexpected" in one.summary]
            report = await watch_inbox(ws, sleep=at_once)
            told = [one.reason for one in report.left] + [one.summary for one in report.files]
            assert not [one for one in told if "unexpected" in one]
            assert print_tree(canary) == before
            for one in fresh:
                assert os.path.lexists(one.path) != one.comes, one
            cases.extend(fresh)
            clear(inbox)
        await check(ws, inbox, cases)

    in_inbox(tmp_path / "home", database_url, work)
    beside = {path.name.partition("-")[0] for path in tmp_path.iterdir()}
    assert beside <= {"canary", "home", "pacesetter.db"}


def clear(inbox: Path) -> None:
    """Take away what is left where it was, so that the folders do not fill."""
    for folder in ("ticker-lists", "manual-stocks", "research-reports", "prices", "portfolios", "boxes"):
        for path in [*(inbox / folder).rglob("*")]:
            if path.name in ("README.txt", "macro", "general") or not os.path.lexists(path):
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


async def check(ws: Workspace, inbox: Path, cases: list[Case]) -> None:
    """Each content once, each file where its row says, beside its reports."""
    rows = await ask(ws, "SELECT folder, sha256, status, moved_to, name FROM inbox_files")
    applied = Counter((folder, sha) for folder, sha, status, *_ in rows if status == "applied")
    assert set(applied.values()) <= {1}
    grown = {hash_of(one.content + b"\n"): hash_of(one.content) for one in cases}
    seen = {(folder, grown.get(sha, sha)) for folder, sha in applied}
    missing = [one for one in cases if one.good and (one.folder, hash_of(one.content)) not in seen]
    assert not missing
    assert len(rows) == sum(one.comes for one in cases)
    places = [place for *_, place, _ in rows]
    assert None not in places and len(set(places)) == len(places)
    for _, sha, status, place, _ in rows:
        path = inbox / place
        content = path.read_bytes()
        assert hash_of(content) == sha or not content
        assert (Path(place).parts[0] == "errors") == (status == "failed") and len(Path(place).parts) == 3
        for ending in (".report.json", ".report.txt"):
            assert path.with_name(path.name + ending).stat().st_size
    files = [p for end in ("processed", "errors") for p in (inbox / end).rglob("*") if p.is_file()]
    assert len(files) == 3 * len(rows)
    assert await count(ws, "inbox_files", "finished_at IS NULL") == 0
    for table in ("research_texts", "inbox_files"):
        assert CANARY not in str(await ask(ws, f"SELECT * FROM {table}"))
    assert await count(ws, "research_texts", "symbol = 'TSLA'") == 0
    bars = await ask(ws, "SELECT symbol, date FROM market_data_cache")
    assert len(bars) == len(set(bars)) > 0
    print(f"{len(cases)} cases, {Counter(status for _, _, status, *_ in rows)}")
