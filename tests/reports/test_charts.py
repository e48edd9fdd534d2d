"""Pictures: what they must show is in them, twice the same bytes, and nothing half-written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.ranking.ledger import Ledger, Standing
from pacesetter.ranking.validation import validate
from pacesetter.reports.charts.information import draw_information
from pacesetter.reports.charts.rank_history import draw_rank_history, rank_ticks
from pacesetter.reports.charts.waterfall import draw_waterfall
from pacesetter.reports.picture import check_path, new_figure, save_figure
from tests.panels import random_panel

LEDGER = Ledger(
    "NVDA",
    "moved",
    Standing(4, -0.2, 1, 5),
    Standing(2, 0.3, 1, 5),
    {"momentum": Fraction(5, 2), "peers": Fraction(-1, 2), "volatility": Fraction(0)},
    {"momentum": 0.6, "peers": -0.1, "volatility": 0.0},
)


def test_a_waterfall_names_every_cause_and_both_ranks(tmp_path: Path) -> None:
    figure = draw_waterfall(LEDGER, "Why NVDA moved", "AI/Tech")
    (axes,) = figure.axes
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "rank 4 before",
        "momentum",
        "peers",
        "rank 2 after",
    ]
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == [-2.5, 0.5]
    for name in ("one.svg", "two.svg", "one.png"):
        save_figure(draw_waterfall(LEDGER, "Why NVDA moved", "AI/Tech"), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert b"momentum" in (tmp_path / "one.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes()[:4] == b"\x89PNG"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.png", "one.svg", "two.svg"]
    with pytest.raises(InputError, match="no rank"):
        draw_waterfall(replace(LEDGER, after=Standing(None, None, 0, 5)), "", "")


def test_a_history_leaves_a_gap_where_there_is_no_rank() -> None:
    days = [date(2025, 1, 6) + timedelta(days=i) for i in range(5)]
    (axes,) = draw_rank_history(list(zip(days, [3, 2, None, 1, 1], strict=True)), "NVDA", "").axes
    drawn = axes.lines[0].get_ydata()
    assert np.isnan(drawn[2]) and drawn[0] == 3
    assert axes.yaxis_inverted()
    assert [text.get_text() for text in axes.texts] == ["1"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [str(on) for on in days]
    (ended,) = draw_rank_history(list(zip(days, [3, 2, 1, 1, None], strict=True)), "NVDA", "").axes
    assert not ended.texts
    with pytest.raises(InputError, match="no rank"):
        draw_rank_history([(days[0], None)], "NVDA", "")


@pytest.mark.parametrize("worst", [1, 2, 3, 7, 12, 50, 503, 10_000])
def test_ranks_are_marked_from_one_on(worst: int) -> None:
    ticks = rank_ticks(worst)
    assert ticks[0] == 1 and ticks[-1] <= worst and len(ticks) <= 9
    assert all(tick == int(tick) for tick in ticks) and ticks == sorted(set(ticks))
    assert worst == 1 or ticks[-1] > worst / 2


def test_information_is_drawn_by_horizon(rng: np.random.Generator) -> None:
    panel = random_panel(rng, symbols=12, days=400)
    panel = panel.on(panel.calendar[-200:])
    score = rng.normal(size=(panel.n_sessions, panel.n_symbols))
    found = validate(panel, score, horizons=(1, 5))
    (axes,) = draw_information(found, "IC", "").axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert [label.split(":")[0] for label in labels] == ["1 sessions", "5 sessions"]
    last = axes.lines[0].get_ydata()[-1]
    assert last == pytest.approx(found.horizons[0].summary.mean)


def test_a_wrong_file_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no picture"):
        check_path(tmp_path / "a.pdf")
    with pytest.raises(InputError, match="folder"):
        check_path(tmp_path / "none" / "a.svg")


def test_a_folder_is_no_picture_and_nothing_is_left_of_a_failure(tmp_path, monkeypatch) -> None:
    (tmp_path / "why.svg").mkdir()
    with pytest.raises(InputError, match="folder of that name"):
        check_path(tmp_path / "why.svg")
    figure, _ = new_figure("t", "n")

    def fail(path, **_more) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError):
        save_figure(figure, tmp_path / "one.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["why.svg"]
