"""The OpenAPI document."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import encode

router = APIRouter(include_in_schema=False, dependencies=[Requires("read")])


@router.get("/openapi.json")
async def read_document(request: Request) -> Response:
    """The API in the words of OpenAPI 3.1."""
    return Response(encode(request.app.openapi()), media_type="application/json")
