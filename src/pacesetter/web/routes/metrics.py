"""Metrics for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pacesetter.kernel.errors import PacesetterError
from pacesetter.store.work.cycles import newest_published
from pacesetter.web.auth.permission import Requires
from pacesetter.web.kept.upkeep import Upkeep
from pacesetter.web.metrics import registry_of
from pacesetter.web.workspace import Holder

router = APIRouter(tags=["health"], dependencies=[Requires("read")])


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request, holder: Holder) -> Response:
    """Counts of requests, of kept answers and of Redis; nobody's name is among them."""
    upkeep: Upkeep = request.app.state.upkeep
    registry = registry_of(upkeep.answers, upkeep.traffic, await newest_age_s(holder))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


async def newest_age_s(holder: Holder) -> float | None:
    """Seconds since the newest cycle was published; None without one, and without a database."""
    try:
        ws = await holder.get()
        async with ws.db.read() as conn:
            cycle = await newest_published(conn)
    except PacesetterError:
        return None
    return None if cycle is None else max(0.0, (ws.now() - cycle.published_at).total_seconds())
