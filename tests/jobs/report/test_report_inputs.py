"""What a report tells, gathered from a night made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.portfolios.trade_portfolio import enter_trade
from pacesetter.jobs.report.inputs import gather_report, tell_discovery, tell_market, tell_watch
from pacesetter.jobs.report.movers import choose_board, say_causes
from pacesetter.jobs.report.night_made import NightMade, Watched
from pacesetter.jobs.report.orders import list_orders
from pacesetter.jobs.report.portfolios import check_position, check_snapshot, find_traded, told_portfolios
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.ranking.ledger import Ledger, Standing
from pacesetter.reports.morning import compose
from pacesetter.research.challenge import Challenge
from pacesetter.research.convergence import converge
from pacesetter.research.desk import load_desk
from pacesetter.research.queue import advance_queue
from pacesetter.research.signal import Signal, frame_signals
from pacesetter.store.accounts.users import add_user
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.desk.watchlist import WatchRow
from pacesetter.store.portfolios.portfolios import add_portfolio
from tests.agents.evidence_made import BEFORE, ON, make_evidence, make_rank
from tests.jobs.home import with_home
from tests.jobs.portfolios.portfolio_home import make, put_prices

NOBODY = UUID(int=1)


def make_made(**over: Any) -> NightMade:
    desk, evidence = load_desk(), over.pop("evidence", make_evidence())
    found = (
        Signal("AAA", "near_high", "near_high", 40.0, 1.0, ON),
        Signal("AAA", "rank_jump", "rank_jump", 30.0, 1.0, ON),
    )
    convergence = converge(frame_signals(found), ON, regime="neutral", favours={}, desk=desk)
    fields: dict[str, Any] = {
        "evidence": evidence,
        "desk": desk,
        "settings": {"desk": AgentSetting("desk", parameters={"mode": "paper"})},
        "previous_on": BEFORE,
        "found": found,
        "convergence": convergence,
        "queue": advance_queue([], convergence.scores(), ON, desk.queue),
        "opinions": {},
        "told": {("AAA", "value"): {"thesis": {"text": "Cheap."}}},
        "decisions": (decision(), decision(symbol="BBB", action="HOLD")),
        "watched": (),
    }
    return NightMade(**(fields | over))


def decision(**over: Any) -> DecisionRow:
    said = [
        opinion("value", "BUY", "Cheap. It costs 12.5 times its earnings. Not known: more.", ["a cycle"]),
        opinion("momentum", "BUY", "It rises.", ["a cycle", "a turn"]),
        opinion("contrarian", "HOLD", "Loved by all. Near its high. Third.", []),
    ]
    reasons = {
        "said": ["70 % of the weight says BUY, at least 65 %"],
        "votes": {"shares": {"BUY": 0.7, "SELL": 0.0}, "counted": {"value": 0.5, "momentum": 0.9}},
        "opinions": said,
    }
    facts = [
        {"source": "contrarian", "text": "Loved by all. Near its high. Third.", "strength": 0.4},
        {"source": "momentum", "text": "It rises.", "strength": 0.9},
    ]
    fields: dict[str, Any] = {
        "id": NOBODY,
        "symbol": "AAA",
        "decided_on": ON,
        "action": "BUY",
        "mode": "paper",
        "bullish_share": 0.7,
        "conviction": "low",
        "size_pct": 5.0,
        "quantity": Decimal(50),
        "currency": "USD",
        "entry_price": Decimal("100"),
        "stop_loss": Decimal("92"),
        "target": Decimal("116"),
        "reasons": reasons,
        "challenge": {"facts": facts, "stands": True, "reason": "20 % of the weight is contrary"},
    }
    return DecisionRow(**(fields | over))


def opinion(analyst: str, recommendation: str, reasoning: str, risks: list[str]) -> dict[str, Any]:
    return {
        "analyst": analyst,
        "recommendation": recommendation,
        "reasoning": reasoning,
        "risks": risks,
        "score": 60.0,
        "confidence": 0.5,
    }


def test_a_decision_in_short() -> None:
    (order,) = list_orders(make_made())
    assert (order.symbol, order.name, order.side, order.share_pct) == ("AAA", "Alpha Tools", "buy", 70.0)
    assert (order.price, order.stop, order.target, order.unit) == (100.0, 92.0, 116.0, "USD")
    assert order.reasons == (
        "70 % of the weight says BUY, at least 65 %",
        "momentum: It rises.",
        "value: Cheap. It costs 12.5 times its earnings.",
    )
    assert order.risks == ("a cycle", "a turn")
    assert order.challenge == "stands: 20 % of the weight is contrary"
    assert order.contrary == ("contrarian: Loved by all. Near its high.",)
    assert order.told == ("value: Cheap.",)


def test_what_speaks_against_a_decision_is_no_praise() -> None:
    """Not the analyst who says the same, not what weighs next to nothing; a signal's name in words."""
    row = decision()
    facts = [
        {"source": "signal.unusual_volume", "text": "unusual_volume seen on 2025-03-21", "strength": 0.2},
        {"source": "value", "text": "Cheap.", "strength": 0.19},
        {"source": "contrarian", "text": "Loved by all.", "strength": 0.03},
        {"source": "risk", "text": "The risk is fine.", "strength": 0.029},
    ]
    row = replace(row, challenge={**(row.challenge or {}), "facts": facts})
    (order,) = list_orders(make_made(decisions=(row,)))
    assert order.contrary == (
        "signal: unusual volume seen on 2025-03-21",
        "contrarian: Loved by all.",
    )


