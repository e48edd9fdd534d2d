"""Conditions that are only tried: how often each would have fired."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from pacesetter.jobs.desk.try_watch import try_condition
from pacesetter.jobs.desk.watch_terms import read_terms
from pacesetter.research.condition import write_condition
from pacesetter.research.condition_text import write_text
from pacesetter.research.condition_words import to_words
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.watch import TrialItem, TryAsked, trial_item
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["watchlist"], dependencies=[Requires("read")])


class TriedBody(Body):
    """What a condition would have done."""

    symbol: str
    condition: dict[str, Any] = Field(description="As JSON.")
    text: str = Field(description="As text, as it can be given again.")
    words: str = Field(description="For a person.")
    would_have: TrialItem = Field(description="In the year up to the newest ranked session.")


@router.post("/watchlist/try")
async def try_watch(ws: Reading, holder: Holder, asked: TryAsked) -> TriedBody:
    """How often a condition would have fired in the last year; nothing is stored."""
    wanted = read_terms(asked.condition)
    back, rest = asked.hysteresis_pct, asked.cool_down_days
    trial = await holder.compute(
        lambda own: try_condition(own, asked.symbol, wanted, hysteresis_pct=back, cool_down_days=rest)
    )
    return TriedBody(
        **await freshness(ws, trial.firings.last_on),
        symbol=trial.symbol,
        condition=write_condition(wanted),
        text=write_text(wanted),
        words=to_words(wanted),
        would_have=trial_item(trial),
    )
