"""What a bar does to a position on paper, by hand: ten bought, stop 90, first target 120, half sold there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pacesetter.jobs.decisions.paper_fill import DayPrices, count_part, sell_on_bar

CASES: list[tuple[str, tuple[int, int, int, int], bool, list[tuple[int, int, str]]]] = [
    ("nothing is touched", (100, 119, 91, 100), False, []),
    ("the stop is touched", (100, 110, 90, 95), False, [(10, 90, "stop")]),
    ("it opens at the stop", (90, 110, 90, 95), False, [(10, 90, "stop")]),
    ("it gaps through the stop", (80, 85, 75, 82), False, [(10, 80, "stop")]),
    ("it gaps through the stop, and ends above the target", (80, 130, 75, 125), False, [(10, 80, "stop")]),
    ("the target is touched", (100, 120, 95, 110), False, [(5, 120, "target")]),
    ("it gaps over the target", (125, 130, 121, 128), False, [(5, 125, "target")]),
    (
        "it gaps over the target and falls to the stop",
        (125, 130, 85, 88),
        False,
        [(5, 125, "target"), (5, 90, "stop")],
    ),
    ("both are touched: nobody knows which came first", (100, 125, 85, 100), False, [(10, 90, "stop")]),
    ("the target was reached before", (125, 130, 95, 128), True, []),
    ("the rest goes at the stop", (100, 130, 89, 128), True, [(10, 90, "stop")]),
]


@pytest.mark.parametrize(("name", "prices", "part_sold", "sales"), CASES, ids=[case[0] for case in CASES])
def test_a_bar(
    name: str, prices: tuple[int, ...], part_sold: bool, sales: list[tuple[int, int, str]]
) -> None:
    day = DayPrices(*map(Decimal, prices))
    given: dict[str, Any] = {"stop": Decimal(90), "target": Decimal(120), "part_sold": part_sold}
    found = sell_on_bar(day, Decimal(10), part_pct=50.0, **given)
    assert [(one.quantity, one.price, one.why) for one in found] == sales


def test_without_stop_or_target_nothing_is_sold() -> None:
    day = DayPrices(*map(Decimal, (1, 1000, 1, 1)))
    assert sell_on_bar(day, Decimal(10), stop=None, target=None, part_sold=False, part_pct=50) == ()
    assert sell_on_bar(day, Decimal(0), stop=Decimal(5), target=None, part_sold=False, part_pct=50) == ()


@pytest.mark.parametrize(
    ("quantity", "part"), [("10", "5"), ("3", "2"), ("1", "1"), ("7.5", "4"), ("0.5", "0.5")]
)
def test_the_first_part_is_in_whole_shares(quantity: str, part: str) -> None:
    assert count_part(Decimal(quantity), 50.0) == Decimal(part)
