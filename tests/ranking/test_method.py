"""Methods: the shipped ones, and what a wrong one is told."""

from __future__ import annotations

import pytest

from pacesetter.kernel.errors import BadMethod, UnknownName
from pacesetter.ranking.method import load_shipped, parse_method, shipped_names

GOOD = 'name = "mine"\nversion = 1\n[[factor]]\nname = "momentum"\nweight = 1.0\n'


def test_the_shipped_methods() -> None:
    assert shipped_names() == ["boxes", "classic", "core"]
    assert load_shipped("core").weights == {
        "momentum": 0.30,
        "volume_change": 0.10,
        "volatility": 0.20,
        "relative_strength": 0.20,
        "financial_ratio": 0.20,
    }
    assert load_shipped("classic").weights == {
        "momentum": 0.30,
        "volume_change": 0.20,
        "volatility": 0.20,
        "relative_strength": 0.15,
        "financial_ratio": 0.15,
    }


def test_equal_content_has_one_hash() -> None:
    assert parse_method(GOOD).sha256 == parse_method("# a remark\n" + GOOD).sha256
    assert parse_method(GOOD).sha256 != parse_method(GOOD.replace("version = 1", "version = 2")).sha256


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "no TOML"),
        ("version = 1\n", "'name' is missing"),
        (GOOD.replace("weight = 1.0", "weight = 0.7"), "add up to 0.7"),
        (GOOD.replace("weight = 1.0", "weight = -1.0"), "weight = -1"),
        (GOOD.replace("weight = 1.0", "weight = nan"), "no number"),
        (GOOD.replace("momentum", "momentun"), "momentum"),
        (GOOD.replace("weight = 1.0", "wieght = 1.0"), "needs a name and a weight"),
        ("clipp = 3\n" + GOOD, "nobody knows the key 'clipp'"),
        (GOOD.replace("1.0", "0.5") + '[[factor]]\nname = "momentum"\nweight = 0.5\n', "stands twice"),
        ('normalise = "rank"\n' + GOOD, "robust_z, domain_z"),
        ("coverage_min = 1.5\n" + GOOD, "coverage_min"),
        (GOOD.replace("version = 1", "version = 1.5"), "whole number"),
        ('name = "x"\nversion = 1\nfactor = []\n', "at least one factor"),
    ],
)
def test_a_wrong_method_says_what_is_wrong(text, said) -> None:
    with pytest.raises(BadMethod, match=said) as caught:
        parse_method(text, where="mine.toml")
    assert "mine.toml" in str(caught.value)


def test_an_unknown_method_names_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="classic"):
        load_shipped("clasic")
