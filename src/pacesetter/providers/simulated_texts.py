"""What becomes known of the companies of the simulated market: reports, insiders' trades, news, research.

A text belongs to a session and is known in the morning before it opens, never earlier. It is made from
random streams that go on session by session, and from prices up to the session before. One number is shared
with the session's own price: what moves a company by far more than usual is in the morning's news, and
earnings that surprise move the price more often than not. So the cause is known first, the price follows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from pacesetter.providers.base import NotedText
from pacesetter.providers.simulated_company import EPOCH, QUARTER

F8 = npt.NDArray[np.float64]
FIRST, MINUTES = time(11, 0), 120  # known between 11:00 and 13:00 UTC; New York opens at 13:30 or later
LARGE = 2.3  # so many standard deviations of its own are in the news
OTHER_NEWS, STUDIES, TRADES = 0.003, 0.006, 0.009  # the chance that a session brings one
AGREES, FOLLOWS = 0.85, 0.75  # how often news goes the way of the price, and research that of the last month
MONTH = 21
USUAL_PCT, MOST_PCT = 3.0, 35.0  # of a surprise: most companies expect less aloud than they earn
LEAST_EXPECTED = 0.02
INSIDERS = ("A director", "The treasurer", "A member of the board")


@dataclass(frozen=True)
class Traded:
    """A company's own market, a value a session: its days, closes in the day's shares, and moves of its own
    in standard deviations. ``earned``: what it earns in a year, as a share of its price."""

    symbol: str
    sessions: npt.NDArray[np.int32]  # days since 1970
    close: F8
    moves: F8
    earned: float


@cache
def load_words() -> dict[str, Any]:
    """Titles and bodies, by kind and mood."""
    path = files("pacesetter.providers").joinpath("simulated_words.toml")
    return tomllib.loads(path.read_text("utf-8"))


def write_texts(traded: Traded, draw: Callable[[str, int], F8]) -> tuple[NotedText, ...]:
    """Every text of a company, the oldest first. ``draw(purpose, k)``: k numbers from 0 to 1 a session."""
    total = np.concatenate([np.zeros(MONTH + 1), np.cumsum(traded.moves)])
    rose = total[MONTH:-1] > total[: -MONTH - 1]  # over the month of sessions before, without this one
    found = [
        *_write_earnings(traded, draw("reports", 3)),
        *_write_news(traded, draw("news", 4)),
        *_write_research(traded, rose, draw("research", 4)),
        *_write_trades(traded, rose, draw("insiders", 5)),
    ]
    return tuple(sorted(found, key=lambda one: (one.known_at, one.kind)))


def _write_earnings(traded: Traded, draws: F8) -> Iterator[NotedText]:
    first = 1 + int((QUARTER - 1) * draws[0, 0])  # each company has a day of its own
    for i in range(first, len(traded.sessions), QUARTER):
        drawn = USUAL_PCT + 5.0 * traded.moves[i] + 14.0 * (draws[i, 1] - 0.5)
        wanted = float(np.clip(drawn, -MOST_PCT, MOST_PCT))
        quarter = round(float(traded.close[i - 1] * traded.earned / 4), 2)
        expected = quarter if abs(quarter) >= LEAST_EXPECTED else LEAST_EXPECTED
        reported = round(expected + abs(expected) * wanted / 100, 2)
        surprise = (reported - expected) / abs(expected) * 100
        mood = "good" if surprise > 1 else "bad" if surprise < -1 else "even"
        told = {"reported": reported, "expected": expected}
        figures = told | {"surprise_pct": surprise}
        data = figures | {"quarters": [figures]}
        yield _note(traded, i, "earnings", (mood, 0.0, draws[i, 2]), data, **told)


def _write_news(traded: Traded, draws: F8) -> Iterator[NotedText]:
    large = np.abs(traded.moves) >= LARGE
    for i in np.flatnonzero(large | (draws[:, 0] < OTHER_NEWS)).tolist():
        agrees = draws[i, 1] < (AGREES if large[i] else 0.5)
        mood = "good" if (traded.moves[i] > 0) == agrees else "bad"
        yield _note(traded, i, "news", (mood, draws[i, 2], draws[i, 3]), {})


def _write_research(traded: Traded, rose: npt.NDArray[np.bool_], draws: F8) -> Iterator[NotedText]:
    for i in np.flatnonzero(draws[:, 0] < STUDIES).tolist():
        mood = "good" if rose[i] == (draws[i, 1] < FOLLOWS) else "bad"
        yield _note(traded, i, "research", (mood, draws[i, 2], draws[i, 3]), {})


def _write_trades(traded: Traded, rose: npt.NDArray[np.bool_], draws: F8) -> Iterator[NotedText]:
    for i in np.flatnonzero(draws[1:, 0] < TRADES).tolist():  # session i, noted on the one after it
        bought = bool(draws[i + 1, 1] < (0.3 if rose[i + 1] else 0.6))  # more often after a fall
        price, day = round(float(traded.close[i]), 2), _day(traded.sessions[i]).isoformat()
        shares = max(100, int(round(50_000 * 40 ** draws[i + 1, 2] / price, -2)))  # for 50,000 to 2 million
        who = INSIDERS[int(len(INSIDERS) * draws[i + 1, 3])]
        trade = {"date": day, "insider": who, "action": "buy" if bought else "sell", "shares": shares}
        worth = {"bought": shares * price * bought, "sold": shares * price * (not bought)}
        about = {"who": who, "shares": shares, "price": price, "day": day}
        data = {"trades": [trade | {"price": price}], **worth}
        mood = "bought" if bought else "sold"
        yield _note(traded, i + 1, "insider", (mood, 0.0, draws[i + 1, 4]), data, **about)


def _note(
    traded: Traded,
    i: int,
    kind: str,
    chosen: tuple[str, float, float],
    data: Mapping[str, Any],
    **about: object,
) -> NotedText:
    """The text of a session. ``chosen``: its mood, which of that mood's words, and which minute (0 to 1)."""
    mood, turn, minute = chosen
    words = load_words()[kind][mood]
    said = words[int(len(words) * turn)]
    on = _day(traded.sessions[i])
    return NotedText(
        kind=kind,
        symbol=traded.symbol,
        noted_on=on,
        known_at=datetime.combine(on, FIRST, UTC) + timedelta(minutes=int(MINUTES * minute)),
        title=f"Simulated: {said['title'].format(symbol=traded.symbol)}",
        source=f"simulated {kind}",
        body=f"{load_words()['invented']} {said['body'].format(symbol=traded.symbol, **about)}",
        data=data,
    )


def _day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))
