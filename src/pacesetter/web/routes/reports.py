"""Reports: what the desk has to say in the morning, as data, as a page, or to be sent."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.report.make_report import list_reports, read_report
from pacesetter.jobs.report.send_report import send_report
from pacesetter.reports.render_html import render_html
from pacesetter.reports.render_markdown import render_markdown
from pacesetter.store.desk.desk_reports import ReportRow
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Day, Given, Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import On
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["reports"], dependencies=[Requires("read")])
HTML, MARKDOWN = "text/html; charset=utf-8", "text/markdown; charset=utf-8"
STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
POLICY = (  # of the page itself: nothing runs, nothing is loaded, and it is no part of this site
    "default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)


class ReportItem(BaseModel):
    """A report that is kept; of each day the newest version."""

    id: UUID
    on: dt.date = Field(description="The session that it tells of.")
    version: int
    title: str
    material: bool = Field(description="False: a quiet night, nothing material has changed.")
    stocks_analyzed: int
    recommendations_count: int
    sent_at: dt.datetime | None
    created_at: dt.datetime | None


class ReportsBody(Body):
    """The reports that are kept, newest day first."""

    rows: list[ReportItem]


class ReportFigureItem(BaseModel):
    """A labelled number, as it is written."""

    label: str
    text: str
    value: float | str | None


class ReportPointsItem(BaseModel):
    """A titled list of sentences."""

    title: str
    lines: list[str]


class TellingItem(BaseModel):
    """One thing that a section tells."""

    key: str
    title: str
    words: str
    tone: Literal["plain", "good", "bad", "warn"]
    material: bool
    figures: list[ReportFigureItem]
    points: list[ReportPointsItem]


class SectionItem(BaseModel):
    """A section: what is new, what still stands (one line each), and what is over."""

    name: str
    title: str
    layout: Literal["lines", "table", "cards"]
    state: Literal["new", "still", "quiet"]
    words: str
    items: list[TellingItem]
    still: list[str]
    ended: list[str]


class ReportBody(Body):
    """A morning report."""

    id: UUID
    on: dt.date
    previous_on: dt.date | None
    version: int
    versions: int = Field(description="Its own number is the newest where the two are equal.")
    title: str
    mode: str
    material: bool
    words: str
    stocks_analyzed: int
    recommendations_count: int
    sections: list[SectionItem]
    silent: list[str] = Field(description="Sections that had nothing to say.")
    sent_at: dt.datetime | None
    created_at: dt.datetime | None


class SendAsked(Given):
    """Which report to send; default: the newest."""

    on: Day | None = None


class DeliveryItem(BaseModel):
    """What became of one address: its place in the settings and its kind, never the address."""

    place: int
    service: str
    outcome: str
    tries: int


class SentBody(Body):
    """What became of a report."""

    on: dt.date
    version: int
    status: Literal["sent", "failed", "known", "quiet", "nobody"] = Field(
        description="known: sent before; quiet: nothing material; nobody: no address is set."
    )
    words: str
    deliveries: list[DeliveryItem]


@router.get("/reports", response_model=ReportsBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_reports(
    request: Request,
    ws: Reading,
    limit: Annotated[Whole, Query(ge=1, le=366, description="At most so many rows.")] = 90,
    fields: Fields = None,
) -> Any:
    """The reports that are kept."""
    found = await list_reports(ws, limit)
    rows = [report_item(row) for row in found]
    body = ReportsBody(**await freshness(ws, rows[0].on if rows else None), rows=rows)
    return present(request, body, fields)


@router.get(
    "/reports/morning",
    response_model=ReportBody,
    responses={
        200: {
            "content": {
                "text/html": {"schema": {"type": "string"}},
                "text/markdown": {"schema": {"type": "string"}},
            }
        }
    },
)
@kept("detail")
async def read_morning(
    ws: Reading,
    on: On = None,
    version: Annotated[
        Whole | None, Query(ge=1, le=10_000, description="Of that day; default: the newest.")
    ] = None,
    form: Annotated[
        Literal["json", "html", "markdown"], Query(alias="format", description="How it is written.")
    ] = "json",
) -> Any:
    """The morning report of a day (default: the newest): as data, a page without script, or text."""
    row = await read_report(ws, on, version)
    if form == "html":
        html = render_html(row.content)
        return Response(html, media_type=HTML, headers={"Content-Security-Policy": policy_of(html)})
    if form == "markdown":
        return Response(render_markdown(row.content), media_type=MARKDOWN)
    newest = row if version is None else await read_report(ws, row.date)
    told = row.content
    return ReportBody(
        **await freshness(ws, row.date),
        **vars(report_item(row)),
        previous_on=told["previous_on"],
        versions=newest.version,
        mode=told["mode"],
        words=told["words"],
        sections=told["sections"],
        silent=told["silent"],
    )


@router.post("/reports/morning/send", dependencies=[Requires("admin")])
async def send_morning(ws: Reading, asked: SendAsked) -> SentBody:
    """Send a report to where the settings say; a version is sent once."""
    row = await read_report(ws, asked.on)
    done = await send_report(ws, row)
    return SentBody(
        **await freshness(ws, row.date),
        on=row.date,
        version=row.version,
        status=done.status,
        words=done.in_words(),
        deliveries=[DeliveryItem(**vars(one)) for one in done.deliveries],
    )


def report_item(row: ReportRow) -> ReportItem:
    """A report in a list."""
    own = ("id", "version", "stocks_analyzed", "recommendations_count", "sent_at", "created_at")
    return ReportItem(
        **{name: getattr(row, name) for name in own},
        on=row.date,
        title=row.content["title"],
        material=row.content["material"],
    )


def policy_of(html: str) -> str:
    """What a page of a report may do: show itself, with the styles that stand in it."""
    digests = [hashlib.sha256(style.encode()).digest() for style in STYLE.findall(html)]
    styles = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return POLICY.format(styles=styles or "'none'")
