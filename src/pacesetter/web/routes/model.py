"""The optional language model: what is set, and what it took. It adds texts, and changes nothing."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.try_model import describe_model
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["agents"], dependencies=[Requires("read")])


class NightUseItem(BaseModel):
    """What a night took."""

    night: str = Field(description="Its session, or try: all trials together.")
    calls: int
    failed: int
    tokens: int
    cost: float | None = Field(description="null: no price is set.")


class ModelBody(BaseModel):
    """What is set, and what the last nights took, newest first; no key is ever told."""

    configured: bool = Field(description="False: the desk works by its rules alone.")
    mode: Literal["record", "replay", "off"]
    url: str | None = Field(description="The endpoint; told to who may change things.")
    model: str | None
    key_set: bool
    budget_per_night: int = Field(description="Tokens, sent and answered.")
    price_per_million_tokens: float | None
    timeout_seconds: float
    recorded_answers: int
    nights: list[NightUseItem]


@router.get("/model")
async def read_model(ws: Reading, who: Asking) -> ModelBody:
    """The language model that adds texts to opinions."""
    found = await asyncio.to_thread(describe_model, ws.settings, ws.home)
    told = {name: getattr(found, name) for name in ModelBody.model_fields if name not in ("url", "nights")}
    nights = [NightUseItem(**vars(one)) for one in found.nights]
    return ModelBody(**told, url=found.url if who.may("write") else None, nights=nights)
