"""How strictly a request is read: what is not as described is refused, never guessed at."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate, BadParameter

WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL, and UTF-8 has no half of a pair
SAID, LEFT_OUT = "it holds a character that is no text", "leave out NUL characters and halves of pairs"
FLAGS = {"true": True, "false": False}


class Given(BaseModel):
    """The base of what a body may be: a field that nobody has heard of is a mistake, "1" is no number and
    a number is finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def refuse_no_text(cls, given: Any) -> Any:
        """Look through all of it, once for the whole body."""
        check_text(given)
        return given


def refuse_unreadable(request: Request) -> None:
    """``BadParameter`` for a parameter that is no text, and for one that is given twice: nobody knows
    which one was meant; of the API also for one that nobody has heard of."""
    if NO_TEXT.search(request.scope["path"]):
        raise BadParameter(SAID, where="path", mend=LEFT_OUT)
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if NO_TEXT.search(name) or NO_TEXT.search(value):
            raise BadParameter(SAID, where=NO_TEXT.sub("", name)[:40], mend=LEFT_OUT)
        if name in seen:
            raise BadParameter(f"{name[:40]!r} is given more than once", where=name[:40], mend="give it once")
        seen.add(name)
    if seen and request.url.path.startswith("/api/"):
        known = known_parameters(request.scope["route"])
        beyond = sorted(seen - known)
        if beyond:
            mend = f"there are {', '.join(sorted(known))}" if known else "leave it out"
            raise BadParameter(f"there is no parameter {beyond[0][:40]!r}", where=beyond[0][:40], mend=mend)


def known_parameters(route: APIRoute) -> frozenset[str]:
    """The names of a route's parameters in the query."""
    found, left = set[str](), [route.dependant]
    while left:
        one = left.pop()
        found.update(field.alias for field in one.query_params)
        left += one.dependencies
    return frozenset(found)


def check_text(given: Any) -> None:
    """``ValueError`` where a string of a JSON value is no text."""
    left = [given]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str) and NO_TEXT.search(value):
            raise ValueError(f"{SAID}: {LEFT_OUT}")


def read_day(value: Any) -> Any:
    """A date of a body, in the one spelling of ``kernel.dates``."""
    if not isinstance(value, str):
        return value
    try:
        return parse_date(value)
    except BadDate:
        raise ValueError("write a date as YYYY-MM-DD, such as 2025-07-24") from None


def read_whole(value: Any) -> Any:
    """A whole number of a query, in digits."""
    if isinstance(value, str) and not WHOLE.fullmatch(value):
        raise ValueError("write a whole number in digits")
    return value


def read_flag(value: Any) -> Any:
    """Yes or no of a query."""
    if isinstance(value, str) and value not in FLAGS:
        raise ValueError("write true or false")
    return value


Day = Annotated[date, BeforeValidator(read_day)]
Whole = Annotated[int, BeforeValidator(read_whole)]
Flag = Annotated[bool, BeforeValidator(read_flag)]
