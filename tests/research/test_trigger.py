"""Triggers: a kind and a value, what they mean and how a condition is named by them."""

from __future__ import annotations

import pytest

from pacesetter.agents.facts import fact_names
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.research.condition_text import parse_text, write_text
from pacesetter.research.trigger import name_trigger, read_trigger


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("price", "< 180", "price.close < 180"),
        ("price", " crosses above technical.sma_50", None),
        ("price", "crosses above price.high_252d", "price.close crosses above price.high_252d"),
        ("price", "below_high_pct > 20", "price.below_high_pct > 20"),
        ("price", "price.close > 5", "price.close > 5"),
        ("rank", "20", "rank.rank <= 20"),
        ("rank", "change >= 10", "rank.change >= 10"),
        ("freshness", "3", "freshness.sessions_behind >= 3"),
        ("factor", "trailing_pe < 15", "factor.trailing_pe < 15"),
        ("technical", "rsi_14 < 30", "technical.rsi_14 < 30"),
        ("event", "insider", "event.insider"),
    ],
)
def test_what_a_trigger_means(kind: str, value: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(InputError, match="is composed, not price"):
            read_trigger(kind, value, known=fact_names())
        return
    condition = read_trigger(kind, value, known=fact_names())
    assert write_text(condition) == meant
    assert name_trigger(condition)[0] == kind


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("price", "180", "write `< 180` or `> 180`"),
        ("factor", "15", "name the fact"),
        ("event", "> 2", "names no fact"),
        ("composed", "x", "needs its condition"),
        ("prise", "< 1", "did you mean price"),
        ("event", "insidr", "event.insider"),
        ("price", "", "'price.' .*price.close|known"),
    ],
)
def test_what_is_refused(kind: str, value: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_trigger(kind, value, known=fact_names())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("price.close < 180", ("price", "180")),
        ("price.close < 0.1", ("price", "0.1")),
        ("price.close crosses above technical.sma_200", ("composed", "technical.sma_200")),
        ("price.close < price.low_252d", ("price", "price.low_252d")),
        ("event.insider", ("event", "insider")),
        ("event.insider > 1", ("event", "1")),
        ("price.close < 1 or price.volume > 2", ("price", None)),
        ("price.close < 1 or event.news", ("composed", None)),
    ],
)
def test_how_a_condition_is_named(text: str, named: tuple[str, str | None]) -> None:
    assert name_trigger(parse_text(text)) == named


def test_unknown_kinds_are_unknown_names() -> None:
    with pytest.raises(UnknownName):
        read_trigger("prise", "< 1")
