"""Each analyst worked by hand on the four symbols of ``evidence_made``, and at its edges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from pacesetter.agents.analyse import analyse
from pacesetter.agents.analysts.risk import measure_year
from pacesetter.agents.base import analysts
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.research.desk import load_desk
from pacesetter.research.opinion import Opinion
from pacesetter.research.verdict import Case, decide
from pacesetter.research.watch import History
from tests.agents.evidence_made import make_evidence, make_text
from tests.conformance.check_analyst import look


def see(name: str, symbol: str, evidence: Evidence | None = None, **over: Any) -> Opinion:
    found = look(analysts.get(name), symbol, evidence or make_evidence(), **over)
    assert found is not None
    return found


def brief(opinion: Opinion) -> tuple[str, float, float]:
    return opinion.recommendation, opinion.score, opinion.confidence


def points(opinion: Opinion) -> dict[str, float]:
    return {name: one["points"] for name, one in opinion.key_metrics["points"].items()}


def with_facts(symbol: str, **facts: float | None) -> Evidence:
    return make_evidence(facts={symbol: {name.replace("__", "."): value for name, value in facts.items()}})


def test_value() -> None:
    # P/B 1.4: (6 − 1.4) / 5 × 20; P/S 1.2: (6 − 1.2) / 5 × 15; a yield of 3 %: 3/4 × 10
    found = see("value", "AAA")
    assert points(found) == {
        "earnings_yield": 35.0, "price_to_book": 18.4, "price_to_sales": 14.4, "dividend_yield": 7.5,
        "return_on_equity": 10.0, "debt_to_equity": 10.0,
    }  # fmt: skip
    assert brief(found) == ("BUY", 95.3, 0.953)
    # without P/B and P/S: 62.5 of 65; coverage 0.65 × (0.5 + 46.15/100)
    less = see("value", "AAA", with_facts("AAA", factor__price_to_book=None, factor__price_to_sales=None))
    assert brief(less) == ("BUY", 96.15, 0.625)
    assert brief(see("value", "BBB"))[:2] == ("SELL", 20.0)  # only return on equity and debt


def test_value_takes_the_pe_where_earnings_are_not_known() -> None:
    found = see("value", "AAA", with_facts("AAA", factor__financial_ratio=None, factor__trailing_pe=25.0))
    assert found.key_metrics["value.earnings_yield"] == 0.04
    assert points(found)["earnings_yield"] == pytest.approx(35 / 3, abs=0.01)


def test_negative_ratios_are_not_cheap() -> None:
    odd = with_facts("AAA", factor__price_to_book=-2.0, factor__debt_to_equity=-1.0)
    assert {points(see("value", "AAA", odd))[name] for name in ("price_to_book", "debt_to_equity")} == {0.0}
    assert points(see("quality", "AAA", odd))["debt_to_equity"] == 0.0


def test_growth() -> None:
    # P/S 9: (20 − 9) / 12 × 10 = 9.17; 84.17 of 85, the surprise not known; 0.85 × (0.5 + 49.02/100)
    assert brief(see("growth", "BBB")) == ("BUY", 99.02, 0.8417)
    assert brief(see("growth", "CCC"))[0] == "SELL"
    without = with_facts("BBB", factor__revenue_growth=None)
    assert look(analysts.get("growth"), "BBB", without) is None


def test_quality() -> None:
    # 13/15 × 25 + 22/30 × 20 + 20 + 10 + 15 + 28/30 × 10 = 90.67
    assert brief(see("quality", "AAA")) == ("BUY", 90.67, 0.9067)
    assert brief(see("quality", "CCC")) == ("SELL", 0.0, 1.0)
    assert look(analysts.get("quality"), "DDD", make_evidence()) is None  # a fund has no margins


def test_momentum() -> None:
    # (0.25 + 0.10) / 0.40 × 25 = 21.875, and all of the other 75
    assert brief(see("momentum", "AAA")) == ("BUY", 96.88, 0.9688)
    assert brief(see("momentum", "CCC"))[0] == "SELL"
    hot, warm = (see("momentum", "AAA", with_facts("AAA", technical__rsi_14=rsi)) for rsi in (75.0, 74.9))
    assert hot.risks == ("A relative strength index of 75.0 says that it has run far ahead.",)
    assert warm.risks == ()
    assert hot.score == warm.score


def test_contrarian() -> None:
    # 30 for the fall, 25 for an index of 18, 10 for 47 % under its average; it falls on, owes and loses
    assert brief(see("contrarian", "CCC")) == ("WATCHLIST", 65.0, 0.65)
    # at 20 % under its high, exactly out of favour: 10 + 13.5 + 10 + 10
    assert brief(see("contrarian", "BBB")) == ("HOLD", 43.5, 0.565)
    quiet = see("contrarian", "BBB", with_facts("BBB", price__below_high_pct=19.9))
    assert brief(quiet) == ("HOLD", 50.0, 0.1) and quiet.risks == ()
    # a low index alone is enough to be out of favour
    assert brief(see("contrarian", "AAA", with_facts("AAA", technical__rsi_14=30.0)))[1] != 50.0
    loved = see("contrarian", "AAA", with_facts("AAA", technical__rsi_14=80.0))
    assert (loved.recommendation, loved.score) == ("SELL", 30.0)


def test_catalyst() -> None:
    # volume of 2 on a fall: (−1 + 2) / 4 × 15 = 3.75; no change of rank: 5; the price answered by −12 %: 0
    found = see("catalyst", "CCC")
    assert points(found) == {"volume": 3.75, "rank_change": 5.0, "answer": 0.0}
    assert brief(found) == ("SELL", 19.44, 0.3625)  # 8.75 of 45; 0.45 × (0.5 + 30.56/100)
    assert look(analysts.get("catalyst"), "AAA", make_evidence()) is None
    assert look(analysts.get("catalyst"), "CCC", with_facts("CCC", price__volume_ratio=1.99)) is None
    noted = see("catalyst", "AAA", with_facts("AAA", event__earnings_surprise_pct=10.0))
    assert points(noted)["earnings_surprise"] == 35.0


def test_catalyst_reads_what_insiders_traded_for() -> None:
    bought = make_text("insider", "AAA", data={"bought": 300_000.0, "sold": 0.0})
    sold = make_text("insider", "AAA", title="another", data={"bought": 0.0, "sold": 100_000})
    both = see("catalyst", "AAA", make_evidence(texts=[bought, sold]))
    assert points(both)["insiders"] == 15.0  # half of the money more: (0.5 + 1) / 2 × 20
    assert "bought for 300.00 thousand and sold for 100.00 thousand" in both.reasoning
    told = make_text("insider", "AAA", data={"bought": "1e9", "sold": None})
    assert "insiders" not in points(see("catalyst", "AAA", make_evidence(texts=[told])))


def test_risk() -> None:
    # (0.60 − 0.22) / 0.40 × 25 = 23.75, and all of the other 75; a fifth of 0.5 + 48.75/100
    assert brief(see("risk", "AAA")) == ("HOLD", 98.75, 0.1975)
    pence = see("risk", "CCC")  # 20 pence × 1.2 million: 240,000 pounds a day
    assert pence.key_metrics["risk.traded_value"] == 240_000.0
    assert pence.recommendation == "SELL" and pence.reasoning.startswith(
        "The risk is too high. Too little is traded: 240.00 thousand a day."
    )


@pytest.mark.parametrize(
    ("fact", "fine", "stopped"),
    [
        ("freshness__sessions_behind", 2.0, 3.0),
        ("technical__volatility_63d", 0.999, 1.0),
        ("price__volume_mean_30d", 2500.0, 2499.0),  # at a close of 100
    ],
)
def test_one_reason_is_enough_for_too_much_risk(fact: str, fine: float, stopped: float) -> None:
    before, after = (see("risk", "AAA", with_facts("AAA", **{fact: value})) for value in (fine, stopped))
    assert before.recommendation == "HOLD"
    assert (after.recommendation, after.score) == ("SELL", 30.0)


def test_high_risk_is_for_the_watchlist() -> None:
    # 20 for a price that never fell, 10 + 10 + 10 for the data, 0 + 0 for swings and what is traded: 50
    at = {"technical__volatility_63d": 0.6, "price__volume_mean_30d": 10_000.0}
    edge = see("risk", "AAA", with_facts("AAA", **at))
    assert (edge.recommendation, edge.score) == ("HOLD", 50.0)
    under = see("risk", "AAA", with_facts("AAA", **at, technical__drawdown_252d_pct=11.0))
    assert (under.recommendation, under.score, under.confidence) == ("WATCHLIST", 49.5, 0.505)


def test_gaps_are_counted_from_the_first_price_on() -> None:
    closes = np.full(100, 50.0)
    closes[:60] = np.nan  # not listed yet
    closes[[70, 80]] = np.nan
    moves = np.full(100, 1.0)
    moves[[10, 90]] = -30.0, -8.0  # the first one lies before the last 63
    history = History(range(100), {"price.close": closes, "price.change_1d_pct": moves})  # type: ignore[arg-type]
    assert measure_year(history) == {"risk.missing_sessions": 2.0, "risk.largest_move_pct": 8.0}
    assert measure_year(History((), {})) == {}


def test_without_a_past_two_rules_drop_out() -> None:
    found = see("risk", "AAA", make_evidence(recall=None))
    assert set(points(found)) == {"volatility", "drawdown", "liquidity", "freshness"}
    assert found.confidence == pytest.approx(0.2 * 0.8 * (0.5 + 0.4844), abs=1e-4)  # 78.75 of 80


def test_all_of_them_and_what_the_desk_makes_of_it() -> None:
    evidence = make_evidence()
    found = analyse("AAA", evidence, {})
    assert [one.analyst for one in found] == ["contrarian", "growth", "momentum", "quality", "risk", "value"]
    desk = load_desk()
    case = Case("AAA", "Industrials", Decimal(100), 0.22)
    assert decide(found, {}, case, desk.decision).decision == "BUY"
    knife = analyse("CCC", evidence, {})
    assert decide(knife, {}, Case("CCC"), desk.decision).decision == "HOLD"  # SELL, and nothing of it is held


def test_an_analyst_that_is_off_says_nothing_and_parameters_count() -> None:
    settings = {
        "value": AgentSetting("value", 1, enabled=False),
        "quality": AgentSetting("quality", 1, parameters={"buy_from": 91.0}),
    }
    found = {one.analyst: one for one in analyse("AAA", make_evidence(), settings)}
    assert "value" not in found and found["quality"].recommendation == "WATCHLIST"


def test_an_analyst_that_raises_is_not_hidden() -> None:
    def broken(_: str) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        analyse("AAA", make_evidence(recall=broken), {})
