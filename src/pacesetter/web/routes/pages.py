"""The page: all boards of a session, plain HTML that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pacesetter.jobs.boards.board_page import BoardPage, PageAsked, find_page
from pacesetter.jobs.boards.board_view import BoardRow, BoardView
from pacesetter.jobs.boards.view_leaders import view_leaders
from pacesetter.jobs.words import held_in_words, in_words, scope_in_words
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import NotLoggedIn, PacesetterError
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.symbols.domains import list_domains
from pacesetter.web import errors
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import freshness
from pacesetter.web.errors import INTERNAL, OK, headers_of, status_of
from pacesetter.web.workspace import OpenWorkspace

FOLDER = Path(__file__).parents[1] / "pages"
CSS = (FOLDER / "style.css").read_text("utf-8")
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M1 15V9h4v6zM6 15V5h4v10zM11 15V1h4v14z' fill='%230b6b50'/%3E%3C/svg%3E"
)
_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PATHS = ("/", "/login")  # whose answers people read
MOST_ROWS = 12  # a board of a whole market would be a page of its own
TALLEST, FULL = 14.0, 0.6  # a contribution of FULL or more fills half of the picture's height

router = APIRouter(include_in_schema=False, dependencies=[Requires("read")])


@dataclass(frozen=True)
class PageBoard:
    """The first rows of a board and how many ``more`` there are, its ranked rows, the names of its
    factors in the method's order, and what is missing why."""

    view: BoardView
    ranked: list[BoardRow]
    names: list[str]
    missing: list[tuple[str, str]]
    more: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)


def height(contribution: float) -> float:
    """How tall a contribution is drawn."""
    return min(abs(contribution) / FULL, 1.0) * TALLEST


def signed(value: float | None) -> str:
    """A number with its sign, in two decimals."""
    return "–" if value is None else f"{value:+.2f}".replace("-", "−")


def environment() -> Environment:
    """Templates, with everything that comes from data escaped."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "height": height,
        "held": held_in_words,
        "reason": in_words,
        "scope": scope_in_words,
        "signed": signed,
        "words": lambda name: name.replace("_", " "),
    }
    made.globals |= {"css": Markup(CSS), "icon": ICON}  # noqa: S704 our own file
    return made


TEMPLATES = environment()


@router.get("/")
async def show_boards(request: Request, on: str | None = None) -> HTMLResponse:
    """All boards of the newest published session, or of ``on``."""
    holder: OpenWorkspace = request.app.state.workspace
    try:
        day = parse_date(on, where="on") if on else None
        return render("boards.html", **await read_page(holder, day))
    except PacesetterError as error:
        return show_error(error)


def answer_error(request: Request, error: PacesetterError) -> Response:
    """The answer to an error: a page where a page was asked for."""
    return show_error(error) if request.url.path in PATHS else errors.answer_error(request, error)


def show_error(error: PacesetterError) -> HTMLResponse:
    """A mistake of the asker says how to mend it; a trouble of the server says only that it passes."""
    status = status_of(error)
    if status < INTERNAL:
        heading = "Please log in" if isinstance(error, NotLoggedIn) else "That did not work"
        shown = {"heading": heading, "what": error.what, "mend": error.mend}
        return render("message.html", status, headers_of(error), **shown)
    what = "Ranks are shown again as soon as it does. Nothing is lost."
    heading = "The database does not answer"
    return render("message.html", status, headers_of(error), heading=heading, what=what, mend="")


async def read_page(holder: OpenWorkspace, on: date | None) -> dict[str, Any]:
    """Everything that the page shows."""
    ws = await holder.get()
    leaders = await view_leaders(ws, on=on, top=8)
    boards = []
    for leader in leaders.leaders:
        found = await find_page(ws, leader.slug, PageAsked(MOST_ROWS), on=leaders.as_of)
        if found is not None:  # under an older version of its method: not shown rather than computed
            boards.append(page_board(found))
    async with ws.db.read() as conn:
        newest = await newest_published_date(conn)
        about = {row.slug: row.description for row in await list_domains(conn)}
    fresh = await freshness(ws, leaders.as_of)
    return {"leaders": leaders, "boards": boards, "newest": newest, "about": about, "fresh": fresh}


def page_board(found: BoardPage) -> PageBoard:
    """A board with what its table needs."""
    view, more = found.view, found.count - len(found.view.rows)
    ranked = [row for row in view.rows if row.rank is not None]
    names = list(ranked[0].factors) if ranked else []
    missing = {
        (name, factor.missing_reason): None
        for row in ranked
        for name, factor in row.factors.items()
        if factor.missing_reason
    }
    return PageBoard(view, ranked, names, list(missing), more)


def render(name: str, status: int = OK, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(TEMPLATES.get_template(name).render(**values), status, headers)
