"""A condition as a person would say it: what each fact is called, and how a comparison of it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pacesetter.research.condition import Comparison, Condition, Group, Op

WORDS: Mapping[str, str] = {
    "<": "is below",
    ">": "is above",
    "<=": "is at most",
    ">=": "is at least",
    "crosses_above": "crosses above",
    "crosses_below": "crosses below",
}
BOUNDS: Mapping[str, str] = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least"}
FEWER: Mapping[str, str] = {**BOUNDS, "<": "fewer than"}  # of what is counted
SESSIONS = re.compile(r"_(\d+)d(?=_|$)")
LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))

PRICES = {
    "price.close": "the close",
    "price.high_252d": "its highest price of 252 sessions",
    "price.low_252d": "its lowest price of 252 sessions",
    "technical.sma_20": "its mean close of 20 sessions",
    "technical.sma_50": "its mean close of 50 sessions",
    "technical.sma_200": "its mean close of 200 sessions",
    "price.volume": "the volume",
    "price.volume_mean_30d": "its mean volume of the 30 sessions before",
    "technical.rsi_14": "the RSI of 14 sessions",
    "rank.rank": "its rank",
    "rank.change": "its change of rank",
    "rank.score": "its score",
    "rank.n": "the number of symbols ranked on its board",
    "factor.volume_change": "the volume change factor",
    "factor.trailing_pe": "the price/earnings ratio",
    "factor.price_to_sales": "the price/sales ratio",
    "factor.price_to_book": "the price/book ratio",
    "factor.eps": "its EPS (earnings per share)",
    "factor.market_cap": "the market cap",
    "factor.enterprise_value": "the enterprise value",
    "freshness.sessions_behind": "the number of sessions that its prices are late",
    "event.insider": "the number of insider texts of the last 30 days",
    "event.news": "the number of news texts of the last 30 days",
    "event.earnings": "the number of earnings texts of the last 30 days",
    "event.research": "the number of research texts of the last 30 days",
    "event.manual": "the number of times a person picked it in the last 30 days",
}
PERCENT = {  # told in %, and stored so
    "price.change_1d_pct": "the change of the price in a session",
    "price.below_high_pct": "the distance of the close below its highest price of 252 sessions",
    "price.above_low_pct": "the distance of the close above its lowest price of 252 sessions",
    "technical.drawdown_252d_pct": "the distance of the close below its highest close of 252 sessions",
    "rank.percentile": "the share of its board that it is level with or better than,",
    "event.earnings_surprise_pct": "the earnings surprise",
} | {f"price.change_{n}d_pct": f"the change of the price over {n} sessions" for n in (5, 21, 63, 252)}
SHARES = {  # told in %, and stored as a share of one
    "factor.momentum": "the 12-1 momentum",
    "factor.volatility": "the yearly volatility (63 sessions)",
    "technical.volatility_21d": "the yearly volatility (21 sessions)",
    "technical.volatility_63d": "the yearly volatility (63 sessions)",
    "factor.relative_strength": "the relative strength",
    "factor.financial_ratio": "the earnings yield",
    "factor.revenue_growth": "the revenue growth",
    "factor.roe": "the return on equity",
    "factor.debt_to_equity": "the debt over the equity",
    "factor.gross_margin": "the gross margin",
    "factor.operating_margin": "the operating margin",
    "factor.profit_margin": "the profit margin",
    "factor.dividend_yield": "the dividend yield",
}
TIMES = {"price.volume_ratio": "the volume over its mean of the 30 sessions before"}
NAMES = {**PRICES, **PERCENT, **SHARES, **TIMES}
MOVES = {f"price.change_{n}d_pct": f"over {n} sessions" for n in (5, 21, 63, 252)}
MOVES |= {"price.change_1d_pct": "in a session"}
AWAY = {
    "price.below_high_pct": "below its highest price of 252 sessions",
    "price.above_low_pct": "above its lowest price of 252 sessions",
    "technical.drawdown_252d_pct": "below its highest close of 252 sessions",
}
TEXTS = {"event.insider": "insider", "event.news": "news", "event.earnings": "earnings"}
TEXTS |= {"event.research": "research"}


def to_words(condition: Condition) -> str:
    """The condition as a person would say it."""
    if isinstance(condition, Comparison):
        return say_comparison(condition)
    if len(condition.parts) == 1:
        return to_words(condition.parts[0])
    if any(_is_deep(part) for part in condition.parts):  # words alone would be read in two ways
        said = [f"({to_words(p)})" if isinstance(p, Group) else to_words(p) for p in condition.parts]
        return f" {condition.word} ".join(said)
    groups = [part for part in condition.parts if isinstance(part, Group) and len(part.parts) > 1]
    if not groups:
        return _join([to_words(part) for part in condition.parts], condition.word)
    said = [_lead(part) + to_words(part) for part in condition.parts]
    return f", {condition.word} ".join(said)


def say_comparison(one: Comparison) -> str:
    """A single comparison as a sentence without its full stop."""
    if one.against is None and one.value is not None:
        for say in (_say_move, _say_distance, _say_rank, _say_count):
            if said := say(one.fact, one.op, one.value):
                return said
        return f"{name_in_words(one.fact)} {WORDS[one.op]} {write_value(one.fact, one.value)}"
    return f"{name_in_words(one.fact)} {WORDS[one.op]} {name_in_words(one.against or '')}"


def name_in_words(fact: str) -> str:
    """What a fact is called; one that nobody gave words to by its own name."""
    if fact in NAMES:
        return NAMES[fact]
    kind, _, name = fact.partition(".")
    return f"the {'' if kind == 'technical' else kind + ' '}{_plain(name)}"


def write_value(fact: str, value: float) -> str:
    """A number as it is told of a fact: shares in %, large amounts by their word."""
    if fact in SHARES:
        return f"{round(100 * value, 10):,.10g} %"
    if fact in PERCENT or (fact not in NAMES and fact.endswith("_pct")):
        return f"{value:,.10g} %"
    if fact in TIMES:
        return f"{value:,.10g} times"
    for size, word in LARGE:
        if abs(value) >= size and fact in ("factor.market_cap", "factor.enterprise_value", "price.volume"):
            return f"{value / size:,.10g} {word}"
    return f"{value:,.10g}"


def _say_move(fact: str, op: Op, value: float) -> str:
    """A rise or a fall; what may be either is told as a number."""
    surprise, places = fact == "event.earnings_surprise_pct", fact == "rank.change"
    up, down = (op in (">", ">="), op in ("<", "<="))
    if not (surprise or places or fact in MOVES) or not ((up and value >= 0) or (down and value <= 0)):
        return ""
    if value == 0 and op in (">=", "<="):
        return ""
    bound = "" if value == 0 else f"by {BOUNDS['>' if op in '<>' else '>=']} "
    if surprise:
        told = f"{bound}{write_value(fact, abs(value))}" if bound else ""
        word = "earnings beat what was expected" if up else "earnings fell short of what was expected"
        return f"{word} {told}".strip()
    if places:
        told = f"{bound}{_count(abs(value), 'place')}" if bound else "in rank"
        return f"it {'rose' if up else 'fell'} {told} on its board"
    told = f"{bound}{abs(value):,.10g} % " if bound else ""
    return f"the price {'rose' if up else 'fell'} {told}{MOVES[fact]}"


def _say_distance(fact: str, op: Op, value: float) -> str:
    """How far one is from something: its high, its low, its usual volume, the rest of its board."""
    if fact in TIMES:
        word = f"is {BOUNDS[op]}" if op in BOUNDS else WORDS[op]
        return f"the volume {word} {value:,.10g} times its mean of the 30 sessions before"
    if fact == "rank.percentile" and op in BOUNDS:
        return f"it is level with or better than {BOUNDS[op]} {value:,.10g} % of its board"
    if fact not in AWAY or op not in BOUNDS or value < 0:
        return ""
    return f"the close is {BOUNDS[op]} {value:,.10g} % {AWAY[fact]}"


def _say_rank(fact: str, op: Op, value: float) -> str:
    """A smaller rank is the better one, which comparisons of numbers turn around."""
    if fact != "rank.rank":
        return ""
    said = {
        "<": "it is ranked better than {}",
        "<=": "it is ranked {} or better",
        ">": "it is ranked worse than {}",
        ">=": "it is ranked {} or worse",
        "crosses_below": "it rises to better than {} in rank",
        "crosses_above": "it falls to worse than {} in rank",
    }
    return said[op].format(_nth(value))


def _say_count(fact: str, op: Op, value: float) -> str:
    """Texts, picks and sessions of lateness: at least one is told as that there is one."""
    if op not in FEWER:
        return ""
    one = (op, value) in ((">=", 1.0), (">", 0.0))
    none = (op, value) in (("<", 1.0), ("<=", 0.0))
    if fact in TEXTS:
        kind, days = TEXTS[fact], "noted in the last 30 days"
        if one or none:
            return f"{'a' if one else 'no'}{'n' * (one and kind[0] in 'aeiou')} {kind} text was {days}"
        return f"{FEWER[op]} {_count(value, f'{kind} text')} {'was' if value == 1 else 'were'} {days}"
    if fact == "event.manual":
        told = f" {FEWER[op]} {_count(value, 'time')}"
        who = "nobody" if none else "somebody" if one else "people"
        return f"{who} picked it{'' if one or none else told} in the last 30 days"
    if fact == "freshness.sessions_behind":
        if one or none:
            return "its prices are late" if one else "its prices are up to date"
        return f"its prices are {FEWER[op]} {_count(value, 'session')} late"
    return ""


def _count(value: float, noun: str) -> str:
    return f"{value:,.10g} {noun}{'' if value == 1 else 's'}"


def _plain(name: str) -> str:
    """``change_5d_pct``: change over 5 sessions."""
    spelt = SESSIONS.sub(r" over \1 sessions", name.removesuffix("_pct")).replace("_", " ")
    return spelt.replace("over 1 sessions", "in a session")


def _join(said: Sequence[str], word: str) -> str:
    return f"{', '.join(said[:-1])} {word} {said[-1]}"


def _is_deep(condition: Condition) -> bool:
    """Whether a group holds a group of several parts."""
    return isinstance(condition, Group) and any(
        isinstance(part, Group) and len(part.parts) > 1 for part in condition.parts
    )


def _lead(part: Condition) -> str:
    """Of parts joined by ``and`` the one that is a choice says so; ``and`` binds more tightly by itself."""
    return "either " if isinstance(part, Group) and len(part.parts) > 1 and part.word == "or" else ""


def _nth(value: float) -> str:
    """A rank as it is told: 1st, 22nd, 113th; a number that is no rank as it is."""
    if value != int(value) or value < 1:
        return f"{value:,.10g}"
    n = int(value)
    teen = n % 100 in (11, 12, 13)
    return f"{n:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
