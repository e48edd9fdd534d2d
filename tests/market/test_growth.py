"""Growth by adjustment basis, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pacesetter.market.growth import count_shares, measure_growth

OWNER = np.array([0, 0, 0, 1, 1], np.int32)
DATE = np.array([10, 11, 14, 10, 14], np.int32)
CLOSE = np.array([100.0, 102.0, 25.0, 50.0, 55.0])
ADJUSTED = np.array([90.0, 99.0, 95.04, 40.0, 50.0])


def actions(*rows):
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    kinds = (np.int32, np.int32, bool, float)
    return tuple(np.array(c, k) for c, k in zip(columns, kinds, strict=True))


def grow(basis, *rows):
    return measure_growth(OWNER, DATE, CLOSE, ADJUSTED, basis, actions(*rows))


def test_fully_adjusted_closes_are_taken_as_they_are() -> None:
    got = grow(["split_dividend"] * 2, (0, 14, True, 4.0))
    assert np.isnan(got[[0, 3]]).all()
    assert got[[1, 2, 4]].tolist() == [1.02, 25 / 102, 1.1]


def test_split_adjusted_closes_take_dividends_or_the_vendors_own_adjustment() -> None:
    got = grow(["split", "split"], (1, 12, False, 2.0))
    assert got[1] == pytest.approx(1.1)  # 99 / 90: no stored dividends, so the vendor's series
    assert got[4] == (55 + 2) / 50  # paid between its two bars: the first bar on or after the day gets it


def test_raw_closes_take_splits_and_dividends() -> None:
    got = grow(["raw", "raw"], (0, 14, True, 4.0), (0, 14, False, 1.0))
    assert got[2] == (25 * 4 + 1) / 102
    shares = count_shares(OWNER, DATE, ["raw", "raw"], actions((0, 14, True, 4.0)))
    assert shares.tolist() == [1, 1, 4, 1, 1]


def test_an_action_after_the_last_bar_touches_no_bar() -> None:
    got = grow(["raw"] * 2, (0, 99, True, 4.0))
    assert got[[1, 2]].tolist() == [1.02, 25 / 102]
