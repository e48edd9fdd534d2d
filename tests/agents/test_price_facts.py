"""Facts of prices and volumes by hand and against slow references; too few bars are not known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.agents.walk import newest, walk


def test_price_facts_by_hand() -> None:
    closes = np.arange(101.0, 401.0)  # 300 closes: 101 … 400
    volumes = np.full(300, 1000.0)
    volumes[-1] = 4000.0
    facts = newest(walk(closes, volume=volumes))
    assert facts["price.close"] == 400.0
    assert facts["price.change_1d_pct"] == pytest.approx(100 / 399)
    assert facts["price.change_5d_pct"] == pytest.approx(500 / 395)
    assert facts["price.change_21d_pct"] == pytest.approx(2100 / 379)
    assert facts["price.change_63d_pct"] == pytest.approx(6300 / 337)
    assert facts["price.change_252d_pct"] == pytest.approx(25200 / 148)
    assert facts["price.high_252d"] == 401.0 and facts["price.low_252d"] == 148.0  # low of 149
    assert facts["price.below_high_pct"] == pytest.approx(100 / 401)
    assert facts["price.above_low_pct"] == pytest.approx(25200 / 148)
    assert facts["price.volume"] == 4000.0 and facts["price.volume_mean_30d"] == 1000.0
    assert facts["price.volume_ratio"] == 4.0
    assert facts["technical.sma_20"] == 390.5 and facts["technical.sma_50"] == 375.5
    assert facts["technical.sma_200"] == 300.5
    assert facts["technical.rsi_14"] == 100.0 and facts["technical.drawdown_252d_pct"] == 0.0
    logs = np.diff(np.log(closes))
    assert facts["technical.volatility_21d"] == pytest.approx(logs[-21:].std(ddof=1) * 252**0.5, rel=1e-12)
    assert facts["technical.volatility_63d"] == pytest.approx(logs[-63:].std(ddof=1) * 252**0.5, rel=1e-12)


def test_rsi_and_drawdown_against_a_slow_reference(rng: np.random.Generator) -> None:
    closes = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, 300)))
    facts = newest(walk(closes))
    changes = np.diff(closes)[-140:]
    gain, loss = np.maximum(changes, 0), np.maximum(-changes, 0)
    up, down = gain[:14].mean(), loss[:14].mean()
    for i in range(14, 140):
        up, down = (13 * up + gain[i]) / 14, (13 * down + loss[i]) / 14
    assert facts["technical.rsi_14"] == pytest.approx(100 - 100 / (1 + up / down), rel=1e-10)
    assert facts["technical.drawdown_252d_pct"] == pytest.approx(100 * (1 - closes[-1] / closes[-252:].max()))


@pytest.mark.parametrize("stored", [True, False])
def test_a_split_is_no_change(stored: bool) -> None:
    """4 shares for 1, 10 bars before the last: a stored split, or one that only adjusted prices tell."""
    smooth = np.linspace(400.0, 410.0, 300)
    closes, shares, volumes = smooth.copy(), np.ones(300), np.full(300, 1000.0)
    closes[-10:] /= 4
    volumes[-10:] *= 4
    shares[-10:] = 4.0
    growth = np.full(300, np.nan)
    growth[1:] = smooth[1:] / smooth[:-1]
    over = {"growth": growth, "high": closes, "low": closes}
    over |= {"splits": shares, "volume": volumes / shares} if stored else {"volume": volumes}
    facts = newest(walk(closes, **over))
    assert facts["price.close"] == 102.5 and facts["price.high_252d"] == 102.5
    assert facts["price.change_21d_pct"] == pytest.approx(100 * (smooth[-1] / smooth[-22] - 1))
    assert facts["price.low_252d"] == pytest.approx(smooth[-252] / 4)
    assert facts["technical.sma_20"] == pytest.approx(smooth[-20:].mean() / 4)
    assert facts["price.volume"] == 4000.0 and facts["price.volume_ratio"] == pytest.approx(1.0)


def test_a_dividend_is_no_split_and_no_return() -> None:
    closes = np.full(300, 100.0)
    closes[-1] = 97.0
    growth = np.ones(300)
    growth[0] = np.nan  # 3 paid out on the last day: nothing lost
    facts = newest(walk(closes, growth=growth))
    assert facts["price.change_1d_pct"] == pytest.approx(-3.0)
    assert facts["price.change_21d_pct"] == pytest.approx(-3.0)


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("price.change_5d_pct", 6),
        ("price.change_252d_pct", 253),
        ("price.high_252d", 252),
        ("price.volume_mean_30d", 31),
        ("technical.sma_200", 200),
        ("technical.rsi_14", 141),
        ("technical.volatility_63d", 64),
        ("technical.drawdown_252d_pct", 252),
    ],
)
def test_too_few_bars_are_not_known(name: str, needs: int) -> None:
    closes = 100 + np.sin(np.arange(300.0))
    assert np.isfinite(newest(walk(closes[:needs]))[name])
    assert np.isnan(newest(walk(closes[: needs - 1]))[name])


def test_unknown_volume_and_prices_only() -> None:
    closes = 100 + np.sin(np.arange(300.0))
    nothing = np.full(300, np.nan)
    facts = newest(walk(closes, volume=nothing, high=nothing, low=nothing))
    assert np.isnan(facts["price.volume"]) and np.isnan(facts["price.volume_ratio"])
    assert facts["price.high_252d"] == closes[-252:].max()
    idle = newest(walk(closes, volume=np.zeros(300)))
    assert idle["price.volume_mean_30d"] == 0.0 and np.isnan(idle["price.volume_ratio"])
