"""What symbols are exposed to, with how sure that is, and what the factors are."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.symbols.view_exposures import ExposureView, view_definitions, view_exposures
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import On, Span
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["exposures"], dependencies=[Requires("read")])


class ExposureItem(BaseModel):
    """What a symbol is exposed to on a session: by how much it moved where the factor moved by one; or
    why there is no value."""

    on: dt.date
    factor: str
    label: str
    kind: str = Field(description="market, rate, ridge or spread.")
    method: str = Field(description="ols_regression, ridge_regression or spread_regression.")
    proxy: str = Field(description="The fund that stands for the factor.")
    minus: str | None = Field(description="Of a spread: the fund whose returns are taken off the proxy's.")
    window: int = Field(description="Sessions looked at.")
    min_observations: int
    regularisation: float | None = Field(description="λ of the ridge, on standardised columns.")
    beta: float | None
    se: float | None = Field(
        description="Standard error of beta; of a ridge conditional on λ; null where it is undefined."
    )
    r2: float | None = Field(description="Share of the variance that is explained; of a ridge by all six.")
    n: int | None = Field(description="Sessions that counted.")
    vif: float | None = Field(
        description="Of a ridge factor: how much collinearity swells its variance; 1: none."
    )
    quality: str | None = Field(description="full: every session of the window counts; limited: some do not.")
    reason: str | None = Field(description="Why there is no value; null where there is one.")
    because: str | None = Field(description="The reason in words.")
    origin: str = Field(description="stored, or computed for this answer.")
    computed_at: dt.datetime | None


class ExposuresBody(Body):
    """The exposures of a symbol: every factor on one session, or on every session of a span, oldest
    first."""

    symbol: str
    name: str | None
    asset_type: str
    rows: list[ExposureItem]


class DefinitionItem(BaseModel):
    """A factor: which fund stands for it, and how exposures to it are measured."""

    name: str
    label: str
    kind: str = Field(description="market, rate, ridge or spread.")
    proxy: str
    minus: str | None = Field(description="Of a spread: the fund whose returns are taken off the proxy's.")
    method: str
    window: int = Field(description="Sessions.")
    min_observations: int
    regularisation: float | None
    proxy_priced_on: dt.date | None = Field(
        description="Newest session on which the funds have prices; null where one of them has none."
    )


class DefinitionsBody(Body):
    """All factors, in the order in which they are shown."""

    rows: list[DefinitionItem]


Symbol = Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")]
Factor = Annotated[
    str | None, Query(max_length=32, description="Only this factor, such as market_beta; default: all.")
]


@router.get("/exposures/{symbol}", response_model=ExposuresBody, responses=FORMS)
@kept("detail", by_accept=True)
async def read_exposures(
    request: Request,
    holder: Holder,
    ws: Reading,
    symbol: Symbol,
    span: Span,
    on: On = None,
    factor: Factor = None,
    fields: Fields = None,
) -> Any:
    """The exposures of a symbol on a session (default: the newest of the nightly batch), or with from and
    to on every session of a span: a rolling history. What is not stored is computed for this answer."""
    first, last = span
    found = await view_exposures(ws, symbol, on=on, first=first, last=last, factor=factor, compute=False)
    if not found.complete:
        found = await holder.compute(
            lambda own: view_exposures(own, symbol, on=on, first=first, last=last, factor=factor)
        )
    body = ExposuresBody(
        **await freshness(ws, found.as_of),
        symbol=found.symbol,
        name=found.name,
        asset_type=found.asset_type,
        rows=[exposure_item(row) for row in found.rows],
    )
    return present(request, body, fields)


@router.get("/factor-definitions")
@kept("series")
async def read_definitions(ws: Reading) -> DefinitionsBody:
    """The factors that exposures are measured to."""
    as_of, found = await view_definitions(ws)
    return DefinitionsBody(**await freshness(ws, as_of), rows=[DefinitionItem(**vars(one)) for one in found])


def exposure_item(row: ExposureView) -> ExposureItem:
    """An exposure as an answer."""
    return ExposureItem(**vars(row))
