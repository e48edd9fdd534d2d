"""Boards and their members."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from pacesetter.store.boards import newest_published_date
from pacesetter.store.domains import list_domains
from pacesetter.store.memberships import members_on
from pacesetter.web.body import Body, freshness
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["domains"])


class DomainItem(BaseModel):
    """A board: its members today, and the method that it is published with."""

    name: str
    slug: str
    description: str | None
    asset_type: str
    method: str
    members: list[str]


class DomainsBody(Body):
    """All boards in their order."""

    domains: list[DomainItem]


@router.get("/domains")
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
                method=row.method,
                members=await members_on(conn, row.id, today),
            )
            for row in await list_domains(conn)
        ]
    return DomainsBody(**await freshness(ws, as_of), domains=items)