def test_what_waits_of_earlier_nights_is_told(tmp_path: Any, database_url: str) -> None:
    """Not what this night decides anew, what was answered, asks for nothing, or is over by its morning."""
    morning = make_evidence().known_until.date()
    asked: dict[str, Any] = {"decided_on": BEFORE, "expires_on": morning}
    rows = {
        "AAA": decision(**asked),  # decided anew
        "BBB": decision(**asked, action="SELL"),  # the desk says HOLD now
        "CCC": decision(**asked, action="SELL", conviction=None, status="modified"),
        "DDD": decision(**asked, status="rejected"),
        "EEE": decision(**asked, action="WATCHLIST"),
        "FFF": decision(decided_on=BEFORE, expires_on=morning - timedelta(days=1)),
        "GGG": decision(decided_on=ON, expires_on=morning),
    }

    async def work(ws: Workspace) -> Any:
        await put_prices(ws, {symbol: [100.0] for symbol in rows}, last=ON)
        async with ws.db.write() as conn:
            made = [replace(row, id=new_id(), symbol=symbol) for symbol, row in rows.items()]
            await decisions.add(conn, made)
        return await gather_report(ws, make_made())

    night = with_home(tmp_path / "home", work, url=database_url)
    assert [(one.symbol, one.side, one.proposed_on) for one in night.orders] == [
        ("AAA", "buy", None),
        ("CCC", "sell", BEFORE),
    ]
    assert night.n_decided == 1


def test_trades_since_the_night_before_are_told(tmp_path: Any, database_url: str) -> None:
    """Up to the session, after the one before; of a note, what a person can read; no deposits."""

    async def work(ws: Workspace) -> Any:
        await put_prices(ws, {"AAA": [100.0] * 5}, last=ON)
        portfolio = await make(ws, "Main")
        lot: dict[str, Any] = {"symbol": "AAA", "quantity": Decimal(2), "price": Decimal(100)}
        async with ws.db.write() as conn:
            await enter_trade(
                ws, conn, portfolio, action="deposit", traded_on=ON, amount=Decimal(1000), note="money"
            )
            for note, on in {"old": BEFORE, "new": ON, "late": ON + timedelta(days=3)}.items():
                said = f"decision {NOBODY}: {note}, on paper"
                await enter_trade(ws, conn, portfolio, action="buy", traded_on=on, note=said, **lot)
        async with ws.db.read() as conn:
            return await find_traded(conn, make_made()), await find_traded(conn, make_made(previous_on=None))

    told, first = with_home(tmp_path / "home", work, url=database_url)
    assert [(one.symbol, one.action, one.quantity, one.price, one.on, one.why) for one in told] == [
        ("AAA", "buy", 2.0, 100.0, ON, "new, on paper")
    ]
    assert first == ()


def test_the_challenge_has_the_fields_that_are_read() -> None:
    assert {"facts", "stands", "reason"} <= set(Challenge.__dataclass_fields__)


