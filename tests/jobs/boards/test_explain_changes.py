"""The ledger from stored data: exact sums, revisions, membership, method, on both databases."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards import explain_changes
from pacesetter.jobs.boards.board_panels import load_board_panel
from pacesetter.jobs.boards.define_board import create_board
from pacesetter.jobs.boards.explain_changes import (
    BoardChanges,
    explain_board_changes,
    explain_every_board,
)
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.store.boards.memberships import end_members
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols.domains import find_domain, list_domains
from tests.jobs.backfill.test_backfill import DAYS, home, rows  # noqa: F401
from tests.jobs.boards.test_cycle import evening, set_time
from tests.jobs.home import ask, write_csv

FIRST, LAST = DAYS[-25], DAYS[-1]


def check_sums(found: BoardChanges) -> int:
    """Every ledger's parts add up; how many moved."""
    moved = 0
    for one in found.ledgers:
        if one.status != "moved":
            assert not one.rank_shares
            continue
        moved += 1
        assert sum(one.rank_shares.values()) == one.rank_change
        assert math.isclose(
            math.fsum(one.composite_shares.values()), one.composite_change or 0.0, rel_tol=0, abs_tol=1e-12
        )
    return moved


async def published_ranks(ws: Workspace, on: date) -> dict[str, int]:
    found = await ask(
        ws,
        "SELECT r.symbol, r.current_rank FROM ranking_results r "
        "JOIN board_heads h ON h.cycle_id = r.cycle_id "
        "AND h.domain_id = r.domain_id AND h.metric_date = r.metric_date AND h.head_to IS NULL "
        "JOIN domains d ON d.id = r.domain_id WHERE d.slug = 'ai-tech' AND r.metric_date = :on "
        "AND r.current_rank IS NOT NULL",
        on=on if ws.db.dialect == "postgresql" else on.isoformat(),
    )
    return dict(found)


def test_the_ends_are_what_was_published_and_the_parts_add_up(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, board="AI/Tech", first=FIRST)
        found = await explain_board_changes(ws, "AI/Tech", first=FIRST, last=LAST)
        assert check_sums(found) == 5
        for end, on in (("before", FIRST), ("after", LAST)):
            ranks = {one.symbol: getattr(one, end).rank for one in found.ledgers}
            assert ranks == await published_ranks(ws, on)
        assert all("revisions" not in one.rank_shares for one in found.ledgers)
        newest = await explain_board_changes(ws, "AI/Tech")
        assert (newest.first, newest.last) == (DAYS[-2], DAYS[-1])
        (alone,) = (await explain_board_changes(ws, "ai-tech", symbol="NVDA", first=FIRST)).ledgers
        assert alone in found.ledgers
        asked = ["NVDA", "NOBODY", "MSFT"]
        some = await explain_board_changes(ws, "ai-tech", symbols=asked, first=FIRST)
        assert {one.symbol for one in some.ledgers} == {"NVDA", "MSFT"} and alone in some.ledgers

    home(work)


def test_every_board_at_once_is_each_alone_and_loads_a_date_once(
    home: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Two", symbols=["NVDA", "AMD"])
        await backfill_ranks(ws, first=DAYS[-2])
        await backfill_ranks(ws, board="Two", first=DAYS[-3], last=DAYS[-3])
        async with ws.db.read() as conn:
            slugs = [row.slug for row in await list_domains(conn)]
        alone = [await explain_board_changes(ws, slug) for slug in slugs]
        loaded = []

        async def load(*given: Any, **asked: Any) -> Any:
            loaded.append(asked["sessions"])
            return await load_board_panel(*given, **asked)

        monkeypatch.setattr(explain_changes, "load_board_panel", load)
        assert await explain_every_board(ws) == alone and len(alone) > 1
        assert loaded == [[DAYS[-2]], [DAYS[-1]]]
        (two,) = await explain_every_board(ws, last=DAYS[-2])  # the others have no date before it
        assert (two.slug, two.first, two.last) == ("two", DAYS[-3], DAYS[-2])

    home(work)


def test_a_correction_of_the_past_has_its_share(home: Any, tmp_path: Path) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await backfill_ranks(ws, board="AI/Tech", first=FIRST)
        plain = await explain_board_changes(ws, "AI/Tech", first=FIRST, last=LAST)
        set_time(ws, evening(DAYS[-1]) + timedelta(hours=2))
        bent = [(s, d, c * 1.2 if (s, d) == ("NVDA", DAYS[-60]) else c, v) for s, d, c, v in rows()]  # type: ignore[operator]
        await import_prices(ws, write_csv(tmp_path / "bent.csv", bent))
        found = await explain_board_changes(ws, "AI/Tech", first=FIRST, last=LAST)
        assert check_sums(found) == 5
        assert [one.before for one in found.ledgers] == [one.before for one in plain.ledgers]
        assert all("revisions" in one.rank_shares for one in found.ledgers)
        nvda = next(one for one in found.ledgers if one.symbol == "NVDA")
        assert nvda.composite_shares["revisions"] != 0

    home(work)


def test_a_member_that_left_is_a_cause_of_its_own(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            domain = await find_domain(conn, "AI/Tech")
            revision = await new_revision(conn, "repair", ws.now())
            await end_members(conn, domain.id, ["AMD"], on=DAYS[-3], revision=revision)
        await backfill_ranks(ws, board="AI/Tech", first=DAYS[-5])
        found = await explain_board_changes(ws, "AI/Tech", first=DAYS[-5], last=LAST)
        (left,) = [one for one in found.ledgers if one.symbol == "AMD"]
        assert (left.status, left.before.reason, left.after.reason) == ("left", "", "not_on_board")
        assert check_sums(found) == 4
        assert all("membership" in one.rank_shares for one in found.ledgers if one.status == "moved")

    home(work)


def test_wrong_questions_are_answered_with_what_to_do(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match="nothing is ranked yet"):
            await explain_board_changes(ws, "AI/Tech")
        await backfill_ranks(ws, board="AI/Tech", first=DAYS[-2])
        with pytest.raises(BadDate, match="not published"):
            await explain_board_changes(ws, "AI/Tech", first=DAYS[-9])
        with pytest.raises(BadDate, match="not before"):
            await explain_board_changes(ws, "AI/Tech", first=LAST, last=LAST)
        with pytest.raises(InputError, match="TSLA"):
            await explain_board_changes(ws, "AI/Tech", symbol="TSLA")

    home(work)
