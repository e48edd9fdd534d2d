"""Files of boxes and the state that they end in, for the tests of jobs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.tables.box import METRICS
from tests.jobs.home import ask

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = date(2026, 1, 5)
TABLES = (
    *("boxes", "box_observations", "unified_box_metrics", "symbol_universe", "domains", "domain_members"),
    *("ranking_results", "board_heads", "factor_values", "cycles", "data_revisions", "imports"),
)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def seen(box: str, n: int, floor: float | None, sold: float | None = 1.0, **more: Any) -> dict[str, Any]:
    """What a source saw of a box on the ``n``-th day."""
    plain = {"box_id": box, "date": day(n).isoformat(), "source": "shop", "floor_price_usd": floor}
    return {**plain, "boxes_sold_today": sold, "active_listings_count": 20, **more}


def write_json(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"boxes": rows}), "utf-8")
    return path


async def metrics(ws: Workspace) -> list[tuple[Any, ...]]:
    """All stored figures, with their notes and ranks."""
    columns = ", ".join(
        f"m.{name}" for name in (*METRICS, "floor_price_1d_from", "floor_price_7d_from", "n_observed")
    )
    rows = await ask(
        ws,
        f"SELECT m.symbol, m.metric_date, {columns}, m.reasons, m.sources, m.current_rank, m.previous_rank, "
        "m.previous_on, m.rank_change FROM unified_box_metrics m ORDER BY 1, 2",
    )
    return [tuple(loaded(cell) for cell in row) for row in rows]


def loaded(cell: Any) -> Any:
    """JSON, which one engine gives as text, as text of one form."""
    if isinstance(cell, str) and cell.startswith("{"):
        cell = json.loads(cell)
    return json.dumps(cell, sort_keys=True) if isinstance(cell, dict) else cell


async def ranks(ws: Workspace) -> list[tuple[Any, ...]]:
    """The current rows of the board of boxes."""
    return await ask(
        ws,
        "SELECT r.metric_date, r.symbol, r.composite_score, r.score, r.current_rank, r.previous_rank, "
        "r.previous_on, r.rank_change, r.unranked_reason FROM board_heads h JOIN ranking_results r "
        "ON r.domain_id = h.domain_id AND r.method_version_id = h.method_version_id "
        "AND r.metric_date = h.metric_date AND r.cycle_id = h.cycle_id "
        "JOIN domains d ON d.id = h.domain_id AND d.slug = 'boxes' WHERE h.head_to IS NULL ORDER BY 1, 2",
    )


async def heads(ws: Workspace) -> list[str]:
    """The days that the board shows."""
    rows = await ask(ws, "SELECT metric_date FROM board_heads WHERE head_to IS NULL ORDER BY 1")
    return [on for (on,) in rows]


async def members(ws: Workspace) -> list[tuple[Any, ...]]:
    """Who is on the board, since when."""
    return await ask(
        ws,
        "SELECT m.symbol, m.valid_from, m.valid_to FROM domain_members m JOIN domains d "
        "ON d.id = m.domain_id AND d.slug = 'boxes' WHERE m.known_to_revision IS NULL ORDER BY 1, 2",
    )


async def state(ws: Workspace) -> list[Any]:
    """All that readers may see of boxes."""
    return [await metrics(ws), await ranks(ws), await heads(ws), await members(ws)]
