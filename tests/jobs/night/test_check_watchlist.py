"""An evening of the watchlist, by hand: edges, gaps, ends, the thesis, symbols that are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.night.check_watchlist import check_watches, judge_thesis, symbols_to_validate
from pacesetter.jobs.report.night_made import Watched
from pacesetter.kernel.errors import InputError
from pacesetter.research.desk import load_desk
from pacesetter.store.desk.watchlist import WatchRow
from tests.agents.evidence_made import make_evidence, make_history, weekdays
from tests.jobs.desk.watch_rows import make_opinions, make_watch

ON = date(2025, 3, 14)
DESK = load_desk()
CLOSE = "price.close"


def look(row: WatchRow, on: date, close: float | None, before: float | None = None, **over: Any) -> Watched:
    """One evening of an entry on AAA."""
    facts = {} if close is None else {"AAA": {CLOSE: close}}
    symbols = ("BBB",) if close is None else ("AAA", "BBB")
    evidence = make_evidence(on=on, symbols=symbols, facts=facts, before={"AAA": {CLOSE: before}})
    opinions = over.pop("opinions", {})
    (found,) = check_watches([row], evidence, opinions, DESK, **over)
    return found


def play(row: WatchRow, closes: list[float | None]) -> list[str | None]:
    """Evenings one after the other, a day each; the session before has the close before."""
    said, before = [], None
    for i, close in enumerate(closes):
        found = look(row, ON + timedelta(days=i), close, before)
        row, before = found.after, close
        said.append(found.change)
    return said


def test_it_fires_and_says_on_what() -> None:
    row = make_watch("price.close > 100 and rank.rank <= 3")
    found = look(row, ON, 101.5, 99.0)
    assert (found.before, found.change) == (row, "fired")
    assert found.reason == "the close is above 100 and it is ranked 3rd or better"
    after = found.after
    assert (after.status, after.times_triggered, after.to_validate) == ("fired", 1, True)
    assert after.last_triggered_on == after.checked_on == ON
    assert after.details["facts"] == {CLOSE: 101.5, "rank.rank": 1.0}
    assert after.details["before"] == {CLOSE: 99.0, "rank.rank": 1.0}
    assert after.details["fired_on"] == "2025-03-14" and after.details["reason"] == found.reason


def test_hysteresis_edge() -> None:
    """2 % back from 100 is 98: at 98.01 it still holds, at 98 it no more does."""
    row = make_watch(hysteresis_pct=2.0)
    assert play(row, [100, 100.01, 98.01, 101, 98, 100.01]) == [None, "fired", None, None, "rearmed", "fired"]


def test_cool_down_edge() -> None:
    """Five days after it fired it may fire again, four days after not yet."""
    row = make_watch(cool_down_days=5)
    assert play(row, [101, 99, 101, 101, 101, 101]) == ["fired", "rearmed", None, None, None, "fired"]


def test_expiry_day() -> None:
    """The last date counts; the day after it is over, and nothing follows."""
    row = make_watch(expiry_date=ON + timedelta(days=1))
    assert play(row, [99, 101, 99, 101]) == [None, "fired", "expired", None]
    ended = look(make_watch(expiry_date=ON - timedelta(days=1)), ON, 101)
    assert ended.after.status == "expired" and ended.reason == "its last date was 2025-03-13"


def test_a_crossing_needs_the_session_before() -> None:
    row = make_watch("price.close crosses above 100")
    assert look(row, ON, 101, 100).change == "fired"
    assert look(row, ON, 101, 100.5).change is None
    gap = look(row, ON, 101, None)
    assert gap.change is None and gap.after.details == {"unknown": ["the session before"]}
    assert look(gap.after, ON + timedelta(days=1), 102, 101).change is None  # it crossed in the gap: no guess


def test_what_is_not_known_is_named_and_forgotten_when_it_is_known() -> None:
    row = make_watch("factor.trailing_pe < 15 and price.close > 1", symbol="CCC")
    (found,) = check_watches([row], make_evidence(), {}, DESK)
    assert found.change is None and found.after.details == {"unknown": ["factor.trailing_pe"]}
    later = make_evidence(on=ON + timedelta(days=3), facts={"CCC": {"factor.trailing_pe": 16.0}})
    (known,) = check_watches([found.after], later, {}, DESK)
    assert known.after.details is None and known.after.checked_on == ON + timedelta(days=3)


def test_the_same_evening_again_changes_nothing() -> None:
    for closes in ((101.0, 99.0), (99.0, 101.0), (None, None)):
        first = look(make_watch("price.close crosses above 100"), ON, *closes)
        again = look(first.after, ON, 200.0, 1.0, opinions={"AAA": make_opinions("SELL", "SELL", "SELL")})
        assert again == Watched(first.after, first.after, None, "")


def test_time_goes_forward() -> None:
    seen = look(make_watch(), ON, 99).after
    with pytest.raises(
        InputError, match=r"AAA was looked at on 2025-03-14, after 2025-03-13 .*in their order"
    ):
        look(seen, ON - timedelta(days=1), 101)
    ended = replace(seen, status="expired")
    assert look(ended, ON - timedelta(days=1), 101).after == ended


@pytest.mark.parametrize(
    ("answers", "status", "to_validate", "change", "said"),
    [
        (
            ("SELL", "SELL", "HOLD"),
            "invalid",
            False,
            "invalid",
            "66.67 % of the weight says SELL, at least 65 %",
        ),
        (("SELL", "BUY", "HOLD"), "fired", False, "fired", "33.33 % of the weight says SELL, less than 65 %"),
        (("SELL", "SELL"), "fired", True, "fired", "2 of at least 3 analysts have an opinion"),
        ((), "fired", True, "fired", "0 of at least 3 analysts have an opinion"),
    ],
)
def test_a_firing_asks_about_the_thesis(
    answers: tuple[str, ...], status: str, to_validate: bool, change: str, said: str
) -> None:
    found = look(make_watch(), ON, 101, opinions={"AAA": make_opinions(*answers)})
    assert (found.after.status, found.after.to_validate, found.change) == (status, to_validate, change)
    holds = None if to_validate else status == "fired"
    assert found.after.details["validation"] == {"on": "2025-03-14", "holds": holds, "reason": said}
    if status == "invalid":
        assert found.reason == f"fired (the close is above 100), but its thesis does not hold: {said}"
        assert found.after.times_triggered == 1


def test_exactly_the_share_is_enough_and_weights_count() -> None:
    rule = DESK.decision
    opinions = make_opinions("SELL", "HOLD", "BUY")
    # a weighs 1.3 of 2.0: exactly 65 %
    assert judge_thesis(opinions, {"a": 1.3, "b": 0.5, "c": 0.2}, rule)[0] is False
    assert judge_thesis(opinions, {"a": 1.29, "b": 0.5, "c": 0.2}, rule)[0] is True
    assert judge_thesis(make_opinions("SELL", "SELL", "SELL", confidence=0.0), {}, rule) == (
        None,
        "no analyst is sure of anything",
    )
    settings = {"a": AgentSetting("a", weight=3.0), "b": AgentSetting("b", weight=0.5)}
    found = look(make_watch(), ON, 101, opinions={"AAA": opinions}, settings=settings)
    assert found.change == "invalid"  # 3 of 4.5


def test_a_bad_opinion_is_not_counted() -> None:
    bad = replace(make_opinions("SELL")[0], score=float("nan"))
    found = look(make_watch(), ON, 101, opinions={"AAA": (bad, *make_opinions("SELL", "SELL", "SELL")[1:])})
    assert found.after.to_validate and found.after.details["validation"]["reason"].startswith(
        "2 of at least 3"
    )


def test_a_later_evening_asks_again_also_once_it_is_armed() -> None:
    row = look(make_watch(), ON, 101).after
    assert symbols_to_validate([row], make_evidence(on=ON + timedelta(days=1))) == ("AAA",)
    sell = {"AAA": make_opinions("SELL", "SELL", "SELL")}
    found = look(row, ON + timedelta(days=1), 99, opinions=sell)
    assert (found.change, found.after.status) == ("invalid", "invalid")
    held = look(row, ON + timedelta(days=1), 99, opinions={"AAA": make_opinions("BUY", "BUY", "HOLD")})
    assert (held.change, held.after.status, held.after.to_validate) == ("rearmed", "armed", False)
    assert symbols_to_validate([held.after], make_evidence(on=ON + timedelta(days=2))) == ()


def test_which_symbols_the_evening_asks_about() -> None:
    rows = [
        make_watch("price.close > 99"),
        make_watch("price.close > 999", symbol="BBB"),
        make_watch("price.close < 999", symbol="CCC"),
        make_watch("price.close < 999", symbol="DDD", expiry_date=ON - timedelta(days=1), to_validate=True),
    ]
    assert symbols_to_validate(rows, make_evidence()) == ("AAA", "CCC")


def test_who_is_gone_is_said() -> None:
    row = make_watch(status="fired", last_triggered_on=ON - timedelta(days=3), times_triggered=1)
    gone = look(row, ON, None)
    assert (gone.change, gone.after.status, gone.after.checked_on) == (None, "fired", ON)
    assert gone.reason == "AAA has no recent price on 2025-03-14: delisted, renamed or suspended?"
    assert gone.after.details == {"note": gone.reason}
    named = look(row, ON, None, renamed={"AAA": "BBB"})
    assert named.reason == "AAA is called BBB now: watch that"
    back = look(gone.after, ON + timedelta(days=1), 99)
    assert back.change == "rearmed" and back.after.details is None


def test_a_condition_that_nobody_can_read_does_not_stop_the_others() -> None:
    broken = replace(make_watch(), condition={"fact": "price.close"})
    found = check_watches([broken, make_watch("price.close > 99")], make_evidence(), {}, DESK)
    assert [one.change for one in found] == [None, "fired"]
    assert "it cannot be read" in found[0].reason and found[0].after.status == "armed"


def test_what_it_sees_is_the_history_made_by_hand() -> None:
    """The made evidence's own history says what the evening says: it fired on the last session only."""
    from pacesetter.jobs.desk.try_watch import try_watch
    from pacesetter.research.condition import parse_condition
    from pacesetter.research.watch import Watch

    history = make_history(weekdays(ON, 253), {CLOSE: 101.0}, {CLOSE: 99.0})
    trial = try_watch(
        "AAA", Watch(parse_condition(make_watch("price.close crosses above 100").condition)), history
    )
    assert trial.firings.fired_on == (ON,) and trial.known == {CLOSE: trial.firings.n_dates}
    assert trial.in_words().startswith("would have fired once from 2024-03")
