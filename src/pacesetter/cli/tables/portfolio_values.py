"""Values of options about portfolios."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from pacesetter.kernel.errors import BadParameter

MOST, DECIMALS = Decimal(10) ** 10, 8  # what a column has room for


def read_decimal(text: str) -> Decimal:
    """An exact number; ``BadParameter`` for anything else."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise BadParameter(f"{text!r} is no number", mend="write it with a decimal point, such as 125.50")
    if abs(found) >= MOST:
        raise BadParameter(f"{text!r} is too large", mend=f"it must lie below {MOST:,}")
    if found != round(found, DECIMALS):
        raise BadParameter(f"{text!r} has more than {DECIMALS} decimals", mend=f"round it to {DECIMALS}")
    return found


def split_mapping(text: str) -> tuple[str, str]:
    """A column and what it means."""
    column, mark, field = text.rpartition("=")
    if not (mark and column.strip() and field.strip()):
        raise BadParameter(f"{text!r} does not say what a column means", where="--map", mend="COLUMN=FIELD")
    return column.strip(), field.strip()
