"""The claim check by what a sentence says of its numbers: generated cases, and the known traps by hand."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from pacesetter.research.claim import ClaimCheck, StoredValue, check_claims
from pacesetter.research.fact_word import load_vocabulary
from tests.research.claim_cases import (
    BY_NAME,
    ON,
    draw_facts,
    make_date_case,
    make_joined_case,
    make_number_case,
)

UNITS = {
    "money": "USD",
    "big": "USD",
    "percent": "%",
    "signed": "%",
    "moved": "%",
    "share": "share",
    "times": "x",
}


def store(facts: dict[str, float]) -> dict[str, StoredValue]:
    found = {name: StoredValue(value, UNITS.get(BY_NAME[name].unit, "")) for name, value in facts.items()}
    found["rank.percentile"] = StoredValue(facts["rank.percentile"], "%")
    return found | {f"date.{i}": StoredValue(ON - timedelta(days=17 * i)) for i in range(3)}


def check(text: str, facts: dict[str, float]) -> ClaimCheck:
    return check_claims(
        text, store(facts), words=load_vocabulary(), own=["AAA", "Alpha Tools"], others=["MSFT", "Microsoft"]
    )


def test_every_false_number_is_struck_and_every_true_one_kept(seed: int, full_counts: bool) -> None:
    draw = random.Random(seed)
    wanted = 2_000 if full_counts else 500
    planted = true = 0
    wrong = []
    while planted < wanted or true < wanted:
        facts, others = draw_facts(draw), draw_facts(draw)
        cases = [make_number_case(draw, facts, others) for _ in range(6)]
        cases.append(make_date_case(draw, [ON - timedelta(days=17 * i) for i in range(3)]))
        rows = [(c.text, c.told, c.true, c.kind) for c in cases if c is not None]
        rows += make_joined_case(draw, facts)
        for text, told, is_true, kind in rows:
            found = check(text, facts)
            struck = [one.text for one in found.struck]
            if is_true:
                true += 1
                if struck:
                    wrong.append(
                        ("struck a true one", kind, found.text, told, [o.reason for o in found.struck])
                    )
            else:
                planted += 1
                if not any(told.strip("()").endswith(s) or s in told or told in s for s in struck):
                    wrong.append(
                        ("kept a false one", kind, text, told, [(o.text, o.name) for o in found.kept])
                    )
    assert not wrong, "\n".join(map(str, wrong[:25])) + f"\n{len(wrong)} of {planted} false, {true} true"
    print(f"{planted} planted false numbers struck, {true} true ones kept")


FACTS = {name: 0.0 for name in BY_NAME} | {
    "technical.rsi_14": 24.1,
    "factor.trailing_pe": 31.2,
    "price.close": 182.5,
    "price.change_21d_pct": -5.0,
    "price.change_252d_pct": 30.0,
    "price.below_high_pct": 12.0,
    "rank.rank": 3.0,
    "rank.n": 120.0,
    "factor.gross_margin": 0.42,
    "price.volume": 1_500_000.0,
    "factor.market_cap": 5.26e9,
}


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("The P/E is 24.1.", ["24.1"]),
        ("The RSI is 24.1.", []),
        ("The RSI of 24.1 and the P/E of 31.2 disagree.", []),
        ("The RSI of 31.2 and the P/E of 24.1 disagree.", ["31.2", "24.1"]),
        ("The RSI is twenty-four.", []),
        ("The RSI is twenty-five.", ["twenty-five"]),
        ("The RSI is twenty-four point one.", []),
        ("The RSI is twenty-four point two.", ["twenty-four point two"]),
        ("There are three reasons, and 3 points against.", []),
        ("There are 3 analysts.", ["3"]),
        ("It ranks 3rd of 120.", []),
        ("It ranks 3 of 120.", []),
        ("It ranks 7th of 120.", ["7th"]),
        ("It ranks 3rd of 121.", ["121"]),
        ("It ranks 120th.", ["120th"]),
        ("It is ranked third.", []),
        ("It is ranked fourth.", ["fourth"]),
        ("The first and the 2nd reason.", []),
        ("It lost 5 % in a month.", []),
        ("A loss of 5 % in a month.", []),
        ("A 5 % decline over the month.", []),
        ("It gained 5 % in a month.", ["5 %"]),
        ("It lost 5 % in a year.", ["5 %"]),
        ("It is up 30 % in a year.", []),
        ("It is 12 % below its 52-week high.", []),
        ("It is 12 % above its 52-week high.", ["12 %"]),
        ("The forward P/E is 31.2.", ["31.2"]),
        ("The 300-day average is $182.50.", ["300-day", "$182.50"]),
        ("Microsoft closed at $182.50.", ["$182.50"]),
        ("Unlike Microsoft, it closed at $182.50.", []),
        ("Alpha Tools closed at $182.50.", []),
        ("The close is 182.5, the gross margin 42 %.", []),
        ("The gross margin is 42.", ["42"]),
        ("It is at 24.1.", []),
        ("Look at the RSI. It is at 24.", []),
        ("Volume was 1.5m shares, at a market cap of $5.3bn.", []),
        ("Volume was 1.5bn shares, at a market cap of $5.3m.", ["1.5bn", "$5.3m"]),
        ("Market cap: between $5.2 and 5.3 bn.", ["$5.2"]),
        ("At 31.2 times earnings it is dear.", []),
        ("At 24.1 times earnings it is dear.", ["24.1 times"]),
    ],
)
def test_numbers_are_held_to_what_the_sentence_says_of_them(text: str, struck: list[str]) -> None:
    found = check(text, FACTS)
    assert [one.text for one in found.struck] == struck, found
    assert found.text.replace("~~", "") == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The P/E is 99.", "it is not the price/earnings ratio, as precisely as it is written"),
        ("The score is 99.", "it is neither the analyst's score nor its score on its board, as precisely as"),
        (
            "The percentile is 99 %.",
            "it is not the share of its board that it is level with or better than, as",
        ),
        (
            "It rose 99 %.",
            " sessions, nor any of 3 others, as precisely as it is written",
        ),
    ],
)
def test_what_a_struck_number_is_not_is_told_in_words(text: str, reason: str) -> None:
    (struck,) = check(text, draw_facts(random.Random(1))).struck
    assert reason in struck.reason and "_" not in struck.reason and "." not in struck.reason


def test_a_fact_without_words_goes_by_its_own_name() -> None:
    stored = {"metric.upside_ratio": StoredValue(1.7), "technical.rsi_14": StoredValue(2.4)}
    for text, kept in (("The upside ratio is 1.7.", True), ("The upside ratio is 2.4.", False)):
        assert (not check_claims(text, stored, words=load_vocabulary()).struck) is kept


def test_values_of_the_session_before_are_for_what_was() -> None:
    stored = {"rank.rank": StoredValue(3.0), "rank.rank@before": StoredValue(8.0)}
    for text, struck in (
        ("It climbed from rank 8 to rank 3.", []),
        ("It ranks 3, from 8 before.", []),
        ("It ranks 8.", ["8"]),
    ):
        found = check_claims(text, stored, words=load_vocabulary())
        assert [one.text for one in found.struck] == struck, text
