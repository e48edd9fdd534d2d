"""Sentences about stored values, true and false by construction; knows nothing of the check.

A fact is written down here once more, by hand: its name, its unit, the range it is drawn from, and how people
say it. ``@`` stands for the number. False ones differ by a digit, a rounding, a sign, a scale, a unit, or are
another fact's or another symbol's number.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

ON = date(2025, 3, 14)


@dataclass(frozen=True)
class Spec:
    """``unit``: money, percent, share, times, count or plain; ``places``: decimals that are written."""

    name: str
    unit: str
    least: float
    most: float
    places: tuple[int, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A sentence; ``told``: the number as it stands in it; ``true``: whether it is."""

    text: str
    told: str
    true: bool
    kind: str


SPECS = (
    Spec(
        "price.close",
        "money",
        5,
        900,
        (2, 1),
        (
            "The share closed at @.",
            "At a close of @ it is no bargain.",
            "The price is @ now, and buyers are there.",
            "It is trading at @ after a quiet session.",
        ),
    ),
    Spec(
        "price.high_252d",
        "money",
        901,
        1500,
        (2,),
        (
            "The 52-week high is @.",
            "Its highest price of the year, @, is not far.",
            "The high of @ was months ago.",
        ),
    ),
    Spec(
        "price.low_252d",
        "money",
        1,
        4.9,
        (2,),
        ("The 52-week low was @.", "It has left its low of @ behind.", "A yearly low of @ gives support."),
    ),
    Spec(
        "price.below_high_pct",
        "percent",
        0.5,
        70,
        (1, 2),
        (
            "It is @ below its 52-week high.",
            "The share stands @ under the high.",
            "The stock is @ off its peak.",
        ),
    ),
    Spec(
        "price.above_low_pct",
        "percent",
        71,
        190,
        (1,),
        ("It trades @ above its 52-week low.", "The share is @ over its low."),
    ),
    Spec(
        "price.change_1d_pct",
        "signed",
        -9,
        9,
        (2, 1),
        (
            "The change over one session was @.",
            "The one-day change is @.",
            "Its daily change of @ caught eyes.",
        ),
    ),
    Spec(
        "price.change_21d_pct",
        "signed",
        -39,
        39,
        (1, 2),
        (
            "Over the month the change is @.",
            "The 21-day change is @.",
            "The monthly change of @ says enough.",
            "The 21-session change stands at @.",
        ),
    ),
    Spec(
        "price.change_63d_pct",
        "moved",
        -49,
        49,
        (1,),
        ("It # @ in three months.", "Over the quarter it # @.", "The share # @ over 63 sessions."),
    ),
    Spec(
        "price.change_252d_pct",
        "moved",
        -69,
        300,
        (1,),
        ("Over the year it # @.", "The share # by @ in a year.", "In twelve months the stock # @."),
    ),
    Spec(
        "price.volume",
        "count",
        2e5,
        9e7,
        (0, 2, 1),
        ("Volume was @ shares.", "It saw a volume of @.", "On a volume of @ it went nowhere."),
    ),
    Spec(
        "price.volume_ratio",
        "times",
        0.3,
        9,
        (1, 2),
        ("Volume was @ its 30-day mean.", "It traded at @ its usual volume.", "The volume ratio is @."),
    ),
    Spec(
        "technical.sma_50",
        "money",
        5,
        900,
        (2,),
        ("The 50-day average is @.", "Its 50-day moving average stands at @."),
    ),
    Spec(
        "technical.sma_200",
        "money",
        5,
        900,
        (2, 1),
        (
            "The 200-day average is @.",
            "Its 200-day moving average, now @, still rises.",
            "A close under the 200-day mean of @ would change the view.",
        ),
    ),
    Spec(
        "technical.rsi_14",
        "plain",
        5,
        95,
        (1, 0, 2),
        (
            "The RSI is @.",
            "An RSI of @ speaks for it.",
            "At @, the 14-day RSI is not stretched.",
            "RSI(14) reads @.",
            "With the relative strength index at @ there is room.",
            "The RSI stands at @, which the rules like.",
        ),
    ),
    Spec(
        "technical.volatility_63d",
        "share",
        0.08,
        0.9,
        (1, 0),
        (
            "Annualised volatility is @.",
            "The 63-day volatility is @.",
            "With a volatility of @ the position stays small.",
        ),
    ),
    Spec(
        "rank.rank",
        "rank",
        1,
        480,
        (0,),
        ("It ranks @ on the board.", "The rank is @.", "It is ranked @.", "It holds rank @ now."),
    ),
    Spec(
        "rank.n",
        "count",
        481,
        600,
        (0,),
        ("The board has @ ranked symbols.", "There are @ names on the board."),
    ),
    Spec(
        "rank.score",
        "plain",
        1,
        99,
        (1,),
        ("The board score is @.", "Its composite score of @ is what counts."),
    ),
    Spec(
        "rank.percentile",
        "ordinal",
        1,
        99,
        (0,),
        ("It stands in the @ percentile.", "That is the @ percentile."),
    ),
    Spec("factor.momentum", "share", -0.6, 1.5, (1, 0), ("Momentum is @.", "Its momentum of @ carries it.")),
    Spec(
        "factor.trailing_pe",
        "times",
        4,
        60,
        (1, 2),
        (
            "The P/E is @.",
            "It costs @ earnings.",
            "A P/E ratio of @ is the point.",
            "The trailing P/E stands at @.",
            "The price-to-earnings ratio is @.",
        ),
    ),
    Spec(
        "factor.price_to_sales",
        "times",
        0.3,
        20,
        (1, 2),
        ("The P/S is @.", "It costs @ sales.", "The price-to-sales ratio is @."),
    ),
    Spec(
        "factor.price_to_book",
        "times",
        0.4,
        30,
        (1,),
        ("The P/B is @.", "It trades at @ book value.", "Price-to-book is @."),
    ),
    Spec(
        "factor.eps",
        "money",
        0.1,
        40,
        (2,),
        ("EPS are @.", "It earned @ a share.", "Earnings per share of @ are solid."),
    ),
    Spec(
        "factor.revenue_growth",
        "share",
        -0.4,
        0.9,
        (1, 0),
        ("Revenue growth is @.", "Sales growth of @ stands out."),
    ),
    Spec(
        "factor.roe",
        "share",
        -0.3,
        0.6,
        (1, 0),
        ("Return on equity is @.", "The ROE is @.", "With a return on equity of @ it is a good business."),
    ),
    Spec(
        "factor.gross_margin",
        "share",
        0.05,
        0.9,
        (1, 0),
        ("The gross margin is @.", "A gross margin of @ protects it."),
    ),
    Spec(
        "factor.operating_margin",
        "share",
        0.05,
        0.5,
        (1,),
        ("The operating margin is @.", "Its operating margin of @ held."),
    ),
    Spec(
        "factor.dividend_yield",
        "share",
        0.004,
        0.09,
        (1, 2),
        ("The dividend yield is @.", "It yields @.", "A yield of @ pays for waiting."),
    ),
    Spec(
        "factor.market_cap",
        "big",
        2e8,
        3e12,
        (1, 2),
        ("Its market cap is @.", "The company is valued at @.", "With a market value of @ it is liquid."),
    ),
    Spec(
        "factor.enterprise_value",
        "big",
        2e8,
        3e12,
        (1, 2),
        ("The enterprise value is @.", "At an EV of @ it is fairly priced."),
    ),
)
BY_NAME = {spec.name: spec for spec in SPECS}
OPENINGS = (
    "",
    "",
    "",
    "The rules like it. ",
    "Nothing else moved. ",
    "In short: ",
    "For now, the case rests on this. ",
)
PREFIXES = ("", "", "about ", "roughly ", "nearly ")
UP, DOWN = (
    ("rose", "gained", "climbed", "is up"),
    ("fell", "lost", "dropped", "declined", "is down", "slipped"),
)


