# ruff: noqa: E501
"""`classic` on a board of five, worked out by hand.

Raw values (shown so that more is better: volatility and P/E are negated):

            A      B      C      D      E
momentum    0.05   0.01  -0.01   0.03   0.02    mean 0.02   deviations .03 -.01 -.03 .01 0   squares 9 1 9 1 0 e-4 = 20e-4, /5 = 4e-4, std 0.02
volume      0.5    0.1   -0.3    0.1    0.1     mean 0.1    deviations .4 0 -.4 0 0          squares .16+.16 = .32, /5 = .064, std 0.2529822128
volatility -0.02  -0.01  -0.03  -0.02  -0.02    mean -0.02  deviations 0 .01 -.01 0 0        squares 2e-4, /5 = 4e-5, std 0.00632455532
rel. str.   0.03  -0.01  -0.03   0.01   0       momentum less its median 0.02: the same deviations, std 0.02
P/E       -20    -10    -30      -    -20       n = 4, mean -20, deviations 0 10 -10 0       squares 200, /4 = 50, std 7.0710678119

z           A          B          C          D     E
momentum    1.5       -0.5       -1.5        0.5   0
volume      1.5811388  0         -1.5811388  0     0
volatility  0          1.5811388 -1.5811388  0     0
rel. str.   1.5       -0.5       -1.5        0.5   0
P/E         0          1.4142136 -1.4142136  -     0

composite   A: .3·1.5 + .2·1.5811388 + .15·1.5            = 0.45 + 0.31622777 + 0.225 = 0.99122777
            B: −.15 + .2·1.5811388 − .075 + .15·1.4142136 = 0.30335980
            C: −.45 − .31622777 − .31622777 − .225 − .21213203                                  = −1.51958757
            D: (.15 + .075) / .85                                                                = 0.26470588
            E: 0
score       between C (0) and A (100), range 2.51081534: B 72.6038, D 71.0643, E 60.5217
"""

from __future__ import annotations

import pytest

import pacesetter as ps

NAMES = ("momentum", "volume_change", "volatility", "financial_ratio")
GIVEN = {
    "A": (0.05, 0.5, 0.02, 20.0),
    "B": (0.01, 0.1, 0.01, 10.0),
    "C": (-0.01, -0.3, 0.03, 30.0),
    "D": (0.03, 0.1, 0.02, None),
    "E": (0.02, 0.1, 0.02, 20.0),
}
COMPOSITE = {"A": 0.99122777, "B": 0.30335980, "C": -1.51958757, "D": 0.26470588, "E": 0.0}
SCORE = {"A": 100.0, "B": 72.6038, "C": 0.0, "D": 71.0643, "E": 60.5217}
RANK = {"A": 1, "B": 2, "D": 3, "E": 4, "C": 5}


@pytest.fixture
def board():
    return ps.rank_domain({t: dict(zip(NAMES, row, strict=True)) for t, row in GIVEN.items()}, "classic")


def test_composites_scores_and_ranks(board) -> None:
    for ticker, one in board.items():
        assert one.composite_score == pytest.approx(COMPOSITE[ticker], abs=5e-9)
        assert one.score == pytest.approx(SCORE[ticker], abs=5e-5)
        assert one.rank == RANK[ticker]


def test_each_factor_is_shown_as_worked_out(board) -> None:
    a, d = board["A"].factor_scores, board["D"].factor_scores
    assert a["momentum"].normalized == pytest.approx(1.5)
    assert a["volume_change"].normalized == pytest.approx(1.5811388, abs=1e-7)
    assert a["volatility"].raw == -0.02
    assert a["financial_ratio"].raw == -20.0
    assert a["relative_strength"].raw == pytest.approx(0.03)
    assert d["financial_ratio"].normalized is None
    assert d["financial_ratio"].effective_weight == 0.0
    assert d["momentum"].effective_weight == pytest.approx(0.30 / 0.85)
    assert d["momentum"].weighted == pytest.approx(0.5 * 0.30 / 0.85)


def test_one_ticker_and_equal_tickers_get_50() -> None:
    one = ps.rank_domain({"A": {"momentum": 0.1, "volatility": 0.2}}, "classic")
    assert (one["A"].score, one["A"].rank) == (50.0, 1)
    same = {"momentum": 0.1, "volatility": 0.2}
    both = ps.rank_domain({"A": same, "B": same}, "classic")
    assert [both[t].score for t in "AB"] == [50.0, 50.0]
    assert [both[t].rank for t in "AB"] == [1, 1]