def row(**over: Any) -> Any:
    fields: dict[str, Any] = {
        "symbol": "AAA",
        "symbol_name": "Alpha Tools",
        "currency": "USD",
        "side": "long",
        "stop_loss": None,
        "target": None,
    }
    return SimpleNamespace(**(fields | over))


@pytest.mark.parametrize(
    ("over", "kind"),
    [
        ({"stop_loss": Decimal("100")}, "stop"),
        ({"stop_loss": Decimal("100.01")}, "stop"),
        ({"stop_loss": Decimal("98.04")}, "stop_near"),  # 98.04 × 1.02 = 100.0008
        ({"stop_loss": Decimal("98.03")}, None),  # 98.03 × 1.02 = 99.9906
        ({"target": Decimal("100")}, "target"),
        ({"target": Decimal("100.01")}, None),
        ({"stop_loss": Decimal("99"), "side": "short"}, "stop"),
        ({"stop_loss": Decimal("101.9"), "side": "short"}, "stop_near"),
        ({"target": Decimal("101"), "side": "short"}, "target"),
        ({"stop_loss": Decimal("150"), "currency": "EUR"}, None),  # two currencies are not compared
        ({"symbol": "CCC", "currency": "GBP", "stop_loss": Decimal("0.21")}, "stop"),  # 20 pence
        ({"symbol": "CCC", "currency": "GBP", "stop_loss": Decimal("0.19")}, None),
    ],
)
def test_a_position_against_its_stop_and_target(over: dict[str, Any], kind: str | None) -> None:
    found = [one.kind for one in check_position(row(**over), "Main", make_evidence())]
    assert found == ([] if kind is None else [kind])


def test_a_late_price_is_an_alert() -> None:
    late = make_evidence(facts={"AAA": {"freshness.sessions_behind": 2.0}})
    assert [one.kind for one in check_position(row(), "Main", late)] == ["stale_price"]
    assert [one.value for one in check_position(row(symbol="GONE"), "Main", late)] == [None]


def test_a_loss_and_a_weight() -> None:
    holdings = [{"symbol": s, "weight": w} for s, w in (("A", 0.1), ("B", 0.35), ("C", -0.2), ("D", None))]
    found = check_snapshot(
        SimpleNamespace(drawdown=-0.1, details={"holdings": holdings}), "Main", load_desk()
    )
    assert [(one.kind, one.value) for one in found] == [("drawdown", 10.0), ("concentration", 35.0)]
    assert found[1].others == ("B 35 %", "C 20 %")
    calm = SimpleNamespace(drawdown=-0.099, details={"holdings": holdings[:1]})
    assert check_snapshot(calm, "Main", load_desk()) == []


def watch(**over: Any) -> WatchRow:
    fields: dict[str, Any] = {
        "id": NOBODY,
        "symbol": "AAA",
        "trigger_type": "price",
        "condition": {"fact": "price.close", "op": ">", "value": 99},
        "thesis": "breaks out",
        "hysteresis_pct": 2.0,
        "status": "fired",
        "times_triggered": 1,
        "details": {"validation": {"holds": True, "reason": "0 % says SELL"}},
    }
    return WatchRow(**(fields | over))


def test_a_watch_in_words() -> None:
    evidence = make_evidence()
    found = tell_watch(Watched(watch(), watch(), "fired", ""), evidence)
    assert found is not None
    assert (found.condition, found.values) == ("the close is above 99", (("Close", 100.0),))
    assert (found.holds, found.reason, found.change) == (True, "0 % says SELL", "fired")
    standing = tell_watch(Watched(watch(), watch(), None, ""), evidence)
    assert standing is not None and standing.change == "standing"
    assert tell_watch(Watched(watch(), watch(status="armed"), None, ""), evidence) is None
    broken = tell_watch(Watched(watch(), watch(condition={"x": 1}), "expired", ""), evidence)
    assert broken is not None and broken.condition == "a condition that cannot be read"


def test_the_market_is_of_stocks_alone() -> None:
    market = tell_market(make_evidence(), "DDD")
    assert (market.close, market.change_1d_pct, market.regime) == (200.0, 0.2, "neutral")
    assert (market.n, market.n_up, market.n_down) == (3, 1, 2)
    assert market.above_50d_pct == pytest.approx(200 / 3)
    assert (market.near_high, market.near_low, market.sectors) == (1, 0, ())
    assert tell_market(make_evidence(), "NONE").close is None


