"""Exact amounts in bodies: read from a number or a decimal string, written as a decimal string."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

MOST = Decimal(10) ** 10
DECIMALS = 8
AS_TEXT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["125.5"]}


def read_amount(value: Any) -> Any:
    """A decimal from a JSON number or string; ``ValueError`` for what has no room in the database."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("write a number, or a decimal in quotes")
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("write a number with a decimal point, such as 125.50") from None
    if not found.is_finite() or abs(found) >= MOST:
        raise ValueError(f"it must lie below {MOST:,}")
    if found != round(found, DECIMALS):
        raise ValueError(f"at most {DECIMALS} decimals")
    return found


def write_amount(value: Decimal) -> str:
    """Without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


Amount = Annotated[Decimal, PlainSerializer(write_amount, return_type=str), WithJsonSchema(AS_TEXT)]
Given = Annotated[
    Decimal,
    BeforeValidator(read_amount),
    WithJsonSchema({"anyOf": [{"type": "number"}, AS_TEXT]}),
]
Positive = Annotated[Given, Field(gt=0)]
NotNegative = Annotated[Given, Field(ge=0)]
