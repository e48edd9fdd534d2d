"""The kept answers: how they are doing, and warming them by hand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from pacesetter.web.auth.permission import Requires
from pacesetter.web.kept.upkeep import Upkeep

router = APIRouter(tags=["cache"])


def upkeep_of(request: Request) -> Upkeep:
    """The application's kept answers."""
    upkeep: Upkeep = request.app.state.upkeep
    return upkeep


class ShelfBody(BaseModel):
    """Answers kept in the process, and what happened since it started."""

    entries: int
    bytes: int
    limit_bytes: int
    evicted: int = Field(description="Left for want of room.")
    hits: int
    not_modified: int = Field(description="Answered without a body, because the client had it.")
    misses: int
    stale: int = Field(description="Thrown away because the content moved.")
    waits: int = Field(description="Requests that waited for the same answer of another.")
    made: int = Field(description="Made by a route.")
    moved: int = Field(description="Made again because the content moved meanwhile.")
    dropped: int = Field(description="Not handed to Redis, because too many were waiting.")


class RedisBody(BaseModel):
    """Answers kept in Redis."""

    state: str = Field(description="closed (in use) or open (it failed, and is not asked).")
    hits: int
    misses: int
    foreign: int = Field(description="Values that were not ours, or damaged.")
    stored: int
    errors: int
    skipped: int = Field(description="Calls that the open breaker spared.")
    opened: int
    probes: int


class WarmedBody(BaseModel):
    """What was asked for in advance."""

    answers: int
    of: int
    took_s: float
    cycle: str | None


class CacheBody(BaseModel):
    """Every tier; ``cycle`` and ``version`` name the content that is answered from."""

    cycle: str | None
    version: int | None
    process: ShelfBody
    redis: RedisBody | None = Field(description="Null when no Redis is set.")
    warmed: WarmedBody | None = Field(description="Null when nothing was warmed yet.")


@router.get("/cache/status", dependencies=[Requires("read")])
async def read_status(upkeep: Annotated[Upkeep, Depends(upkeep_of)]) -> CacheBody:
    """How the kept answers are doing."""
    return CacheBody(**upkeep.describe())


@router.post("/cache/warm", dependencies=[Requires("read")])  # it costs no more than reading
async def warm_cache(upkeep: Annotated[Upkeep, Depends(upkeep_of)]) -> WarmedBody:
    """Make the answers that are asked for most, now."""
    warmed: dict[str, Any] = await upkeep.warm()
    return WarmedBody(**warmed)
