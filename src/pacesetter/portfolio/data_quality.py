"""Data quality: how far the figures of a symbol can be relied on, 0 to 100, and why it is less.

Points, of what applies to the symbol, as a share of what could be had:

    30  freshness      all for a bar of the date; 6 less for each session that the newest is older
    25  completeness   share of sessions with a bar, of the last 252 that end with the date and begin
                       with the symbol's first bar
    20  history        sessions since the first bar, of 252
    10  volume         share of the newest 21 bars with a volume above 0 (not for indices)
    15  fundamentals   share of market capitalisation, P/E, P/S and P/B that is known (equities alone)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pacesetter.market.panel import F8, I8, Panel

POINTS = {"freshness": 30.0, "completeness": 25.0, "history": 20.0, "volume": 10.0, "fundamentals": 15.0}
LOST_A_SESSION = 6.0  # of freshness
SESSIONS, VOLUME_BARS = 252, 21
NOTES = {
    "freshness": "the newest price is not of this date",
    "completeness": "prices of some sessions are absent",
    "history": "less than a year of prices",
    "volume": "some of the newest prices have no volume",
    "fundamentals": "some fundamentals are not known",
}
NO_PRICE = "there is no price at all"


@dataclass(frozen=True)
class DataQuality:
    """``score`` (float64 S, 0–100) and ``parts`` (name → float64 S, 0–1; NaN: does not apply)."""

    score: F8
    parts: dict[str, F8]
    priced: NDArray[np.bool_]

    def notes(self) -> list[list[str]]:
        """For each symbol why it has less than 100, in plain words; empty for 100."""
        told: list[list[str]] = [[] if priced else [NO_PRICE] for priced in self.priced]
        for name, share in self.parts.items():
            for s in np.flatnonzero(self.priced & (share < 1.0)):
                told[s].append(NOTES[name])
        return told


def measure_quality(panel: Panel, newest: I8, fundamentals: F8) -> DataQuality:
    """Quality on the panel's last session; ``newest`` (S) are rows of bars, −1 for none, and
    ``fundamentals`` (S×4) the figures that are known. A symbol without any bar has 0."""
    kinds = np.array(panel.asset_type, dtype=object)
    today = len(panel.calendar[panel.calendar <= panel.sessions[-1]]) - 1
    priced, count = newest >= 0, panel.n_symbols
    first = np.where(priced, panel.offsets[:-1], 0)
    own = np.maximum(newest, 0)
    dates = panel.date if len(panel.date) else np.zeros(1, dtype=np.int32)
    age = today - (np.searchsorted(panel.calendar, dates[own], side="right") - 1)
    begun = np.searchsorted(panel.calendar, dates[first], side="left")  # session of the first bar
    since = np.maximum(today - np.maximum(begun, today - SESSIONS + 1) + 1, 1)
    recent = panel.calendar[max(today - SESSIONS + 1, 0) : today + 1]
    inside = np.flatnonzero(panel.date >= (recent[0] if len(recent) else 0))  # far fewer to compare
    inside = inside[np.isin(panel.date[inside], recent)]
    present = np.bincount(panel.owner[inside], minlength=count)
    rows = own[:, None] - np.arange(VOLUME_BARS)[None, :]
    held = priced[:, None] & (rows >= first[:, None])
    volume = panel.volume[np.maximum(rows, 0)] if len(panel.date) else np.zeros(rows.shape)
    traded = (held & (volume > 0)).sum(axis=1) / np.maximum(held.sum(axis=1), 1)
    parts = {
        "freshness": np.clip(1.0 - LOST_A_SESSION / POINTS["freshness"] * age, 0.0, 1.0),
        "completeness": np.minimum(present / since, 1.0),
        "history": np.clip((today - begun + 1) / SESSIONS, 0.0, 1.0),
        "volume": np.where(kinds == "index", np.nan, traded),
        "fundamentals": np.where(kinds == "equity", np.isfinite(fundamentals).mean(axis=1), np.nan),
    }
    got, could = np.zeros(count), np.zeros(count)
    for name, share in parts.items():
        got += POINTS[name] * np.nan_to_num(share)
        could += POINTS[name] * np.isfinite(share)
    return DataQuality(np.where(priced, 100.0 * got / could, 0.0), parts, priced)
