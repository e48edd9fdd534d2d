"""What a morning report says, by hand; and that it says only what changed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.reports.morning import compose, fingerprint, spell_content
from pacesetter.reports.night import (
    Alert,
    Health,
    Mover,
    Night,
    Order,
    Queue,
    Sector,
    Step,
    Traded,
    Trigger,
)
from tests.conftest import ROOT
from tests.reports.night_made import BUY, MARKET, NEXT, ON, SELL, THIRD, make_night, make_quiet

ALL = ("headline", "new_buys", "sells", "traded", "portfolio_alerts", "watchlist_triggers", "queue")


def part(content: Any, name: str) -> Any:
    return next(one for one in content["sections"] if one["name"] == name)


def titles(content: Any, name: str) -> list[str]:
    return [item["title"] for item in part(content, name)["items"]]


def test_a_full_night() -> None:
    content = compose(make_night())
    assert content["title"] == "Morning report · Fri 14 Mar 2025"
    assert (content["on"], content["previous_on"], content["schema"]) == ("2025-03-14", "2025-03-13", 1)
    assert content["counts"] == {"analysed": 3, "recommendations": 2}
    assert content["material"] and content["words"] == "" and content["silent"] == []
    assert [one["name"] for one in content["sections"]][:7] == list(ALL)
    assert titles(content, "headline") == [
        "1 new buy: AAA; 1 sell: CCC",
        "1 trade: GGG; 2 portfolio alerts: BBB, Main; 1 watchlist trigger: AAA; promoted: EEE; "
        "data: late prices, held back",
        "Market: SPY +1.1 %, 33 % of 3 stocks up, neutral regime",
    ]
    (buy,) = part(content, "new_buys")["items"]
    assert buy["words"] == "medium conviction, answer by Fri 21 Mar 2025"
    assert [(one["label"], one["text"]) for one in buy["figures"]] == [
        ("Size", "7.0 % = 70 shares"),
        ("Price", "100.00 USD"),
        ("Stop", "90.00 USD (−10.0 %)"),
        ("Target", "120.00 USD (+20.0 %)"),
    ]
    assert [one["title"] for one in buy["points"]] == ["Why", "Risks", "Challenge"]
    assert buy["points"][2]["lines"][0].startswith("stands: 31 %")
    (mover,) = part(content, "rank_movers")["items"]
    assert mover["words"] == "its momentum +41.5, what the others did +6.5"
    assert [one["text"] for one in mover["figures"]] == ["Beta Chips", "12", "60", "+48"]
    assert [one["words"] for one in part(content, "queue")["items"]] == [
        "promoted: score at least 61",
        "entered: score at least 31",
    ]
    (thesis,) = part(content, "watchlist_triggers")["items"][0]["points"]
    assert thesis["lines"] == [
        "breaks out of its range",
        "still holds: 12 % of the weight says SELL, less than 65 %",
    ]


def test_the_sum_of_a_convergence_is_shown() -> None:
    lines = part(compose(make_night()), "discovery_summary")["items"][1]["points"][0]["lines"]
    assert lines == [
        "near high (today): 40",
        "rank jump (7 days old): 36.4 × 0.5 left = 18.2",
        "sum 58.2 × regime 1 × sector 1 × bonus 1.1 = 64",
    ]


def test_what_stands_is_one_line_and_what_passed_is_left_out() -> None:
    first = compose(make_night())
    second = compose(make_night(on=NEXT, previous_on=ON, traded=(), health=health(NEXT)), first)
    assert part(second, "portfolio_alerts")["items"] == []
    assert part(second, "portfolio_alerts")["still"] == [
        "BBB: stop hit: the close 50.00 USD is at or below the stop 51.00 USD"
        " · since Fri 14 Mar 2025, 2 nights",
        "Main: above 10 % of the portfolio: BBB 35 % · since Fri 14 Mar 2025, 2 nights",
    ]
    assert second["silent"] == ["Traded", "Research queue", "Rank movers", "Discovery"]
    assert part(second, "new_buys")["still"] == [
        "Buy AAA, 7.0 % = 70 shares at 100.00 USD, stop 90.00, target 120.00, answer by Fri 21 Mar 2025"
        " · since Fri 14 Mar 2025, 2 nights"
    ]
    third = compose(make_night(on=THIRD, previous_on=NEXT, health=health(THIRD)), second)
    assert part(third, "portfolio_alerts")["still"][0].endswith("since Fri 14 Mar 2025, 3 nights")


def test_a_night_on_which_a_decision_waits_is_no_quiet_one() -> None:
    first = compose(make_night())
    night = make_quiet(on=NEXT, previous_on=ON, orders=(BUY, SELL))
    second = compose(night, first)
    assert second["material"] and second["words"] == "Nothing new is material."
    assert titles(second, "headline") == [
        "2 decisions wait for your answer, the oldest since Fri 14 Mar 2025: AAA, CCC",
        "Market: SPY +1.1 %, 33 % of 3 stocks up, neutral regime",
    ]
    with_news = compose(replace(night, orders=(BUY, replace(BUY, symbol="EEE"))), first)
    assert titles(with_news, "headline")[0] == (
        "1 new buy: EEE; 1 earlier decision waits for your answer since Fri 14 Mar 2025: AAA"
    )
    assert with_news["words"] == ""
    over = compose(make_quiet(on=THIRD, previous_on=NEXT), second)
    assert not over["material"] and titles(over, "headline")[0] == "Nothing material"


def test_what_waits_of_an_earlier_night_is_told_as_standing() -> None:
    """The desk did not look at it again, and a person has changed its size: no news, but it waits."""
    first = compose(make_night())
    earlier = replace(BUY, size_pct=3.5, proposed_on=ON)
    second = compose(make_quiet(on=NEXT, previous_on=ON, orders=(earlier,)), first)
    told = part(second, "new_buys")
    assert told["items"] == [] and told["ended"] == []
    assert told["still"] == [
        "Buy AAA, 3.5 % = 70 shares at 100.00 USD, stop 90.00, target 120.00, answer by Fri 21 Mar 2025"
        " · since Fri 14 Mar 2025, 2 nights"
    ]
    assert part(second, "sells")["ended"] == ["No longer waits: Sell CCC, 10 shares at 0.2000 GBP"]
    assert titles(second, "headline")[0] == "1 decision waits for your answer since Fri 14 Mar 2025: AAA"
    alone = compose(make_quiet(on=NEXT, orders=(earlier,)))  # no report told it before
    assert part(alone, "new_buys")["still"][0].endswith(" · since Fri 14 Mar 2025, 1 night")
    assert part(alone, "new_buys")["items"] == []


@pytest.mark.parametrize("mode", ["read_only", "dry_run"])
def test_nobody_is_asked_where_no_answer_is_kept(mode: str) -> None:
    night = make_quiet(on=NEXT, previous_on=ON, orders=(BUY, SELL), mode=mode)
    content = compose(night, compose(make_night(mode=mode)))
    assert (
        titles(content, "headline")[0]
        == "2 earlier proposals stand, the oldest since Fri 14 Mar 2025: AAA, CCC"
    )
    assert not content["material"] and content["words"].startswith("A quiet night")


def health(on: Any) -> Health:
    return replace(make_night().health, newest_on=on)


def test_what_is_over_is_said_once() -> None:
    first = compose(make_night())
    second = compose(make_night(on=NEXT, alerts=()), first)
    assert part(second, "portfolio_alerts")["ended"] == [
        "No longer: BBB: stop hit: the close 50.00 USD is at or below the stop 51.00 USD",
        "No longer: Main: above 10 % of the portfolio: BBB 35 %",
    ]
    third = compose(make_night(on=THIRD, alerts=()), second)
    assert "Portfolio alerts" in third["silent"]


def test_dates_are_written_as_a_person_says_them() -> None:
    told = ("signal: unusual volume seen on 2025-03-13", "note: AAA-2025-03-13-note.md, 2025-02-30")
    (buy,) = part(compose(make_night(orders=(replace(BUY, contrary=told),))), "new_buys")["items"]
    assert buy["points"][2]["lines"][1:] == ["signal: unusual volume seen on Thu 13 Mar 2025", told[1]]


def test_a_change_is_news() -> None:
    first = compose(make_night())
    larger = replace(BUY, conviction="high", size_pct=10.0)
    second = compose(make_night(on=NEXT, orders=(larger,)), first)
    assert titles(second, "new_buys") == ["AAA · Alpha Tools"] and second["material"]
    assert part(second, "sells")["ended"] == ["No longer waits: Sell CCC, 10 shares at 0.2000 GBP"]
    dearer = replace(larger, price=101.0)
    third = compose(make_night(on=THIRD, orders=(dearer,)), second)
    assert part(third, "new_buys")["items"] == []
    assert part(third, "new_buys")["still"][0].startswith("Buy AAA, 10.0 % = 70 shares at 101.00 USD")


def test_a_quiet_night_is_short() -> None:
    first = compose(make_quiet())  # the regime is told once
    other = replace(MARKET, close=560.0, change_1d_pct=-0.5)
    content = compose(make_quiet(on=NEXT, previous_on=ON, market=other), first)
    assert not content["material"]
    assert titles(content, "headline") == [
        "Nothing material",
        "Market: SPY −0.5 %, 33 % of 3 stocks up, neutral regime",
    ]
    assert [one["name"] for one in content["sections"]] == ["headline", "market_context", "data_health"]
    assert part(content, "data_health")["words"] == "All data are current."
    assert [item["title"] for item in part(content, "market_context")["items"]] == ["SPY"]


def test_a_quiet_night_cuts_what_is_not_material() -> None:
    movers = [Mover(f"S{i}", None, 1, 100 + i, 500) for i in range(6)]
    first = compose(make_quiet())
    night = make_quiet(on=NEXT, board=replace(make_night().board, movers=movers))  # type: ignore[type-var]
    told = part(compose(night, first), "rank_movers")
    assert len(told["items"]) == 3 and told["still"] == ["and 3 more"]


@pytest.mark.parametrize(
    ("change", "words"), [(-2.0, "a large fall"), (-5.85, "a large fall"), (2.07, "a large rise")]
)
def test_a_day_on_which_the_market_moves_far_is_no_quiet_one(change: float, words: str) -> None:
    first = compose(make_quiet())
    content = compose(make_quiet(on=NEXT, market=replace(MARKET, change_1d_pct=change)), first)
    assert content["material"] and content["words"] == ""
    (market, act) = titles(content, "headline")
    assert market.startswith("Market: SPY ") and f" %, {words}, 33 % of 3 stocks up" in market
    assert act == "No new proposals"
    (told,) = part(content, "market_context")["items"]
    assert told["material"] and told["words"] == f"benchmark, {words}: 2 % or more"


@pytest.mark.parametrize("change", [-1.99, 0.0, 1.99, None])
def test_a_smaller_move_of_the_market_is_quiet(change: float | None) -> None:
    first = compose(make_quiet())
    content = compose(make_quiet(on=NEXT, market=replace(MARKET, change_1d_pct=change)), first)
    assert not content["material"] and titles(content, "headline")[0] == "Nothing material"


def test_what_was_traded_is_told_once() -> None:
    sold = make_night().traded[0]
    bought = Traded("Main", "HHH", None, "buy", 0.5, 20.0, "GBP", NEXT)
    first = compose(make_quiet())
    second = compose(make_quiet(on=NEXT, traded=(sold, bought)), first)
    assert [(one["title"], one["words"], one["tone"]) for one in part(second, "traded")["items"]] == [
        ("GGG · Gamma", "sold 81 at 79.57 USD on Fri 14 Mar 2025 · Main · stop, on paper", "bad"),
        ("HHH", "bought 0.5 at 20.00 GBP on Mon 17 Mar 2025 · Main", "plain"),
    ]
    assert second["material"] and "2 trades: GGG, HHH" in titles(second, "headline")[1]
    assert "Traded" in compose(make_quiet(on=THIRD), second)["silent"]


def test_only_the_best_and_the_worst_sectors_are_named() -> None:
    sectors = [Sector(f"S{i}", 3, float(i), None, "neutral") for i in range(9)]
    content = compose(make_quiet(market=replace(MARKET, sectors=sectors)))
    told = next(item for item in part(content, "market_context")["items"] if item["key"] == "sectors")
    lines = [line.split()[0] for line in told["points"][0]["lines"]]
    assert lines == ["S8", "S7", "S6", "…", "S2", "S1", "S0"]
    assert told["words"] == "the middle stock's change of the day"
    (one,) = [i for i in part(compose(make_quiet()), "market_context")["items"] if i["key"] == "sectors"]
    assert one["words"].endswith("favoured sectors lift scores, avoided ones lower them")


def test_a_turn_of_the_regime_is_material() -> None:
    first = compose(make_quiet())
    content = compose(make_quiet(on=NEXT, market=replace(MARKET, regime="bear")), first)
    assert content["material"] and titles(content, "market_context") == ["Regime"]


def test_a_stop_that_was_near_and_is_hit_is_news() -> None:
    near = Alert("stop_near", "Main", "A", value=51.0, limit=50.0, unit="USD")
    first = compose(make_night(alerts=(near,)))
    second = compose(make_night(on=NEXT, alerts=(replace(near, kind="stop", value=49.0),)), first)
    told = part(second, "portfolio_alerts")
    assert [item["title"] for item in told["items"]] == ["A"] and told["ended"] == []
    assert second["material"]


def test_alerts_in_words() -> None:
    alerts = (
        Alert("stop_near", "Main", "A", value=51.0, limit=50.0, unit="USD"),
        Alert("target", "Main", "B", value=60.0, limit=55.0, unit="GBP"),
        Alert("stop", "Main", "C", value=12.0, limit=11.0, unit="USD", side="short"),
        Alert("drawdown", "Main", value=12.34, limit=10.0),
        Alert("stale_price", "Main", "D", value=3.0, limit=2.0),
        Alert("stale_price", "Main", "E", limit=2.0),
    )
    items = part(compose(make_night(alerts=alerts)), "portfolio_alerts")["items"]
    assert [item["words"] for item in items] == [
        "stop hit: the close 12.00 USD is at or above the stop 11.00 USD (Main)",
        "near its stop: the close 51.00 USD is 2.0 % from 50.00 USD (Main)",
        "target reached: the close 60.00 GBP is at or above the target 55.00 GBP (Main)",
        "12.3 % under its high, the limit is 10 %",
        "its price is 3 sessions late: stop and target cannot be watched (Main)",
        "its price is missing: stop and target cannot be watched (Main)",
    ]


def test_many_items_are_cut_and_counted() -> None:
    steps = [Step(f"S{i:03}", None, "promoted", 70.0, 60.0, "score at least 61") for i in range(50)]
    told = part(compose(make_night(queue=Queue(steps))), "queue")
    assert len(told["items"]) == 40 and told["still"] == ["and 10 more"]


def test_no_number_that_is_none_gets_into_the_json() -> None:
    content = compose(make_night(market=replace(MARKET, change_5d_pct=float("nan"))))
    assert "NaN" not in spell_content(content)


names = st.text(max_size=30)
symbols = st.sampled_from(["AAA", "BBB", "CCC", "X1"])
numbers = st.floats(-1e6, 1e6)
orders = st.builds(
    Order, symbols, names, st.sampled_from(["buy", "sell"]), size_pct=st.none() | numbers, price=numbers
)
alerts = st.builds(
    Alert,
    st.sampled_from(["stop", "stop_near", "target", "drawdown", "concentration", "stale_price"]),
    st.sampled_from(["Main", "Other"]),
    symbols,
    names,
    numbers,
    numbers,
)
triggers = st.builds(
    Trigger, symbols, names, st.sampled_from(["fired", "standing", "rearmed", "expired", "invalid"]), names
)


def unique(kind: Any, key: Any) -> Any:
    return st.lists(kind, max_size=5, unique_by=key).map(tuple)


nights = st.builds(
    make_night,
    orders=unique(orders, lambda o: (o.side, o.symbol)),
    alerts=unique(alerts, lambda a: (a.portfolio, a.symbol)),
    triggers=unique(triggers, lambda t: (t.symbol, t.condition)),
)


@given(nights)
def test_a_second_equal_night_says_nothing_twice(night: Night) -> None:
    first = compose(night)
    second = compose(replace(night, on=NEXT, health=health(NEXT)), first)
    said = {(one["name"], item["key"]) for one in first["sections"] for item in one["items"]}
    again = {
        (one["name"], item["key"]): item
        for one in second["sections"]
        for item in one["items"]
        if one["name"] != "headline"
    }
    assert not said & set(again)
    assert second["material"] == bool(night.orders)  # what waits for an answer is material each night
    assert second["words"]
    third = compose(replace(night, on=THIRD, health=health(THIRD)), second)
    assert titles(third, "headline") == titles(second, "headline") != []


@given(nights, nights)
def test_nothing_new_is_lost(one: Night, two: Night) -> None:
    """Each item of a night is told, stands, or was said the night before with the same mark."""
    first = compose(one)
    second = compose(replace(two, on=NEXT, health=health(NEXT)), first)
    alone = compose(replace(two, on=NEXT, health=health(NEXT)))
    if second["words"]:
        return  # one without material news is cut short
    for name in ("new_buys", "sells", "portfolio_alerts", "watchlist_triggers"):
        said = {k: v["mark"] for k, v in first["standing"][name].items()}
        whole = {item["key"] for p in alone["sections"] if p["name"] == name for item in p["items"]}
        told = {item["key"] for p in second["sections"] if p["name"] == name for item in p["items"]}
        marks = second["standing"][name]
        assert told == {key for key in whole if said.get(key) != marks[key]["mark"]}


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.reports.night_made import *\n"
        "from pacesetter.reports.morning import compose, fingerprint\n"
        "from pacesetter.reports.render_html import render_html\n"
        "from hashlib import sha256\n"
        "a = compose(make_night()); b = compose(make_quiet(on=NEXT), a)\n"
        "print(fingerprint(a), fingerprint(b), sha256(render_html(b).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1
    assert fingerprint(compose(make_night())) in said.pop()


def test_a_day_is_told_apart_only_by_what_it_says() -> None:
    assert fingerprint(compose(make_night())) == fingerprint(compose(make_night()))
    moved = make_night(on=ON + timedelta(days=3))
    assert fingerprint(compose(moved)) != fingerprint(compose(make_night()))
