"""Analyses: what each analyst thinks of a symbol, why, and what a language model added."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_analyses import view_analyses
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.store.desk.analyses import AnalysisRow
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import On
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["decisions"], dependencies=[Requires("read")])


class TestPointsItem(BaseModel):
    """What one test gave, of what it could give."""

    test: str
    points: float
    limit: float


class ClaimItem(BaseModel):
    """A claim of a text that was checked: the stored figure that it names, or why it was struck out."""

    start: int
    text: str
    name: str | None
    reason: str | None


class CheckedText(BaseModel):
    """A text; what does not recompute stands between ``~~``. Places count in the text without those."""

    text: str
    kept: list[ClaimItem]
    struck: list[ClaimItem]


class ToldItem(BaseModel):
    """What a language model added, every figure of it checked; or the ``reason`` why there is nothing."""

    model: str | None
    reason: str | None
    thesis: CheckedText | None
    would_change: CheckedText | None


class AnalysisItem(BaseModel):
    """An analyst's opinion of a symbol on a session."""

    id: UUID
    symbol: str
    name: str | None
    analyst: str
    analysed_on: dt.date
    recommendation: Literal["BUY", "SELL", "HOLD", "WATCHLIST"]
    score: float = Field(description="0 to 100, the higher the better for who owns it.")
    confidence: float = Field(description="0 to 1.")
    reasoning: str
    metrics: dict[str, Any] = Field(description="The facts that it looked at, by name.")
    points: list[TestPointsItem] = Field(description="How the score came about.")
    risks: list[str]
    told: ToldItem | None = Field(description="null: no language model is set.")
    config_version: int = Field(description="Version of the analyst's settings.")


class AnalysesBody(Body):
    """Opinions of one session, by symbol and analyst."""

    on: dt.date | None
    rows: list[AnalysisItem]


@router.get("/analyses", response_model=AnalysesBody, responses=FORMS)
@kept("detail", by_accept=True)
async def read_analyses(
    request: Request,
    ws: Reading,
    symbol: Annotated[
        str | None, Query(max_length=32, description="This symbol's newest up to the date.")
    ] = None,
    on: On = None,
    analyst: Annotated[str | None, Query(max_length=80, description="Only this analyst's.")] = None,
    fields: Fields = None,
) -> Any:
    """Opinions of the newest session that has any, or of the one asked for."""
    found = await view_analyses(ws, symbol=symbol, on=on, analyst=analyst)
    names = await name_symbols(ws, {row.symbol for row in found.rows})
    rows = [analysis_item(row, names.get(row.symbol)) for row in found.rows]
    body = AnalysesBody(**await freshness(ws, found.on), on=found.on, rows=rows)
    return present(request, body, fields)


def analysis_item(row: AnalysisRow, name: str | None) -> AnalysisItem:
    """A stored opinion as an answer."""
    metrics = dict(row.key_metrics or {})
    points = metrics.pop("points", None) or {}
    own = ("id", "symbol", "analyst", "analysed_on", "recommendation", "score", "confidence", "reasoning")
    return AnalysisItem(
        **{one: getattr(row, one) for one in (*own, "config_version")},
        name=name,
        metrics=metrics,
        points=[
            TestPointsItem(test=test, points=given["points"], limit=given["limit"])
            for test, given in points.items()
        ],
        risks=list(row.risks or []),
        told=None if not row.told else told_item(row.told),
    )


def told_item(told: Any) -> ToldItem:
    """What a language model added."""
    return ToldItem(
        model=told.get("model"),
        reason=told.get("reason"),
        thesis=checked(told.get("thesis")),
        would_change=checked(told.get("would_change")),
    )


def checked(text: Any) -> CheckedText | None:
    """A checked text as an answer."""
    if not text:
        return None
    kept_, struck = (
        [
            ClaimItem(start=one["start"], text=one["text"], name=one.get("name"), reason=one.get("reason"))
            for one in text.get(name) or []
        ]
        for name in ("kept", "struck")
    )
    return CheckedText(text=text["text"], kept=kept_, struck=struck)
