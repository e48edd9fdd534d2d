"""Query parameters that several routes take."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from pacesetter.kernel.dates import parse_date


def parse_on(
    on: Annotated[
        str | None,
        Query(
            description="Session, as YYYY-MM-DD; default: the newest published.",
            json_schema_extra={"format": "date"},
        ),
    ] = None,
) -> date | None:
    """The date asked for; ``BadDate`` for any other spelling."""
    return None if on is None else parse_date(on, where="on")


On = Annotated[date | None, Depends(parse_on)]
Top = Annotated[int | None, Query(ge=1, le=1000, description="Only the first so many rows.")]
