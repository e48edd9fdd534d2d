"""What every factor must keep, whoever wrote it. Each check raises AssertionError with the cause."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from pacesetter.factors.base import Factor, FactorValues, evaluate
from pacesetter.market.panel import Panel


def same(a: FactorValues, b: FactorValues, rows: object = slice(None)) -> bool:
    """Equal bit for bit, missing values included."""
    return a.raw[rows].tobytes() == b.raw[rows].tobytes() and np.array_equal(a.reason[rows], b.reason[rows])


def window_of(panel: Panel, one: Factor, s: int, day: int) -> Panel:
    """Only what the factor declares to need: the symbol's last ``window`` bars, and the other
    symbols' bars from five sessions before them (the market's price on the first date)."""
    lo, hi = panel.offsets[s], panel.offsets[s + 1]
    own = np.flatnonzero(panel.date[lo:hi] <= day)[-one.window :] + lo
    first = panel.date[own[0]] if len(own) else day
    at = max(int(np.searchsorted(panel.calendar, first)) - 6, 0)
    keep = (panel.date >= panel.calendar[at]) & (panel.date <= day) & (panel.owner != s)
    keep[own] = True
    return panel.bars(keep).on(np.array([day], np.int32))


def check_window(one: Factor, panel: Panel, samples: int, rng: np.random.Generator) -> int:
    """Values from full history equal those from exactly the declared window, bit for bit."""
    whole = evaluate(one, panel)
    valued = np.argwhere(np.isfinite(whole.raw))
    assert len(valued), f"{one.name} gives no value at all"
    for t, s in valued[rng.integers(0, len(valued), samples)]:
        cut = evaluate(one, window_of(panel, one, int(s), int(panel.sessions[t])))
        assert cut.raw[0, s].tobytes() == whole.raw[t, s].tobytes(), (
            f"{one.name} of {panel.symbols[s]} depends on more than its window of {one.window} bars: "
            f"{whole.raw[t, s]!r} from history, {cut.raw[0, s]!r} from the window"
        )
    return samples


def check_no_look_ahead(one: Factor, panel: Panel, rng: np.random.Generator) -> None:
    """Nothing after a date changes its values: neither other bars, extreme ones, nor none."""
    half = panel.n_sessions // 2
    day = int(panel.sessions[half])
    whole = evaluate(one, panel)
    later = panel.date > day
    for noise in (rng.uniform(0.2, 5.0, later.sum()), np.full(later.sum(), 1e9), np.full(later.sum(), 1e-9)):
        changed = {}
        for name in ("open", "high", "low", "close", "volume", "growth"):
            column = getattr(panel, name).copy()
            column[later] *= noise
            changed[name] = column
        assert same(evaluate(one, replace(panel, **changed)), whole, slice(None, half + 1)), (
            f"{one.name} changes when bars after the date change"
        )
    alone = evaluate(one, panel.until(day))
    assert same(alone, whole, slice(None, half + 1)), f"{one.name} changes when later bars are not there"


def check_purity(one: Factor, panel: Panel) -> None:
    """Inputs are not written, and the same question has the same answer."""
    before = {f.name: getattr(panel, f.name) for f in fields(panel)}
    copies = {k: v.copy() for k, v in before.items() if isinstance(v, np.ndarray)}
    first = evaluate(one, panel)
    assert same(first, evaluate(one, panel)), f"{one.name} answers differently the second time"
    for name, copy in copies.items():
        assert before[name].tobytes() == copy.tobytes(), f"{one.name} writes into {name}"
    assert not np.isinf(first.raw).any(), f"{one.name} gives an infinity"
    assert ((first.reason > 0) == np.isnan(first.raw)).all(), f"{one.name} leaves a gap without a reason"


def check_company(one: Factor, panel: Panel) -> None:
    """A symbol's value does not depend on which other symbols stand beside it."""
    whole = evaluate(one, panel)
    keep = [s for s in range(panel.n_symbols) if s % 2 == 0 or s == panel.benchmark]
    mask = np.isin(panel.owner, keep)
    fewer = evaluate(one, panel.bars(mask))
    for s in keep:
        assert fewer.raw[:, s].tobytes() == whole.raw[:, s].tobytes(), f"{one.name} depends on other symbols"


def check_factor(one: Factor, panel: Panel, rng: np.random.Generator, *, samples: int) -> None:
    """Everything."""
    check_purity(one, panel)
    check_no_look_ahead(one, panel, rng)
    check_window(one, panel, samples, rng)
    if panel.benchmark is not None:
        check_company(one, panel)
