"""Boards and their members."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.define_board import BoardDefined, create_board, edit_board, remove_board
from pacesetter.jobs.boards.preview_board import preview_board
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.symbols.domains import find_domain, list_domains
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.errors import CREATED
from pacesetter.web.inputs import Day, Given
from pacesetter.web.kept.kept import kept
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["domains"], dependencies=[Requires("read")])


Board = Annotated[str, Path(max_length=80, description="Slug of a board, such as ai-tech.")]


class DomainItem(BaseModel):
    """A board: its members today, and the method that it is published with."""

    name: str
    slug: str
    description: str | None
    asset_type: str
    kind: str = Field(description="curated (shipped), custom (one's own) or universe (everything).")
    rule: str | None = Field(description="Members are those that satisfy it; null: they are listed.")
    method: str
    members: list[str]


class DomainsBody(Body):
    """All boards in their order."""

    domains: list[DomainItem]


class DomainAsked(Given):
    """A board of one's own: from a list of symbols, or from a rule."""

    name: str = Field(min_length=1, max_length=80)
    symbols: list[Annotated[str, Field(min_length=1, max_length=32)]] = Field([], max_length=20_000)
    rule: str | None = Field(None, max_length=400, description='"all", or such as "sector = Energy".')
    asset_type: Literal["equity", "etf", "sealed_box"] = "equity"
    method: str | None = Field(None, max_length=80, description="Default: core; boxes, of boxes.")
    description: str | None = Field(None, max_length=400)
    since: Day | None = Field(None, description="Members from this date on; default: ever.")


class DomainEdited(Given):
    """A change of a board: who joins, who leaves, from when on, and the method it is ranked by."""

    add: list[Annotated[str, Field(min_length=1, max_length=32)]] = Field([], max_length=20_000)
    drop: list[Annotated[str, Field(min_length=1, max_length=32)]] = Field([], max_length=20_000)
    method: str | None = Field(None, max_length=80)
    on: Day | None = Field(None, description="From this date on; default: today.")


class PreviewAsked(Given):
    """A board that is still being thought of: a list of symbols, or a rule."""

    symbols: list[Annotated[str, Field(min_length=1, max_length=32)]] = Field([], max_length=20_000)
    rule: str | None = Field(None, min_length=1, max_length=400)
    asset_type: Literal["equity", "etf", "sealed_box"] = "equity"


class CandidateItem(BaseModel):
    """A symbol that would be a member."""

    symbol: str
    name: str | None
    priced_until: date | None = Field(description="Its newest price; null: it would stand unranked.")


class PreviewBody(BaseModel):
    """Who would be on the board. The lists besides ``members`` name what was given and is not known."""

    members: list[CandidateItem]
    unknown: list[str] = Field(description="New here: they join, and stand unranked until there are prices.")
    other_kind: list[str] = Field(description="Known as another kind: the board would be refused.")
    unreadable: list[str] = Field(description="Cannot be a symbol: the board would be refused.")


class DomainDone(BaseModel):
    """A board after it was made or changed. ``unknown``: symbols nobody has heard of, which stand unranked
    until there are prices of them."""

    board: str
    slug: str
    joined: list[str]
    left: list[str]
    unknown: list[str]


@router.post("/domains", status_code=CREATED, dependencies=[Requires("write")])
async def make_domain(ws: Reading, asked: DomainAsked) -> DomainDone:
    """Make a board; the next cycle ranks it."""
    return done_body(await create_board(ws, **asked.model_dump()))


@router.post("/domains/preview")
async def preview_domain(ws: Reading, asked: PreviewAsked) -> PreviewBody:
    """Who would be on a board; nothing is stored."""
    seen = await preview_board(ws, **asked.model_dump())
    items = [CandidateItem(**vars(one)) for one in seen.members]
    return PreviewBody(**{**vars(seen), "members": items})


@router.patch("/domains/{board}", dependencies=[Requires("write")])
async def change_domain(ws: Reading, board: Board, asked: DomainEdited) -> DomainDone:
    """Let symbols join or leave a board from a date on, or rank it by another method."""
    return done_body(await edit_board(ws, board, **asked.model_dump()))


@router.delete("/domains/{board}", dependencies=[Requires("write")])
async def drop_domain(ws: Reading, board: Board) -> DomainDone:
    """Take a board away; what it published stays stored."""
    async with ws.db.read() as conn:
        slug = (await find_domain(conn, board)).slug
    return DomainDone(board=await remove_board(ws, board), slug=slug, joined=[], left=[], unknown=[])


def done_body(done: BoardDefined) -> DomainDone:
    """What was done, as an answer."""
    return DomainDone(
        board=done.name, slug=done.slug, joined=done.added, left=done.ended, unknown=done.unknown
    )


@router.get("/domains")
@kept("detail")
async def read_domains(ws: Reading) -> DomainsBody:
    """All boards with their members."""
    today = ws.now().date()
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
        items = [
            DomainItem(
                name=row.name,
                slug=row.slug,
                description=row.description,
                asset_type=row.asset_type,
                kind=row.kind,
                rule=row.rule,
                method=row.method,
                members=await members_on(conn, row.id, today),
            )
            for row in await list_domains(conn)
        ]
    return DomainsBody(**await freshness(ws, as_of), domains=items)
