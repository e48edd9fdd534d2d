"""Conditions as a person would say them: every kind of fact, every comparison, and how they are joined."""

from __future__ import annotations

import pytest
from hypothesis import given

from pacesetter.agents.facts import fact_names
from pacesetter.research.condition import KINDS, OPS, Comparison, parse_condition
from pacesetter.research.condition_text import parse_text
from pacesetter.research.condition_words import NAMES, to_words
from tests.research.test_condition import trees

SENTENCES = {
    "price.close < 180": "the close is below 180",
    "price.close >= 1234.5": "the close is at least 1,234.5",
    "price.close crosses above technical.sma_200": "the close crosses above its mean close of 200 sessions",
    "price.close > price.high_252d": "the close is above its highest price of 252 sessions",
    "price.change_1d_pct < -7": "the price fell by more than 7 % in a session",
    "price.change_5d_pct >= 20": "the price rose by at least 20 % over 5 sessions",
    "price.change_21d_pct > 0": "the price rose over 21 sessions",
    "price.change_21d_pct > -5": "the change of the price over 21 sessions is above -5 %",
    "price.change_1d_pct crosses below 0": "the change of the price in a session crosses below 0 %",
    "price.below_high_pct <= 2": "the close is at most 2 % below its highest price of 252 sessions",
    "price.above_low_pct < 10": "the close is less than 10 % above its lowest price of 252 sessions",
    "price.volume > 2500000": "the volume is above 2.5 million",
    "price.volume_ratio >= 3": "the volume is at least 3 times its mean of the 30 sessions before",
    "technical.rsi_14 < 35": "the RSI of 14 sessions is below 35",
    "technical.sma_50 crosses above technical.sma_200": (
        "its mean close of 50 sessions crosses above its mean close of 200 sessions"
    ),
    "technical.volatility_63d > 0.4": "the yearly volatility (63 sessions) is above 40 %",
    "technical.drawdown_252d_pct > 30": "the close is more than 30 % below its highest close of 252 sessions",
    "rank.rank <= 10": "it is ranked 10th or better",
    "rank.rank > 22": "it is ranked worse than 22nd",
    "rank.rank crosses below 11": "it rises to better than 11th in rank",
    "rank.change >= 1": "it rose by at least 1 place on its board",
    "rank.change < -3": "it fell by more than 3 places on its board",
    "rank.score > 90": "its score is above 90",
    "rank.percentile >= 95": "it is level with or better than at least 95 % of its board",
    "factor.momentum >= 0.25": "the 12-1 momentum is at least 25 %",
    "factor.trailing_pe < 15": "the price/earnings ratio is below 15",
    "factor.dividend_yield > 0.035": "the dividend yield is above 3.5 %",
    "factor.market_cap > 1500000000": "the market cap is above 1.5 billion",
    "factor.eps < 0": "its EPS (earnings per share) is below 0",
    "event.insider": "an insider text was noted in the last 30 days",
    "event.news > 3": "more than 3 news texts were noted in the last 30 days",
    "event.research < 1": "no research text was noted in the last 30 days",
    "event.manual": "somebody picked it in the last 30 days",
    "event.earnings_surprise_pct > 5": "earnings beat what was expected by more than 5 %",
    "event.earnings_surprise_pct < 0": "earnings fell short of what was expected",
    "freshness.sessions_behind >= 1": "its prices are late",
    "freshness.sessions_behind > 2": "its prices are more than 2 sessions late",
    "price.close < 1 and rank.score > 2 and event.news": (
        "the close is below 1, its score is above 2 and a news text was noted in the last 30 days"
    ),
    "price.close < 180 and (rank.rank <= 20 or event.insider)": (
        "the close is below 180, and either it is ranked 20th or better or an insider text was noted in the "
        "last 30 days"
    ),
    "price.close < 1 and rank.score > 2 or price.close > 5": (
        "the close is below 1 and its score is above 2, or the close is above 5"
    ),
    "price.close < 1 or rank.score > 2 and (price.close > 5 or event.news)": (
        "the close is below 1 or (its score is above 2, and either the close is above 5 or a news text was "
        "noted in the last 30 days)"
    ),
}


@pytest.mark.parametrize("text", SENTENCES)
def test_a_condition_reads_as_plain_english(text: str) -> None:
    assert to_words(parse_text(text, known=fact_names())) == SENTENCES[text]


def test_every_kind_and_every_fact_has_words() -> None:
    assert {text.partition(".")[0] for text in SENTENCES} == set(KINDS)
    assert NAMES.keys() == fact_names().keys()
    for fact in fact_names():
        for op in OPS:
            said = [to_words(Comparison(fact, op, value)) for value in (-2.0, 0.0, 1.0, 12.5)]
            assert len(set(said)) == len(said), said  # two conditions never read alike
            for one in said:
                assert not set(one) & set("_<>=") and fact not in one and "  " not in one, one


def test_a_fact_that_nobody_gave_words_to_is_called_by_its_name() -> None:
    said = to_words(parse_condition({"fact": "price.gap_3d_pct", "op": "<", "value": -7}))
    assert said == "the price gap over 3 sessions is below -7 %"


@given(trees)
def test_any_tree_can_be_told(tree: object) -> None:
    assert to_words(parse_condition(tree))
