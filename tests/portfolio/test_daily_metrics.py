"""The day's figures: by hand, against a plain reference, and never of a later bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pacesetter.market.panel import Facts, Panel
from pacesetter.portfolio.daily_metrics import RETURNS, SESSIONS_BACK, measure_daily_metrics
from pacesetter.portfolio.data_quality import NO_PRICE, NOTES, POINTS
from pacesetter.ranking.frame import panel_from_frame
from tests.panels import random_panel


def day(number: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(number))


def reference(panel: Panel, s: int) -> dict[str, float]:
    """Returns of one symbol, straight from its closes."""
    rows = slice(panel.offsets[s], panel.offsets[s + 1])
    on = int(panel.sessions[-1])
    closes = {int(d): c for d, c in zip(panel.date[rows], panel.close[rows], strict=True) if d <= on}
    if not closes:
        return dict.fromkeys(RETURNS, np.nan)
    price_on = max(closes)
    sessions = [int(d) for d in panel.calendar]
    last = max(i for i, d in enumerate(sessions) if d <= price_on)
    asked = {name: last - back for name, back in SESSIONS_BACK.items()}
    first_of_month, first_of_year = day(price_on).replace(day=1), day(price_on).replace(month=1, day=1)
    for name, start in (("return_mtd", first_of_month), ("return_ytd", first_of_year)):
        asked[name] = max((i for i, d in enumerate(sessions) if day(d) < start), default=-1)
    found = {}
    for name, i in asked.items():
        allowed = 0 if name == "return_1d" else 5
        near = [d for d in closes if i >= 0 and sessions[max(i - allowed, 0)] <= d <= sessions[i]]
        found[name] = closes[price_on] / closes[max(near)] - 1 if near else np.nan
    return found


def test_returns_against_plain_closes(rng) -> None:
    compared = 0
    for _ in range(4):
        panel = random_panel(rng, symbols=12, days=330, holes=0.3)
        for at in (12, 70, 262, 329):
            one = panel.on(panel.calendar[[at]])
            found = measure_daily_metrics(one)
            for s in range(panel.n_symbols):
                for name, wanted in reference(one, s).items():
                    where = (at, s, name)
                    assert_allclose(
                        found.returns[name][s], wanted, rtol=1e-11, atol=1e-13, err_msg=str(where)
                    )
                    compared += bool(np.isfinite(wanted))
    assert compared > 500


def frame(days: list[str], closes: list[float], symbol: str = "A") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "symbol": symbol,
            "date": [date.fromisoformat(d) for d in days],
            "open": closes,
            "high": closes,
            "low": closes,
            "close": closes,
            "volume": [1000] * len(days),
        }
    )


def test_month_and_year_begin_with_the_close_before_them() -> None:
    """100 on 31 December, 110 on 31 January, 121 on 3 February: MTD 10 %, YTD 21 %."""
    days = ["2024-12-30", "2024-12-31", "2025-01-02", "2025-01-30", "2025-01-31", "2025-02-03"]
    panel = panel_from_frame(frame(days, [90.0, 100.0, 104.0, 105.0, 110.0, 121.0]))
    found = measure_daily_metrics(panel)
    assert found.returns["return_mtd"][0] == pytest.approx(0.10)
    assert found.returns["return_ytd"][0] == pytest.approx(0.21)
    assert found.returns["return_1d"][0] == pytest.approx(0.10)
    assert found.price[0] == 121.0 and day(found.price_on[0]) == date(2025, 2, 3)


def test_later_bars_and_facts_change_nothing(rng) -> None:
    panel = random_panel(rng, symbols=10)
    on = int(panel.calendar[-15])
    asked = panel.on(panel.calendar[[-15]])
    whole, cut = measure_daily_metrics(asked), measure_daily_metrics(asked.until(on))
    for name in RETURNS:
        assert_array_equal(whole.returns[name], cut.returns[name])
    for name, values in whole.ratios.items():
        assert_array_equal(values, cut.ratios[name])
    assert_array_equal(whole.price, cut.price)
    assert_array_equal(whole.quality.score, cut.quality.score)
    assert whole.quality.notes() == cut.quality.notes()
    assert np.isfinite(whole.price).any() and (whole.price_on <= on).all()


def test_fundamentals_are_the_newest_known_and_of_the_price_s_currency(rng) -> None:
    panel = random_panel(rng, symbols=3, benchmark=False, holes=0.0)
    on = int(panel.calendar[-1])
    facts = Facts(
        symbol=np.array([0, 0, 0, 1, 2], np.int32),
        known_on=np.array([on - 90, on - 5, on + 1, on - 5, on - 5], np.int32),
        as_of=np.array([on - 100, on - 10, on - 8, on - 10, on - 10], np.int32),
        values={
            "market_cap": np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
            "trailing_pe": np.array([10.0, np.nan, 30.0, 40.0, 50.0]),
            "price_to_sales": np.full(5, np.nan),
            "price_to_book": np.array([1.0, 2.0, 3.0, -4.0, 5.0]),
        },
        currency=("USD", "USD", "USD", "EUR", None),
    )
    currency = ("USD", "USD", "USD")
    found = measure_daily_metrics(replace(panel, facts=facts, currency=currency, quote_unit=np.ones(3)))
    assert_array_equal(found.market_cap, [2.0, np.nan, 5.0])
    assert_array_equal(found.ratios["trailing_pe"], [10.0, 40.0, 50.0])
    assert_array_equal(found.ratios["price_to_book"], [2.0, -4.0, 5.0])
    assert np.isnan(found.ratios["price_to_sales"]).all()


def quality_panel(kept: slice | list[int], volume: float = 1000.0, kind: str = "etf") -> Panel:
    """400 sessions of a symbol that always trades, beside one that has the ``kept`` ones alone."""
    days = [day(15_000 + 7 * w + d).isoformat() for w in range(80) for d in range(5)]
    bars = frame(days, [50.0] * 400, "FULL")
    own = [days[i] for i in kept] if isinstance(kept, list) else days[kept]
    bars = pl.concat([bars, frame(own, [50.0] * len(own), "OWN")])
    panel = panel_from_frame(bars)
    mine = panel.owner == panel.symbols.index("OWN")
    return replace(panel, asset_type=("etf", kind), volume=np.where(mine, volume, panel.volume))


def told(panel: Panel) -> tuple[float, list[str]]:
    quality = measure_daily_metrics(panel).quality
    s = panel.symbols.index("OWN")
    return float(quality.score[s]), quality.notes()[s]


def test_quality_by_hand() -> None:
    assert sum(POINTS.values()) == 100
    assert told(quality_panel(slice(None))) == (100.0, [])
    # a stock without fundamentals: 85 of 100; a fund is not asked for them: 85 of 85 above
    assert told(quality_panel(slice(None), kind="equity")) == (pytest.approx(85.0), [NOTES["fundamentals"]])
    # two sessions old: 12 of the 30 points, 2 of 252 sessions absent: 25·250/252; of 85
    score, notes = told(quality_panel(slice(0, 398)))
    assert score == pytest.approx(100 * (18 + 25 * 250 / 252 + 20 + 10) / 85)
    assert notes == [NOTES["freshness"], NOTES["completeness"]]
    # half a year of prices
    score, notes = told(quality_panel(slice(400 - 126, 400)))
    assert score == pytest.approx(100 * (30 + 25 + 10 + 10) / 85) and notes == [NOTES["history"]]
    # every other session of the last 252, and no volume
    score, notes = told(quality_panel([*range(148), *range(149, 400, 2)], volume=0.0))
    assert score == pytest.approx(100 * (30 + 12.5 + 20) / 85)
    assert notes == [NOTES["completeness"], NOTES["volume"]]
    # an index has no volume to have
    assert told(quality_panel(slice(None), volume=np.nan, kind="index")) == (100.0, [])


def test_a_symbol_without_a_bar_has_no_figures(rng) -> None:
    panel = random_panel(rng, symbols=3)
    first = int(panel.calendar[5])
    late = panel.bars((panel.owner != 1) | (panel.date > first)).on(panel.calendar[[5]])
    found = measure_daily_metrics(late)
    assert np.isnan(found.price[1]) and found.price_on[1] == -1 and found.quality.score[1] == 0.0
    assert found.quality.notes()[1] == [NO_PRICE]
    assert all(np.isnan(values[1]) for values in found.returns.values())
    nothing = panel.bars(np.zeros(len(panel.date), bool))
    assert (measure_daily_metrics(nothing).quality.score == 0.0).all()