def draw_facts(draw: random.Random) -> dict[str, float]:
    """A value for each fact."""
    made = {}
    for spec in SPECS:
        value = draw.uniform(spec.least, spec.most)
        if spec.unit == "big" or spec.name == "price.volume":
            value = spec.least * (spec.most / spec.least) ** draw.random()
        made[spec.name] = float(round(value)) if spec.unit in ("rank", "ordinal", "count") else value
    return made


def digits(draw: random.Random, value: Decimal) -> str:
    """A number without its sign, with or without commas."""
    return f"{abs(value):,}" if draw.random() < 0.6 else f"{abs(value)}"


def ordinal(number: int) -> str:
    """1st, 2nd …"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def scale_of(draw: random.Random, value: Decimal) -> tuple[int, str]:
    """A power of ten that suits a big number, and its word."""
    if value >= Decimal("1e12"):
        return draw.choice([(12, " trillion"), (12, "tn"), (9, "bn")])
    if value >= Decimal("1e9"):
        return draw.choice([(9, "bn"), (9, " billion"), (9, "b")])
    if value >= Decimal("1e6"):
        return draw.choice([(6, "m"), (6, " million"), (6, "mn")])
    return draw.choice([(3, "k"), (3, " thousand")])


def spell(draw: random.Random, spec: Spec, value: Decimal, lie: str) -> tuple[str, Decimal, str]:
    """A number of a fact as written, what that means in the fact's own unit, and its words with ``#`` set.

    ``lie``: none, or how it goes wrong: step (by last places), digit, sign, scale, unit.
    """
    unit, said = spec.unit, draw.choice(spec.said)
    times = Decimal(100) if unit == "share" else Decimal(1)
    power, word = scale_of(draw, abs(value)) if unit == "big" or spec.name == "price.volume" else (0, "")
    if spec.name == "price.volume" and draw.random() < 0.3:
        power, word = 0, ""
    places = draw.choice(spec.places) if power or spec.name != "price.volume" else 0
    step = Decimal(1).scaleb(-places)
    written = (value * times).scaleb(-power).quantize(step, ROUND_HALF_EVEN)
    if lie == "step":
        written += step * draw.choice([-1, 1]) * draw.choice([1, 1, 2, 3, 10])
    elif lie == "digit":
        old = str(abs(written))
        at = draw.choice([i for i, c in enumerate(old) if c.isdigit()])
        new = old[:at] + draw.choice([c for c in "0123456789" if c != old[at]]) + old[at + 1 :]
        written = Decimal(new).copy_sign(written)
    elif lie == "sign":
        written = -written
    elif lie == "scale":
        power = power + draw.choice([-3, 3]) if 3 < power < 12 else 6 if power else draw.choice([-1, 1])
        word = {3: "k", 6: "m", 9: "bn", 12: "tn"}[power] if word else word
        written = written if word else written.scaleb(power).normalize()
        written = Decimal(f"{written:f}")
    negative = written < 0
    body = digits(draw, written)
    if unit in ("signed", "share") or lie == "sign":
        sign = draw.choice(["-", "−"]) if negative else draw.choice(["", "", "+"]) if unit == "signed" else ""
    else:
        sign = ""
    percent = draw.choice(["%", " %", " percent", " per cent"])
    if unit == "moved":
        said = said.replace("#", draw.choice(DOWN if negative else UP))
        if lie == "sign":
            sign = ""
    money = draw.choice(["${}", "USD {}", "{} dollars", "{} USD", "${}"])
    told = {
        "money": lambda: sign + money.format(body),
        "big": lambda: sign + draw.choice(["${}", "USD {}", "${}"]).format(body + word),
        "percent": lambda: sign + body + percent,
        "signed": lambda: sign + body + percent,
        "moved": lambda: sign + body + percent,
        "share": lambda: sign + body + percent,
        "times": lambda: (
            sign + body + (draw.choice([" times", "x"]) if needs_times(said) else draw.choice(["", "x"]))
        ),
        "count": lambda: sign + body + word,
        "plain": lambda: sign + body,
        "rank": lambda: sign + draw.choice([body, body, ordinal(int(abs(written)))]),
        "ordinal": lambda: ordinal(int(abs(written))),
    }[unit]()
    if lie == "unit":
        told = wrong_unit(draw, unit, body)
    return told, written.scaleb(power if word else 0) / times, said


def needs_times(said: str) -> bool:
    """Whether a sentence wants "times" behind its number."""
    return any(f"@ {word}" in said for word in ("earnings", "sales", "book", "its"))


def wrong_unit(draw: random.Random, unit: str, body: str) -> str:
    """A number in a unit that the fact is not in."""
    if unit in ("money", "big"):
        return draw.choice([f"€{body}", f"£{body}", f"{body} %", f"{body} EUR"])
    if unit in ("percent", "signed", "moved", "share"):
        return draw.choice([f"${body}", f"{body} bps", f"{body} times", f"{body} days"])
    return draw.choice([f"{body} %", f"${body}", f"{body} weeks"])


def make_number_case(
    draw: random.Random, facts: Mapping[str, float], others: Mapping[str, float]
) -> Case | None:
    """One sentence; None where a lie came out true by chance."""
    spec = draw.choice(SPECS)
    lie = draw.choice(["", "", "", "", "", "step", "digit", "sign", "scale", "unit", "fact", "symbol"])
    value = Decimal(repr(facts[spec.name]))
    if lie == "fact":
        same = [s for s in SPECS if s.unit == spec.unit and s is not spec]
        if not same:
            return None
        value = Decimal(repr(facts[draw.choice(same).name]))
    elif lie == "symbol":
        value = Decimal(repr(others[spec.name]))
    told, meant, said = spell(draw, spec, value, lie)
    if "-0" in told or "−0" in told or (lie == "unit" and spec.unit in ("rank", "ordinal")):
        return None
    if lie == "sign" and (meant == 0 or spec.unit in ("rank", "ordinal", "percent")):
        return None
    true_value = Decimal(repr(facts[spec.name]))
    if lie and lie != "unit" and could_be(told, meant, true_value, spec):
        return None
    prefix = (
        draw.choice(PREFIXES)
        if "@ percentile" not in said and told[:1] not in "+-−" and spec.unit != "rank"
        else ""
    )
    text = draw.choice(OPENINGS) + said.replace("@", prefix + told)
    return Case(text, told, not lie, f"{lie or 'true'} {spec.name}")


def could_be(told: str, meant: Decimal, value: Decimal, spec: Spec) -> bool:
    """Whether what is written is the value after all, within what its last place allows; generous."""
    body = "".join(c for c in told if c.isdigit() or c == ".").strip(".")
    shown = Decimal(body) if body else Decimal(0)
    if shown == 0:
        return True
    last = Decimal(1).scaleb(min(0, int(shown.as_tuple().exponent)))
    half = abs(meant / shown) * last
    near = abs(meant - value) <= half * Decimal("0.51")
    mirrored = spec.unit in ("percent",) and abs(abs(meant) - abs(value)) <= half * Decimal("0.51")
    return near or mirrored


def make_date_case(draw: random.Random, known: list[date]) -> Case | None:
    """A sentence with a date."""
    on, false = draw.choice(known), draw.random() < 0.5
    if false:
        on += timedelta(days=draw.choice([-366, -31, -7, -1, 1, 2, 30, 365]))
        if on in known:
            return None
    told = draw.choice(["{:%Y-%m-%d}", "{:%d %B %Y}", "{:%B %d, %Y}", "{:%d %b %Y}"]).format(on)
    said = draw.choice(
        ["As of @, the RSI was calm.", "It was noted on @ and still holds.", "The note of @ says so."]
    )
    return Case(said.replace("@", told), told, not false, "false date" if false else "true date")


def make_joined_case(draw: random.Random, facts: Mapping[str, float]) -> list[tuple[str, str, bool, str]]:
    """Two facts in one sentence, the numbers right, or changed over: parts (text, told, true, kind)."""
    a, b = draw.sample(
        [
            ("RSI", "technical.rsi_14"),
            ("P/E", "factor.trailing_pe"),
            ("P/S", "factor.price_to_sales"),
            ("board score", "rank.score"),
        ],
        2,
    )
    swapped = draw.random() < 0.5
    x, y = (f"{facts[name]:.2f}" for name in ((b[1], a[1]) if swapped else (a[1], b[1])))
    if swapped and abs(facts[a[1]] - facts[b[1]]) < 0.02:
        return []
    form = draw.choice(
        [
            "The {a} is {x} and the {b} is {y}.",
            "{a} {x}, {b} {y}.",
            "With the {a} at {x}, the {b} of {y} is no surprise.",
            "The {a} and {b} of {x} and {y} agree.",
            "The {a} ({x}) and the {b} ({y}) agree.",
            "A {a} of {x} meets a {b} of {y}.",
        ]
    )
    text = form.format(a=a[0], b=b[0], x=x, y=y)
    kind = "swapped" if swapped else "joined"
    return [(text, x, not swapped, kind), (text, y, not swapped, kind)]
