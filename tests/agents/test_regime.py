"""Regime and favoured sectors by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from pacesetter.agents.evidence import Listing
from pacesetter.agents.regime import RegimeRule, judge_regime, judge_sectors, load_rule, parse_rule
from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import Panel
from tests.agents.evidence_made import make_evidence
from tests.agents.walk import walk

RULE = load_rule()
FLAT = np.full(300, 100.0)


def market(closes: np.ndarray) -> Panel:
    return walk(closes, benchmark=0)


def ended(*last: float) -> np.ndarray:
    return np.concatenate([FLAT, np.array(last)])


@pytest.mark.parametrize(
    ("closes", "says"),
    [
        (ended(103, 103, 103), "bull"),
        (ended(101, 103, 103), "neutral"),  # not yet three sessions running
        (ended(101.9, 101.9, 101.9), "neutral"),
        (ended(97, 97, 97), "bear"),
        (ended(99, 97, 97), "neutral"),
        (ended(98.2, 98.2, 98.2), "neutral"),
        (np.concatenate([FLAT, 103 + 3 * np.cos(np.pi * np.arange(63))]), "bear"),  # ± 6 % a day
        (np.concatenate([FLAT, 106 + 0.9 * np.cos(np.pi * np.arange(63))]), "neutral"),  # 27 %: not calm
        (np.concatenate([FLAT, 106 + 0.6 * np.cos(np.pi * np.arange(63))]), "bull"),  # 18 %
        (FLAT[:201], "neutral"),
    ],
)
def test_the_regime(closes: np.ndarray, says: str) -> None:
    regime, reason = judge_regime(market(closes), RULE)
    assert regime == says, reason


def test_the_reason_names_the_figures() -> None:
    _, reason = judge_regime(market(ended(103, 103, 103)), RULE)
    mean = (197 * 100 + 3 * 103) / 200
    assert reason.startswith(f"ONE is {100 * (103 / mean - 1):.1f} % above its mean of 200 sessions")
    assert "not for 3 sessions" in judge_regime(market(ended(101, 103, 103)), RULE)[1]
    assert "has 200 sessions, of which 202 are needed" in judge_regime(market(FLAT[:201]), RULE)[1]
    alone = replace(market(ended(103, 103, 103)), benchmark=None)
    assert judge_regime(alone, RULE)[1].startswith("the mean of all shares is")


def test_the_future_does_not_say_anything() -> None:
    whole = market(ended(103, 103, 103, 50, 50, 50))
    early = replace(whole, sessions=whole.date[302:303])
    assert judge_regime(early, RULE)[0] == "bull"
    assert judge_regime(replace(early, benchmark=None), RULE)[0] == "bull"


def sectors(changes: Mapping[str, Sequence[float | None]], rule: RegimeRule = RULE) -> dict[str, str]:
    facts, listings = {}, {}
    for sector, given in changes.items():
        for i, change in enumerate(given):
            name = f"{sector}{i}"
            facts[name] = {"price.close": 1.0, "price.change_63d_pct": change}
            listings[name] = Listing(name, None, "equity", sector if sector != "?" else None, None, "USD")
    made = make_evidence(symbols=list(facts), facts=facts)
    favour = judge_sectors(made.facts, listings, rule)
    return {sector: favour.get(f"{sector}0", "none") for sector in changes}


def test_thirds_of_sectors() -> None:
    five = {name: [float(x)] * 5 for name, x in zip("abcdef", (9, 6, 3, 1, -2, -5), strict=True)}
    assert sectors(five) == {
        "a": "favoured", "b": "favoured", "c": "neutral", "d": "neutral", "e": "avoided", "f": "avoided",
    }  # fmt: skip
    assert sectors(five | {"g": [50.0] * 4, "?": [1.0] * 9})["g"] == "none"
    two = {"a": [9.0] * 5, "b": [1.0] * 5}
    assert sectors(two) == {"a": "neutral", "b": "neutral"}  # a third of two is none


def test_the_best_sector_must_beat_the_market() -> None:
    uneven = {"a": [2.0] * 5, "b": [1.0] * 5, "c": [0.0] * 5, "?": [90.0] * 5}
    assert sectors(uneven) == {"a": "neutral", "b": "neutral", "c": "avoided", "?": "none"}


def test_holes_are_left_out_and_nothing_is_no_crash() -> None:
    assert sectors({"a": [None] * 5}) == {"a": "none"}
    assert sectors({"a": [9.0] * 4 + [None]}) == {"a": "none"}


def test_a_wrong_rule_is_named() -> None:
    with pytest.raises(InputError, match="regime"):
        parse_rule("[regime]\nmean_sessions = 1\n")
