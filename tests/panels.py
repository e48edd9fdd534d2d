"""Random panels for tests: holes, provisional bars, zero volumes, stale symbols, facts."""

from __future__ import annotations

import numpy as np

from pacesetter.market.growth import measure_growth
from pacesetter.market.panel import Facts, Panel

START = 15_000  # a day number in 2011
NO_ACTIONS = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, bool), np.empty(0))


def random_panel(
    rng: np.random.Generator,
    *,
    symbols: int = 8,
    days: int = 330,
    benchmark: bool = True,
    holes: float = 0.05,
) -> Panel:
    """A panel of random walks on a calendar with weekends, valued on its last few sessions."""
    calendar = np.array([START + 7 * w + d for w in range(days // 5 + 2) for d in range(5)], np.int32)[:days]
    names = [f"S{i:02d}" for i in range(symbols)] + (["SPY"] if benchmark else [])
    columns: dict[str, list[np.ndarray]] = {k: [] for k in ("date", "close", "volume", "final")}
    counts = []
    for name in names:
        kept = rng.random(days) >= (min(holes, 0.01) if name == "SPY" else holes)
        if name == "S01":
            kept[-9:] = False  # stale
        if name == "S02":
            kept[: days - 230] = False  # too short for some windows
        dates = calendar[kept]
        n = len(dates)
        close = 50.0 * np.exp(np.cumsum(rng.normal(0.0004, 0.02, n)))
        volume = np.round(rng.lognormal(12, 0.5, n))
        if name == "S03":
            volume[-150:] = 0.0
        if name == "S04":
            volume[-5] = np.nan
        final = np.ones(n, bool)
        final[dates == calendar[-1]] = False
        for key, value in (("date", dates), ("close", close), ("volume", volume), ("final", final)):
            columns[key].append(value)
        counts.append(n)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    flat = {k: np.concatenate(v) for k, v in columns.items()}
    owner = np.repeat(np.arange(len(names), dtype=np.int32), counts)
    no_adjusted = np.full(len(owner), np.nan)
    basis = ["split_dividend"] * len(names)
    growth = measure_growth(owner, flat["date"], flat["close"], no_adjusted, basis, NO_ACTIONS)
    return Panel(
        symbols=tuple(names),
        offsets=offsets,
        date=flat["date"],
        open=flat["close"],
        high=flat["close"] * 1.01,
        low=flat["close"] * 0.99,
        close=flat["close"],
        volume=flat["volume"],
        growth=growth,
        final=flat["final"],
        calendar=calendar,
        sessions=calendar[-6:],
        asset_type=tuple("etf" if name == "SPY" else "equity" for name in names),
        currency=("USD",) * (len(names) - 1) + ("GBP",),
        quote_unit=np.array([1.0] * (len(names) - 1) + [100.0]),
        benchmark=names.index("SPY") if benchmark else None,
        facts=random_facts(rng, len(names), calendar),
    )


def random_facts(rng: np.random.Generator, symbols: int, calendar: np.ndarray) -> Facts:
    """Some facts a symbol, known at random days, some periods restated, some blank."""
    rows = []
    for s in range(symbols):
        for _ in range(int(rng.integers(0, 7))):
            as_of = int(rng.choice(calendar))
            rows.append((s, as_of + int(rng.integers(0, 60)), as_of, rng.normal(2, 3), rng.random() < 0.2))
    rows.sort(key=lambda r: r[:3])
    eps = np.array([np.nan if blank else value for *_, value, blank in rows], float)
    currency = tuple("EUR" if i % 5 == 0 else ("USD" if i % 2 else None) for i in range(len(rows)))
    return Facts(
        symbol=np.array([r[0] for r in rows], np.int32),
        known_on=np.array([r[1] for r in rows], np.int32),
        as_of=np.array([r[2] for r in rows], np.int32),
        values={
            "eps": eps,
            "trailing_pe": eps * 7,
            "price_to_sales": eps,
            "price_to_book": eps - 1,
            "roe": eps / 9,
        },
        currency=currency,
    )