def test_discovery_has_the_numbers_of_the_convergence() -> None:
    found = tell_discovery(make_made())
    assert found.kinds == (("near_high", 1), ("rank_jump", 1)) and found.n_symbols == 1
    (best,) = found.best
    assert (best.symbol, best.score, best.band) == ("AAA", 77.0, "deep_analysis")  # (40 + 30) × 1.1
    assert [(one.signal_type, one.decayed) for one in best.pieces] == [
        ("near_high", 40.0),
        ("rank_jump", 30.0),
    ]


def test_the_widest_board_of_stocks_is_chosen() -> None:
    rows = [
        make_rank("AAA", 1, 2),
        make_rank("BBB", 4, 2, board="wide", board_name="Wide", n_ranked=9),
        make_rank("BOX1", 1, 2, board="boxes", board_name="Boxes", n_ranked=99),
    ]
    assert choose_board(make_made(evidence=make_evidence(ranks=rows))) == "wide"
    assert choose_board(make_made(evidence=make_evidence(ranks=[]))) is None


def test_causes_in_words() -> None:
    at = Standing(1, 0.5, 1, 3)
    ledger = Ledger("AAA", "moved", at, at, {"momentum": 2, "peers": -1, "revisions": 0})  # type: ignore[dict-item]
    said = [(one.words, one.places) for one in say_causes(ledger)]
    assert said == [("its momentum", 2.0), ("what the others did", -1.0)]
    assert say_causes(None) == ()


def test_a_night_is_gathered(tmp_path: Any, database_url: str) -> None:
    """From an empty home: what is not stored is not told, and nothing breaks."""

    async def work(ws: Workspace) -> Any:
        return await gather_report(ws, make_made())

    night = with_home(tmp_path / "home", work, url=database_url)
    assert (night.on, night.previous_on, night.mode, night.n_decided) == (
        date(2025, 3, 14),
        BEFORE,
        "paper",
        1,
    )
    assert night.board is not None and night.board.n_moved == 2 and night.board.movers == []
    assert night.queue.n_waiting == 0  # AAA was promoted at once
    assert night.health.newest_on == ON and night.health.bare == []
    content = compose(night)
    assert [one["name"] for one in content["sections"]][:2] == ["headline", "new_buys"]


def test_nobody_reads_of_another_users_watch(tmp_path: Any, database_url: str) -> None:
    """One report is read by everyone: a user's own entry is told where there is one person at most."""
    own, shared = watch(user_id=NOBODY, thesis="mine alone"), watch(thesis="for all")
    made = make_made(watched=tuple(Watched(one, one, "fired", "") for one in (own, shared)))

    async def work(ws: Workspace) -> Any:
        told = []
        for name in ("ann", "ben"):
            async with ws.db.write() as conn:
                await add_user(conn, name, "owner", None)
            told.append([one.thesis for one in (await gather_report(ws, made)).triggers])
        return told

    assert with_home(tmp_path / "home", work, url=database_url) == [["mine alone", "for all"], ["for all"]]


def test_nobody_reads_of_another_users_portfolio(tmp_path: Any, database_url: str) -> None:
    """Nobody's own, and the desk's; of two that are called as the desk's is, neither is told."""
    settings = {"desk": AgentSetting("desk", parameters={"mode": "manual", "portfolio": "Core"})}

    async def work(ws: Workspace) -> list[list[str]]:
        told = []
        async with ws.db.write() as conn:
            ann, ben = [await add_user(conn, name, "owner", None) for name in ("ann", "ben")]
            for name, user_id in (("Open", None), ("Core", ann), ("Ann's", ann), ("Ben's", ben)):
                await add_portfolio(conn, name=name, base_currency="USD", benchmark=None, user_id=user_id)
            told.append([row.name for row in await told_portfolios(conn, settings)])
            await add_portfolio(conn, name="Core", base_currency="USD", benchmark=None, user_id=ben)
            told.append([row.name for row in await told_portfolios(conn, settings)])
        return told

    found = with_home(tmp_path / "home", work, url=database_url)
    assert found == [["Core", "Open"], ["Open"]]
