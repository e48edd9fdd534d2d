"""Decisions: shares, conviction, limits, stops and the challenge, by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.research.challenge import Evidence, challenge_decision
from pacesetter.research.desk import load_desk
from pacesetter.research.opinion import RECOMMENDATIONS, Opinion, check_opinion, count_votes
from pacesetter.research.sizing import Book, plan_exit, size_position
from pacesetter.research.verdict import Case, Verdict, decide

RULE = load_desk().decision
CASE = Case("X", "Energy", Decimal("50"), 0.3)
SCORES = {"BUY": 80, "SELL": 20, "HOLD": 50, "WATCHLIST": 60}


def opinions(**said: tuple[str, float]) -> list[Opinion]:
    return [Opinion(name, s, SCORES[s], sure, f"{name} says so") for name, (s, sure) in said.items()]  # type: ignore[arg-type]


def panel(buy: float, other: str = "HOLD") -> list[Opinion]:
    """Four analysts, of whose weight ``buy`` says BUY; the risk one says HOLD and has no vote."""
    return opinions(a=("BUY", buy / 2), b=("BUY", buy / 2), c=(other, 1 - buy), risk=("HOLD", 0))


def run(given: list[Opinion], case: Case = CASE, **weights: float) -> Verdict:
    return decide(given, weights, case, RULE)


@pytest.mark.parametrize(
    ("share", "decision", "conviction", "size"),
    [
        (0.6499, "WATCHLIST", None, None),
        (0.65, "BUY", "low", 5),
        (0.7499, "BUY", "low", 5),
        (0.75, "BUY", "medium", 7),
        (0.8499, "BUY", "medium", 7),
        (0.85, "BUY", "high", 10),
        (1.0, "BUY", "high", 10),
        (0.4999, "HOLD", None, None),
    ],
)
def test_shares_and_conviction(
    share: float, decision: str, conviction: str | None, size: float | None
) -> None:
    verdict = run(panel(share))
    assert (verdict.decision, verdict.conviction) == (decision, conviction)
    assert (verdict.size and verdict.size.size_pct) == size and bool(verdict.exit) == (decision == "BUY")
    assert verdict.votes.bullish == pytest.approx(share, abs=1e-9) and verdict.reasons


def test_weights_and_confidence_by_hand() -> None:
    given = opinions(a=("BUY", 0.5), b=("SELL", 1.0), risk=("HOLD", 0.25))
    votes = count_votes(given, {"a": 3.0, "b": 0.5})  # 1.5, 0.5 and 0.25 of 2.25
    assert votes.counted == {"a": 1.5, "b": 0.5, "risk": 0.25}
    assert votes.bullish == round(2 / 3, 9) and votes.bearish == round(2 / 9, 9)
    with pytest.raises(InputError, match="two opinions"):
        count_votes([*given, given[0]], {})
    with pytest.raises(InputError, match="weight of a"):
        count_votes(given, {"a": 3.1})


def test_the_order_of_opinions_changes_nothing(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(200):
        names = ["value", "growth", "quality", "risk", "catalyst"][: draw.randrange(1, 6)]
        given = [
            Opinion(
                n,
                draw.choice(RECOMMENDATIONS),
                draw.randrange(101),
                draw.randrange(11) / 10,
                "so",
                {},
                ("r",),
            )  # type: ignore[arg-type]
            for n in names
        ]
        weights = {n: draw.randrange(1, 31) / 10 for n in names}
        verdict = decide(given, weights, CASE, RULE)
        draw.shuffle(given)
        assert decide(given, weights, CASE, RULE) == verdict
        exact = {
            n: Fraction(str(weights[n])) * Fraction(str(o.confidence)) for o in given for n in [o.analyst]
        }
        total = sum(exact.values())
        for answer in RECOMMENDATIONS:
            mine = sum(exact[o.analyst] for o in given if o.recommendation == answer)
            assert verdict.votes.shares[answer] == pytest.approx(
                float(mine / total) if total else 0, abs=1e-8
            )
        if verdict.decision == "BUY":
            assert verdict.votes.bullish >= 0.65 and len(names) >= 3 and "risk" in names


def test_fewer_than_three_hold() -> None:
    verdict = run(opinions(a=("BUY", 1), risk=("BUY", 1)))
    assert verdict.decision == "HOLD" and verdict.reasons == ("2 of at least 3 analysts have an opinion",)
    bad = replace(panel(1.0)[0], score=float("nan"))
    verdict = run([bad, *panel(1.0)[2:]])
    assert verdict.decision == "HOLD" and verdict.refused == (("a", "the score nan is not from 0 to 100"),)
    assert len(check_opinion(Opinion(" ", "MAYBE", -1, 2, ""))) == 5  # type: ignore[arg-type]


def test_nobody_is_sure() -> None:
    verdict = run(opinions(a=("BUY", 0), b=("BUY", 0), risk=("BUY", 0)))
    assert (verdict.decision, verdict.reasons) == ("HOLD", ("no analyst is sure of anything",))


@pytest.mark.parametrize(
    ("case", "change", "reason"),
    [
        (CASE, {"risk": ("SELL", 0.1)}, "the risk is too high: risk says so"),
        (replace(CASE, blocks=("the data are 3 sessions old",)), {"risk": ("HOLD", 0)}, "3 sessions old"),
        (CASE, {"quality": ("HOLD", 0)}, "nobody looked at the risk"),
    ],
)
def test_a_buy_whose_risk_is_not_fine_is_watched(case: Case, change: Any, reason: str) -> None:
    verdict = run(opinions(a=("BUY", 1), b=("BUY", 1), **change), case)
    assert verdict.decision == "WATCHLIST" and reason in verdict.reasons[1]


def test_selling() -> None:
    given = opinions(a=("SELL", 0.65), b=("BUY", 0.35), risk=("HOLD", 0))
    held = replace(CASE, book=Book({"X": 4.0}, {"Energy": 4.0}, 4.0))
    assert run(given, held).decision == "SELL" and run(given, held).size is None
    assert run(given).decision == "HOLD" and run(given).reasons[1] == "nothing of it is held"
    near = opinions(a=("SELL", 0.64), b=("BUY", 0.36), risk=("HOLD", 0))
    assert run(near, held).decision == "HOLD"


@pytest.mark.parametrize(("watch", "decision"), [(0.2, "WATCHLIST"), (0.19, "HOLD")])
def test_watching(watch: float, decision: str) -> None:
    given = opinions(a=("BUY", 0.3), b=("WATCHLIST", watch), risk=("HOLD", 0.7 - watch))
    assert run(given).decision == decision


@pytest.mark.parametrize(
    ("book", "size", "limits"),
    [
        (Book(), 10, []),
        (Book({"X": 4}, {"Energy": 4}, 4), 6, ["position"]),
        (Book({"Y": 9, "Z": 8}, {"Energy": 17}, 17), 3, ["sector"]),
        (Book({}, {"Tech": 20}, 72.5), 7.5, ["invested"]),
        (Book({"X": 4}, {"Energy": 18}, 79), 1, ["position", "sector", "invested"]),
        (Book({}, {"Energy": 10}, 70), 10, []),
        (Book({"X": 12}, {}, 12), 0, ["position"]),
    ],
)
def test_limits(book: Book, size: float, limits: list[str]) -> None:
    found = size_position("high", "X", "Energy", book, RULE)
    assert (found.asked_pct, found.size_pct, [c.limit for c in found.cuts]) == (10, size, limits)
    steps = [found.asked_pct, *(c.to_pct for c in found.cuts)]
    assert [c.from_pct for c in found.cuts] == steps[:-1] and steps[-1] == size
    assert all("at most" in c.reason for c in found.cuts)


def test_no_room_is_watched_and_says_why() -> None:
    full = replace(CASE, book=Book({}, {}, 79.5))
    verdict = run(panel(1.0), full)
    assert verdict.decision == "WATCHLIST" and verdict.size is None
    assert verdict.reasons[1].startswith("invested limit: everything together is 79.5 %")
    assert verdict.reasons[2] == "no room: 0.5 % is under 1 %"
    assert run(panel(1.0), replace(CASE, book=Book({}, {}, 79))).decision == "BUY"
    assert size_position("low", "X", "", Book({}, {"": 90}), RULE).size_pct == 5


@pytest.mark.parametrize(
    ("volatility", "stop", "target"),
    [
        (0.20, 8.0, 16.0),  # 20 % × √(21/252) = 5.77 %
        (0.30, 8.66, 17.32),
        (0.36, 10.39, 20.78),
        (0.60, 12.0, 24.0),
        (0.0, 8.0, 16.0),
        (None, 12.0, 24.0),
        (float("nan"), 12.0, 24.0),
    ],
)
def test_stops(volatility: float | None, stop: float, target: float) -> None:
    found = plan_exit(Decimal("50"), volatility, RULE)
    assert (found.stop_pct, found.target_pct, found.sell_at_target_pct) == (stop, target, 50)
    assert found.stop_price == (Decimal(50) * (1 - Decimal(str(stop)) / 100)).quantize(Decimal("0.01"))
    assert found.target_price is not None and found.target_price > 50 and found.reason


def test_prices_of_pennies_and_none() -> None:
    assert plan_exit(Decimal("0.5"), 0.2, RULE).stop_price == Decimal("0.4600")
    for price in (None, Decimal(0), Decimal("NaN")):
        assert plan_exit(price, 0.2, RULE).stop_price is None


def challenge(decision: str, given: list[Opinion], *evidence: Evidence) -> Any:
    return challenge_decision(decision, given, count_votes(given, {}), evidence, RULE)  # type: ignore[arg-type]


def test_a_challenge_by_hand() -> None:
    given = [
        Opinion("bull", "BUY", 80, 1.0, "cheap", {}, ("debt",)),
        Opinion("bear", "SELL", 10, 0.5, "shrinking"),
    ]
    found = challenge(
        "BUY", given, Evidence("news", "a lawsuit", "down", 0.3), Evidence("rank", "up 20", "up", 0.4)
    )
    # for: 0.8 + 0.05 + 0.4; against: 0.45 shrinking, 0.3 lawsuit, 0.2 cheap, 0.1 debt
    assert [(f.source, round(f.strength, 9)) for f in found.facts] == [
        ("bear", 0.45),
        ("news", 0.3),
        ("bull", 0.2),
        ("bull", 0.1),
    ]
    assert found.contrary_share == round(1.05 / 2.3, 9) and found.stands and found.outcome == "BUY"
    more = Evidence("news", "a recall", "down", 0.2)  # 1.25 against 1.25
    assert not challenge(
        "BUY", given, more, Evidence("n", "l", "down", 0.3), Evidence("r", "u", "up", 0.4)
    ).stands


@pytest.mark.parametrize(("strength", "stands"), [(0.8999, True), (0.9, False)])
def test_one_fact_is_enough(strength: float, stands: bool) -> None:
    fatal = Evidence("filing", "it stopped paying its debts", "down", strength)
    found = challenge("BUY", panel(1.0) + opinions(x=("BUY", 1), y=("BUY", 1)), fatal)
    assert found.stands is stands and found.outcome == ("BUY" if stands else "WATCHLIST")
    assert challenge("SELL", opinions(a=("SELL", 1), b=("SELL", 1)), fatal).stands
    up = replace(fatal, direction="up")
    assert challenge("SELL", opinions(a=("SELL", 1), b=("SELL", 1)), up).outcome == (
        "SELL" if stands else "HOLD"
    )


def test_a_fallen_buy_in_the_verdict() -> None:
    case = replace(CASE, evidence=(Evidence("filing", "it stopped paying its debts", "down", 0.95),))
    verdict = run(panel(1.0), case)
    assert (verdict.decision, verdict.size, verdict.exit, verdict.conviction) == (
        "WATCHLIST",
        None,
        None,
        None,
    )
    assert verdict.challenge.decision == "BUY" and not verdict.challenge.stands
    assert "stopped paying" in verdict.reasons[-1]


def test_hold_asks_nothing() -> None:
    found = challenge("HOLD", [], Evidence("x", "all bad", "down", 1.0))
    assert found.stands and found.contrary_share == 1.0
