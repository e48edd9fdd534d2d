"""A row of each table of the research desk, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.database.records import Records
from pacesetter.store.desk.agent_config import AgentRow, agent_config
from pacesetter.store.desk.analyses import AnalysisRow, analyses
from pacesetter.store.desk.convergences import ConvergenceRow, convergences
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.desk.desk_reports import ReportRow, reports
from pacesetter.store.desk.inbox import InboxRow, inbox
from pacesetter.store.desk.nights import NightRow, nights
from pacesetter.store.desk.research_queue import QueueRow, research_queue
from pacesetter.store.desk.research_texts import TextRow, research_texts
from pacesetter.store.desk.signals import SignalRow, signals
from pacesetter.store.desk.watchlist import WatchRow, watchlist
from pacesetter.store.symbols.symbols import upsert_symbols
from pacesetter.store.tables.symbol import stocks

ON = date(2025, 3, 3)
AT = datetime(2025, 3, 4, 7, 0, 0, 123456, tzinfo=UTC)
JSON = {"a": [1, 2.5, None, True, "é \U0001f4c8"], "b": {"nested": {"deep": [0.1]}}, "": -1e-9}
PRINT = "ab" * 32


async def add_apple(conn: AsyncConnection) -> UUID:
    """The symbol that all rows are of; the id of its company."""
    await upsert_symbols(conn, ["AAPL"], asset_type="equity", source="admin")
    found: UUID = (await conn.execute(select(stocks.c.id).where(stocks.c.symbol == "AAPL"))).scalar_one()
    return found


def rows_of(stock_id: UUID) -> dict[str, tuple[Records[Any], Any]]:
    """By table: its records, and one row with a value in every column that stands by itself."""
    of = {"symbol": "AAPL", "stock_id": stock_id}
    signal = SignalRow(
        id=new_id(), **of, signal_type="news", source="inbox", score=20.5, confidence=0.1 + 0.2,
        data=JSON, signal_on=ON, timestamp=AT, expired_at=AT,
    )  # fmt: skip
    convergence = ConvergenceRow(
        symbol="AAPL", converged_on=ON, score=61.0, band="deep_analysis", n_signals=3, n_kinds=2,
        breakdown=JSON,
    )  # fmt: skip
    queued = QueueRow(
        id=new_id(), **of, status="dropped", score=30.999, entry_score=31.0, entered_on=ON, scored_on=ON,
        left_on=ON, reason="its score fell", breakdown=JSON,
    )  # fmt: skip
    night = NightRow(
        night_on=ON, known_until=AT, regime="bull", resting=["AAPL"], counts={"signals": 3}, inputs=PRINT,
        fingerprint=PRINT, rules=JSON, done_at=AT,
    )  # fmt: skip
    watch = WatchRow(
        id=new_id(), **of, trigger_type="price", trigger_value="180", condition=JSON, thesis="cheap",
        expiry_date=ON, hysteresis_pct=2.0, cool_down_days=3, status="fired", to_validate=True,
        last_triggered_on=ON, checked_on=ON, times_triggered=2, details=JSON,
    )  # fmt: skip
    analysis = AnalysisRow(
        id=new_id(), **of, analyst="value", analysed_on=ON, recommendation="BUY", score=88.25, confidence=1.0,
        reasoning="cheap", key_metrics=JSON, risks=["debt"], told=JSON, config_version=4,
    )  # fmt: skip
    agent = AgentRow(agent="value", version=1, enabled=False, weight=0.1, parameters=JSON, preset="cautious")
    decision = DecisionRow(
        id=new_id(), **of, decided_on=ON, action="BUY", status="approved", mode="paper", bullish_share=0.65,
        conviction="low", size_pct=5.0, quantity=Decimal(12), currency="USD", expires_on=ON,
        entry_price=Decimal("238.03000001"), stop_loss=Decimal("214.22"), target=Decimal("280.5"),
        reasons=["two of three"], challenge=JSON, answered_at=AT, answer="smaller", proposed=JSON,
        outcome=JSON,
    )  # fmt: skip
    report = ReportRow(
        id=new_id(), kind="morning", date=ON, version=2, content=JSON, fingerprint=PRINT, stocks_analyzed=503,
        recommendations_count=1, sent_at=AT,
    )  # fmt: skip
    file = InboxRow(
        id=new_id(), folder="boxes", name="box \u202e es.csv", sha256=PRINT, size_bytes=2**40,
        status="applied",
        report=JSON, moved_to="processed/2025-03-03/boxes.csv", found_at=AT, finished_at=AT,
    )  # fmt: skip
    note = TextRow(
        id=new_id(), kind="news", **of, noted_on=ON, known_at=AT, title="t", source="s", body="b", data=JSON,
        sha256=PRINT,
    )  # fmt: skip
    return {
        "signals": (signals, signal),
        "convergences": (convergences, convergence),
        "research_queue": (research_queue, queued),
        "desk_nights": (nights, night),
        "watchlist_entries": (watchlist, watch),
        "analysis_results": (analyses, analysis),
        "agent_config": (agent_config, agent),
        "decisions": (decisions, decision),
        "reports": (reports, report),
        "inbox_files": (inbox, file),
        "research_texts": (research_texts, note),
    }


def without_times(row: Any) -> Any:
    """A row without what the database keeps by itself."""
    kept = {name: None for name in ("created_at", "updated_at") if hasattr(row, name)}
    return replace(row, **kept)
