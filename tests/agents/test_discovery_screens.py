"""Screens and texts by hand: who enters, who stays, and what an evening's texts say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from pacesetter.agents.discover import discover
from pacesetter.agents.evidence import Evidence, known_until
from pacesetter.agents.screen import load_screens, parse_screen
from pacesetter.research.desk import load_desk
from tests.agents.evidence_made import BEFORE, ON, make_evidence, make_text
from tests.agents.test_discovery import seek

DESK = load_desk()


# --- screens

CHEAP = {"factor.dividend_yield": 0.03, "factor.debt_to_equity": 0.4}  # AAA fulfils all seven


def turn_free(name: str, symbol: str, evidence: Evidence, every: int = 63) -> Evidence:
    """The evidence with its session on no turn of the symbol's."""
    from pacesetter.agents.discovery.screens import _has_turn

    while _has_turn(evidence, f"{name} {symbol}", every):
        evidence = replace(
            evidence,
            on=evidence.on + timedelta(days=7),
            sessions=tuple(d + timedelta(days=7) for d in evidence.sessions),
        )
    return evidence


def test_a_screen_tells_who_enters_and_not_who_stays() -> None:
    dear = {"AAA": {"factor.trailing_pe": 40.0, "factor.price_to_book": 9.0, "factor.roe": None}}
    entering = turn_free("value", "AAA", make_evidence(before=dear))
    (one,) = seek("value_screen", entering).values()
    assert (one.symbol, one.source, one.signal_type) == ("AAA", "value", "value_screen")
    assert one.score == 31.25 and one.confidence == 0.8  # all seven hold: two more than needed
    assert one.data["why"] == "entered" and len(one.data["met"]) == 7 and one.data["missing"] == []
    staying = turn_free("value", "AAA", make_evidence())
    assert seek("value_screen", staying) == {}
    leaving = turn_free("value", "AAA", make_evidence(facts=dear))
    assert seek("value_screen", leaving) == {}
    new = turn_free("value", "AAA", replace(make_evidence(), before=make_evidence().before.head(0)))
    assert set(seek("value_screen", new)) == {"AAA"}


def test_who_stays_is_told_of_once_in_so_many_weekdays() -> None:
    found = []
    day, before = date(2025, 1, 1), date(2024, 12, 31)
    while day < date(2025, 1, 1) + timedelta(days=7 * 63):
        if day.weekday() < 5 and day != date(2025, 7, 4):  # a holiday's turn is made up for the next day
            evidence = replace(make_evidence(), on=day, sessions=(before, day))
            found += [day for s in seek("value_screen", evidence).values() if s.data["why"] == "again"]
            before = day
        day += timedelta(days=1)
    assert len(found) == 5  # 7 × 45 weekdays: five turns of 63
    assert {(b - a).days for a, b in pairwise(found)} <= {87, 88, 89, 90, 91}


def test_a_missing_metric_fails_only_its_criterion_and_is_named() -> None:
    before = {"AAA": {"factor.trailing_pe": 40.0, "factor.price_to_book": 9.0, "factor.roe": None}}
    holes = {"AAA": {"factor.debt_to_equity": None, "factor.dividend_yield": None}}
    (one,) = seek("value_screen", make_evidence(facts=holes, before=before)).values()
    assert one.data["missing"] == ["factor.debt_to_equity", "factor.dividend_yield"]
    assert one.score == 18.75 and one.confidence == pytest.approx(0.5 + 0.3 * 5 / 7)
    more = {"AAA": holes["AAA"] | {"factor.roe": None}}
    assert seek("value_screen", make_evidence(facts=more, before=before)) == {}


def test_all_shipped_screens_by_hand() -> None:
    passing = {
        name: {s for s in make_evidence().listings if seek_now(name, s)}
        for name in ("value", "growth", "quality")
    }
    assert passing == {"value": {"AAA"}, "growth": {"AAA", "BBB"}, "quality": {"BBB", "AAA"}}
    slower = make_evidence(facts={"BBB": {"factor.revenue_growth": 0.149}})
    assert not seek_now("growth", "BBB", slower)  # one of six may fail, and it is 20 % below its high
    assert seek_now("checklist", "AAA") and not seek_now("checklist", "BBB")  # its P/E is 50


