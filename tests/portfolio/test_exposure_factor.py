"""The declared factors, and declarations that contradict themselves."""

from __future__ import annotations

import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.portfolio.exposure_factor import load_definitions, parse_definitions

RIDGE = 'kind = "ridge"\nproxy = "VTV"\nwindow = 63\nmin_observations = 30\nregularisation = {penalty}\n'


def test_the_twelve() -> None:
    found = {one.name: one for one in load_definitions()}
    assert list(found) == [
        *("market_beta", "rate_beta"),
        *("value", "growth", "momentum", "quality", "size", "low_volatility"),
        *("growth_value_spread", "momentum_spread", "size_spread", "quality_spread"),
    ]
    assert [one.position for one in found.values()] == list(range(1, 13))
    windows = {one.kind: (one.window, one.min_observations, one.regularisation) for one in found.values()}
    assert windows == {
        "market": (63, 30, None),
        "rate": (63, 30, None),
        "ridge": (63, 30, 1.0),
        "spread": (126, 60, None),
    }
    assert {one.proxies for one in found.values()} == {
        *(("SPY",), ("TLT",), ("VTV",), ("VUG",), ("MTUM",), ("QUAL",), ("IWM",), ("USMV",)),
        *(("VUG", "VTV"), ("MTUM", "SPY"), ("IWM", "SPY"), ("QUAL", "SPY")),
    }
    methods = {one.kind: one.calculation_method for one in found.values()}
    assert methods == {
        "market": "ols_regression",
        "rate": "ols_regression",
        "ridge": "ridge_regression",
        "spread": "spread_regression",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("ridge", "bridge"), "no kind"),
        (("proxy", 'minus = "SPY"\nproxy'), "minus"),
        (("regularisation = 1", "#"), "regularisation"),
        (("min_observations = 30", "min_observations = 64"), "min_observations"),
    ],
)
def test_a_contradiction_is_named(change, says) -> None:
    text = f'[[factor]]\nname = "a"\nlabel = "A"\n{RIDGE.format(penalty=1)}'
    assert len(parse_definitions(text)) == 1
    with pytest.raises(InputError, match=says):
        parse_definitions(text.replace(*change))


def test_ridge_factors_are_one_regression_and_names_differ() -> None:
    one, other = (f'[[factor]]\nname = "a"\nlabel = "A"\n{RIDGE.format(penalty=p)}' for p in (1, 2))
    with pytest.raises(InputError, match="disagree"):
        parse_definitions(one + other.replace('"a"', '"b"'))
    with pytest.raises(InputError, match="twice: a"):
        parse_definitions(one + one)
