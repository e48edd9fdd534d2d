"""Convergence: what the signals of a symbol come to, how, and how that fades."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_convergence import (
    FADE_DAYS,
    PAST_NIGHTS,
    view_convergence,
    view_symbol_convergence,
)
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.breakdown import BreakdownItem, breakdown_item
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Page
from pacesetter.web.parameters import On
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["signals"], dependencies=[Requires("read")])
Band = Literal["monitor", "research", "deep_analysis", "priority"]


class ConvergenceItem(BaseModel):
    """What a symbol's signals came to on a night."""

    symbol: str
    name: str | None
    score: float
    band: Band
    n_signals: int = Field(description="Signals of which something is left.")
    n_kinds: int = Field(description="Types that count to the bonus.")
    kinds: list[str]
    decayed_sum: float
    regime_multiplier: float
    sector_favour: str | None
    sector_multiplier: float
    bonus: float


class ConvergencesBody(Body):
    """A page of a night's symbols, best first; ``count`` in all."""

    regime: str | None = Field(description="bull, neutral or bear; null before the first night.")
    bands: dict[str, int] = Field(description="How many symbols of the night are in each band.")
    count: int
    next: str | None
    rows: list[ConvergenceItem]


class ScoreOnDay(BaseModel):
    """A score on a day."""

    date: dt.date
    score: float
    band: Band


class ConvergenceBody(Body, BreakdownItem):
    """How the score of one symbol came about, and what becomes of it if nothing new is noticed."""

    symbol: str
    name: str | None
    fades: list[ScoreOnDay] = Field(
        description=f"The score of the day and the next {FADE_DAYS}: by age alone, same regime and sector."
    )
    past: list[ScoreOnDay] = Field(description=f"The scores of the last {PAST_NIGHTS} nights, oldest first.")


@router.get("/convergence", response_model=ConvergencesBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_convergences(
    request: Request,
    ws: Reading,
    page: Page,
    on: On = None,
    band: Annotated[Band | None, Query(description="Only symbols in this band.")] = None,
    fields: Fields = None,
) -> Any:
    """What signals came to on a night (default: the newest), best first; ties by symbol."""
    found = await view_convergence(ws, on)
    chosen = [row for row in found.rows if band in (None, row.band)]
    rows, more = page.cut(chosen, lambda row: (-row.score, row.symbol))
    names = await name_symbols(ws, {row.symbol for row in rows})
    body = ConvergencesBody(
        **await freshness(ws, found.on),
        regime=found.regime,
        bands=dict(found.bands),
        count=len(chosen),
        next=more,
        rows=[convergence_item(row, names.get(row.symbol)) for row in rows],
    )
    return present(request, body, fields)


@router.get("/convergence/{symbol}")
@kept("detail")
async def read_convergence(
    ws: Reading,
    symbol: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")],
    on: On = None,
) -> ConvergenceBody:
    """How a symbol's score came about on a night, part by part, and how it will fade."""
    found = await view_symbol_convergence(ws, symbol, on)
    return ConvergenceBody(
        **await freshness(ws, found.on),
        **vars(breakdown_item(found.breakdown, found.on)),
        symbol=found.symbol,
        name=found.name,
        fades=scores_on_days(found.fades),
        past=scores_on_days(found.past),
    )


def scores_on_days(scored: Sequence[Any]) -> list[ScoreOnDay]:
    """Scores by day."""
    return [ScoreOnDay(date=day, score=score, band=band) for day, score, band in scored]


def convergence_item(row: Any, name: str | None) -> ConvergenceItem:
    """A stored row as an answer."""
    told = breakdown_item(row.breakdown, row.converged_on, row.band)
    own = {one: getattr(row, one) for one in ("symbol", "score", "band", "n_signals", "n_kinds")}
    more = ("kinds", "decayed_sum", "regime_multiplier", "sector_favour", "sector_multiplier", "bonus")
    return ConvergenceItem(**own, name=name, **{one: getattr(told, one) for one in more})