def seek_now(name: str, symbol: str, evidence: Evidence | None = None) -> bool:
    """Whether a symbol passes a shipped screen, as one that is new on the evening."""
    made = evidence or make_evidence()
    return symbol in seek(f"{name}_screen", replace(made, before=made.before.head(0)))


def test_a_users_own_screen_works_beside_the_shipped_ones() -> None:
    own = parse_screen(
        'name = "sectors"\nversion = 1\nwords = "x"\nsignal_type = "value_screen"\n'
        '[[criterion]]\nfact = "listing.sector"\nop = "in"\nvalue = ["Industrials", "Energy"]\n'
        '[[criterion]]\nfact = "price.close"\nop = ">"\nvalue = 10\n',
        where="own.toml",
    )
    made = replace(make_evidence(), before=make_evidence().before.head(0), screens=(own,))
    found = discover(made, {}, DESK)
    assert {(s.symbol, s.source) for s in found if s.signal_type == "value_screen"} == {
        ("AAA", "value"),
        ("AAA", "sectors"),
    }
    assert len({s.name for s in load_screens()}) == 4


# --- texts


@pytest.mark.parametrize(
    ("surprise", "score"),
    [(4.99, None), (5.0, 30.0), (-15.0, 40.0), (25.0, 50.0), (900.0, 50.0), (None, None)],
)
def test_earnings_surprise_edges(surprise: float | None, score: float | None) -> None:
    text = make_text("earnings", "AAA", data={"surprise_pct": surprise, "reported": 1.1, "expected": "?"})
    found = seek("earnings_surprise", make_evidence(texts=[text]))
    assert [s.score for s in found.values()] == ([] if score is None else [score])
    if score is not None and surprise is not None:
        data = found["AAA"].data
        assert data["direction"] == ("up" if surprise > 0 else "down") and data["figures"] == {
            "reported": 1.1
        }
        assert data["texts"][0]["sha256"] == text.sha256


def test_texts_are_told_on_the_first_evening_that_knows_them() -> None:
    limit = known_until(BEFORE)
    old = make_text("news", "AAA", title="old", noted_on=BEFORE, known_at=limit)
    late = make_text("news", "BBB", title="late", noted_on=BEFORE, known_at=limit + timedelta(seconds=1))
    new = make_text(
        "news", "CCC", title="new", noted_on=ON, known_at=datetime(2025, 3, 14, tzinfo=limit.tzinfo)
    )
    assert set(seek("news", make_evidence(texts=[old, late, new]))) == {"BBB", "CCC"}


def test_news_counts_texts_and_sources() -> None:
    texts = [make_text("news", "AAA", title=str(i), source="a") for i in range(3)]
    texts += [make_text("news", "BBB", source="a"), make_text("research", "BBB", source="b")]
    texts += [make_text("macro", None), make_text("news", "NOT-LISTED")]
    found = seek("news", make_evidence(texts=texts))
    assert {s.symbol: (s.score, s.confidence) for s in found.values()} == {
        "AAA": (20.0, 0.5),  # three of five: half the strength
        "BBB": (17.5, 0.6),
    }


def test_insiders_by_hand() -> None:
    texts = [
        make_text("insider", "AAA", title="1", data={"bought": 300_000, "sold": 0}),
        make_text("insider", "AAA", title="2", data={"bought": 200_000, "sold": 100_000}),
        make_text("insider", "BBB", data={"bought": 0, "sold": 2e6}),
        make_text("insider", "CCC", data={"bought": "many"}),
    ]
    found = seek("insider", make_evidence(texts=texts))
    assert {s: (x.score, x.confidence, x.data["direction"]) for s, x in found.items()} == {
        "AAA": (35.0, 0.7, "up"),  # half a million
        "BBB": (43.75, 0.5, "down"),
        "CCC": (26.25, 0.4, "none"),
    }


def test_a_manual_selection_follows_its_urgency() -> None:
    texts = [
        make_text("manual", s, data={"urgency": u})
        for s, u in zip("ABC", ("low", "normal", "high"), strict=True)
    ]
    texts += [
        make_text("manual", "D", title="x", data={"urgency": "?"}),
        make_text("manual", "D", data={"urgency": "high"}),
    ]
    found = seek("manual", make_evidence(symbols=list("ABCD"), texts=texts))
    assert {s: (x.score, x.confidence) for s, x in found.items()} == {
        "A": (37.5, 0.5),
        "B": (50.0, 0.7),
        "C": (62.5, 0.9),
        "D": (62.5, 0.9),
    }
