"""The desk's settings are read whole, and what is wrong in them is named."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.research.desk import load_desk, parse_desk, read_shipped

TEXT = read_shipped()


def test_shipped_settings() -> None:
    desk = load_desk()
    assert desk.convergence.regimes == {"bull": 1.5, "neutral": 1.0, "bear": 0.5}
    assert desk.convergence.sectors == {"favoured": 1.3, "neutral": 1.0, "avoided": 0.7}
    assert desk.convergence.bonus == (1.0, 1.1, 1.25, 1.4)
    assert desk.convergence.go_on == 15 and not desk.convergence.confidence_counts
    assert desk.convergence.bands == (
        ("monitor", 0),
        ("research", 31),
        ("deep_analysis", 61),
        ("priority", 91),
    )
    queue = desk.queue
    assert (queue.enter_at, queue.promote_at, queue.most_entries, queue.most_days) == (31, 61, 100, 60)
    rule = desk.decision
    assert (rule.buy_share, rule.medium_share, rule.high_share, rule.fewest_analysts) == (0.65, 0.75, 0.85, 3)
    assert [rule.size_pct(rule.conviction(s)) for s in (0.65, 0.7499, 0.75, 0.85, 1)] == [5, 5, 7, 10, 10]
    assert (rule.position_limit_pct, rule.sector_limit_pct, rule.invested_limit_pct) == (10, 20, 80)
    assert (rule.stop_least_pct, rule.stop_most_pct, rule.sell_at_target_pct) == (8, 12, 50)
    assert {one.decay.kind for one in desk.signals.values()} == {"linear", "exponential", "step", "none"}


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "monitor"),
        (30.999, "monitor"),
        (31, "research"),
        (60.999, "research"),
        (61, "deep_analysis"),
        (90.999, "deep_analysis"),
        (91, "priority"),
        (1e9, "priority"),
    ],
)
def test_band_edges(score: float, band: str) -> None:
    assert load_desk().convergence.band(score) == band


WRONG = [
    (r"^version = 1", "version = 0", "desk.toml", "version = 0"),
    (r"^bull = 1.5", "bull = '1.5'", "desk.toml, regime", "no number"),
    (r"^bull = 1.5", "bull = nan", "desk.toml, regime", "no number"),
    (r"^bull = 1.5", "bul = 1.5", "desk.toml, regime", "'bull' is missing"),
    (r"^favoured = 1.3", "favoured = 1.3\nhated = 1", "desk.toml, sector", "unknown key 'hated'"),
    (r"^research = 31", "research = 70", "desk.toml, bands", "do not ascend"),
    (r"^promote_at = 61", "promote_at = 31", "desk.toml, queue", "not above"),
    (r"^most_entries = 100", "most_entries = 1.5", "desk.toml, queue", "no whole number"),
    (r"^3 = 1.25", "5 = 1.25", "desk.toml, bonus", "'3' is missing"),
    (r"^buy_share = 0.65", "buy_share = 0.8", "desk.toml, decision", "buy_share is above medium_share"),
    (r"^sell_share = 0.65", "sell_share = 0.5", "desk.toml, decision", "at once"),
    (r"^stop_least_pct = 8.0", "stop_least_pct = 13", "desk.toml, decision", "stop_least_pct is above"),
    (r"^stop_least_pct = 8.0", "stop_least_pct = 130", "desk.toml, decision", "keep it from 0 to 100"),
    (r"^confidence_counts = false", "confidence_counts = 0", "desk.toml, convergence", "neither true nor"),
    (r"zero_after_days = 10", "zero_after_days = 0", "signal, unusual_volume, decay", "above 0"),
    (r'kind = "linear"', 'kind = "cubic"', "signal, unusual_volume, decay", "use one of linear"),
    (r"\[30, 0.5\]", "[30, 1.5]", "signal, value_screen, decay, step 2", "factor = 1.5"),
    (r"\[30, 0.5\]", "[30]", "signal, value_screen, decay, step 2", "no step"),
    (r"\[0, 1.0\]", "[1, 1.0]", "signal, value_screen, decay", "begins at day 1"),
    (r"\[60, 0.25\]", "[30, 0.25]", "signal, value_screen, decay", "not in order"),
    (r"^base_score = 30", "base_score = 101", "signal, unusual_volume", "from 0 to 100"),
    (r"^\[watchlist\]", "[watch]", "desk.toml", "'watchlist' is missing"),
    (r"^name = ", "name == ", "desk.toml", "no TOML"),
]


@pytest.mark.parametrize(("old", "new", "where", "what"), WRONG, ids=[f"{w}: {n}" for _, n, w, _ in WRONG])
def test_what_is_wrong_is_named(old: str, new: str, where: str, what: str) -> None:
    text = re.sub(old, new, TEXT, count=1, flags=re.MULTILINE)
    assert text != TEXT
    with pytest.raises(InputError) as caught:
        parse_desk(text, where="desk.toml")
    assert where in caught.value.where and caught.value.mend
    assert what in str(caught.value)


def test_unknown_signal_type_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean rank_jump"):
        load_desk().signal("rank_jumps")


def test_decay_by_hand() -> None:
    signals = load_desk().signals
    days = np.array([0.0, 1, 5, 7, 10, 14, 29, 30, 89, 90, 400])
    linear = signals["unusual_volume"].decay.factors(days)  # nothing left after 10 days
    assert linear.tolist() == pytest.approx([1, 0.9, 0.5, 0.3, 0, 0, 0, 0, 0, 0, 0])
    half = signals["rank_jump"].decay.factors(days)  # half in 7 days
    assert half[[0, 3, 5]].tolist() == [1, 0.5, 0.25]
    step = signals["value_screen"].decay.factors(days)
    assert step[[0, 6, 7, 8, 9, 10]].tolist() == [1, 1, 0.5, 0.25, 0, 0]
    assert (signals["manual"].decay.factors(days) == 1).all()
    words = {name: signals[name].decay.in_words() for name in ("unusual_volume", "rank_jump", "manual")}
    assert words["unusual_volume"] == "fades evenly to nothing in 10 days"
    assert words["rank_jump"] == "half of it gone every 7 days" and words["manual"] == "does not fade"
    assert signals["value_screen"].decay.in_words().startswith("100% from day 0, 50% from day 30")
