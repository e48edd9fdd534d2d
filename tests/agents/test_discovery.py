"""Each discovery agent by hand: what it says, at the edges of its thresholds, and what it does not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pacesetter.agents.base import seekers
from pacesetter.agents.discover import discover, parameters_of
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.kernel.errors import PluginError
from pacesetter.research.convergence import converge
from pacesetter.research.desk import load_desk
from pacesetter.research.signal import Signal, frame_signals
from tests.agents.evidence_made import BEFORE, ON, make_evidence, make_rank, make_text

DESK = load_desk()
RATIO, BELOW = "price.volume_ratio", "price.below_high_pct"
DAY, WEEK = "price.change_1d_pct", "price.change_5d_pct"


def seek(name: str, evidence: Evidence, **over: float) -> dict[str, Signal]:
    """What one agent finds, by symbol."""
    one = seekers.get(name)
    found = one.seek(evidence, parameters_of(one, over, DESK))
    assert len({s.symbol for s in found}) == len(found)
    return {signal.symbol: signal for signal in found}


def of_market(n: int, **facts: float) -> Evidence:
    """AAA as it is, among ``n`` symbols that all have ``facts``."""
    names = [f"M{i:02d}" for i in range(n)]
    fresh = {"price.close": 10.0, "freshness.sessions_behind": 0.0}
    return make_evidence(symbols=["AAA", *names], facts=dict.fromkeys(names, fresh | facts))


# --- unusual volume


@pytest.mark.parametrize(
    ("ratio", "score"),
    [(2.999, None), (3.0, 22.5), (4.5, 30.0), (6.0, 37.5), (600.0, 37.5)],  # base 30 × 0.75 … 1.25
)
def test_unusual_volume_edges(ratio: float, score: float | None) -> None:
    found = seek("unusual_volume", make_evidence(facts={"AAA": {RATIO: ratio}}))
    assert [s.score for s in found.values()] == ([] if score is None else [score])


def test_unusual_volume_says_what_it_saw() -> None:
    (one,) = seek("unusual_volume", make_evidence(facts={"CCC": {RATIO: 4.5}})).values()
    assert (one.symbol, one.source, one.confidence, one.seen_on) == ("CCC", "unusual_volume", 0.7, ON)
    assert one.data["facts"][RATIO] == 4.5 and one.data["direction"] == "down" and one.data["strength"] == 0.5


def test_a_day_on_which_all_trade_more_needs_more() -> None:
    evidence = of_market(40, **{RATIO: 2.5})
    loud = evidence.facts["symbol"] == "AAA"

    def with_ratio(ratio: float) -> Evidence:
        made = make_evidence(facts={"AAA": {RATIO: ratio}}, symbols=["AAA"]).facts
        return replace(evidence, facts=evidence.facts.filter(~loud).vstack(made).sort("symbol"))

    assert seek("unusual_volume", with_ratio(7.4)) == {}
    (one,) = seek("unusual_volume", with_ratio(7.5)).values()  # 3 × 2.5
    assert one.score == 22.5 and one.data["market_ratio"] == 2.5
    assert set(seek("unusual_volume", with_ratio(3.0), market_counts=0.0)) == {"AAA"}
    few = replace(with_ratio(3.0), facts=with_ratio(3.0).facts.head(29))  # 29 are no market
    assert set(seek("unusual_volume", few)) == {"AAA"}


def test_what_did_not_trade_today_has_been_told_of() -> None:
    facts = {RATIO: 9.0, DAY: 15.0, BELOW: 0.0, "freshness.sessions_behind": 1.0}
    evidence = make_evidence(facts={"AAA": facts})
    for name in ("unusual_volume", "near_high", "price_move"):
        assert seek(name, evidence) == {}


# --- near the high


@pytest.mark.parametrize(
    ("below", "ratio", "change", "says"),
    [(2.0, 1.5, 0.0, True), (2.001, 1.5, 0.0, False), (2.0, 1.499, 0.0, False), (2.0, 1.5, -0.01, False)],
)
def test_near_high_edges(below: float, ratio: float, change: float, says: bool) -> None:
    quiet = {RATIO: 0.5}
    facts = {"AAA": {BELOW: below, RATIO: ratio, DAY: change}, "DDD": quiet}
    found = seek("near_high", make_evidence(facts=facts))
    assert set(found) == ({"AAA"} if says else set())
    if says:
        assert found["AAA"].score == 22.5 and found["AAA"].confidence == 0.5
        assert found["AAA"].data["facts"][BELOW] == 2.0


def test_near_high_at_the_high_itself() -> None:
    found = seek("near_high", make_evidence(facts={"AAA": {BELOW: 0.0, RATIO: 3.0}}))
    assert found["AAA"].score == 37.5 and found["AAA"].confidence == 0.7


# --- price moves


@pytest.mark.parametrize(
    ("day", "week", "score", "direction"),
    [
        (9.999, 19.999, None, ""),
        (10.0, 0.0, 18.75, "up"),  # base 25 × 0.75
        (-10.0, 0.0, 18.75, "down"),
        (15.0, 0.0, 25.0, "up"),
        (-20.0, -20.0, 31.25, "down"),  # twice the threshold: full strength
        (1.0, 20.0, 18.75, "up"),
        (-1.0, 30.0, 25.0, "up"),
    ],
)
def test_price_move_edges(day: float, week: float, score: float | None, direction: str) -> None:
    evidence = make_evidence(facts={"AAA": {DAY: day, WEEK: week}}, symbols=["AAA", "BBB"])
    found = seek("price_move", evidence)
    assert [(s.score, s.data["direction"]) for s in found.values()] == (
        [] if score is None else [(score, direction)]
    )


def test_a_move_of_the_week_is_told_once() -> None:
    now = {"AAA": {DAY: 1.0, WEEK: 25.0}}
    assert seek("price_move", make_evidence(facts=now, before={"AAA": {WEEK: 21.0}})) == {}
    assert set(seek("price_move", make_evidence(facts=now, before={"AAA": {WEEK: 19.9}}))) == {"AAA"}
    assert set(seek("price_move", make_evidence(facts=now, before={"AAA": {WEEK: -22.0}}))) == {"AAA"}
    assert set(seek("price_move", make_evidence(facts=now, before={"AAA": {WEEK: None}}))) == {"AAA"}
    again = {"AAA": {DAY: 10.0, WEEK: 25.0}}  # the day is a signal of its own
    assert seek("price_move", make_evidence(facts=again, before={"AAA": {WEEK: 21.0}}))["AAA"].score == 18.75


def test_where_the_market_moves_a_move_must_be_beyond_it() -> None:
    evidence = of_market(40, **{DAY: -6.0, WEEK: 0.0})
    assert seek("price_move", evidence) == {}

    def with_day(day: float) -> dict[str, Signal]:
        made = make_evidence(facts={"AAA": {DAY: day, WEEK: 0.0}}, symbols=["AAA"]).facts
        rest = evidence.facts.filter(evidence.facts["symbol"] != "AAA")
        return seek("price_move", replace(evidence, facts=rest.vstack(made).sort("symbol")))

    assert with_day(-15.9) == {}
    assert with_day(-16.0)["AAA"].score == 18.75
    assert with_day(10.0)["AAA"].score == 18.75  # against the market nothing is taken off


# --- rank jumps


def jump(places: int, n: int, **over: Any) -> dict[str, Any]:
    return make_rank("AAA", 1, 1 + places, n_ranked=n, **over)


@pytest.mark.parametrize(
    ("places", "n", "score"),
    [(9, 20, None), (10, 50, 22.5), (10, 51, None), (25, 50, 37.5), (-10, 50, 22.5)],
)
def test_rank_jump_edges(places: int, n: int, score: float | None) -> None:
    found = seek("rank_jump", make_evidence(ranks=[make_rank("AAA", 20, 20 + places, n_ranked=n)]))
    assert [s.score for s in found.values()] == ([] if score is None else [score])
    if score is not None:
        assert found["AAA"].data["direction"] == ("up" if places > 0 else "down")


def test_rank_jump_names_the_board_where_it_moved_farthest_and_both_dates() -> None:
    rows = [
        jump(20, 100, board="all", board_name="All"),
        jump(12, 30, board="tech", board_name="Tech"),
        make_rank("BBB", 5, None, n_ranked=50),
        make_rank("CCC", None, 5, n_ranked=50),
    ]
    (one,) = seek("rank_jump", make_evidence(ranks=rows)).values()
    assert one.score == pytest.approx(30 * (0.75 + 0.5 * (0.4 - 0.2) / 0.3))
    data = dict(one.data)
    assert (data["board"], data["board_name"], data["rank"], data["previous_rank"]) == ("tech", "Tech", 1, 13)
    assert (data["on"], data["previous_on"], data["rank_change"]) == ("2025-03-14", "2025-03-13", 12)


def test_only_the_largest_jumps_are_told() -> None:
    symbols = [f"S{i:02d}" for i in range(30)]
    rows = [make_rank(s, 1, 1 + 20 + i, n_ranked=100) for i, s in enumerate(symbols)]
    found = seek("rank_jump", make_evidence(symbols=symbols, ranks=rows))
    assert sorted(found) == symbols[10:]
    assert sorted(seek("rank_jump", make_evidence(symbols=symbols, ranks=rows), most=1.0)) == ["S29"]


# --- all of them


def test_discover_sorts_and_heeds_the_settings() -> None:
    facts = {"AAA": {RATIO: 3.5, BELOW: 1.0, DAY: 12.0}, "CCC": {RATIO: 4.5}}
    made = make_evidence(facts=facts, texts=[make_text("manual", "BBB", data={"urgency": "high"})])
    found = discover(made, {}, DESK)
    assert [(s.symbol, s.signal_type) for s in found] == sorted((s.symbol, s.signal_type) for s in found)
    kinds = {(s.symbol, s.signal_type) for s in found}
    assert {
        ("AAA", "near_high"),
        ("AAA", "price_move"),
        ("AAA", "unusual_volume"),
        ("BBB", "manual"),
    } <= kinds
    off = {
        "near_high": AgentSetting("near_high", enabled=False),
        "unusual_volume": AgentSetting("unusual_volume", parameters={"times": 4.0}),
    }
    assert {(s.symbol, s.signal_type) for s in discover(made, off, DESK)} == kinds - {
        ("AAA", "near_high"),
        ("AAA", "unusual_volume"),
    }


def test_a_base_score_is_the_desks() -> None:
    rules = dict(DESK.signals) | {"unusual_volume": replace(DESK.signals["unusual_volume"], base_score=90.0)}
    made = make_evidence(facts={"AAA": {RATIO: 6.0}})
    found = discover(made, {}, replace(DESK, signals=rules))
    assert [s.score for s in found if s.signal_type == "unusual_volume"] == [100.0]  # 112.5 is too much


def test_an_agent_that_gives_what_it_may_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one = seekers.get("news")
    wrong = Signal("AAA", "news", "news", 1.0, 0.5, BEFORE)
    monkeypatch.setitem(seekers._things, "news", replace(one, seek=lambda e, g: [wrong]))
    with pytest.raises(PluginError, match=r"'news'.*of 2025-03-13"):
        discover(make_evidence(), {}, DESK)


def test_a_weak_signal_alone_waits_and_two_are_looked_at() -> None:
    facts = {"AAA": {RATIO: 3.0, BELOW: 1.0}, "CCC": {RATIO: 3.0}}
    found = [
        s for s in discover(make_evidence(facts=facts), {}, DESK) if not s.signal_type.endswith("screen")
    ]
    made = converge(frame_signals(found), ON, regime="neutral", favours={}, desk=DESK)
    assert made.breakdown("CCC").band == "monitor" and made.breakdown("CCC").score == 22.5
    both = made.breakdown("AAA")
    assert both.band == "research" and both.score == pytest.approx((22.5 + 30.0) * 1.1)
