"""Convergence as people look at it: a night's symbols; or one symbol, part by part, and how it fades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName
from pacesetter.research.convergence import converge
from pacesetter.research.desk import BANDS, Desk, load_desk
from pacesetter.research.signal import Signal, frame_signals
from pacesetter.store.desk.convergences import ConvergenceRow, convergences
from pacesetter.store.desk.nights import NightRow, newest_night, nights
from pacesetter.store.symbols.symbols import find_symbol
from pacesetter.store.tables.signal import convergences as table

FADE_DAYS = 30
PAST_NIGHTS = 60
Scored = tuple[date, float, str]  # a day, the score on it, and its band
_of = table.c


@dataclass(frozen=True)
class ConvergenceView:
    """The symbols of a night, best first; nothing before the first night. ``bands``: how many are in each."""

    on: date | None
    regime: str | None
    bands: Mapping[str, int]
    rows: Sequence[ConvergenceRow]


@dataclass(frozen=True)
class SymbolConvergence:
    """One symbol on a night: ``breakdown`` as it is stored (its score of 0 alone where nothing was left),
    the score of that day and the next 30, and those of past nights, oldest first."""

    symbol: str
    name: str | None
    on: date
    breakdown: Mapping[str, Any]
    fades: Sequence[Scored]
    past: Sequence[Scored]


async def view_convergence(ws: Workspace, on: date | None = None) -> ConvergenceView:
    """A night's symbols (None: the newest night's). ``UnknownName`` for a night that was not worked
    through."""
    async with ws.db.read() as conn:
        night = await find_night(conn, on)
        if night is None:
            return ConvergenceView(None, None, dict.fromkeys(BANDS, 0), ())
        order = [_of.score.desc(), _of.symbol]
        rows = await convergences.find(conn, _of.converged_on == night.night_on, order_by=order)
    counted = Counter(row.band for row in rows)
    return ConvergenceView(night.night_on, night.regime, {name: counted[name] for name in BANDS}, rows)


async def view_symbol_convergence(ws: Workspace, symbol: str, on: date | None = None) -> SymbolConvergence:
    """One symbol on a night (None: the newest). ``UnknownName`` for no such symbol or night."""
    async with ws.db.read() as conn:
        about = await find_symbol(conn, symbol)
        night = await find_night(conn, on)
        if night is None:
            raise UnknownName("the desk has not worked through any night yet", mend="run `pacesetter night`")
        order = [_of.converged_on.desc()]
        own = (_of.symbol == about.symbol, _of.converged_on <= night.night_on)
        rows = await convergences.find(conn, *own, order_by=order, limit=PAST_NIGHTS)
        since = nights.table.c.night_on <= night.night_on
        days = await nights.find(conn, since, order_by=[nights.table.c.night_on.desc()], limit=PAST_NIGHTS)
    desk, stored = load_desk(), {row.converged_on: row for row in rows}
    row = stored.get(night.night_on)
    told: Mapping[str, Any] = tell_nothing(night, desk) if row is None else row.breakdown
    past = [
        (day.night_on, stored[day.night_on].score, stored[day.night_on].band)
        if day.night_on in stored
        else (day.night_on, 0.0, BANDS[0])
        for day in reversed(days)
    ]
    fades = fade(about.symbol, told, night, desk)
    return SymbolConvergence(about.symbol, about.name, night.night_on, told, fades, past)


def tell_nothing(night: NightRow, desk: Desk) -> dict[str, Any]:
    """The breakdown of a symbol without any signal that counts."""
    return {"regime": night.regime, "regime_multiplier": desk.convergence.regimes[night.regime], "parts": []}


async def find_night(conn: Any, on: date | None) -> NightRow | None:
    """A night by its session, the newest where none is named; ``UnknownName`` for one that is not there."""
    if on is None:
        return await newest_night(conn)
    found = await nights.find(conn, nights.table.c.night_on == on)
    if not found:
        raise UnknownName(f"the desk has not worked through the night of {on}", mend="see GET /api/v1/nights")
    return found[0]


def fade(symbol: str, told: Mapping[str, Any], night: NightRow, desk: Desk) -> list[Scored]:
    """The score on a night and each of the next days, if nothing new is noticed and the market stays."""
    signals = frame_signals(
        [
            Signal(
                symbol=symbol,
                signal_type=part["signal_type"],
                source=part["source"],
                score=part["score"],
                confidence=part["confidence"],
                seen_on=date.fromisoformat(part["seen_on"]),
            )
            for part in told.get("parts", [])
        ]
    )
    favours = {symbol: told["sector_favour"]} if told.get("sector_favour") else {}
    found = []
    for n in range(FADE_DAYS + 1):
        on = night.night_on + timedelta(days=n)
        score = (
            converge(signals, on, regime=night.regime, favours=favours, desk=desk).scores().get(symbol, 0.0)
        )
        found.append((on, score, desk.convergence.band(score)))
    return found
