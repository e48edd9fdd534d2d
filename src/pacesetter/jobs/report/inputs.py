"""Everything that a morning report tells, gathered: from the night in memory, and from what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.report.health import look_at_data
from pacesetter.jobs.report.movers import find_movers
from pacesetter.jobs.report.night_made import NightMade, Watched
from pacesetter.jobs.report.orders import find_waiting, list_orders
from pacesetter.jobs.report.portfolios import find_alerts, find_traded
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.reports.night import (
    NEAR_PCT,
    Converged,
    Discovery,
    Market,
    Night,
    Piece,
    Queue,
    Sector,
    Step,
    Trigger,
    WatchChange,
)
from pacesetter.research.condition import facts_of, parse_condition
from pacesetter.research.condition_words import PERCENT, name_in_words, to_words
from pacesetter.store.accounts.users import count_active

MOST_CONVERGED, MOST_WAITING = 5, 5
LEAST_IN_SECTOR = 3


async def gather_report(ws: Workspace, made: NightMade) -> Night:
    """The night as plain values; reads the ranks' causes, the portfolios and the state of the data."""
    board = await find_movers(ws, made)
    async with ws.db.read() as conn:
        alerts = await find_alerts(conn, made)
        traded = await find_traded(conn, made)
        waiting = await find_waiting(conn, made)
        watched = await told_watches(conn, made.watched)
        health = await look_at_data(conn, made)
    orders = list_orders(made)
    return Night(
        on=made.evidence.on,
        previous_on=made.previous_on,
        simulated=ws.simulated,
        mode=str(made.settings["desk"].parameters.get("mode", "manual"))
        if "desk" in made.settings
        else "manual",
        n_analysed=len(made.opinions),
        n_decided=len(orders),
        orders=(*orders, *waiting),
        traded=traded,
        alerts=alerts,
        triggers=tuple(found for one in watched if (found := tell_watch(one, made.evidence))),
        board=board,
        queue=tell_queue(made),
        market=tell_market(made.evidence, ws.settings.benchmark),
        discovery=tell_discovery(made),
        health=health,
    )


async def told_watches(conn: AsyncConnection, watched: Sequence[Watched]) -> list[Watched]:
    """The entries that everyone who reads the report may know of: nobody's own, and all where there is one
    person at most."""
    if await count_active(conn) <= 1:
        return list(watched)
    return [one for one in watched if one.after.user_id is None]


def tell_watch(watched: Watched, evidence: Evidence) -> Trigger | None:
    """What the evening did with an entry; None where there is nothing to tell."""
    row = watched.after
    changes: Mapping[str | None, WatchChange] = {
        "fired": "fired",
        "rearmed": "rearmed",
        "expired": "expired",
        "invalid": "invalid",
    }
    change = changes.get(watched.change)
    if change is None and row.status == "fired":
        change = "standing"
    if change is None:
        return None
    try:
        condition = parse_condition(row.condition)
        words, facts = to_words(condition), facts_of(condition)
    except InputError:
        words, facts = "a condition that cannot be read", []
    known, listing = evidence.of(row.symbol), evidence.listings.get(row.symbol)
    checked: Mapping[str, Any] = (row.details or {}).get("validation") or {}
    return Trigger(
        symbol=row.symbol,
        name=None if listing is None else listing.name,
        change=change,
        condition=words,
        values=tuple((name_fact(name), known[name]) for name in facts if name in known),
        thesis=row.thesis,
        holds=checked.get("holds"),
        reason=str(checked.get("reason") or ""),
        times=row.times_triggered,
        fired_on=row.last_triggered_on,
    )


def name_fact(fact: str) -> str:
    """A fact as the label of a figure."""
    name = name_in_words(fact).removeprefix("the ").removeprefix("its ")
    return f"{name[:1].upper()}{name[1:]}{', %' if fact in PERCENT else ''}"


def tell_queue(made: NightMade) -> Queue:
    """What the research queue did, and who waits."""
    listings = made.evidence.listings
    steps = [
        Step(
            symbol=one.symbol,
            name=listings[one.symbol].name if one.symbol in listings else None,
            change=one.change,
            score=one.score,
            before=one.before,
            reason=one.reason,
        )
        for one in made.queue.transitions
    ]
    best = [(one.symbol, one.score) for one in made.queue.entries[:MOST_WAITING]]
    return Queue(steps, len(made.queue.entries), best)


