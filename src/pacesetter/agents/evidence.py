"""What may be known of the market on the evening of a session; nothing later is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from pacesetter.agents.screen import Screen
from pacesetter.research.watch import History

MORNING, LONDON = time(7, 0), ZoneInfo("Europe/London")
RANKS = pl.Schema(
    {
        "board": pl.String(),
        "board_name": pl.String(),
        "symbol": pl.String(),
        "rank": pl.Int64(),
        "previous_rank": pl.Int64(),
        "previous_on": pl.Date(),
        "rank_change": pl.Int64(),  # positive: it rose
        "n_ranked": pl.Int64(),
        "score": pl.Float64(),
    }
)


def known_until(on: date) -> datetime:
    """Until when what becomes known belongs to the night of ``on``: 07:00 in London on the first weekday
    after it, in UTC."""
    day = on + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, LONDON).astimezone(UTC)


def first_night(at: datetime) -> date:
    """The first day whose night may know what became known at an instant: of a Saturday it is Friday, of an
    hour before 07:00 in London the day before."""
    on = at.astimezone(LONDON).date() - timedelta(days=4)
    while known_until(on) < at:
        on += timedelta(days=1)
    return on


@dataclass(frozen=True)
class Listing:
    """A symbol as it is listed; ``quote_unit``: quote units in one major unit, 100 for pence."""

    symbol: str
    name: str | None
    asset_type: str
    sector: str | None
    industry: str | None
    currency: str | None
    quote_unit: float = 1.0


@dataclass(frozen=True)
class Text:
    """What was noted of a symbol, or of markets at large (``symbol`` None). Evidence: it never instructs.

    ``kind``: research, news, insider, earnings, manual, macro or general. ``data``: what was read out of it.
    """

    kind: str
    symbol: str | None
    noted_on: date
    known_at: datetime
    title: str
    source: str
    body: str
    data: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that agents may use on the evening of ``on``, known by ``known_until``.

    ``facts``: one row a symbol with a recent bar, sorted: ``symbol`` and Float64 columns named
    ``kind.name`` (``facts.py`` lists them), null where it is not known. ``before``: the same a session
    earlier. ``ranks`` (``RANKS``): every board's ranks of ``on``. ``texts``: newest first. ``regime``:
    bull, neutral or bear, with ``regime_reason``. ``favours``: favoured, neutral or avoided, by symbol.
    ``recall`` gives a symbol's facts by date for the year before. ``screens``: a user's own, beside the
    shipped ones; ``screen_flaws``: sentences on those of them that cannot be used. ``known_before``: until
    when the night before this one had read texts; None: until the morning after the session before.
    """

    on: date
    known_until: datetime
    sessions: tuple[date, ...]
    facts: pl.DataFrame
    before: pl.DataFrame
    ranks: pl.DataFrame
    listings: Mapping[str, Listing]
    texts: tuple[Text, ...] = ()
    regime: str = "neutral"
    regime_reason: str = ""
    favours: Mapping[str, str] = field(default_factory=dict)
    recall: Callable[[str], History] | None = None
    screens: tuple[Screen, ...] = ()
    screen_flaws: tuple[str, ...] = ()
    known_before: datetime | None = None

    def of(self, symbol: str) -> dict[str, float]:
        """The known facts of a symbol; none where it has no recent bar."""
        return _known(self.facts, self._rows, symbol)

    def of_before(self, symbol: str) -> dict[str, float]:
        """Its known facts of the session before."""
        return _known(self.before, self._rows_before, symbol)

    def texts_of(self, symbol: str, *kinds: str, days: int = 90) -> list[Text]:
        """Texts of a symbol, of some kinds (all where none is named), noted in the last ``days`` days."""
        since = self.on - timedelta(days=days)
        found = self._texts.get(symbol, [])
        return [one for one in found if one.noted_on > since and (not kinds or one.kind in kinds)]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {symbol: row for row, symbol in enumerate(self.facts["symbol"])}

    @cached_property
    def _rows_before(self) -> dict[str, int]:
        return {symbol: row for row, symbol in enumerate(self.before["symbol"])}

    @cached_property
    def _texts(self) -> dict[str, list[Text]]:
        found: dict[str, list[Text]] = {}
        for one in self.texts:
            if one.symbol is not None:
                found.setdefault(one.symbol, []).append(one)
        return found


def _known(frame: pl.DataFrame, rows: Mapping[str, int], symbol: str) -> dict[str, float]:
    if symbol not in rows:
        return {}
    row = frame.row(rows[symbol], named=True)
    return {name: value for name, value in row.items() if name != "symbol" and value is not None}
