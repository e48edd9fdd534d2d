"""The examples of the API's description: real requests to a simulated market and their real answers, with
lists cut short (``python docs/examples.py`` writes them again)."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import polars as pl

from pacesetter.jobs.accounts import create_user
from pacesetter.jobs.daily_cycle import run_cycle
from pacesetter.jobs.logins import begin_session
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_between
from pacesetter.settings import Settings
from pacesetter.store.bars import BAR_FRAME, bars_between
from pacesetter.store.quarantine import hold_bars
from pacesetter.store.revisions import new_revision
from pacesetter.web.app import create_app
from pacesetter.web.credentials import COOKIE, csrf_token

TARGET = Path(__file__).resolve().parents[1] / "src" / "pacesetter" / "web" / "examples.json"
FIRST, LAST = date(2025, 7, 14), date(2025, 7, 24)
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)
LONGEST = 2  # items of a list that are shown
HIDDEN = {"key": "pace_…", "csrf_token": "…"}  # of a home that is gone, but nobody should have to know that
PASSWORD = "correct horse battery staple"  # noqa: S105 an example
METHOD = """name = "calm"
version = 1
title = "Calm: low volatility first"
normalise = "robust_z"
score = "percentile"
coverage_min = 0.5
clip = 3.0

[[factor]]
name = "volatility"
weight = 0.7

