"""How facts are written, and that the claim check reads them back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.agents.facts import fact_names
from pacesetter.agents.units import SHARES, stored_values, unit_of, write_fact
from pacesetter.research.claim import StoredValue, check_claims


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("factor.roe", 0.1234, "12.3 %"),
        ("price.change_5d_pct", -12.04, "−12.0 %"),
        ("price.change_5d_pct", -0.04, "0.0 %"),
        ("rank.percentile", 200 / 3, "66.7 %"),
        ("rank.change", -3.0, "−3"),
        ("event.news", 2.0, "2"),
        ("price.close", 1234.567, "1234.57"),
        ("technical.rsi_14", 64.04, "64.0"),
        ("price.volume", 99_999.4, "99999.40"),
        ("price.volume", 100_000.0, "100.00 thousand"),
        ("price.volume", 1_234_567.0, "1.23 million"),
        ("factor.market_cap", -2.5e9, "−2.50 billion"),
        ("factor.market_cap", 3.1e12, "3.10 trillion"),
        ("factor.eps", 2e300, "2.000e+300"),
    ],
)
def test_a_fact_in_a_sentence(name: str, value: float, text: str) -> None:
    assert write_fact(name, value) == text


def test_shares_are_facts() -> None:
    assert {name for name in SHARES if not name.startswith("value.")} <= set(fact_names())
    assert (unit_of("factor.roe"), unit_of("price.below_high_pct"), unit_of("price.close")) == (
        "share",
        "%",
        "",
    )


@given(st.sampled_from(sorted(fact_names())), st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_binds_to_what_is_stored(name: str, value: float) -> None:
    """Of any size; and what is written of a value that is a tenth larger does not."""
    text = f"It is {write_fact(name, value)}."
    check = check_claims(text, stored_values({name: value}))
    assert not check.struck and (check.kept or "inf" in text)


def test_a_false_number_does_not_bind() -> None:
    for name, value in (("factor.roe", 0.2), ("price.close", 99.0), ("factor.market_cap", 2e9)):
        text = f"It is {write_fact(name, value * 1.1)}."
        assert check_claims(text, stored_values({name: value})).struck


def test_what_can_be_stored() -> None:
    given_figures = {
        "a.b": 1,
        "on": "2025-03-14",
        "day": date(2025, 3, 14),
        "word": "x",
        "flag": True,
        "n": None,
    }
    day = StoredValue(date(2025, 3, 14))
    assert stored_values(given_figures) == {"a.b": StoredValue(1), "on": day, "day": day}
