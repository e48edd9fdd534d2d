"""What every factor must keep, whoever wrote it. Each check raises AssertionError with the cause."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from pacesetter.factors.base import Factor, FactorValues
from pacesetter.factors.columns import columns
from pacesetter.factors.evaluate import evaluate
from pacesetter.market.panel import Facts, Panel


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


def reordered(panel: Panel, order: np.ndarray) -> Panel:
    """The same symbols in another order, with the bars and facts that belong to them."""
    place = np.argsort(order)
    rows = np.argsort(place[panel.owner], kind="stable")
    counts = np.diff(panel.offsets)[order]
    columns = ("date", "open", "high", "low", "close", "volume", "growth", "final")
    facts = panel.facts
    if facts is not None:
        by_symbol = np.argsort(place[facts.symbol], kind="stable")
        facts = Facts(
            place[facts.symbol][by_symbol].astype(np.int32),
            facts.known_on[by_symbol],
            facts.as_of[by_symbol],
            {name: column[by_symbol] for name, column in facts.values.items()},
            tuple(facts.currency[i] for i in by_symbol),
        )
    return replace(
        panel,
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        symbols=tuple(panel.symbols[i] for i in order),
        asset_type=tuple(panel.asset_type[i] for i in order),
        currency=tuple(panel.currency[i] for i in order),
        quote_unit=panel.quote_unit[order],
        benchmark=None if panel.benchmark is None else int(place[panel.benchmark]),
        facts=facts,
        **{name: getattr(panel, name)[rows] for name in columns},
    )


def check_order(one: Factor, panel: Panel, rng: np.random.Generator) -> None:
    """The order of the symbols changes no bit, with the benchmark or the market in its place."""
    order = rng.permutation(panel.n_symbols)
    for asked in (panel, replace(panel, benchmark=None)):
        whole, turned = evaluate(one, asked), evaluate(one, reordered(asked, order))
        assert whole.raw[:, order].tobytes() == turned.raw.tobytes(), f"{one.name} depends on symbol order"
        assert np.array_equal(whole.reason[:, order], turned.reason), f"{one.name} gives other reasons"


def check_threads(one: Factor, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the number of threads nor the size of the parts they take changes a bit."""
    if one.per != "bar":
        return
    whole = columns([one], panel, threads=1)
    for size, threads in ((1, 1), (1, 2), (900, 2)):
        monkeypatch.setattr("pacesetter.factors.columns.PART_BARS", size)
        parted = columns([one], panel, threads=threads)
        assert whole.raw.tobytes() == parted.raw.tobytes(), f"{one.name} depends on threads"
        assert np.array_equal(whole.reason, parted.reason)


def check_minimum(one: Factor, panel: Panel) -> None:
    """``minimum`` bars are enough for a value somewhere, and with one fewer there is none."""
    age = panel.offsets[1:][panel.owner] - np.arange(len(panel.date))  # 1 = the newest
    spy = panel.owner == panel.benchmark
    last = replace(panel, sessions=panel.sessions[-1:], final=np.ones(len(panel.date), bool))
    enough = evaluate(one, last.bars((age <= one.minimum) | spy))
    others = np.arange(panel.n_symbols) != panel.benchmark  # it keeps all of its bars
    assert np.isfinite(enough.raw[:, others]).any(), f"{one.name} needs more than {one.minimum} bars"
    fewer = evaluate(one, last.bars((age < one.minimum) & ~spy))
    assert np.isnan(fewer.raw).all(), f"{one.name} is content with fewer than {one.minimum} bars"


def check_hostile(one: Factor, panel: Panel) -> None:
    """Prices that stand still, no volume, no facts, extremes: missing with a reason, never infinite."""
    n = len(panel.date)
    huge = np.where(np.arange(n) % 2, 1e200, 1e-200)
    for changed in (
        {"growth": np.ones(n), "volume": np.zeros(n)},
        {"growth": huge, "close": huge, "volume": huge},
        {"volume": np.full(n, np.nan), "facts": None},
        {"final": np.zeros(n, bool)},
    ):
        check_purity(one, replace(panel, **changed))
    check_purity(one, panel.bars(np.zeros(n, bool)))
    check_purity(one, panel.bars(panel.owner == 3))


def check_factor(
    one: Factor, panel: Panel, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch, *, samples: int
) -> None:
    """Everything."""
    check_purity(one, panel)
    check_no_look_ahead(one, panel, rng)
    check_window(one, panel, samples, rng)
    check_company(one, panel)
    check_order(one, panel, rng)
    check_minimum(one, panel)
    check_hostile(one, panel)
    check_threads(one, panel, monkeypatch)
