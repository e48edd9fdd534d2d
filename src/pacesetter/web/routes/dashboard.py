"""The dashboard: the built pages of ``frontend/``, and the plain page where nothing is built."""

from __future__ import annotations

import mimetypes
import re
import secrets
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from pacesetter.web.auth.permission import PUBLIC, Gate
from pacesetter.web.errors import answer_http
from pacesetter.web.kept.negotiation import accepts
from pacesetter.web.routes import pages

BUILD = Path(__file__).parents[1] / "dashboard"
NOUNS = (
    "boards",
    "boxes",
    "symbols",
    "screener",
    "portfolios",
    "desk",
    "compare",
    "what-if",
    "domains",
    "validation",
    "onboarding",
    "jobs",
    "settings",
)
NONCE = "__CSP_NONCE__"  # where the build leaves room for it
HASHED = re.compile(r"-[\w-]{8}\.\w+$")  # the name changes with the content
POLICY = (  # pictures of boxes are wherever their addresses say, and those begin with https://
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: https:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PACKED = {"br": ".br", "gzip": ".gz"}  # codings with the smaller first, and their files beside the plain one
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
MACHINES = ("/api/", "/assets/")  # where nobody looks for a page
NEVER = "no-store"  # its nonce is of one answer

mimetypes.add_type("text/javascript", ".js")  # whatever this machine's table says

router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])  # code only: figures come from the API


@router.get("/")
async def show_home(request: Request, on: str | None = None) -> Response:
    """The dashboard; the plain page where it is not built, for those who may read."""
    page = show_app()
    if page is None:
        Gate("read")(request)
        page = await pages.show_boards(request, on)
    return page


async def show_page() -> Response:
    """Any other page of the dashboard; which one, the address tells the code."""
    page = show_app()
    if page is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return page


for noun in NOUNS:
    router.add_api_route(f"/{noun}", show_page)
    router.add_api_route(f"/{noun}/{{rest:path}}", show_page)


def answer_lost(request: Request, error: HTTPException) -> Response:
    """A page that does not exist, to a browser: the dashboard says so, with its links; else a problem."""
    asked_for_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    page = show_app() if asked_for_page and not request.url.path.startswith(MACHINES) else None
    if page is None:
        return answer_http(request, error)
    page.status_code = error.status_code
    return page


@router.get("/assets/{name}")
async def read_asset(request: Request, name: str) -> Response:
    """A built file, packed as the build has packed it; one whose name carries its hash is kept for ever."""
    path = BUILD / "assets" / name
    if path.parent != BUILD / "assets" or path.suffix in PACKED.values() or not path.is_file():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = {"Cache-Control": FOR_EVER if HASHED.search(name) else ASK_AGAIN, "Vary": "Accept-Encoding"}
    wish = request.headers.get("accept-encoding", "").encode("latin-1")
    kind = mimetypes.guess_type(name)[0]
    for coding, suffix in PACKED.items():
        packed = path.with_name(name + suffix)
        if accepts(wish, coding.encode()) and packed.is_file():
            return FileResponse(packed, media_type=kind, headers={**headers, "Content-Encoding": coding})
    return FileResponse(path, media_type=kind, headers=headers)


def show_app() -> Response | None:
    """The built page, with a nonce of its own for the styles it writes; None where nothing is built."""
    try:
        html = (BUILD / "index.html").read_text("utf-8")
    except FileNotFoundError:
        return None
    nonce = secrets.token_urlsafe(16)
    headers = {"Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": NEVER}
    return Response(html.replace(NONCE, nonce), media_type="text/html", headers=headers)
