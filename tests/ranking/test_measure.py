"""A board over one measure: the value itself, ranked by the same code as every other board."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata

from pacesetter.factors.base import REASONS, factors, factors_of
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import BadMethod, InputError
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from pacesetter.market.panel import Panel
from pacesetter.ranking.boards import UNRANKED, BoardRanks, rank_board, score_universe
from pacesetter.ranking.method import Method, check_kind, load_shipped, parse_method
from pacesetter.ranking.scores import MEASURE_RULE
from pacesetter.store.boxes.box_panels import build_panel

ON = date(2025, 3, 8)
TEXT = 'name = "mine"\nversion = 1\nnormalise = "{}"\n'
PART = '\n[[factor]]\nname = "{}"\nweight = {}\n'


def box_panel(rows: list[tuple[str, date, float | None, float | None]], sessions: list[date]) -> Panel:
    """A panel of boxes from (symbol, date, floor, sold)."""
    merged = pl.DataFrame(
        {
            "symbol": [row[0] for row in rows],
            "date": [row[1] for row in rows],
            "floor_price_usd": [row[2] for row in rows],
            "active_listings_count": [None] * len(rows),
            "boxes_sold": [row[3] for row in rows],
            "boxes_added": [None] * len(rows),
        },
        schema_overrides={
            "floor_price_usd": pl.Float64,
            "active_listings_count": pl.Float64,
            "boxes_sold": pl.Float64,
            "boxes_added": pl.Float64,
        },
    ).sort("symbol", "date")
    return build_panel(measure_boxes(merged), sessions, {}, 0)


def rank(panel: Panel, method: Method) -> BoardRanks:
    """The board of all boxes of a panel."""
    values = {part.uses: evaluate(factors.get(part.uses), panel) for part in method.factors}
    universe = score_universe(method, values, panel, "sealed_box")
    everybody = np.ones((panel.n_sessions, panel.n_symbols), dtype=bool)
    return rank_board(method, values, panel, universe, everybody, "boxes")


def by_measure(name: str) -> Method:
    """A method over one measure."""
    return parse_method(TEXT.format("measure") + PART.format(name, 1.0))


def test_ranks_are_those_of_the_values_and_nothing_is_clipped() -> None:
    # one box sells a thousand times as much as the others: a z of any kind would cut it
    rows = [(f"BOX-{i:02d}", ON, 100.0, float(sold)) for i, sold in enumerate([7000, 7, 5, 5, 0, 1])]
    board = rank(box_panel([*rows, ("BOX-99", ON, 100.0, None)], [ON]), load_shipped("boxes"))
    composite = board.scores.composite[0]
    np.testing.assert_array_equal(composite[:6], [700000, 700, 500, 500, 0, 100])
    np.testing.assert_array_equal(board.rank[0, :6], rankdata(-composite[:6], "min"))
    assert board.rank[0].tolist() == [1, 2, 3, 3, 6, 5, 0]
    assert UNRANKED[board.unranked[0, 6]] == "no_factors"
    # percentile over the board: 100·(below + ½·(equal − 1))/(n − 1)
    np.testing.assert_allclose(board.scores.score[0, :6], [100, 80, 50, 50, 0, 20])
    assert board.scope == ("domain:boxes",)
    statistics = board.scores.parts[0].statistics
    assert (statistics.n[0], statistics.centre[0], statistics.scale[0]) == (6, 0.0, 1.0)
    assert statistics.rule[0] == MEASURE_RULE


def test_only_what_was_observed_on_the_very_date_is_ranked() -> None:
    days = [date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 3)]
    rows = [("BOX-A", days[0], 10.0, 1.0), ("BOX-A", days[2], 10.0, 1.0), ("BOX-B", days[1], 10.0, 9.0)]
    board = rank(box_panel(rows, days), load_shipped("boxes"))
    assert board.rank.tolist() == [[1, 0], [0, 1], [1, 0]]
    reasons = [[UNRANKED[code] for code in row] for row in board.unranked]
    assert reasons == [["", "not_observed"], ["not_observed", ""], ["", "not_observed"]]
    values = evaluate(factors.get("unified_volume_7d_ema"), box_panel(rows, days))
    assert [REASONS[code] for code in values.reason[:, 0]] == ["", "not_observed", ""]


def test_a_measure_where_less_is_better_ranks_the_least_first() -> None:
    assert not MEASURES["expected_days_to_sell"].higher_is_better
    method = by_measure("expected_days_to_sell")
    lower = factors.get("expected_days_to_sell")
    assert lower.sign == -1
    panel = box_panel([("BOX-A", ON, 10.0, 1.0)], [ON])
    assert rank(panel, method).rank.tolist() == [[0]]  # one day is too few


def test_every_measure_can_make_a_board() -> None:
    assert {one.name for one in factors_of("boxes")} == set(MEASURES)
    assert "momentum" not in {one.name for one in factors_of("boxes")}
    for name in MEASURES:
        assert by_measure(name).of == "boxes"


def test_an_unknown_measure_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(BadMethod, match="unified_volume_7d_ema"):
        by_measure("unified_volume_7d_emma")


def test_a_measure_stands_alone() -> None:
    floor, volume, momentum = (
        PART.format(name, 0.5) for name in ("floor_price_usd", "daily_volume_usd", "momentum")
    )
    with pytest.raises(BadMethod, match="one factor as it is"):
        parse_method(TEXT.format("measure") + floor + volume)
    with pytest.raises(BadMethod, match="mixes"):
        parse_method(TEXT.format("robust_z") + floor + momentum)


def test_a_method_ranks_its_own_kind_only() -> None:
    with pytest.raises(InputError, match="ranks boxes"):
        check_kind(load_shipped("boxes"), "equity", "AI/Tech")
    with pytest.raises(InputError, match="exchange"):
        check_kind(load_shipped("core"), "sealed_box", "Boxes")
    check_kind(load_shipped("boxes"), "sealed_box", "Boxes")
    check_kind(load_shipped("core"), "etf", "Funds")
