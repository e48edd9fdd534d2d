"""Sentiment: how the texts of the last month sound, by the words that are in them.

Each text weighs its kind's weight × 0.5 ^ (its age / half-life), and its balance lies between −1 and 1;
their weighted mean moves the score from 50 by at most ``reach``. The confidence grows with what was
read, up to ``most_confidence``, and falls with doubtful words. So a text can do what its words weigh, and
no more; what it asks for is not read.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files

from pacesetter.agents.base import Given, Parameter, analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.points import answer
from pacesetter.agents.tone import Tone, WordList, parse_words, read_tone
from pacesetter.research.opinion import Opinion

KINDS = {"research": 1.0, "earnings": 1.0, "news": 0.7, "insider": 0.5, "manual": 0.3}
DOUBTFUL = 0.25  # of the words that were counted: from here on doubt is a risk
ENOUGH_READ = 2.0  # weight of texts at which half of the confidence is reached
PARAMETERS = {
    "buy_from": Parameter(65.0, 0.0, 100.0, "BUY from this score on"),
    "watch_from": Parameter(57.0, 0.0, 100.0, "WATCHLIST from this score on"),
    "sell_to": Parameter(35.0, 0.0, 100.0, "SELL up to this score"),
    "days": Parameter(30.0, 1.0, 90.0, "texts of so many days are read"),
    "half_life_days": Parameter(7.0, 0.5, 90.0, "after so many days a text counts half"),
    "fewest_words": Parameter(3.0, 1.0, 1000.0, "says nothing with fewer good and bad words"),
    "reach": Parameter(35.0, 0.0, 40.0, "so far from 50 texts can move the score"),
    "most_confidence": Parameter(0.6, 0.0, 0.8, "the most confidence that texts can give"),
} | {f"{kind}_weight": Parameter(w, 0.0, 2.0, f"what a text of {kind} weighs") for kind, w in KINDS.items()}
LEADS = {
    "BUY": "What is written of it sounds confident.",
    "WATCHLIST": "What is written of it sounds rather good.",
    "HOLD": "What is written of it sounds mixed.",
    "SELL": "What is written of it sounds worried.",
}


@cache
def load_words() -> WordList:
    """The shipped list."""
    path = files("pacesetter.agents.analysts").joinpath("sentiment.toml")
    return parse_words(path.read_text("utf-8"), "sentiment.toml")


@analyst("sentiment", "How the texts of the last month sound", parameters=PARAMETERS)
def look(symbol: str, evidence: Evidence, given: Given) -> Opinion | None:
    """The mood of the texts; nothing where they hold too few words that show one."""
    texts = evidence.texts_of(symbol, days=int(given["days"]))
    once = {one.sha256: one for one in texts if one.kind in KINDS and one.noted_on <= evidence.on}
    read: list[tuple[float, Tone]] = []
    for one in once.values():
        tone = read_tone(f"{one.title}\n{one.body}", load_words())
        age = (evidence.on - one.noted_on).days
        weight = given[f"{one.kind}_weight"] * 0.5 ** (age / given["half_life_days"])
        if weight > 0 and tone.positive + tone.negative + tone.uncertain > 0:
            read.append((weight, tone))
    good, bad, doubt = (
        sum(getattr(tone, name) for _, tone in read) for name in ("positive", "negative", "uncertain")
    )
    if good + bad < given["fewest_words"]:
        return None
    weights = math.fsum(weight for weight, _ in read)
    mean = math.fsum(weight * tone.balance for weight, tone in read) / weights
    score = round(50 + given["reach"] * mean, 2)
    doubtful = doubt / (good + bad + doubt)
    sure = given["most_confidence"] * weights / (weights + ENOUGH_READ) * (1 - doubtful / 2)
    newest = max(one.noted_on for one in once.values()).isoformat()
    said = answer(score, given)
    text = (
        f"{LEADS[said]} {counted(len(read), 'text')} of the last month: {counted(good, 'good word')}, "
        f"{counted(bad, 'bad one')} and {counted(doubt, 'doubtful one')}. The newest is of {newest}."
    )
    figures = {
        "sentiment.texts": len(read),
        "sentiment.positive": good,
        "sentiment.negative": bad,
        "sentiment.uncertain": doubt,
        "sentiment.mean": round(mean, 4),
        "sentiment.newest_on": newest,
        "points": {"tone": {"points": round(given["reach"] * mean, 2), "limit": given["reach"]}},
    }
    risks = (f"Much doubt in the texts: {counted(doubt, 'doubtful word')}.",) if doubtful >= DOUBTFUL else ()
    return Opinion("sentiment", said, score, round(sure, 4), text, figures, risks)


def counted(n: int, noun: str) -> str:
    """``1 text``, ``2 texts``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
