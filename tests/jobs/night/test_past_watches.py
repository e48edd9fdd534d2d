"""Terms of the watchlist that somebody changed since: judged as they were, through several late nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pacesetter.jobs.desk.watch_terms import tell_watch
from pacesetter.jobs.night.check_watchlist import check_watches
from pacesetter.jobs.night.past_watches import THEN, move_on, take_back
from pacesetter.jobs.report.night_made import Watched
from pacesetter.research.condition import write_condition
from pacesetter.research.condition_text import parse_text
from pacesetter.research.desk import load_desk
from pacesetter.store.desk.watchlist import WatchRow
from tests.agents.evidence_made import make_evidence
from tests.jobs.desk.watch_rows import make_watch

ON = date(2025, 3, 14)
LATER = ON + timedelta(days=3)


def condition(text: str) -> dict[str, Any]:
    return write_condition(parse_text(text))


def late_night(stored: WatchRow, told: dict[str, Any], on: date, close: float) -> tuple[Watched, WatchRow]:
    """One late night of an entry on AAA that is ``stored`` like this now; what is stored after it."""
    past = take_back(stored, told)
    assert past is not None
    evidence = make_evidence(on=on, facts={"AAA": {"price.close": close}})
    (found,) = check_watches([past], evidence, {}, load_desk(), standing={stored.id: stored})
    return found, move_on(found.before, found.after)


def test_it_fires_once_under_its_old_condition() -> None:
    row = make_watch("price.close > 100")
    edited = replace(row, condition=condition("price.close < 10"), trigger_value="10")
    told = tell_watch(row)
    first, stored = late_night(edited, told, ON, 101.0)
    assert (first.change, first.after.condition, first.before) == ("fired", row.condition, edited)
    assert replace(stored, details=None) == edited  # nothing of it moves
    second, stored = late_night(stored, told, LATER, 101.0)
    assert second.change is None and second.after.status == "fired" and second.after.times_triggered == 1
    third, stored = late_night(stored, told, LATER + timedelta(days=1), 50.0)
    assert third.change == "rearmed"
    evidence = make_evidence(on=LATER + timedelta(days=2), facts={"AAA": {"price.close": 9.0}})
    (own,) = check_watches([stored], evidence, {}, load_desk())  # a night that knows the new terms
    assert own.change == "fired" and own.after.times_triggered == 1 and THEN not in own.after.details


def test_the_same_condition_goes_on_from_where_it_stands() -> None:
    row = make_watch("price.close > 100")
    edited = replace(row, thesis="new", cool_down_days=0, hysteresis_pct=50.0)
    found, stored = late_night(edited, tell_watch(row), ON, 101.0)
    assert found.after.thesis == row.thesis and found.change == "fired"
    assert (stored.status, stored.thesis, stored.hysteresis_pct) == ("fired", "new", 50.0)
    found, stored = late_night(stored, tell_watch(row), LATER, 101.0)
    assert found.change is None and stored.times_triggered == 1


def test_a_date_that_was_put_off_since_ends_it_in_the_report_alone() -> None:
    row = make_watch("price.close > 1000", expiry_date=ON)
    edited = replace(row, expiry_date=ON + timedelta(days=90))
    found, stored = late_night(edited, tell_watch(row), LATER, 101.0)
    assert found.change == "expired" and stored.status == "armed"
    again = take_back(stored, tell_watch(row))
    assert again is not None and again.status == "expired"  # it is told of once


def test_what_the_log_does_not_tell() -> None:
    row = make_watch("price.close > 100")
    edited = replace(row, condition=condition("price.close < 10"))
    told = tell_watch(row)
    for name in ("condition", "until", "checked_on"):
        assert take_back(edited, {key: one for key, one in told.items() if key != name}) is None, name
    assert take_back(edited, told | {"condition": "{'fact': 1}"}) is None
    bare = {key: one for key, one in told.items() if key not in ("checked_on", "times_triggered")}
    assert take_back(replace(row, thesis="new"), bare) == row  # where it stands is known of the entry itself
