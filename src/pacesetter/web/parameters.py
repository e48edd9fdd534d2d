"""Query parameters that several routes take."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query

from pacesetter.kernel.dates import parse_date, parse_instant
from pacesetter.kernel.errors import BadDate
from pacesetter.web.inputs import Whole


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


def parse_span(
    first: Annotated[
        str | None,
        Query(
            alias="from", description="First session, as YYYY-MM-DD.", json_schema_extra={"format": "date"}
        ),
    ] = None,
    last: Annotated[
        str | None,
        Query(alias="to", description="Last session, as YYYY-MM-DD.", json_schema_extra={"format": "date"}),
    ] = None,
) -> tuple[date | None, date | None]:
    """The dates asked for; ``BadDate`` for any other spelling, and for an end before its beginning."""
    begin = None if first is None else parse_date(first, where="from")
    end = None if last is None else parse_date(last, where="to")
    if begin is not None and end is not None and begin > end:
        raise BadDate(f"{begin} is after {end}", where="from", mend="give the earlier date to from")
    return begin, end


def parse_known_at(
    known_at: Annotated[
        str | None,
        Query(
            max_length=40,
            description="As it was published or known by then (ISO 8601; UTC where it names no zone).",
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> datetime | None:
    """The instant asked for; ``BadDate`` for any other spelling."""
    return None if known_at is None else parse_instant(known_at, where="known_at")


KnownAt = Annotated[datetime | None, Depends(parse_known_at)]
Span = Annotated[tuple[date | None, date | None], Depends(parse_span)]
On = Annotated[date | None, Depends(parse_on)]
Top = Annotated[Whole | None, Query(ge=1, le=1000, description="Only the first so many rows.")]
