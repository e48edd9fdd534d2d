"""How boards are ranked: methods, factors, and weights that are tried before they are kept."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pacesetter.factors.base import factors_of
from pacesetter.jobs.boards.keep_method import save_method
from pacesetter.ranking.method import Method, shipped_names
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.boards.methods import newest_methods
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.inputs import Given
from pacesetter.web.kept.kept import kept
from pacesetter.web.trials import AtTrial
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["methods"], dependencies=[Requires("read")])


class PartItem(BaseModel):
    """A factor of a method."""

    name: str
    uses: str
    weight: float
    relative_to: str | None = Field(description="board_median: less the median of the board's values.")


class MethodItem(BaseModel):
    """A method in its newest version."""

    name: str
    version: int
    title: str
    normalise: str
    score: str
    coverage_min: float
    clip: float
    sha256: str
    is_shipped: bool = Field(description="It comes with the product and stays as it is.")
    factors: list[PartItem]


class FactorDeclared(BaseModel):
    """What a factor is."""

    name: str
    title: str
    unit: str
    window: int
    minimum: int
    higher_is_better: bool
    formula: str
    source: str


class MethodsBody(Body):
    """Every method, and every factor that one can use."""

    methods: list[MethodItem]
    factors: list[FactorDeclared]


class MethodText(Given):
    """A method of one's own, as TOML."""

    toml: str = Field(min_length=1, max_length=20_000)


class MethodSaved(BaseModel):
    """A method after it was saved; ``changed``: a new version was made."""

    name: str
    version: int
    changed: bool
    boards: list[str]


class WhatIfAsked(Given):
    """Weights to try on a board."""

    board: str = Field(max_length=80)
    method: str | None = Field(None, max_length=80, description="Whose factors; default: the board's.")
    weights: dict[str, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        min_length=1, max_length=100, description="By factor of the method; any positive sum."
    )


class Moved(BaseModel):
    """A symbol now and with the weights that were tried."""

    symbol: str
    rank_before: int | None
    rank: int | None
    score: float | None


class WhatIfBody(Body):
    """A board under other weights, on its newest session and over ten years."""

    board: str
    method: str
    weights: dict[str, float]
    rows: list[Moved]
    ic_before: float | None = Field(description="Mean information coefficient at 21 sessions.")
    ic: float | None
    turnover_before: float | None = Field(description="Mean share of the top fifth replaced a session.")
    turnover: float | None
    sessions: int


@router.get("/methods")
@kept("detail")
async def read_methods(ws: Reading) -> MethodsBody:
    """All methods in their newest versions, and all factors."""
    async with ws.db.read() as conn:
        every = await newest_methods(conn)
        as_of = await newest_published_date(conn)
    declared = [
        FactorDeclared(**{name: getattr(one, name) for name in FactorDeclared.model_fields})
        for one in factors_of("bars")
    ]
    return MethodsBody(
        **await freshness(ws, as_of), methods=[method_item(one) for one in every], factors=declared
    )


@router.post("/methods", dependencies=[Requires("write")])
async def keep_method(ws: Reading, asked: MethodText) -> MethodSaved:
    """Keep a method of one's own, or its next version; boards that use it follow with the next cycle."""
    return MethodSaved(**vars(await save_method(ws, asked.toml, where="toml")))


@router.post("/what-if")
async def try_weights(trials: AtTrial, ws: Reading, asked: WhatIfAsked) -> WhatIfBody:
    """Rank a board with other weights; nothing is stored."""
    found = await trials.try_method(ws, asked.board, asked.weights, method=asked.method)
    now, then = found.now, found.then
    ranks = zip(then.symbols, now.ranks.tolist(), then.ranks.tolist(), then.score.tolist(), strict=True)
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
    return WhatIfBody(
        **await freshness(ws, as_of),
        board=found.board,
        method=found.method,
        weights=then.weights,
        rows=[
            Moved(symbol=s, rank_before=before or None, rank=after or None, score=known(score))
            for s, before, after, score in ranks
        ],
        ic_before=known(now.ic_mean),
        ic=known(then.ic_mean),
        turnover_before=known(now.turnover_mean),
        turnover=known(then.turnover_mean),
        sessions=len(then.sessions),
    )


def method_item(one: Method) -> MethodItem:
    """A method as an answer."""
    head = {
        name: getattr(one, name) for name in MethodItem.model_fields if name not in ("factors", "is_shipped")
    }
    parts = [PartItem(**vars(part)) for part in one.factors]
    return MethodItem(**head, is_shipped=one.name in shipped_names(), factors=parts)


def known(value: float) -> float | None:
    """None for a missing number."""
    return value if math.isfinite(value) else None
