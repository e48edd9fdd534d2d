"""Files of positions or trades: tried first, taken whole or not at all, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.imports import import_portfolio as jobs
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.kernel.errors import BadParameter
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.errors import CREATED, OK, UNPROCESSABLE, problem
from pacesetter.web.inputs import Flag
from pacesetter.web.routes.portfolios import PortfolioId, Seen, State
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["portfolios"], dependencies=[PRIVATE, Requires("read")])


class FaultItem(BaseModel):
    """A mistake in a file, with all that is needed to mend it."""

    line: int = Field(description="Line of the file, counted from 1, comments and header included.")
    row: int = Field(description="Row as a spreadsheet without the comments counts, the header being 1.")
    column: str | None
    value: str | None
    reason: str
    mend: str


class FateItem(BaseModel):
    """What becomes of a line."""

    line: int
    symbol: str | None
    action: str = Field(description="buy, short …; `buy + sell` for a position with its exit.")
    fate: Literal["added", "known", "refused"] = Field(description="known: an earlier import has it.")
    reason: str | None


class ImportDone(Body):
    """What a file came to. Not ``accepted``: nothing of it was kept, and ``faults`` names every mistake."""

    accepted: bool
    dry_run: bool
    import_id: UUID | None
    portfolio_id: UUID
    file_name: str
    kind: Literal["positions", "trades"] | None
    mapping: dict[str, str] = Field(description="Column of the file → what it was taken for.")
    unused: list[str] = Field(description="Columns that were not used.")
    rows_read: int
    rows_added: int
    rows_known: int
    rows_refused: int
    faults: list[FaultItem]
    rows: list[FateItem]
    pending: list[str] = Field(description="Symbols without prices here that are being fetched.")
    said: list[str]
    state: State | None
    metric_date: dt.date | None
    nav: float | None


class ImportItem(BaseModel):
    """An import of a portfolio."""

    id: UUID
    file_name: str
    sha256: str
    mapping: dict[str, str]
    rows_read: int
    rows_added: int
    rows_known: int
    created_at: dt.datetime
    undone_at: dt.datetime | None


class ImportsBody(Body):
    """The imports of a portfolio, newest first."""

    id: UUID
    name: str
    count: int
    rows: list[ImportItem]


class ImportUndone(Body):
    """An import taken back."""

    id: UUID
    file_name: str
    trades_removed: int
    state: State
    metric_date: dt.date | None
    nav: float | None


CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV with commas, semicolons, tabs or bars.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/portfolios/{portfolio_id}/imports",
    status_code=CREATED,
    response_model=ImportDone,
    dependencies=[Requires("write")],
    openapi_extra=CSV_BODY,
    responses={OK: {"model": ImportDone, "description": "A dry run, or nothing was new."}},
)
async def import_file(
    ws: Reading,
    holder: Holder,
    seen: Seen,
    portfolio_id: PortfolioId,
    request: Request,
    response: Response,
    dry_run: Annotated[Flag, Query(description="Do everything, and keep nothing.")] = False,
    file_name: Annotated[str | None, Query(max_length=255, description="What the file is called.")] = None,
    x_file_name: Annotated[str | None, Header(max_length=255, description="The same.")] = None,
    column: Annotated[
        str | None,
        Query(
            alias="map",
            max_length=2000,
            description="What columns mean, where their names do not say it: Column=field, separated by ;.",
        ),
    ] = None,
) -> Any:
    """Import a file of positions or trades. One with a fault is answered with all of its faults (422), and
    nothing of it is kept."""
    data = await request.body()
    name = file_name or x_file_name or "upload.csv"
    mapping = read_mapping(column)
    done = await holder.compute(
        lambda own: jobs.import_portfolio(
            own, portfolio_id, data, name, mapping=mapping, dry_run=dry_run, seen=seen
        )
    )
    fields = vars(done) | {"faults": [vars(one) for one in done.faults], "rows": [vars(r) for r in done.rows]}
    if not done.accepted and not dry_run:
        return refuse(request, name, fields)
    if done.import_id is None:
        response.status_code = OK
    return ImportDone(**await freshness(ws, done.metric_date), **fields)


def refuse(request: Request, name: str, fields: dict[str, Any]) -> Response:
    """The answer to a file with faults: all of them."""
    faults = fields["faults"]
    return problem(
        UNPROCESSABLE,
        f"{name} has {len(faults)} faults: nothing of it was imported",
        instance=request.url.path,
        kind="urn:pacesetter:problem:BadFile",
        where=f"{name}, line {faults[0]['line']}",
        mend=f"{faults[0]['reason']}: {faults[0]['mend']}",
        faults=faults,
        rows=fields["rows"],
    )


def read_mapping(text: str | None) -> dict[str, str]:
    """What columns were said to mean."""
    found = {}
    for part in (text or "").split(";"):
        name, mark, field = part.rpartition("=")
        if part.strip() and not (mark and name.strip() and field.strip()):
            raise BadParameter(
                f"{part[:40]!r} does not say what a column means", where="map", mend="write Column=field"
            )
        if part.strip():
            found[name.strip()] = field.strip()
    return found


@router.get("/portfolios/{portfolio_id}/imports", response_model=ImportsBody, responses=FORMS)
async def read_imports(
    request: Request,
    response: Response,
    ws: Reading,
    seen: Seen,
    portfolio_id: PortfolioId,
    fields: Fields = None,
) -> Any:
    """The files that a portfolio was made from."""
    rows = await jobs.list_imports(ws, portfolio_id, seen)
    view = await look_up(ws, portfolio_id, seen)
    names = [name for name in ImportItem.model_fields if name != "mapping"]
    items = [ImportItem(**{n: getattr(row, n) for n in names}, mapping=row.column_mapping) for row in rows]
    fresh = await freshness(ws, view.metric_date)
    body = ImportsBody(**fresh, id=view.id, name=view.name, count=len(items), rows=items)
    return present(request, body, fields, told=response)


@router.delete("/portfolios/{portfolio_id}/imports/{import_id}", dependencies=[Requires("write")])
async def undo_import(
    ws: Reading,
    holder: Holder,
    seen: Seen,
    who: Asking,
    portfolio_id: PortfolioId,
    import_id: Annotated[UUID, Path(description="Id of an import.")],
) -> ImportUndone:
    """Take a whole import back."""
    done = await holder.compute(
        lambda own: jobs.undo_import(own, portfolio_id, str(import_id), seen, user_id=who.user_id)
    )
    view = await look_up(ws, portfolio_id, seen)
    about: dict[str, Any] = {"state": view.state, "metric_date": view.metric_date, "nav": view.nav}
    return ImportUndone(**await freshness(ws, view.metric_date), **vars(done), **about)
