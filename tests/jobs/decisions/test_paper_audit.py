"""What the desk trades on paper is told in the audit log as what a person logs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.audit import AuditRow, check_chain, list_entries
from pacesetter.store.portfolios.trades import list_trades
from tests.jobs.decisions.decisions_made import MANUAL, Live, put_row, read_row
from tests.jobs.decisions.test_decision_mends import live  # noqa: F401 - a fixture
from tests.jobs.decisions.test_paper_desk import CALM, DAYS, Bar, approved, put_bars, settle
from tests.jobs.portfolios.portfolio_home import make

FALL: list[Bar] = [CALM, CALM, (110, 121, 109, 120), CALM, (88, 89, 87, 88)]


async def fills(ws: Workspace) -> list[AuditRow]:
    """Entries on what was traded of decisions, oldest first; the chain of the whole log holds."""
    async with ws.db.read() as conn:
        assert not (await check_chain(conn)).breaks
        found = (await list_entries(conn, action="decision"))[::-1]
    return [one for one in found if one.action in ("decision.traded", "decision.sold")]


def test_every_fill_on_paper_has_its_entry(live: Live) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", FALL)
        key = await approved(ws)
        assert len(await settle(ws, *DAYS[:5])) == 3
        told = await fills(ws)
        assert [(one.action, one.data["event"], one.data["status"]) for one in told] == [
            ("decision.traded", "traded by the desk, on paper", "traded"),
            ("decision.sold", "sold at its target by the desk, on paper", "traded"),
            ("decision.sold", "sold at its stop by the desk, on paper", "closed"),
        ]
        portfolio = (await read_row(ws, key)).portfolio_id
        assert portfolio is not None
        async with ws.db.read() as conn:
            rows = [one for one in await list_trades(conn, portfolio, oldest_first=True) if one.symbol]
        terms = [(str(one.id), one.quantity, one.price, one.traded_on.isoformat()) for one in rows]
        assert [
            (one.data["trade"], int(one.data["quantity"]), float(one.data["price"]), one.data["traded_on"])
            for one in told
        ] == terms
        assert {one.data["decision"] for one in told} == {str(key)} and {one.user_id for one in told} == {
            None
        }

        await settle(ws, *DAYS[:5])
        assert await fills(ws) == told  # a night that is done again has nothing to tell

    live(work)


def test_it_has_the_shape_of_one_that_a_person_logs(live: Live) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", FALL)
        await put_bars(ws, "BBB", FALL)
        await approved(ws)
        await settle(ws, *DAYS[:5])
        mine: dict[str, Any] = {"portfolio_id": await make(ws)}
        key = await put_row(ws, "BBB", **mine)
        await approve(ws, key, **MANUAL)
        await log_trade(ws, key, price=Decimal(100), traded_on=DAYS[1], **MANUAL)
        *paper, by_hand = await fills(ws)
        assert by_hand.data["mode"] == "manual" and {one.data["mode"] for one in paper} == {"paper"}
        assert {frozenset(one.data) for one in paper} == {frozenset(by_hand.data)}

    live(work)
