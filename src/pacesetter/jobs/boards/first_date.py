"""A board's first published date, which has none before it that it could be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.boards.methods import read_method
from pacesetter.store.symbols.domains import find_domain


@dataclass(frozen=True)
class FirstDate:
    """A board on its first published date: ``method`` it is ranked by, ``asset_type`` of what it ranks, and
    ``why`` nothing of it has moved."""

    board: str
    slug: str
    on: date
    method: str
    members: int
    asset_type: str
    why: str
    simulated: bool


async def find_first_date(ws: Workspace, board: str, last: date | None = None) -> FirstDate | None:
    """The board's published date (``last``, or its newest) where there is none before it; None where there
    is one, and where that date is not published. ``UnknownName`` for a board that nobody knows."""
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        on = last or await stored.newest_ranked_date(conn, domain)
        head = None if on is None else await stored.find_head(conn, domain.id, on)
        if on is None or head is None or await stored.published_before(conn, domain.id, on) is not None:
            return None
        method = await read_method(conn, head.method_version_id)
        members = len(await members_on(conn, domain.id, on))
    return FirstDate(
        board=domain.name,
        slug=domain.slug,
        on=on,
        method=f"{method.name} v{method.version}",
        members=members,
        asset_type=domain.asset_type,
        why=f"there is no published date before {on} that it could be compared with: "
        "`pacesetter backfill ranks` publishes history",
        simulated=ws.simulated,
    )
