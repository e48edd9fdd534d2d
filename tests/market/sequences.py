"""Random price histories with every kind of fault in them, and a slow gate to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from pacesetter.market.bar import BAR_SCHEMA

TODAY = date(2025, 7, 25)
START = date(2024, 1, 1)
SCHEMA = {**BAR_SCHEMA, "is_final": pl.Boolean}
NONE = pl.DataFrame(schema=SCHEMA)
HELD = pl.DataFrame(schema={**SCHEMA, "reason": pl.String, "detail": pl.String})
SPLITS = pl.DataFrame(schema={"symbol": pl.String, "ex_on": pl.Date, "value": pl.Float64})
RATIOS = [1.5, 2, 3, 4, 5, 7, 8, 10, 15, 20, 25, 30, 50]


@dataclass
class History:
    """Bars as (day, close, spread of high and low, volume), and splits as (day, new shares per old)."""

    bars: list[tuple[int, float, float, int | None]] = field(default_factory=list)
    splits: list[tuple[int, float]] = field(default_factory=list)

    def frame(self, symbol: str = "A") -> pl.DataFrame:
        """The bars as a frame."""
        rows = [
            (symbol, START + timedelta(days=d), c, c + w, c - w, c, None, v, True) for d, c, w, v in self.bars
        ]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def split_frame(self, symbol: str = "A") -> pl.DataFrame:
        """The splits as a frame."""
        rows = [(symbol, START + timedelta(days=d), v) for d, v in self.splits]
        return pl.DataFrame(rows, schema=SPLITS.schema, orient="row")


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Quiet stretches, bad prints, new levels, frozen prices, holes, silent volume and splits."""
    made, level, day = History(), 100.0, 0

    def add(close: float, width: float = 0.01, volume: int | None = 7) -> None:
        nonlocal day
        made.bars.append((day, close, close * width, volume))
        day += 1

    kinds = ["quiet", "bad print", "new level", "frozen", "flat close", "hole", "silent", "split", "wobble"]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=9)):
        factor = draw(st.sampled_from([0.01, 0.1, 0.4, 0.5, 2 / 3, 1.5, 1.7, 2.0, 3.3, 10.2, 98.3, 100.0]))
        n = draw(st.integers(1, 6))
        if kind == "quiet":
            for _ in range(n):
                level *= draw(st.sampled_from([0.97, 1.0, 1.01, 1.2]))
                add(level, draw(st.sampled_from([0.01, 0.02])))
        elif kind == "bad print":
            add(level * factor)
        elif kind == "new level":
            level *= factor
            for i in range(n):
                add(level * (1 + i / 100))
        elif kind == "frozen":
            volume = draw(st.sampled_from([7, None, 0]))
            for _ in range(n + 3):
                add(level, volume=volume)
        elif kind == "flat close":
            for i in range(n + 7):
                add(level, 0.01 + i / 1000)
        elif kind == "hole":
            day += n
        elif kind == "silent":
            for i in range(n + 2):
                add(level * (1 + i / 1000), volume=0)
        elif kind == "split":
            new_shares = draw(st.sampled_from([0.1, 2.0, 4.0]))
            made.splits.append((day, new_shares))
            level /= new_shares
            day += draw(st.integers(0, 1))  # halted on the day itself
        else:
            for i in range(n):
                add(level * (factor if i % 2 else 1.0))
    if not made.bars:
        add(level)
    return made


@dataclass
class Fates:
    """What the slow gate says of each bar, by day."""

    accepted: set[int] = field(default_factory=set)
    held: dict[int, str] = field(default_factory=dict)
    released: set[int] = field(default_factory=set)
    marked: set[int] = field(default_factory=set)


def name_jump(ratio: float) -> str:
    """The kind of a price jump, straight from the rules."""
    for unit, tolerance in ((100, 0.05), (10, 0.03)):
        if any(abs(r / unit - 1) <= tolerance for r in (ratio, 1 / ratio)):
            return f"unit_jump_{unit}"
    if any(abs(r / split - 1) <= 0.005 for r in (ratio, 1 / ratio) for split in RATIOS):
        return "split_like"
    return "large_move" if ratio > 1.5 or ratio < 0.5 else ""


def judge_slowly(history: History) -> Fates:
    """One bar after the other, everything counted anew each time."""
    fates, queue, level = Fates(), [], None  # level: (day, close) of the last accepted bar

    def shares(after: int, until: int) -> float:
        product = 1.0
        for day, value in history.splits:
            if after < day <= until:
                product *= value
        return product

    def jump(old: tuple[int, float], new: tuple[int, float]) -> str:
        return name_jump(new[1] * shares(old[0], new[0]) / old[1])

    for i, (day, close, width, _) in enumerate(history.bars):
        tail = history.bars[: i + 1]
        if len(tail) >= 5 and all(v == 0 for *_, v in tail[-5:]):
            fates.marked.add(day)
        last5, last10 = tail[-5:], tail[-10:]
        frozen = len(last5) == 5 and all((c, w) == (close, width) for _, c, w, _ in last5)
        traded = all(v for *_, v in last5[1:])
        flat = len(last10) == 10 and all(c == close for _, c, *_ in last10)
        stale = (frozen and traded) or flat
        why = jump(level, (day, close)) if level else ""
        if why:
            fates.held[day] = why
            if queue and jump(queue[-1], (day, close)):
                queue = []
            queue.append((day, close))
            if len(queue) == 3:
                fates.released |= {d for d, _ in queue}
                fates.accepted |= {d for d, _ in queue}
                for d, _ in queue:
                    del fates.held[d]
                level, queue = (day, close), []
        elif stale:
            fates.held[day] = "stale"
        else:
            fates.accepted.add(day)
            level, queue = (day, close), []
    return fates
