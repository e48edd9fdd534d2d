"""The page: every board, what is marked loudly, and nothing from data that could run."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text

from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.homes import EVENING, SESSIONS, settings_for
from tests.web.conftest import Ask, get

VOID = {"meta", "link", "input", "br", "img", "rect", "line", "path"}


class Tree(HTMLParser):
    """Collects tags and ids, and fails on tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def parse(html: str) -> Tree:
    tree = Tree()
    tree.feed(html)
    assert tree.open == []
    return tree


def test_page_shows_every_board(ask: Ask) -> None:
    answer = ask("/")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    tree = parse(answer.text)
    sections = [attrs["id"] for tag, attrs in tree.tags if tag == "section" and attrs.get("id")]
    assert sections == [b["slug"] for b in ask("/api/v1/domains").json()["domains"]]
    ids = [attrs["id"] for _, attrs in tree.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert "SIMULATED" in answer.text and "Not current" not in answer.text
    assert all(f"<b>{row['symbol']}</b>" in answer.text for row in ask("/api/v1/rankings/ev").json()["rows"])


def test_nothing_comes_from_elsewhere_and_nothing_runs(ask: Ask) -> None:
    tree = parse(ask("/").text)
    assert not {tag for tag, _ in tree.tags} & {"script", "iframe", "img", "object", "embed"}
    for tag, attrs in tree.tags:
        assert not {name for name in attrs if name.startswith("on") or name == "style"}, tag
        link = attrs.get("href") or attrs.get("src") or attrs.get("action") or "/"
        assert link.startswith(("/", "#", "data:image/svg+xml")), link


def test_a_change_has_shape_sign_and_words(ask: Ask) -> None:
    page = ask("/").text
    changes = [
        row["rank_change"] for slug in slugs(ask) for row in ask(f"/api/v1/rankings/{slug}").json()["rows"]
    ]
    up, down = sum(c > 0 for c in changes), sum(c < 0 for c in changes)
    assert up and down
    assert (
        len(re.findall(r'class="up"><span aria-hidden="true">▲</span> \+\d+<span class="hidden"> up', page))
        == up
    )
    assert (
        len(
            re.findall(r'class="down"><span aria-hidden="true">▼</span> −\d+<span class="hidden"> down', page)
        )
        == down
    )
    assert page.count('class="same"><span aria-hidden="true">=') == len(changes) - up - down


def slugs(ask: Ask) -> list[str]:
    return [board["slug"] for board in ask("/api/v1/domains").json()["domains"]]


def test_stale_ranks_are_marked(ranked: Settings) -> None:
    late = VirtualClock(EVENING + timedelta(days=7))
    page = get(create_app(ranked, simulated=True, clock=late), "/").text
    assert "Not current" in page and "5 completed sessions are newer than 2025-07-24" in page


def test_nobody_is_new_on_the_first_session(ask: Ask) -> None:
    page = ask(f"/?on={SESSIONS[0]}").text
    assert "no session before" in page and "● " not in page and "</span> new" not in page


def test_another_session(ask: Ask) -> None:
    page = ask(f"/?on={SESSIONS[0]}").text
    assert "Tuesday, 22 July 2025" in page and "● " not in page.replace("●</span> new", "")
    assert "No ranks of 2025-07-18" in ask("/?on=2025-07-18").text
    wrong = ask("/?on=nonsense")
    assert wrong.status_code == 422 and "YYYY-MM-DD" in wrong.text
    parse(wrong.text)


def test_empty_home_names_the_commands(tmp_path: Path) -> None:
    answer = get(create_app(settings_for(tmp_path), simulated=False, clock=VirtualClock(EVENING)), "/")
    assert answer.status_code == 200
    parse(answer.text)
    for command in ("pacesetter import prices FILE", "pacesetter cycle", "pacesetter up"):
        assert f"<code>{command}</code>" in answer.text
    assert "SIMULATED" not in answer.text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_names_are_text(sqlite_home: Settings, name: str) -> None:
    async def rename() -> None:
        async with open_workspace(sqlite_home, simulated=True) as ws, ws.db.write() as conn:
            statement = text("UPDATE symbol_universe SET name = :name WHERE symbol = 'NVDA'")
            await conn.execute(statement, {"name": name})

    asyncio.run(rename())
    page = get(create_app(sqlite_home, simulated=True, clock=VirtualClock(EVENING)), "/").text
    tree = parse(page)
    assert not {tag for tag, _ in tree.tags} & {"script", "img"}
    assert "<span>49</span>" not in page and ("alert(1)" in page) == ("alert" in name)


def test_a_long_board_shows_its_first_rows_and_says_how_many_follow(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pacesetter.web.routes.pages.MOST_ROWS", 2)
    rows = ask("/api/v1/rankings/ev").json()["rows"]
    page = ask("/").text
    parse(page)
    board = page[page.index('<section id="ev"') :]
    board = board[: board.index("</section>")]
    assert [f"<b>{row['symbol']}</b>" in board for row in rows] == [True, True, False, False]
    assert "and 2 more" in board and 'pacesetter rank "EV"' in board
