"""The evidence of an evening, read from the database: bars, ranks, fundamentals and texts, none of it later.

Equities and ETFs only. Sealed boxes are left out: they trade on days of their own, have no bars, and
what moves them is not what moves a share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import RANKS, Evidence, Listing, Text, known_until
from pacesetter.agents.fact_table import (
    Sources,
    choose_main,
    frame_facts,
    recall_facts,
    tabulate,
    with_market,
)
from pacesetter.agents.regime import judge_regime, judge_sectors, load_rule
from pacesetter.factors.windows import settle
from pacesetter.jobs.boards.board_panels import load_board_panel
from pacesetter.jobs.night.evening_shares import in_evening_shares, shares_since
from pacesetter.jobs.night.moment import Moment
from pacesetter.jobs.night.user_screens import read_screens
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate
from pacesetter.market.calendar import expected_session, is_session, sessions_before
from pacesetter.store.boards.final_ranks import final_ranks, newest_final_date
from pacesetter.store.desk.known_texts import texts_known
from pacesetter.store.desk.nights import nights
from pacesetter.store.desk.research_texts import TextRow
from pacesetter.store.symbols.symbols import list_symbols

KINDS = ("equity", "etf")
SESSIONS = 300
RECALLED = 254  # a year of sessions, and the one before it for what is crossed on the first
NOW = Moment()
NEW_FOR = timedelta(days=10)  # after a longer pause of the desk older texts are no news
TEXT_DAYS = 470  # what was noted in the year that is recalled, and 90 days before


async def load_evidence(
    ws: Workspace, on: date | None = None, *, recall_of: Collection[str] = (), moment: Moment = NOW
) -> Evidence:
    """What was known on the evening of a session with final published ranks (None: the newest).

    ``recall`` gives any symbol's facts of a year; those of its rank only for ``recall_of``, for others of
    the last two sessions alone: a year of everybody's ranks is too much to read for what few ask.
    ``moment``: as of when prices, fundamentals and ranks are read; texts are always those of the evening.
    ``BadDate`` where the session has no final ranks.
    """
    async with ws.db.read() as conn:
        on = await find_session(conn, ws.settings.calendar, on)
        sessions = tuple(sessions_before(ws.settings.calendar, on, SESSIONS))
        ranks = await final_ranks(conn, sessions[-2], on, at=moment.data_at)
        years = None
        if recall_of:
            years = await final_ranks(conn, sessions[-RECALLED:][0], on, recall_of, at=moment.data_at)
        limit = known_until(on)
        known_before = await _read_until(conn, on, sessions[-2])
        rows = await texts_known(conn, on - timedelta(days=TEXT_DAYS), on, limit)
        listed = await list_symbols(conn)
        listings = {row.symbol: _read_listing(row) for row in listed}
        shares = await shares_since(conn, listed, on, _newest_at(ws, moment.data_at))
    listings = {symbol: one for symbol, one in listings.items() if one.asset_type in KINDS}
    panel = await load_board_panel(ws, sessions=sessions[-2:], asset_types=KINDS, at=moment.revision)
    texts = tuple(_read_text(row) for row in rows)
    screens, flaws = read_screens(ws.home.root)

    def build() -> Evidence:
        main = choose_main(ranks if years is None else pl.concat([ranks, years]).unique())
        sources = Sources(with_market(settle(panel).panel), main, texts)
        table = tabulate(sources, sessions[-2:])
        before, facts = (
            in_evening_shares(
                frame_facts(sources.panel, table, t).filter(pl.col("symbol").is_in(list(listings))), shares
            )
            for t in (0, 1)
        )
        rule = load_rule()
        regime, reason = judge_regime(sources.panel, rule)
        own = ranks.filter(pl.col("on") == on, pl.col("symbol").is_in(list(listings)))
        return Evidence(
            on=on,
            known_until=limit,
            sessions=sessions,
            facts=facts,
            before=before,
            ranks=own.select(RANKS.names()).cast(RANKS),
            listings=listings,
            texts=texts,
            regime=regime,
            regime_reason=reason,
            favours=judge_sectors(facts, listings, rule),
            screens=screens,
            screen_flaws=flaws,
            known_before=known_before,
            recall=cache(lambda symbol: recall_facts(sources, symbol, sessions[-RECALLED:])),
        )

    return await asyncio.to_thread(build)


async def find_session(conn: AsyncConnection, calendar: str, on: date | None) -> date:
    """The session that is meant; it must have final ranks."""
    if on is not None and not is_session(calendar, on):
        raise BadDate(f"{on} is no session of {calendar}", mend="choose a day on which the exchange opens")
    newest = await newest_final_date(conn, on)
    if newest is None:
        until = "" if on is None else f" on or before {on}"
        raise BadDate(
            f"there are no final ranks{until}", mend="run `pacesetter cycle` or `pacesetter backfill ranks`"
        )
    if on is not None and newest != on:
        raise BadDate(
            f"there are no final ranks of {on}",
            mend=f"rank it by `pacesetter backfill ranks --from {on} --to {on}`; the newest before: {newest}",
        )
    return newest


async def _read_until(conn: AsyncConnection, on: date, before: date) -> datetime:
    """Until when the newest night before ``on`` had read texts, so that none is lost with a night that nobody
    worked through; where there is none, the end of the session ``before``."""
    of = nights.table.c.night_on
    past = await nights.find(conn, of < on, order_by=[of.desc()], limit=1)
    if not past:
        return datetime.combine(before + timedelta(days=1), time(), UTC)
    return max(past[0].known_until, known_until(on - NEW_FOR))


def _newest_at(ws: Workspace, at: datetime | None) -> date | None:
    """The newest session whose prices could be there at an instant."""
    if at is None:
        return None
    return expected_session(ws.settings.calendar, at, timedelta(minutes=ws.settings.final_delay_minutes))


def _read_listing(row: object) -> Listing:
    of = {
        name: getattr(row, name)
        for name in ("symbol", "name", "asset_type", "sector", "industry", "currency")
    }
    return Listing(**of, quote_unit=100.0 if getattr(row, "quote_unit", None) == "GBX" else 1.0)


def _read_text(row: TextRow) -> Text:
    return Text(
        kind=row.kind,
        symbol=row.symbol,
        noted_on=row.noted_on,
        known_at=row.known_at,
        title=row.title,
        source=row.source,
        body=row.body,
        data=row.data,
        sha256=row.sha256,
    )
