"""What makes two trades the same, so that a file that is imported again adds nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any


def print_trade(
    *,
    action: str,
    symbol: str | None,
    quantity: Decimal | None,
    price: Decimal | None,
    amount: Decimal | None,
    commission: Decimal,
    currency: str,
    traded_on: date,
    **_: Any,
) -> str:
    """SHA-256 (hex) of what was traded; 10 and 10.00 are the same."""
    numbers = ["" if n is None else f"{n.normalize():f}" for n in (quantity, price, amount, commission)]
    parts = [action, symbol or "", *numbers, currency, traded_on.isoformat()]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def count_repeats(prints: Iterable[str]) -> list[int]:
    """For each print how often it stood before: true repeats are counted up from 0."""
    seen: Counter[str] = Counter()
    repeats = []
    for one in prints:
        repeats.append(seen[one])
        seen[one] += 1
    return repeats
