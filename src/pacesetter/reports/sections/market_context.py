"""Market context: the benchmark, how broad the move was, the regime with its reason, the sectors."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, write_pct, write_price
from pacesetter.reports.night import NEAR_PCT, Market, Night
from pacesetter.reports.section import Figure, Item, Points, Told, section

MOST_EDGE = 3  # sectors that did best, and worst
LARGE_PCT = 2.0  # a day on which the benchmark moves so far is material
FAVOURS = "; favoured sectors lift scores, avoided ones lower them"


@section("market_context", order=70, title="Market", nothing="The market is as it was.")
def tell_market_context(night: Night, _: Sequence[Told]) -> list[Item]:
    """The market around what the desk does."""
    market = night.market
    if market is None:
        return []
    found = [_regime(market)]
    if market.close is not None:
        found.append(_benchmark(market))
    if market.n:
        found.append(_breadth(market))
    if market.sectors:
        found.append(_sectors(market))
    return found


def say_market(market: Market) -> str:
    """The market in one sentence."""
    said = []
    if market.close is not None:
        large = f", {say_large(market)}" if is_large(market) else ""
        said.append(f"{market.benchmark} {write_pct(market.change_1d_pct)}{large}")
    if market.n:
        up_pct = write_pct(100 * market.n_up / market.n, signed=False, digits=0)
        said.append(f"{up_pct} of {count(market.n, 'stock')} up")
    return ", ".join([*said, f"{market.regime} regime"])


def is_large(market: Market) -> bool:
    """Whether the benchmark moved so far in the day that nobody should call it a quiet one."""
    change = market.change_1d_pct
    return market.close is not None and change is not None and abs(change) >= LARGE_PCT


def say_large(market: Market) -> str:
    """What a large move was."""
    return f"a large {'rise' if (market.change_1d_pct or 0.0) > 0 else 'fall'}"


def _regime(market: Market) -> Item:
    return Item(
        key="regime",
        title="Regime",
        words=f"{market.regime}: {market.regime_reason}" if market.regime_reason else market.regime,
        mark=market.regime,
        tone={"bull": "good", "bear": "bad"}.get(market.regime, "plain"),  # type: ignore[arg-type]
        brief=f"{market.regime} regime",
        lasts=True,
    )


def _benchmark(market: Market) -> Item:
    changes = (
        ("1 day", market.change_1d_pct),
        ("5 days", market.change_5d_pct),
        ("21 days", market.change_21d_pct),
    )
    return Item(
        key="benchmark",
        title=market.benchmark,
        words=f"benchmark, {say_large(market)}: {LARGE_PCT:g} % or more" if is_large(market) else "benchmark",
        mark=[market.close, *(change for _, change in changes)],
        tone="plain" if not market.change_1d_pct else "good" if market.change_1d_pct > 0 else "bad",
        figures=[
            Figure("Close", write_price(market.close, market.unit), market.close),
            *(Figure(label, write_pct(change), change) for label, change in changes),
        ],
        material=is_large(market),
    )


def _breadth(market: Market) -> Item:
    counts = (("Up", market.n_up), ("Down", market.n_down))
    near = f"Within {NEAR_PCT:g} % of the 52-week"
    edges = ((f"{near} high", market.near_high), (f"{near} low", market.near_low))
    above = market.above_50d_pct
    figures = [Figure(label, f"{n:,}", n) for label, n in counts]
    figures.append(Figure("Above 50-day mean", write_pct(above, signed=False, digits=0), above))
    figures += [Figure(label, f"{n:,}", n) for label, n in edges]
    return Item(
        key="breadth",
        title="Breadth",
        words=f"of {count(market.n, 'stock')}",
        mark=[figure.value for figure in figures],
        figures=figures,
        material=False,
    )


def _sectors(market: Market) -> Item:
    lines = [
        f"{one.name} {write_pct(one.change_1d_pct)} (21 days {write_pct(one.change_21d_pct)}, "
        f"{count(one.n, 'stock')}{'' if one.favour == 'neutral' else ', ' + one.favour})"
        for one in sorted(market.sectors, key=lambda s: (-(s.change_1d_pct or 0.0), s.name))
    ]
    if len(lines) > 2 * MOST_EDGE:
        between = f"… {len(lines) - 2 * MOST_EDGE} between …"
        lines = [*lines[:MOST_EDGE], between, *lines[-MOST_EDGE:]]
    told = any(line.endswith(("favoured)", "avoided)")) for line in lines)
    return Item(
        key="sectors",
        title="Sectors",
        words="the middle stock's change of the day" + (FAVOURS if told else ""),
        mark=lines,
        points=[Points("", tuple(lines))],
        material=False,
    )
