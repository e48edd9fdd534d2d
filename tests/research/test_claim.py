"""The claim check: spellings by hand, hostile ones, and 500 planted false numbers in random texts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.research.claim import StoredValue, check_claims
from pacesetter.research.mention import find_mentions

ON = date(2025, 3, 14)
STORED = {
    "cap": StoredValue(5.26e9, "USD"),
    "close": StoredValue(Decimal("1234.567"), "USD"),
    "held": StoredValue(7, "day"),
    "high": StoredValue(12, "%"),
    "low": StoredValue(10.0, "%"),
    "momentum": StoredValue(0.1234, "share"),
    "multiple": StoredValue(15.3, "x"),
    "on": StoredValue(ON),
    "rank": StoredValue(3),
    "return": StoredValue(-5.0, "%"),
    "volume": StoredValue(12345678),
}
TRUE = (
    """
12.3 %|12.34%|12.3 percent|12.3 per cent|12.3 percentage points|1,234 bps|1234 basis points|123 ‰|0.1234|.123
$1,234.57|USD 1,235|1 234.57 USD|1,234.567 dollars|US$1,234.6|1'234.57 USD|1,234.57|1234.57|1.2345670e3|$1.2k
$5.26bn|$5.3 billion|5.26b|USD 5,260 million|$5,260m|5.26 bn USD
5,260,000,000|0.00526 tn USD|5 billion dollars
15.3x|15.3 times|15.3|15×|-5 %|−5.0%|–5 %|12,345,678|12 345 678|12.345.678|12.3m|12.35 million
7 days|7-day|seven days|3|2025-03-14|14 March 2025|14th of March 2025|March 14, 2025
March 14th, 2025|Mar. 14 2025
March 2025|14 March|2025|14/03/2025|03/14/2025|12,3 %|ten percent|twelve per cent|7 day
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
FALSE = (
    """
12.5 %|12.35%|13 percent|5 %|1,235 bps|0.1244|0.13|$1,234.58|EUR 1,235|£1,234.57|1234.567 %|1,234.567x
$5.27bn|$5.26m|5.26 %|€5.26bn|15.4x|15.3 %|$15.3|15.3 days|-15.3|+5 %|−10 %|12,345,679|12.4m|7 years
7 %|8 days
2025-03-15|2024-03-14|2025-14-03|15 March 2025|14 April 2025|March 15, 2025|April 2025|15 March
2024|14/04/2025
31 February 2025|twenty percent|eleven million|½|12½|②|21:30|12.345.679|1e9|3,5|99.9.9
\u0665\u0665|-3|45%|0.1234 %|3 %
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("written", TRUE)
def test_what_is_true_is_kept(written: str) -> None:
    text = f"It was {written}, it says."
    found = check_claims(text, STORED)
    assert found.text == text and not found.struck and found.kept


@pytest.mark.parametrize("written", FALSE)
def test_what_is_false_is_struck(written: str) -> None:
    found = check_claims(f"It was {written}, it says.", STORED)
    assert found.struck and "~~" in found.text and all(one.reason for one in found.struck)
    if not any(char in written for char in "½9²"):
        assert found.text == f"It was ~~{written}~~, it says."


@pytest.mark.parametrize(
    "text",
    [
        "The first and the 2nd, in Q4 and H1, of the S&P 500 at a 52-week high (10-K, A320).",
        "One of the best, and a second one for three analysts.",
        "1. Buy\n2. Hold\n3) Sell",
        "",
    ],
)
def test_what_claims_nothing_is_left_alone(text: str) -> None:
    found = check_claims(text, {})
    assert found.text == text and not found.kept and not found.struck


def test_many_places_are_checked_to_the_last() -> None:
    stored = {"cap": StoredValue(438_885_778.41342056, "USD")}
    assert not check_claims("438,885,778.413 dollars", stored).struck
    assert check_claims("438,885,778.414 dollars", stored).struck


def test_names_that_are_given_are_left_alone() -> None:
    assert check_claims("the 200-day average", {}, names=["200-day average"]).struck == ()
    assert check_claims("the 200-day averages", {}, names=["200-day average"]).struck
    assert check_claims("45. Not of a list", {}).text == "~~45~~. Not of a list"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10–12 %", "10–12 %"),
        ("10-12%", "10-12%"),
        ("10 to 12 %", "10 to 12 %"),
        ("10–13 %", "10–~~13 %~~"),
        ("11–12 %", "~~11~~–12 %"),
        ("$1.2–5.3 bn", "~~$1.2~~–5.3 bn"),
        ("3, 10,12 and 3,8,3", "3, ~~10,12~~ and 3,~~8~~,3"),
        ("in 2025 and 12 %", "in 2025 and 12 %"),
    ],
)
def test_ranges(text: str, expected: str) -> None:
    assert check_claims(text, STORED).text == expected


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("it fell 5 %", True),
        ("it fell by 5 %", True),
        ("it is down another 5 %", True),
        ("minus 5 %", True),
        ("it rose 5 %", False),
        ("it fell to 5 %", False),
        ("it fell 10 %", False),
        ("it fell to 10 %", True),
        ("it fell -5 %", True),
    ],
)
def test_losses_in_words(text: str, true: bool) -> None:
    assert (not check_claims(text, STORED).struck) is true


def test_no_text_cancels_a_strike() -> None:
    for text in ("~~5.5 %~~", "~5.5 %~", "~~~5.5 %~~~~", "5.5 %~~", "~~ 5.5 % ~~"):
        found = check_claims(text, STORED).text
        assert found.count("~") == 4 and "~~5.5 %~~" in found


def test_what_is_kept_names_its_value() -> None:
    found = check_claims("Rank 3 at $1,234.57 after −5 %, seen 14 March.", STORED)
    assert [(one.text, one.name) for one in found.kept] == [
        ("3", "rank"),
        ("$1,234.57", "close"),
        ("−5 %", "return"),
        ("14 March", "on"),
    ]
    nan = {"a": StoredValue(float("nan")), "b": StoredValue(float("inf"))}
    assert check_claims("3", nan).struck


@given(st.text(alphabet="0123456789½²٣ab$%€ .,-–:/\n(M)kxeE~' ", max_size=40))
def test_every_digit_is_kept_struck_or_left_alone(text: str) -> None:
    found = check_claims(text, {})
    assert not found.kept and found.text.count("~~") % 2 == 0
    plain = "".join(found.text.split("~~"))
    assert check_claims(plain, {}).text == found.text  # checked again it is the same
    covered = {i for one in find_mentions(plain) for i in range(one.start, one.end)}
    for i, char in enumerate(plain):
        if char.isnumeric() and i not in covered:  # an ordinal, a code or the number of a list
            before = plain[max(0, i - 4) : i]
            assert any(c.isupper() for c in before) or not plain[: i - 2].rpartition("\n")[2].strip(), plain


def test_long_texts_and_long_numbers_are_read_to_their_end() -> None:
    for text in ("1" * 50_000, "1 123" * 10_000, "1,123" * 10_000, "5e999 $-9.9e-999", "-" * 50_000 + "6 %"):
        assert not check_claims(text, STORED).kept


# the property: templates with true and false values

UNITS = ("%", "share", "USD", "x", "", "day", "date")
OPENINGS = ("Momentum stood at", "It now reads", "Against the board,", "Seen overnight:", "The desk counts")
CLOSINGS = (" at the close.", ", more than before.", "; nothing else moved.", " (as stored).", "\n")


def draw_stored(draw: random.Random) -> dict[str, StoredValue]:
    made: dict[str, StoredValue] = {}
    for i in range(draw.randrange(3, 12)):
        unit = draw.choice(UNITS)
        if unit == "date":
            made[f"v{i}"] = StoredValue(ON - timedelta(days=draw.randrange(2000)))
        elif unit == "day":
            made[f"v{i}"] = StoredValue(draw.randrange(1, 400), unit)
        elif unit == "share":
            made[f"v{i}"] = StoredValue(draw.uniform(-0.9, 2), unit)
        else:
            sign = -1 if unit == "%" and draw.random() < 0.4 else 1
            made[f"v{i}"] = StoredValue(sign * 10 ** draw.uniform(0.5, 9 if unit in ("USD", "") else 2), unit)
    return made


def write(draw: random.Random, value: Decimal, decimals: int, unit: str) -> str:
    """A number, rounded and scaled, in one of the spellings of its unit; @ stands for the scale's word."""
    digits = f"{abs(value):.{decimals}f}"
    if draw.random() < 0.7:
        digits = f"{abs(value):,.{decimals}f}"
    sign = draw.choice("-−") if value < 0 else ""
    return {
        "%": lambda: f"{sign}{digits}{draw.choice(['%', ' %', ' percent', ' per cent'])}",
        "share": lambda: f"{sign}{digits}{draw.choice(['%', ' %', ' percent'])}",
        "USD": lambda: draw.choice([f"{sign}${digits}@", f"{sign}USD {digits}@", f"{sign}{digits}@ dollars"]),
        "x": lambda: f"{sign}{digits}{draw.choice(['x', ' times', ''])}",
        "": lambda: f"{sign}{digits}@",
        "day": lambda: f"{sign}{digits}{draw.choice([' days', '-day'])}",
    }[unit]()


def draw_number(draw: random.Random, stored: StoredValue, false: bool) -> tuple[str, Decimal, Decimal, str]:
    """A spelling of a stored value, its exact meaning, half of its last place, and its written unit."""
    unit = stored.unit
    exact = Decimal(repr(stored.value)) * (100 if unit == "share" else 1)
    power, suffix = 0, ""
    if unit in ("USD", ""):
        power, suffix = draw.choice(
            [(0, ""), (3, "k"), (6, "m"), (6, " million"), (9, "bn"), (9, " billion")]
        )
    decimals = 0 if unit == "day" else draw.randrange(power // 2, power // 2 + 4)
    step = Decimal(1).scaleb(-decimals)
    written = exact.scaleb(-power).quantize(step, ROUND_HALF_EVEN)
    if false:
        written += step * draw.choice([-1, 1]) * draw.choice([1, 1, 2, 5, 17, 100])
    text = write(draw, written, decimals, unit).replace("@", suffix)
    return text, written.scaleb(power), (step / 2).scaleb(power), "%" if unit == "share" else unit


def fits_anything(meant: Decimal, half: Decimal, unit: str, stored: dict[str, StoredValue]) -> bool:
    """Whether a false value is true of another stored one by chance; generous, so never wrongly false."""
    for one in stored.values():
        if isinstance(one.value, date):
            if meant == one.value.year:
                return True
            continue
        value = Decimal(repr(one.value))
        near = half + abs(value) * Decimal("2e-13")  # a tie is not planted
        if any(abs(value * times - meant) <= near for times in (1, 100)):
            return True
    return False


def test_planted_false_values_are_struck_and_true_ones_kept(seed: int) -> None:
    draw = random.Random(seed)
    planted = true = 0
    while planted < 500 or true < 500:
        stored = draw_stored(draw)
        text, lies, facts = "", [], []
        for name in draw.choices(sorted(stored), k=draw.randrange(1, 7)):
            one, false = stored[name], draw.random() < 0.5
            if isinstance(one.value, date):
                on = (
                    one.value + timedelta(days=draw.choice([-400, -31, -1, 1, 2, 40, 366]))
                    if false
                    else one.value
                )
                if false and any(s.value == on for s in stored.values()):
                    continue
                written = draw.choice(["{:%Y-%m-%d}", "{:%d %B %Y}", "{:%B %d, %Y}", "{:%d %b %Y}"]).format(
                    on
                )
            else:
                written, meant, half, unit = draw_number(draw, one, false)
                if false and fits_anything(meant, half, unit, stored):
                    continue
                if not false and meant == 0 and written[0] in "-−":
                    continue
            (lies if false else facts).append(written)
            text += f"{draw.choice(OPENINGS)} {written}{draw.choice(CLOSINGS)} "
        found = check_claims(text, stored)
        assert [one.text for one in found.struck] == lies, (text, stored)
        assert [one.text for one in found.kept] == facts, (text, stored)
        assert found.text.replace("~~", "") == text and found.text.count("~~") == 2 * len(lies)
        planted, true = planted + len(lies), true + len(facts)
    print(f"{planted} planted false values struck, {true} true ones kept")
