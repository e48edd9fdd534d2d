"""Files of boxes: tried first, taken in with the fate of every row, listed, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.imports.refused_rows import WORDS
from pacesetter.jobs.imports.upload_boxes import Place, list_box_imports, undo_boxes, upload_boxes
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.boxes.box_pages import newest_box_dates
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import days_fresh
from pacesetter.web.errors import CREATED, OK
from pacesetter.web.inputs import Flag
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["boxes"], dependencies=[Requires("read")])
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV with commas, semicolons, tabs or bars; or JSON; or Parquet, "
        "where file_name ends so.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


class RefusedItem(BaseModel):
    """A row that was refused."""

    row: int = Field(description="Of the file, 1 is the first behind the header.")
    box_id: str | None
    date: str | None = Field(description="As the file has it.")
    reason: str
    because: str = Field(description="The reason in words.")
    detail: str | None


class BoxImportDone(Body):
    """What became of a file: ``read`` = ``stored`` + ``refused``. ``import_id`` takes it back; null where it
    was only tried."""

    file_name: str
    dry_run: bool
    import_id: UUID | None
    read: int
    stored: int = Field(description="inserted + changed + unchanged.")
    inserted: int
    changed: int
    unchanged: int
    refused: int
    refused_rows: list[RefusedItem]
    said: list[str] = Field(description="New boxes, what was ranked again, and what looks strange.")


class BoxImportItem(BaseModel):
    """Something that was imported, entered, joined or edited."""

    id: UUID
    kind: str = Field(description="boxes (a file or an entry), box_join or box_facts.")
    file_name: str
    by: str | None = Field(description="Who did it, where that is known.")
    started_at: dt.datetime
    undone_at: dt.datetime | None
    read: int | None
    stored: int | None
    refused: int | None


class BoxImportsBody(Body):
    """A page of what was brought in of boxes, newest first."""

    next: str | None
    rows: list[BoxImportItem]


class BoxImportUndone(Body):
    """Something taken back; figures and ranks are as if it had never been."""

    id: UUID
    kind: str
    file_name: str
    ranked: int = Field(description="Days that were ranked again.")


@router.post(
    "/boxes/imports",
    status_code=CREATED,
    response_model=BoxImportDone,
    dependencies=[Requires("write")],
    openapi_extra=FILE,
    responses={OK: {"model": BoxImportDone, "description": "A dry run, or nothing was new."}},
)
async def import_file(
    ws: Reading,
    holder: Holder,
    who: Asking,
    request: Request,
    response: Response,
    dry_run: Annotated[Flag, Query(description="Do everything, and keep nothing.")] = False,
    source: Annotated[
        str | None, Query(max_length=40, description="Who saw it, for rows that do not say.")
    ] = None,
    file_name: Annotated[
        str | None, Query(max_length=255, description="What the file is called; its ending says what it is.")
    ] = None,
    x_file_name: Annotated[str | None, Header(max_length=255, description="The same.")] = None,
) -> BoxImportDone:
    """Import boxes: every row is stored or refused with a reason, and they are ranked at once."""
    data = await request.body()
    name = file_name or x_file_name
    done = await holder.compute(
        lambda own: upload_boxes(own, data, name, by=who.name, dry_run=dry_run, source=source)
    )
    told = done.report
    if told.import_id is None or not told.inserted + told.changed:
        response.status_code = OK
    named = ("dry_run", "import_id", "read", "stored", "inserted", "changed", "unchanged", "refused", "said")
    return BoxImportDone(
        **await fresh(ws),
        file_name=told.file,
        **{field: getattr(told, field) for field in named},
        refused_rows=[refused_item(row) for row in done.refused.iter_rows(named=True)],
    )


@router.get("/boxes/imports")
async def read_imports(ws: Reading, page: Page) -> BoxImportsBody:
    """What was imported, entered by hand, joined and edited of boxes."""
    after = None if page.after is None else read_place(page.after)
    found = await list_box_imports(ws, after=after, limit=page.limit + 1)
    rows = found[: page.limit]
    more = (
        write_cursor((rows[-1].started_at.isoformat(), str(rows[-1].id))) if len(found) > len(rows) else None
    )
    return BoxImportsBody(**await fresh(ws), next=more, rows=[import_item(row) for row in rows])


@router.delete("/boxes/imports/{import_id}", dependencies=[Requires("write")])
async def undo_import(
    ws: Reading,
    holder: Holder,
    import_id: Annotated[UUID, Path(description="Id of an import, entry, join or edit.")],
) -> BoxImportUndone:
    """Take back a file, an entry by hand, a join or an edit of facts, as if it had never been."""
    done = await holder.compute(lambda own: undo_boxes(own, import_id))
    told = {"kind": done["kind"], "file_name": done["file"], "ranked": done.get("ranked", 0)}
    return BoxImportUndone(**await fresh(ws), id=import_id, **told)


def refused_item(row: dict[str, Any]) -> RefusedItem:
    """A refused row as an answer."""
    because = WORDS.get(row["reason"], row["reason"].replace("_", " "))
    return RefusedItem(
        box_id=row["symbol"], because=because, **{n: row[n] for n in ("row", "date", "reason", "detail")}
    )


def import_item(row: Any) -> BoxImportItem:
    """A noted import as an answer."""
    counts: dict[str, Any] = {name: (row.counts or {}).get(name) for name in ("read", "stored", "refused")}
    named: dict[str, Any] = {
        name: getattr(row, name) for name in ("id", "kind", "file_name", "started_at", "undone_at")
    }
    return BoxImportItem(**named, by=(row.options or {}).get("by"), **counts)


def read_place(after: tuple[Any, ...]) -> Place:
    """The import that a cursor names; ``BadParameter`` for one of another list."""
    try:
        at, import_id = after
        begun = dt.datetime.fromisoformat(at)
        if begun.tzinfo is None:
            raise ValueError(at)
        return begun, UUID(import_id)
    except (ValueError, TypeError, AttributeError):
        raise bad_cursor() from None


async def fresh(ws: Workspace) -> dict[str, Any]:
    """How fresh the boxes are."""
    async with ws.db.read() as conn:
        ranked_on, observed_on = await newest_box_dates(conn)
        return days_fresh(ws, ranked_on or observed_on)
