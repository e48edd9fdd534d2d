"""Whether a board's scores, and each of its factors, said anything of what followed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.validate_board import figures, monthly, validate_board
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import Span
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["validation"], dependencies=[Requires("read")])


class ValidationItem(BaseModel):
    """One score (``score``, or a factor's name) over one horizon in sessions."""

    what: str
    horizon: int
    ic: float | None = Field(description="Mean rank correlation with the return over the horizon.")
    icir: float | None
    t: float | None = Field(description="Newey-West, horizon − 1 lags.")
    p: float | None
    n: int
    turnover: float | None
    rank_autocorrelation: float | None
    spread: float | None = Field(description="Mean return of the top group less that of the bottom group.")
    quantile_returns: list[float | None]


class MonthItem(BaseModel):
    """The score's mean information coefficient of a month, over one horizon in sessions."""

    horizon: int
    month: dt.date = Field(description="Its first day.")
    ic: float
    n: int = Field(description="Sessions with one.")


class ValidationBody(Body):
    """A board's validation, computed from the bars as they are known now."""

    board: str
    method: str
    first: dt.date
    last: dt.date
    members: int
    rows: list[ValidationItem]
    months: list[MonthItem]


@router.get("/validation/{board:path}")
@kept("detail")
async def read_validation(
    holder: Holder,
    ws: Reading,
    span: Span,
    board: Annotated[str, Path(max_length=80, description="Name or slug of a board.")],
    method: Annotated[str | None, Query(max_length=80, description="By this stored method.")] = None,
) -> ValidationBody:
    """Information coefficients, quantile returns, turnover and autocorrelation by horizon."""
    found = await holder.compute(
        lambda own: validate_board(own, board, method=method, first=span[0], last=span[1])
    )
    return ValidationBody(
        **await freshness(ws, found.last),
        board=found.board,
        method=found.method,
        first=found.first,
        last=found.last,
        members=found.members,
        rows=[ValidationItem(**row) for row in figures(found)],
        months=[MonthItem(**row) for row in monthly(found)],
    )
