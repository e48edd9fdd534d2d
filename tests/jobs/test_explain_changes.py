"""The ledger from stored data: exact sums, revisions, membership, method, on both databases."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.backfill_ranks import backfill_ranks
from pacesetter.jobs.explain_changes import BoardChanges, explain_board_changes
from pacesetter.jobs.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.store.domains import find_domain
from pacesetter.store.memberships import end_members
from pacesetter.store.revisions import new_revision
from tests.jobs.home import ask, write_csv
from tests.jobs.test_backfill import DAYS, home, rows  # noqa: F401
from tests.jobs.test_cycle import evening, set_time

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