[[factor]]
name = "momentum"
weight = 0.3
"""

# operation, what to ask, and the body; in an order in which each finds what it needs
CALLS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET /api/v1/health/live", "/api/v1/health/live", None),
    ("GET /api/v1/health/ready", "/api/v1/health/ready", None),
    ("GET /api/v1/health/data", "/api/v1/health/data", None),
    ("GET /api/v1/rankings", "/api/v1/rankings?top=2", None),
    ("GET /api/v1/rankings/{board}", "/api/v1/rankings/ai-tech?limit=2", None),
    ("GET /api/v1/sessions", "/api/v1/sessions?limit=2", None),
    ("GET /api/v1/sparklines/{board}", "/api/v1/sparklines/ai-tech?points=2&symbols=NVDA,AMD", None),
    ("GET /api/v1/changes", f"/api/v1/changes?board=ai-tech&from={FIRST}&to={LAST}", None),
    ("GET /api/v1/changes/{symbol}", f"/api/v1/changes/NVDA?board=ai-tech&from={FIRST}&to={LAST}", None),
    ("GET /api/v1/history/{ticker}", "/api/v1/history/NVDA", None),
    ("GET /api/v1/symbols", "/api/v1/symbols?search=nvidia", None),
    ("GET /api/v1/symbols/{symbol}", "/api/v1/symbols/NVDA", None),
    ("GET /api/v1/symbols/{symbol}/prices", "/api/v1/symbols/NVDA/prices?limit=2", None),
    ("GET /api/v1/factors", "/api/v1/factors", None),
    ("GET /api/v1/methods", "/api/v1/methods", None),
    ("POST /api/v1/methods", "/api/v1/methods", {"toml": METHOD}),
    (
        "POST /api/v1/what-if",
        "/api/v1/what-if",
        {
            "board": "ai-tech",
            "weights": {
                "momentum": 0.5,
                "volume_change": 0,
                "volatility": 0.3,
                "relative_strength": 0.2,
                "financial_ratio": 0,
            },
        },
    ),
    ("GET /api/v1/validation/{board}", f"/api/v1/validation/ai-tech?from=2024-07-24&to={LAST}", None),
    ("GET /api/v1/domains", "/api/v1/domains", None),
    (
        "POST /api/v1/domains/preview",
        "/api/v1/domains/preview",
        {"symbols": ["NVDA", "AMD", "NEWCO"], "asset_type": "equity"},
    ),
    (
        "POST /api/v1/domains",
        "/api/v1/domains",
        {"name": "My chips", "symbols": ["NVDA", "AMD", "INTC"], "method": "core", "since": "2025-01-02"},
    ),
    ("PATCH /api/v1/domains/{board}", "/api/v1/domains/my-chips", {"add": ["QCOM"], "drop": ["INTC"]}),
    ("DELETE /api/v1/domains/{board}", "/api/v1/domains/my-chips", None),
    ("GET /api/v1/quarantine", "/api/v1/quarantine", None),
    ("POST /api/v1/quarantine/{symbol}/{day}/accept", "/api/v1/quarantine/NVDA/2025-07-22/accept", None),
    (
        "POST /api/v1/quarantine/{symbol}/{day}/repair",
        "/api/v1/quarantine/AMD/2025-07-22/repair",
        {"scale": 0.01},
    ),
    ("GET /api/v1/cycles", "/api/v1/cycles?limit=2", None),
    ("POST /api/v1/jobs", "/api/v1/jobs", {"kind": "backfill", "from": str(FIRST), "to": str(LAST)}),
    ("GET /api/v1/jobs", "/api/v1/jobs", None),
    ("GET /api/v1/jobs/{job_id}", "/api/v1/jobs/{id}", None),
    ("DELETE /api/v1/jobs/{job_id}", "/api/v1/jobs/{id}", None),
    ("GET /api/v1/cache/status", "/api/v1/cache/status", None),
    ("POST /api/v1/cache/warm", "/api/v1/cache/warm", None),
    ("POST /api/v1/users", "/api/v1/users", {"name": "grace", "role": "analyst", "password": PASSWORD}),
    ("GET /api/v1/users", "/api/v1/users", None),
    ("PATCH /api/v1/users/{name}", "/api/v1/users/grace", {"role": "viewer"}),
    ("POST /api/v1/keys", "/api/v1/keys", {"name": "notebook", "scopes": ["read"], "days": 90}),
    ("GET /api/v1/keys", "/api/v1/keys", None),
    ("DELETE /api/v1/keys/{which}", "/api/v1/keys/notebook", None),
    ("GET /api/v1/session", "/api/v1/session", None),
    ("PUT /api/v1/session/password", "/api/v1/session/password", {"current": PASSWORD, "new": PASSWORD}),
    ("DELETE /api/v1/session", "/api/v1/session", None),
    ("POST /api/v1/session", "/api/v1/session", {"name": "ada", "password": PASSWORD}),
]


async def fill(ws: Workspace, clock: VirtualClock) -> str:
    """Ranks of some sessions, two suspicious prices and an owner; the token of a session of theirs."""
    for on in sessions_between("XNYS", FIRST, LAST):
        clock.advance(timedelta(seconds=1))
        await run_cycle(ws, on=on)
    on = date(2025, 7, 22)
    async with ws.db.write() as conn:
        revision = await new_revision(conn, "fetch", ws.now())
        for symbol in ("NVDA", "AMD"):
            bars = await bars_between(conn, symbol, on, on)
            times = [(pl.col(name) * 100).alias(name) for name in ("open", "high", "low", "close")]
            bar = bars.with_columns(*times, detail=pl.lit("close 100 times the one before"))
            held = bar.with_columns(reason=pl.lit("unit_jump_100"), adj_close=pl.lit(None, pl.Float64))
            chosen = held.select(*BAR_FRAME, "reason", "detail")
            await hold_bars(conn, chosen, source="simulated", revision=revision, fetched_at=ws.now())
    await create_user(ws, "ada", "owner", PASSWORD)
    async with ws.db.write(content=False) as conn:
        return (await begin_session(conn, "ada", ws.now())).token


async def play(home: Path) -> dict[str, Any]:
    """Every call, one after the other."""
    settings, clock = Settings(home=home, source="simulated"), VirtualClock(EVENING)
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        token = await fill(ws, clock)
    app, told = create_app(settings, simulated=True, clock=clock), {}
    app.state.job_runner.start = lambda: None  # jobs wait
    headers = {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": csrf_token(token)}
    address = "http://127.0.0.1:8000"
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=address, timeout=120) as client:
            job = ""
            for operation, path, body in CALLS:
                verb = operation.partition(" ")[0]
                given = {} if operation == "POST /api/v1/session" else headers
                client.cookies.clear()
                answer = await client.request(
                    verb, path.format(id=job), json=body, headers={**given, "Origin": address}
                )
                if not answer.is_success:
                    raise RuntimeError(f"{operation}: {answer.status_code} {answer.text}")
                said = answer.json() if answer.content else None
                job = said["id"] if operation == "POST /api/v1/jobs" else job
                told[operation] = {"status": answer.status_code}
                told[operation] |= {} if said is None else {"answer": cut(said)}
                told[operation] |= {} if body is None else {"body": body}
    return told


def cut(value: Any, name: str = "") -> Any:
    """A value with its lists cut short, and without secrets."""
    if isinstance(value, list):
        return [cut(one) for one in value[:LONGEST]]
    if isinstance(value, dict):
        return {key: cut(one, key) for key, one in value.items()}
    return HIDDEN.get(name, value) if isinstance(value, str) else value


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        examples = asyncio.run(play(Path(folder)))
    TARGET.write_bytes(orjson.dumps(examples, option=orjson.OPT_INDENT_2) + b"\n")
