"""What jumps like the one seen were followed by, on the same board, in this database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import F8, I4, I8, Mask
from pacesetter.ranking.resample import seed_generator

APART = 21  # sessions between two events of a symbol: their forward windows do not overlap
FEWEST = 30
DRAWS = 1_000


@dataclass(frozen=True, eq=False)
class Jumps:
    """The past of a board on T dates, ascending, × S symbols.

    ``dates`` and ``ended_on`` (int32, T): days since 1970-01-01 of the date and of the end of
    its 21-session forward window; ``session`` (int64, T): the date's number among the
    sessions of the board's calendar. ``rank_change`` (float64, T×S; positive = up, NaN:
    none) and ``forward`` (float64, T×S): the return over the window (0.1 = +10 %), NaN where
    unknown or for a symbol that is not on the board.
    """

    dates: I4
    session: I8
    ended_on: I4
    rank_change: F8
    forward: F8


@dataclass(frozen=True)
class BaseRate:
    """Return beyond the board's mean after ``n`` such jumps: its median, the share above zero, and the
    90 % interval of the median; only ``n`` and a ``reason`` (``too_few``, ``no_jump``) where refused."""

    n: int
    median: float | None = None
    share_positive: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def measure_base_rate(jumps: Jumps, symbol: int, at: int, fingerprint: str, draws: int = DRAWS) -> BaseRate:
    """The base rate of the jump of ``symbol`` (its index) on date ``at`` (its index).

    Events are rank changes of any symbol at least as large, of the same sign and over as many
    sessions, on earlier dates whose forward window had ended by then, 21 sessions or more
    apart a symbol, the oldest first. The board's mean leaves the symbol out, so a date with no
    other return has no event. The interval is the 5th and 95th percentile (``inverted_cdf``) of the median
    over ``draws`` resamples of the event dates, seeded by ``fingerprint`` (hex): events of a
    date share its fate. ``InputError`` for arrays that do not fit each other.
    """
    return measure_base_rates(jumps, [symbol], at, fingerprint, draws)[0]


def measure_base_rates(
    jumps: Jumps, symbols: Sequence[int], at: int, fingerprint: str, draws: int = DRAWS
) -> list[BaseRate]:
    """``measure_base_rate`` of several ``symbols`` on one date; equal jumps are measured once."""
    refuse_misfits(jumps)
    span = np.diff(jumps.session, prepend=jumps.session[:1])  # the first date has no change
    over = (jumps.dates < jumps.dates[at]) & (jumps.ended_on <= jumps.dates[at]) & (span == span[at])
    excess = exceed_others(jumps.forward[over])
    change, session = jumps.rank_change[over], jumps.session[over]
    known: dict[float, BaseRate] = {}
    found = []
    for observed in jumps.rank_change[at, np.asarray(symbols, dtype=np.int64)].tolist():
        if not np.isfinite(observed) or observed == 0.0:
            found.append(BaseRate(0, reason="no_jump"))
            continue
        if observed not in known:
            known[observed] = measure_jump(observed, change, excess, session, draws, fingerprint)
        found.append(known[observed])
    return found


def measure_jump(
    observed: float, change: F8, excess: F8, session: I8, draws: int, fingerprint: str
) -> BaseRate:
    """The base rate of a jump from past changes and excess returns (T×S) on ``session`` (T)."""
    with np.errstate(invalid="ignore"):
        alike = change * np.sign(observed) >= abs(observed)
    day, who = np.nonzero(space_out(alike & np.isfinite(excess), session))
    if len(day) < FEWEST:
        return BaseRate(len(day), reason="too_few")
    values = excess[day, who]
    medians = resample_median(values, day, draws, fingerprint)
    low, high = np.percentile(medians, [5.0, 95.0], method="inverted_cdf")
    positive = float((values > 0.0).mean())
    return BaseRate(len(values), float(np.median(values)), positive, float(low), float(high))


def refuse_misfits(jumps: Jumps) -> None:
    """All arrays are of the same dates, in order, and symbols."""
    days = len(jumps.dates)
    if not days == len(jumps.session) == len(jumps.ended_on) == len(jumps.rank_change):
        raise InputError("the arrays are of different dates", where="jumps", mend="give one row a date")
    if jumps.rank_change.shape != jumps.forward.shape:
        raise InputError("rank changes and returns differ in shape", where="jumps", mend="give T×S both")
    if (np.diff(jumps.dates) <= 0).any() or (np.diff(jumps.session) <= 0).any():
        raise InputError("the dates do not ascend", where="jumps", mend="sort them, each once")


def exceed_others(forward: F8) -> F8:
    """Returns less the mean of the others' known ones on the date (T×S; NaN where there is no other)."""
    known = np.isfinite(forward)
    held = np.where(known, forward, 0.0)
    others = known.sum(axis=1, keepdims=True) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (held.sum(axis=1, keepdims=True) - held) / others
    return np.where(known & (others > 0), forward - mean, np.nan)


def space_out(events: Mask, session: I8) -> Mask:
    """Of the events (bool, T×S) those at least 21 sessions after the symbol's last one kept."""
    kept = np.zeros(events.shape, dtype=bool)
    last = np.full(events.shape[1], np.iinfo(np.int64).min // 2, dtype=np.int64)
    for t in range(len(events)):
        kept[t] = events[t] & (session[t] - last >= APART)
        last[kept[t]] = session[t]
    return kept


def resample_median(found: F8, day: I8, draws: int, fingerprint: str) -> F8:
    """Medians (float64, draws) of the events when their dates are drawn with replacement.

    An event counts as often as its date was drawn, so nothing is copied or sorted again.
    """
    dates, owner = np.unique(day, return_inverse=True)
    upward = np.argsort(found, kind="stable")
    value, owner = found[upward], owner[upward]
    drawn = seed_generator(fingerprint).integers(0, len(dates), size=(draws, len(dates)))
    medians = np.empty(draws)
    for d in range(draws):
        upto = np.cumsum(np.bincount(drawn[d], minlength=len(dates))[owner])
        middle = np.array([(upto[-1] - 1) // 2, upto[-1] // 2])
        below, above = value[np.searchsorted(upto, middle, side="right")]
        medians[d] = 0.5 * (below + above)
    return medians