def tell_market(evidence: Evidence, benchmark: str) -> Market:
    """The benchmark, and the stocks around: those with a close of the session."""
    facts, listing = evidence.of(benchmark), evidence.listings.get(benchmark)
    equities = [symbol for symbol, one in evidence.listings.items() if one.asset_type == "equity"]
    stocks = evidence.facts.filter(
        pl.col("symbol").is_in(equities),
        pl.col("freshness.sessions_behind") == 0,
        pl.col("price.change_1d_pct").is_not_null(),
    )
    change = stocks["price.change_1d_pct"]
    trend = stocks.select("price.close", "technical.sma_50").drop_nulls()
    above = int((trend["price.close"] > trend["technical.sma_50"]).sum())
    return Market(
        benchmark=benchmark,
        unit=None if listing is None or listing.quote_unit != 1 else listing.currency,
        close=facts.get("price.close"),
        change_1d_pct=facts.get("price.change_1d_pct"),
        change_5d_pct=facts.get("price.change_5d_pct"),
        change_21d_pct=facts.get("price.change_21d_pct"),
        regime=evidence.regime,
        regime_reason=evidence.regime_reason,
        n=stocks.height,
        n_up=int((change > 0).sum()),
        n_down=int((change < 0).sum()),
        above_50d_pct=100 * above / trend.height if trend.height else None,
        near_high=int((stocks["price.below_high_pct"] <= NEAR_PCT).sum()),
        near_low=int((stocks["price.above_low_pct"] <= NEAR_PCT).sum()),
        sectors=tell_sectors(stocks, evidence),
    )


def tell_sectors(stocks: pl.DataFrame, evidence: Evidence) -> tuple[Sector, ...]:
    """The middle change of each sector with enough stocks."""
    found: dict[str, list[tuple[str, float, float | None]]] = {}
    columns = ("symbol", "price.change_1d_pct", "price.change_21d_pct")
    for symbol, day, month in stocks.select(columns).iter_rows():
        if sector := evidence.listings[symbol].sector:
            found.setdefault(sector, []).append((symbol, day, month))
    sectors = []
    for name, rows in sorted(found.items()):
        if len(rows) < LEAST_IN_SECTOR:
            continue
        months = [month for _, _, month in rows if month is not None]
        favours = Counter(evidence.favours.get(symbol, "neutral") for symbol, _, _ in rows)
        favour = max(sorted(favours), key=lambda one: favours[one])
        day = median(day for _, day, _ in rows)
        sectors.append(Sector(name, len(rows), day, median(months) if months else None, favour))
    return tuple(sectors)


def tell_discovery(made: NightMade) -> Discovery:
    """Signals of the evening by type, and the best convergences with what they are made of."""
    kinds = Counter(one.signal_type for one in made.found)
    frame = made.convergence.frame
    best = []
    for symbol in frame["symbol"].head(MOST_CONVERGED).to_list():
        whole = made.convergence.breakdown(symbol)
        if whole.band == made.desk.convergence.bands[0][0]:
            continue  # who is only kept an eye on
        fields = ("signal_type", "source", "base_score", "age_days", "decay_factor", "decayed")
        pieces = [Piece(**{name: asdict(part)[name] for name in fields}) for part in whole.parts]
        listing = made.evidence.listings.get(symbol)
        best.append(
            Converged(
                symbol=symbol,
                name=None if listing is None else listing.name,
                score=whole.score,
                band=whole.band,
                decayed_sum=whole.decayed_sum,
                regime=whole.regime_multiplier,
                sector=whole.sector_multiplier,
                bonus=whole.bonus,
                pieces=pieces,
            )
        )
    bands = Counter(frame["band"].to_list())
    return Discovery(
        kinds=tuple(sorted(kinds.items(), key=lambda one: (-one[1], one[0]))),
        n_symbols=len({one.symbol for one in made.found}),
        bands=tuple(sorted(bands.items())),
        best=tuple(best),
    )
