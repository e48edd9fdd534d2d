"""Factors: what each one measures, and which methods use it."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pacesetter.factors.base import Factor, factors_of
from pacesetter.ranking.method import Method
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.boards.methods import newest_methods
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.kept.kept import kept
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["factors"], dependencies=[Requires("read")])


class UseItem(BaseModel):
    """A method that uses a factor: under which name, with which weight, and compared with what."""

    method: str
    name: str = Field(description="What the method calls it; another than the factor's own is possible.")
    weight: float
    relative_to: str | None = Field(description="board_median: less the median of the board; null: as it is.")


class FactorTold(BaseModel):
    """A factor as its own file declares it."""

    name: str
    label: str = Field(description="Its name for people, such as Momentum 12-1.")
    unit: str
    higher_is_better: bool
    window: int = Field(description="Bars of the symbol that a value may depend on, the newest included.")
    min_observations: int = Field(description="Bars that it must have; fewer: too_few_bars.")
    needs: list[str] = Field(description="Columns of prices, or facts such as fact:eps.")
    formula: str = Field(description="P_0 is the newest accepted bar, P_k the k-th before it; V is volume.")
    about: str = Field(description="What a value tells, in a sentence.")
    source: str = Field(description="Paper or standard; empty where the definition is our own.")
    version: int = Field(description="Grows when the same prices give another value.")
    used_by: list[UseItem]


class FactorsBody(Body):
    """Every factor that a method can use, by name."""

    rows: list[FactorTold]


@router.get("/factors")
@kept("detail")
async def read_factors(ws: Reading) -> FactorsBody:
    """What every factor means, how it is computed, and from what."""
    async with ws.db.read() as conn:
        methods = await newest_methods(conn)
        as_of = await newest_published_date(conn)
    return FactorsBody(
        **await freshness(ws, as_of), rows=[factor_told(one, methods) for one in factors_of("bars")]
    )


def factor_told(one: Factor, methods: list[Method]) -> FactorTold:
    """A factor's declaration as an answer."""
    same = ("name", "unit", "higher_is_better", "window", "formula", "about", "source", "version")
    return FactorTold(
        **{name: getattr(one, name) for name in same},
        label=one.title,
        min_observations=one.minimum,
        needs=list(one.needs),
        used_by=[
            UseItem(method=method.name, name=part.name, weight=part.weight, relative_to=part.relative_to)
            for method in methods
            for part in method.factors
            if part.uses == one.name
        ],
    )
