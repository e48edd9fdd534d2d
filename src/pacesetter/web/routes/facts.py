"""Facts: the figures that conditions, screens and analysts speak of, and their present values."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pacesetter.agents.facts import fact_names
from pacesetter.jobs.desk.try_watch import read_facts
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.research.condition import KINDS, OPS
from pacesetter.research.condition_words import WORDS
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.kept.kept import kept
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["watchlist"], dependencies=[Requires("read")])


class FactItem(BaseModel):
    """A fact."""

    fact: str = Field(description="kind.name, as in a condition.")
    kind: str
    words: str


class OpItem(BaseModel):
    """A comparison that conditions can make."""

    op: str
    words: str


class FactsBody(Body):
    """Everything that a condition can speak of."""

    kinds: list[str]
    ops: list[OpItem]
    rows: list[FactItem]


class FactValueItem(FactItem):
    """A fact of a symbol."""

    value: float | None = Field(description="null: not known.")


class FactValuesBody(Body):
    """A symbol's facts on the newest ranked session."""

    symbol: str
    name: str | None
    rows: list[FactValueItem]


@router.get("/facts")
@kept("series")
async def read_fact_names(ws: Reading) -> FactsBody:
    """All facts, each with what it is, and the comparisons."""
    return FactsBody(
        **await freshness(ws, await newest_on(ws)),
        kinds=list(KINDS),
        ops=[OpItem(op=op, words=WORDS[op]) for op in OPS],
        rows=[FactItem(fact=name, kind=kind_of(name), words=said) for name, said in fact_names().items()],
    )


@router.get("/facts/{symbol}")
@kept("detail")
async def read_symbol_facts(
    ws: Reading,
    holder: Holder,
    symbol: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")],
) -> FactValuesBody:
    """The facts of a symbol as conditions read them."""
    found, on, values = await holder.compute(lambda own: read_facts(own, symbol))
    names = await name_symbols(ws, [found])
    return FactValuesBody(
        **await freshness(ws, on),
        symbol=found,
        name=names.get(found),
        rows=[
            FactValueItem(fact=name, kind=kind_of(name), words=said, value=values.get(name))
            for name, said in fact_names().items()
        ],
    )


def kind_of(name: str) -> str:
    """The kind of a fact."""
    return name.partition(".")[0]
