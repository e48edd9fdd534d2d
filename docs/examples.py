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
from example_calls import BOX_CALLS, BOXES, CALLS, FIRST, IDS, LAST, PASSWORD
from fastapi import FastAPI

from pacesetter.jobs.accounts.logins import begin_session
from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_between
from pacesetter.settings import Settings
from pacesetter.store.bars.bars import BAR_FRAME, bars_between
from pacesetter.store.bars.quarantine import hold_bars
from pacesetter.store.database.revisions import new_revision
from pacesetter.web.app import create_app
from pacesetter.web.auth.credentials import COOKIE, csrf_token

TARGET = Path(__file__).resolve().parents[1] / "src" / "pacesetter" / "web" / "described" / "examples.json"
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)
LONGEST = 2  # items of a list that are shown
HIDDEN = {  # of a home that is gone, but nobody should have to know that
    "key": "pace_…",
    "csrf_token": "…",
    "path": "/home/ada/.pacesetter/inbox",
}


async def fill(ws: Workspace, clock: VirtualClock) -> str:
    """Ranks of some sessions, two suspicious prices and an owner; the token of a session of theirs."""
    for on in sessions_between("XNYS", FIRST, LAST):
        clock.advance(timedelta(seconds=1))
        await run_cycle(ws, on=on)
    await run_batch(ws)
    for on in sessions_between("XNYS", FIRST, LAST):
        await run_night(ws, on)
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
    """Every call, one after the other: those about boxes over a home of their own, which is real."""
    settings, clock = Settings(home=home / "market", source="simulated"), VirtualClock(EVENING)
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        token = await fill(ws, clock)
    told = await ask_all(create_app(settings, simulated=True, clock=clock), token, CALLS)
    settings, clock = Settings(home=home / "boxes", source="none"), VirtualClock(EVENING)
    async with open_workspace(settings, clock=clock, simulated=False) as ws:
        token = await fill_boxes(ws)
    return told | await ask_all(create_app(settings, simulated=False, clock=clock), token, BOX_CALLS)


async def fill_boxes(ws: Workspace) -> str:
    """Two boxes seen on two days and an owner; the token of a session of theirs."""
    file = ws.home.root / "boxes.csv"
    file.write_text(BOXES)
    await import_boxes(ws, file)
    await create_user(ws, "ada", "owner", PASSWORD)
    async with ws.db.write(content=False) as conn:
        return (await begin_session(conn, "ada", ws.now())).token


async def ask_all(app: FastAPI, token: str, calls: list[Any]) -> dict[str, Any]:
    """The answers to calls, asked in a session of the owner."""
    told: dict[str, Any] = {}
    app.state.job_runner.start = app.state.onboarding_runner.start = lambda: None  # jobs wait
    headers = {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": csrf_token(token)}
    address = "http://127.0.0.1:8000"
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=address, timeout=120) as client:
            ids: dict[str, str] = {}
            for operation, path, body in calls:
                verb = operation.partition(" ")[0]
                sent: dict[str, Any] = {"content": body} if isinstance(body, str) else {"json": body}
                given = {} if operation == "POST /api/v1/session" else headers
                client.cookies.clear()
                answer = await client.request(
                    verb, path.format(**ids), headers={**given, "Origin": address}, **sent
                )
                if not answer.is_success:
                    raise RuntimeError(f"{operation}: {answer.status_code} {answer.text}")
                said = answer.json() if answer.content else None
                if operation in IDS:
                    name, find = IDS[operation]
                    ids[name] = find(said)
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
