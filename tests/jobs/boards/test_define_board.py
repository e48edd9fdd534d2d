"""Boards of one's own on both databases: lists, rules, dated members, removal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.define_board import create_board, edit_board, follow_rules, remove_board
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.market.rule import parse_rule, satisfies
from pacesetter.store.symbols.domains import list_domains
from pacesetter.store.symbols.symbols import describe_symbols
from tests.jobs.backfill.test_backfill import DAYS, SYMBOLS, home  # noqa: F401


def test_a_list_is_ranked_like_the_rest_and_strangers_are_named(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        done = await create_board(ws, "My Few", symbols=["aapl", "GS", "ms", "NOSUCH", "GS"])
        assert done.slug == "my-few"
        assert (done.members, done.unknown) == (["AAPL", "GS", "MS", "NOSUCH"], ["NOSUCH"])
        await run_cycle(ws, on=DAYS[-1], source="none")
        view = await view_board(ws, "my few")
        assert [row.rank for row in view.rows] == [1, 1, 1, None]  # three values are too few to tell apart
        assert view.rows[-1].unranked_reason == "no_bars"
        assert (await list_domains_names(ws))[-1] == "My Few"

    home(work)


async def list_domains_names(ws: Workspace) -> list[str]:
    async with ws.db.read() as conn:
        return [row.name for row in await list_domains(conn)]


def test_members_come_and_go_on_their_dates(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Dated", symbols=["AAPL", "GS"], since=DAYS[-6])
        await edit_board(ws, "Dated", add=["MS"], on=DAYS[-3])
        done = await edit_board(ws, "Dated", drop=["GS"], on=DAYS[-2])
        assert (done.members, done.ended) == (["AAPL", "MS"], ["GS"])
        await backfill_ranks(ws, board="Dated", first=DAYS[-8])
        members = {}
        for on in DAYS[-6:]:
            members[on] = sorted(row.symbol for row in (await view_board(ws, "Dated", on=on)).rows)
        assert [members[on] for on in DAYS[-6:]] == [
            *[["AAPL", "GS"]] * 3,
            ["AAPL", "GS", "MS"],
            *[["AAPL", "MS"]] * 2,
        ]

    home(work)


def test_a_rule_follows_what_is_known_of_symbols(home: Any) -> None:  # noqa: F811
    async def describe(ws: Workspace, sectors: dict[str, str]) -> None:
        frame = pl.DataFrame({"symbol": list(sectors), "sector": list(sectors.values())})
        async with ws.db.write() as conn:
            await describe_symbols(conn, frame, source="admin")

    async def work(ws: Workspace) -> None:
        await describe(ws, {"AAPL": "Technology", "MSFT": "Technology", "GS": "Financials"})
        done = await create_board(ws, "Tech", rule="sector = technology | nothing")
        assert done.members == ["AAPL", "MSFT"]
        everything = await create_board(ws, "All", rule="all")
        assert set(SYMBOLS) <= set(everything.members)
        assert await follow_rules(ws, DAYS[-1]) == []
        await describe(ws, {"NVDA": "Technology"})
        assert await follow_rules(ws, DAYS[-1]) == ["Tech: 1 joined, 0 left, by its rule"]
        with pytest.raises(InputError, match="follow its rule"):
            await edit_board(ws, "Tech", add=["GS"])
        await run_cycle(ws, on=DAYS[-1], source="none")
        view = await view_board(ws, "Tech", on=DAYS[-1])
        assert sorted(row.symbol for row in view.rows) == ["AAPL", "MSFT", "NVDA"]

    home(work)


def test_mistakes_leave_nothing_behind(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        before = await list_domains_names(ws)
        for wrong in (
            {"name": "Finance", "symbols": ["AAPL"]},
            {"name": "Empty"},
            {"name": "Both", "symbols": ["AAPL"], "rule": "all"},
            {"name": "Kind", "symbols": ["AAPL"], "asset_type": "etf"},
            {"name": "Method", "symbols": ["AAPL"], "method": "cor"},
            {"name": "Rule", "rule": "colour = red"},
            {"name": "!!", "symbols": ["AAPL"]},
        ):
            with pytest.raises((InputError, UnknownName)):
                await create_board(ws, **wrong)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="NVDA"):
            await edit_board(ws, "Finance", drop=["GS", "NVDA"])
        assert await list_domains_names(ws) == before
        assert len((await view_board(ws, "Finance", on=DAYS[-1])).rows) == 4

    home(work)


def test_a_removed_board_is_gone_from_lists_and_its_name_stays_taken(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Short-lived", symbols=["AAPL"])
        assert await remove_board(ws, "short-lived") == "Short-lived"
        assert "Short-lived" not in await list_domains_names(ws)
        with pytest.raises(InputError, match="removed"):
            await create_board(ws, "Short-Lived", symbols=["AAPL"])

    home(work)


def test_rules_are_read_as_written() -> None:
    energy = {"sector": "Energy", "industry": None, "currency": "USD", "exchange": "XNYS"}
    assert satisfies(energy, parse_rule("all"))
    assert satisfies(energy, parse_rule("sector = Energy | Utilities and currency = usd"))
    assert not satisfies(energy, parse_rule("sector != energy"))
    assert not satisfies(energy, parse_rule("industry = oil")) and not satisfies(
        energy, parse_rule("industry != oil")
    )
    for wrong in ("", "sector", "sector = x or currency = y and z", "size > 3"):
        with pytest.raises(InputError):
            parse_rule(wrong)


def test_a_membership_that_is_not_known_yet_is_not_in_the_past(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        then = ws.now()
        ws.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
        await edit_board(ws, "AI/Tech", add=["GS"], on=date(2025, 1, 2))
        now = await view_board(ws, "AI/Tech", on=DAYS[-1])
        known = await view_board(ws, "AI/Tech", on=DAYS[-1], known_at=then)
        assert {row.symbol for row in now.rows} - {row.symbol for row in known.rows} == {"GS"}

    home(work)
