"""Other pasts that might have been: a panel's last year redrawn in blocks of a month.

The circular block bootstrap keeps what happens within a month and between symbols, and
shuffles the rest. Politis & Romano (1992), "A circular block-resampling procedure for
stationary data", in Exploring the Limits of Bootstrap, 263–270.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import F8, I4, I8, Panel

BLOCK = 21
YEAR = 252
BEFORE = 2 * BLOCK  # more than the longest window, so that a hole drawn a few times leaves bars enough


def seed_generator(fingerprint: str) -> np.random.Generator:
    """Random numbers that follow from a fingerprint (hex text of any length, all of it counts).

    ``InputError`` for text that is not hex.
    """
    try:
        given = bytes.fromhex(fingerprint)
    except ValueError:
        given = b""
    if not given:
        raise InputError(f"{fingerprint!r} is no hex text", where="fingerprint", mend="give a hash in hex")
    key = int.from_bytes(hashlib.sha256(given).digest()[:16], "big")  # Philox takes 128 bits
    return np.random.Generator(np.random.Philox(key=key))


def draw_blocks(
    generator: np.random.Generator, draws: int, length: int, drawn: int, block: int = BLOCK
) -> I8:
    """Positions 0..length − 1 in blocks that start anywhere and run over the end to the beginning
    (int64, draws × drawn; the last block is cut)."""
    starts = generator.integers(0, length, size=(draws, -(-drawn // block)))
    run = (starts[:, :, None] + np.arange(block)) % length
    return run.reshape(draws, -1)[:, :drawn]


@dataclass(frozen=True, eq=False)
class Year:
    """A panel's last ``days`` (int32, L ≤ 252 sessions up to its last) and the row of each symbol's
    bar on each (int64, S×L; −1: none, or one without growth, from which nothing can be drawn)."""

    panel: Panel
    days: I4
    rows: I8
    close: F8  # newest close of each symbol (S), where every resample ends

    @property
    def length(self) -> int:
        """L."""
        return len(self.days)

    def sessions_for(self, bars: int) -> I4:
        """The newest ``bars`` sessions of the calendar; where it is shorter, plain days go before it."""
        known = self.panel.calendar[self.panel.calendar <= self.days[-1]][-bars:]
        earlier = known[0] - np.arange(bars - len(known), 0, -1)
        return np.concatenate([earlier, known]).astype(np.int32)

    def redraw(self, drawn: I8) -> Panel:
        """The panel that has the bars of session ``drawn[i]`` of the year on the i-th of its newest
        sessions (int64, any number of them), valued on the last.

        Growth, volume and finality are those of the drawn session; the close leads along the
        growth to the true newest close, open, high and low keep their ratio to it, and the
        money traded is that of the drawn session. A symbol with any bar has one more, without
        growth and volume, on the session before. There are no facts.
        """
        none = np.full((len(self.rows), 1), -1, dtype=np.int64)
        rows = np.column_stack([none, self.rows[:, drawn]])
        have = rows >= 0
        have[:, 0] = have.any(axis=1)
        source = self.panel
        steps = np.where(rows >= 0, source.growth[np.maximum(rows, 0)], 1.0)
        later = np.ones(steps.shape)
        later[:, :-1] = np.cumprod(steps[:, :0:-1], axis=1)[:, ::-1]
        close = (self.close[:, None] / later)[have]
        growth = steps.copy()
        growth[:, 0] = np.nan
        anchor = np.zeros(have.shape, dtype=bool)
        anchor[:, 0] = True
        first = anchor[have]
        taken = np.maximum(rows, 0)[have]
        ratio = np.where(first, 1.0, close / source.close[taken])
        volume = np.where(first, np.nan, source.volume[taken])
        # turnover is close × volume × splits: what was traded stays, whatever the new close
        splits = (1.0 if source.splits is None else source.splits[taken]) / ratio
        offsets = np.concatenate([[0], np.cumsum(have.sum(axis=1))]).astype(np.int64)
        days = self.sessions_for(1 + len(drawn))
        return replace(
            source,
            offsets=offsets,
            date=np.broadcast_to(days, have.shape)[have],
            open=np.where(first, close, source.open[taken] * ratio),
            high=np.where(first, close, source.high[taken] * ratio),
            low=np.where(first, close, source.low[taken] * ratio),
            close=close,
            volume=volume,
            growth=growth[have],
            final=source.final[taken] | first,
            calendar=days,
            sessions=days[-1:],
            facts=None,
            splits=splits,
        )


def take_year(panel: Panel) -> Year:
    """The last 252 sessions of the panel's calendar up to its last session, or as many as there are.

    ``InputError`` for a panel without sessions or bars, and for a part of one, which lacks its benchmark.
    """
    if not panel.n_sessions or not len(panel.date):
        raise InputError("there are no sessions to draw from", where="panel", mend="import prices first")
    if panel.market is not None:
        raise InputError("a part of a panel lacks its market", where="panel", mend="give the whole panel")
    known = panel.calendar[panel.calendar <= panel.sessions[-1]]
    days = known[-YEAR:]
    rows = np.full((panel.n_symbols, len(days)), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(days, panel.date), len(days) - 1)
    use = np.flatnonzero((days[at] == panel.date) & np.isfinite(panel.growth))
    rows[panel.owner[use], at[use]] = use
    newest = panel.newest[-1]
    close = np.where(newest >= 0, panel.close[np.maximum(newest, 0)], np.nan)
    return Year(panel, days, rows, close)
