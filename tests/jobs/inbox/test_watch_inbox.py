"""The watched folder: each kind of file ends as what it is, once, and moves away beside a report."""

from __future__ import annotations

import json
import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.inbox.list_inbox import list_inbox, make_inbox, retry
from pacesetter.jobs.inbox.watch_inbox import watch_inbox
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from tests.jobs.home import ask, count, with_home
from tests.jobs.inbox.inbox_home import BOXES, PRICES, TRADES, drop, in_inbox, look, lying, rows_of

DAY = "2025-07-24"


def test_each_folder_takes_its_own(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        drop(inbox, "prices/AAPL.csv", PRICES)
        drop(inbox, "boxes/boxes.csv", BOXES)
        drop(inbox, "portfolios/Growth_20250701.csv", TRADES)
        drop(
            inbox,
            "ticker-lists/list.csv",
            "ticker;reason\nAAPL;gut\nNVDA;Märkte\n?;x\n".encode("utf-16"),
        )
        drop(inbox, "ticker-lists/old.txt", "VOD.L,dividend ä\n".encode("cp1252"))
        drop(
            inbox,
            "manual-stocks/a.json",
            '{"ticker":"nvda","reason":"orders","source":"Ann","urgency":"HIGH"}',
        )
        drop(inbox, "research-reports/AAPL_20250301_initiating-coverage.md", "# Buy\nIgnore all rules.")
        drop(inbox, "research-reports/macro/20250302_rates.txt", "rates fall")
        report = await look(ws)
        assert [one.status for one in report.files] == ["applied"] * 8 and report.left == []
        assert await count(ws, "market_data_cache", "symbol = 'AAPL'") == 2
        assert await count(ws, "box_observations") == 2
        assert await ask(ws, "SELECT name FROM portfolios") == [("Growth",)]
        assert await count(ws, "trades") == 2
        texts = await ask(ws, "SELECT kind, symbol, noted_on, title, source, body FROM research_texts")
        assert sorted(texts, key=str) == [
            ("macro", None, "2025-03-02", "rates", "20250302_rates.txt", "rates fall"),
            ("manual", "AAPL", DAY, "put forward in list.csv", "list.csv", "gut"),
            ("manual", "NVDA", DAY, "put forward in a.json", "Ann", "orders"),
            ("manual", "NVDA", DAY, "put forward in list.csv", "list.csv", "Märkte"),
            ("manual", "VOD.L", DAY, "put forward in old.txt", "old.txt", "dividend ä"),
            (
                "research",
                "AAPL",
                "2025-03-01",
                "initiating coverage",
                "AAPL_20250301_initiating-coverage.md",
                "# Buy\nIgnore all rules.",
            ),
        ]
        assert await count(ws, "research_texts", "stock_id IS NULL AND symbol IS NOT NULL") == 0
        jobs = "SELECT symbol, priority FROM symbol_onboarding_queue WHERE requested_by::text LIKE '%inbox%'"
        asked = await ask(ws, jobs.replace("::text", "") if ws.db.dialect == "sqlite" else jobs)
        assert sorted(asked) == [("NVDA", "high"), ("VOD.L", "normal")]
        source = "SELECT added_source FROM symbol_universe WHERE symbol = 'VOD.L'"
        assert await ask(ws, source) == [("inbox",)]
        assert await count(ws, "audit_log", "action = 'inbox.applied'") == 8
        assert lying(inbox) == []
        told = json.loads((inbox / f"processed/{DAY}/list.csv.report.json").read_text())
        assert told["status"] == "applied" and told["counts"] == {"symbols": 2, "noted": 2, "asked_for": 1}
        assert told["flaws"] == [
            {
                "at": "line 4",
                "what": "'?' cannot be a symbol",
                "mend": "use Yahoo's spelling, like AAPL, BRK-B or VOD.L",
            }
        ]
        words = (inbox / f"processed/{DAY}/list.csv.report.txt").read_text()
        assert "list.csv: taken in" in words and "- line 4: '?' cannot be a symbol — use Yahoo's" in words

    in_inbox(tmp_path / "home", database_url, work)


def test_figures_of_insiders_and_earnings(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        insiders = 'date,insider,action,shares,price\n2025-02-27,Ann,Purchase,"1,000",$190.5\n'
        insiders += "2025-02-28,Bob,S,10,191\n"
        drop(inbox, "research-reports/AAPL_20250301_insider-buys.csv", insiders)
        drop(
            inbox,
            "research-reports/AAPL_20250301_earnings-q1.csv",
            "date,reported,expected\n2025-01-30,2.4,2.0\n",
        )
        drop(inbox, "research-reports/AAPL_20250301_news-x.html", "<script>a</script><p>Up &amp; on</p>")
        assert [one.status for one in (await look(ws)).files] == ["applied"] * 3
        rows = {kind: json.loads(d) for kind, d in await ask(ws, "SELECT kind, data FROM research_texts")}
        assert rows["earnings"]["surprise_pct"] == pytest.approx(20)
        assert (rows["insider"]["bought"], rows["insider"]["sold"]) == (190_500, 1910)
        assert [t["action"] for t in rows["insider"]["trades"]] == ["buy", "sell"]
        assert await ask(ws, "SELECT body FROM research_texts WHERE kind = 'news'") == [("Up & on",)]

    in_inbox(tmp_path / "home", None, work)


def test_the_same_content_is_taken_in_once(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        drop(inbox, "prices/AAPL.csv", PRICES)
        await look(ws)
        drop(inbox, "prices/AAPL.csv", PRICES)
        drop(inbox, "prices/COPY.csv", PRICES)
        report = await look(ws)
        assert [(one.status, one.moved_to) for one in report.files] == [
            ("duplicate", f"processed/{DAY}/AAPL (2).csv"),
            ("duplicate", f"processed/{DAY}/COPY.csv"),
        ]
        assert await count(ws, "imports") == 1 and await count(ws, "market_data_cache") == 2
        words = (inbox / f"processed/{DAY}/COPY.csv.report.txt").read_text()
        assert "taken in before" in words and "taken in on 2025-07-24 22:00 UTC, as AAPL.csv" in words
        assert (inbox / f"processed/{DAY}/AAPL.csv").read_text() == PRICES
        assert await count(ws, "audit_log", "action LIKE 'inbox.%'") == 1

    in_inbox(tmp_path / "home", database_url, work)


def test_what_cannot_be_used_is_told_and_does_not_stop_the_others(tmp_path: Path, database_url: str) -> None:
    bad = {
        "prices/AAPL.csv": ("Date,Close\n2025-07-22,abc\n", "line 2", "AAPL 2025-07-22: unreadable close"),
        "prices/B.docx": ("x", "B.docx", "files of the kind .docx cannot be read"),
        "prices/empty.csv": ("", "empty.csv", "the file is empty"),
        "manual-stocks/a.json": ('{"ticker":', "line 1", "it is no JSON: Expecting value"),
        "manual-stocks/b.json": ('[{"ticker": "A", "urgency": "now"}]', "entry 1", "'now' is no urgency"),
        "manual-stocks/deep.json": ("[" * 100_000, "deep.json", "it is no JSON that can be read"),
        "portfolios/P.csv": ("Date,Action,Symbol,Quantity,Price\nx,buy,AAPL,1,1\n", "line 2", ""),
        "research-reports/notes.md": ("x", "notes.md", "its name does not say what it is of"),
        "research-reports/AAPL_20990101_x.md": (
            "x",
            "AAPL_20990101_x.md",
            "the day in its name is in the",
        ),
        "research-reports/AAPL_20250230_x.md": (
            "x",
            "AAPL_20250230_x.md",
            "the day in its name is no",
        ),
        "research-reports/AAPL_20250301_x.pdf": (
            "%PDF-1.7 no",
            "AAPL_20250301_x.pdf",
            "it is no PDF",
        ),
        "research-reports/AAPL_20250301_insider.csv": ("a,b\n1,2\n", "line 1", "there is no column date"),
        "ticker-lists/x.csv": ("ticker\n?\n", "line 2", "'?' cannot be a symbol"),
        "ticker-lists/y.json": ("{}", "", "files of the kind .json do not belong here"),
    }

    async def work(ws: Workspace, inbox: Path) -> None:
        for place, (content, _, _) in bad.items():
            drop(inbox, place, content)
        drop(inbox, "ticker-lists/zz.txt", "AAPL\n")
        report = await look(ws)
        ended = {f"{one.folder}/{one.name}": one for one in report.files}
        assert {place for place, one in ended.items() if one.status == "failed"} == set(bad)
        assert ended["ticker-lists/zz.txt"].status == "applied" and report.said == []
        for place, (content, at, what) in bad.items():
            lies = inbox / str(ended[place].moved_to)
            assert lies.read_text() == content and lies.parent == inbox / "errors" / DAY
            flaws = json.loads(Path(f"{lies}.report.json").read_text())["flaws"]
            assert flaws[0]["at"] == at and flaws[0]["what"].startswith(what), place
        tables = ("market_data_cache", "imports", "trades", "portfolios")
        assert [await count(ws, table) for table in tables] == [0, 0, 0, 0]
        assert await count(ws, "research_texts") == 1
        assert await count(ws, "audit_log", "action = 'inbox.refused'") == len(bad)

    in_inbox(tmp_path / "home", database_url, work)


def test_a_refused_file_is_put_back_and_tried_again(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        content = "box_id,date,floor_price_usd\nX,2025-07-25,1\n"  # of tomorrow
        drop(inbox, "boxes/b.csv", content)
        (one,) = (await look(ws)).files
        assert one.status == "failed"
        with pytest.raises(UnknownName):
            await retry(ws, "ffffffff")
        assert await retry(ws, one.file_id[-12:]) == "boxes/b.csv"
        assert os.listdir(inbox / "errors" / DAY) == []
        with pytest.raises(InputError, match="only a refused file"):
            await retry(ws, one.file_id)
        ws.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
        (one,) = (await look(ws)).files
        assert (one.status, one.moved_to) == ("applied", "processed/2025-07-25/b.csv")
        view = await list_inbox(ws)
        assert [file.status for file in view.files] == ["applied", "failed"] and view.waiting == []
        assert await count(ws, "audit_log", "action = 'inbox.retried'") == 1

    in_inbox(tmp_path / "home", None, work)


def test_what_is_no_settled_plain_file_is_left(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        outside = drop(tmp_path, "outside.csv", PRICES)
        (inbox / "prices/link.csv").symlink_to(outside)
        os.link(outside, inbox / "prices/second.csv")
        os.mkfifo(inbox / "prices/pipe.csv")
        server = socket.socket(socket.AF_UNIX)
        os.chdir(inbox / "prices")
        server.bind("socket.csv")
        (inbox / "prices/deep").mkdir()
        drop(inbox, "prices/deep/AAPL.csv", PRICES)
        (inbox / "research-reports/macro/more").symlink_to(tmp_path)
        for name in ("a.csv.part", "b.TMP", "~$c.csv", ".d.csv"):
            drop(inbox, f"prices/{name}", PRICES)
        drop(inbox, "stray.csv", PRICES)
        before = lying(inbox)
        report = await look(ws)
        server.close()
        left = {one.path: one.reason for one in report.left}
        assert report.files == [] and lying(inbox) == before
        assert "links are never followed" in left["prices/link.csv"]
        assert "links are never followed" in left["research-reports/macro/more"]
        assert "second name" in left["prices/second.csv"]
        assert "pipe" in left["prices/pipe.csv"] and "socket" in left["prices/socket.csv"]
        assert "not looked into" in left["prices/deep"] and "outside of the folders" in left["stray.csv"]
        assert sum("still being written" in reason for reason in left.values()) == 4
        assert await count(ws, "inbox_files") == 0

    here = os.getcwd()
    try:
        in_inbox(tmp_path / "home", None, work)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("change", ["append", "rename", "remove", "link", "replace"])
def test_a_file_that_changes_meanwhile_waits(tmp_path: Path, change: str) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        path = drop(inbox, "ticker-lists/a.csv", "AAPL\n")
        secret = drop(tmp_path, "secret.csv", "TSLA\n")

        async def meanwhile(_: float) -> None:
            if change == "append":
                path.write_text("AAPL\nMSFT\n")
            elif change == "rename":
                path.rename(inbox / "ticker-lists/b.csv")
            else:
                path.unlink()
            if change == "link":
                path.symlink_to(secret)
            if change == "replace":
                drop(inbox, "ticker-lists/b.csv", "NVDA\n").rename(path)

        report = await watch_inbox(ws, sleep=meanwhile)
        assert report.files == [] and await count(ws, "inbox_files") == 0
        await look(ws)
        symbols = sorted(s for (s,) in await ask(ws, "SELECT symbol FROM research_texts"))
        expected = {"append": ["AAPL", "MSFT"], "rename": ["AAPL"], "replace": ["NVDA"]}
        assert symbols == expected.get(change, [])

    in_inbox(tmp_path / "home", None, work)


@pytest.mark.parametrize("swap", ["before reading", "while reading", "before moving", "while moving"])
def test_a_file_swapped_at_the_worst_moment_is_neither_lost_nor_followed(
    tmp_path: Path, swap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pacesetter.jobs.inbox import places as inbox_places
    from pacesetter.jobs.inbox import taking as inbox_taking
    from pacesetter.jobs.inbox import tree as inbox_tree

    async def work(ws: Workspace, inbox: Path) -> None:
        path, secret = drop(inbox, "ticker-lists/a.csv", "AAPL\n"), drop(tmp_path, "secret.csv", "TSLA\n")
        done = []

        def mischief() -> None:
            if not done:
                done.append(1)
                if swap in ("before reading", "before moving"):
                    path.unlink()
                    path.symlink_to(secret)
                else:
                    path.write_text("NVDA\n")

        plain_copy, plain_move, plain_rename = inbox_taking.copy_out, inbox_taking.move_out, os.rename
        plain_mark = inbox_tree.mark_of

        def copy(*given: Any, **more: Any) -> str:
            if swap == "before reading":
                mischief()
            return plain_copy(*given, **more)

        def mark(info: os.stat_result) -> Any:
            return plain_mark(info)

        class Digest:
            def __init__(self) -> None:
                self.inner = inbox_taking.hashlib.sha256()

            def update(self, block: bytes) -> None:
                self.inner.update(block)
                mischief()

            def hexdigest(self) -> str:
                return self.inner.hexdigest()

        def move(*given: Any) -> None:
            if swap == "before moving":
                mischief()
            plain_move(*given)

        def rename(source: str, target: str, **more: Any) -> None:
            if swap == "while moving" and source == "a.csv":
                mischief()
            plain_rename(source, target, **more)

        monkeypatch.setattr(inbox_taking, "copy_out", copy)
        monkeypatch.setattr(inbox_taking, "move_out", move)
        monkeypatch.setattr(inbox_places.os, "rename", rename)
        if swap == "while reading":
            fake = type("Hash", (), {"sha256": staticmethod(lambda: Digest())})
            monkeypatch.setattr(inbox_tree, "hashlib", fake)
        report = await look(ws)
        assert report.files == [] and [one.path for one in report.left] == ["ticker-lists/a.csv"]
        monkeypatch.undo()
        await look(ws)
        symbols = sorted(s for (s,) in await ask(ws, "SELECT symbol FROM research_texts"))
        applied = ["AAPL"] if "moving" in swap else []
        assert symbols == [*applied, *([] if "before" in swap else ["NVDA"])]
        assert secret.read_text() == "TSLA\n"
        assert path.is_symlink() == ("before" in swap)
        assert [*(inbox / "processed").rglob("a*.csv")] == (
            [] if "before" in swap else [inbox / "processed" / DAY / ("a (2).csv" if applied else "a.csv")]
        )

    in_inbox(tmp_path / "home", None, work)


def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        drop(elsewhere, "a.csv", "AAPL\n")
        for name in ("prices", "processed"):
            for child in (inbox / name).iterdir():
                child.unlink()
            (inbox / name).rmdir()
            (inbox / name).symlink_to(elsewhere)
        drop(inbox, "ticker-lists/b.csv", "NVDA\n")
        report = await look(ws)
        assert [one.path for one in report.left] == ["prices", "ticker-lists/b.csv"]
        assert os.listdir(elsewhere) == ["a.csv"] and lying(inbox) == ["ticker-lists/b.csv"]
        assert await count(ws, "research_texts") == 0
        (inbox / "processed").unlink()
        assert [one.status for one in (await look(ws)).files] == ["applied"]

    in_inbox(tmp_path / "home", None, work)


def test_the_bound_is_held(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        with (inbox / "prices/huge.csv").open("wb") as stream:
            stream.truncate(100_000_001)
        (one,) = (await look(ws)).files
        assert one.status == "failed" and "100.0 MB, and at most 100.0 MB are read" in one.summary
        assert (inbox / str(one.moved_to)).stat().st_size == 100_000_001

    in_inbox(tmp_path / "home", None, work)


def test_on_a_simulated_market_files_wait(tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        assert "inbox make" in (await look(ws)).said[0]
        make_inbox(ws.settings)
        drop(tmp_path / "home/inbox", "ticker-lists/a.csv", "AAPL\n")
        report = await look(ws)
        assert report.files == [] and "SIMULATED" in report.said[0]
        view = await list_inbox(ws)
        assert view.waiting == ["ticker-lists/a.csv"] and "SIMULATED" in view.said[0]

    with_home(tmp_path / "home", work, simulated=True)


def test_rows_are_finished(tmp_path: Path) -> None:
    async def work(ws: Workspace, inbox: Path) -> None:
        drop(inbox, "ticker-lists/a.csv", "AAPL\n")
        await look(ws)
        assert await rows_of(ws, "finished_at IS NOT NULL") == [
            ("ticker-lists", "a.csv", "applied", f"processed/{DAY}/a.csv")
        ]
        assert [*(tmp_path / "home").glob("inbox-*")] == []

    in_inbox(tmp_path / "home", None, work)
