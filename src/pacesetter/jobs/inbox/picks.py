"""Symbols that somebody puts forward become known, are asked for where there are no prices, and are noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import first_night
from pacesetter.kernel.ids import new_id
from pacesetter.market.symbol import BOX
from pacesetter.providers.files.ticker_list import Pick
from pacesetter.store.database.bulk import chunks
from pacesetter.store.desk.research_texts import TextRow, hash_text
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols.onboarding_symbols import current_names
from pacesetter.store.symbols.symbols import known_symbols, upsert_symbols
from pacesetter.store.tables.symbol import stocks

BY = "inbox"
NAMED = 20


@dataclass(frozen=True)
class Adopted:
    """Symbols as they are called now (by the name given), the stock of each, and those asked for."""

    names: Mapping[str, str]
    stocks: Mapping[str, UUID]
    asked: Sequence[str]

    def said(self) -> list[str]:
        """What to say of it."""
        renamed = [f"{old} is called {new} now" for old, new in self.names.items() if old != new]
        if not self.asked:
            return renamed
        more = f" and {len(self.asked) - NAMED} more" if len(self.asked) > NAMED else ""
        return [*renamed, f"without prices, so asked for: {', '.join(self.asked[:NAMED])}{more}"]


async def adopt(conn: AsyncConnection, wanted: Mapping[str, str], *, at: datetime) -> Adopted:
    """Make symbols (each with its urgency: high, normal or low) known, and ask for those without prices."""
    called = await current_names(conn, list(wanted))
    names = {symbol: called.get(symbol, symbol) for symbol in wanted}
    now = sorted(set(names.values()))
    known = await known_symbols(conn, now)
    await upsert_symbols(conn, [s for s in now if s not in known], asset_type=None, source="inbox")
    priceless = {
        s for s in now if s not in known or (known[s].last_price_date is None and known[s].asset_type != BOX)
    }
    for priority in queue.PRIORITIES:
        asked = {names[s] for s, urgency in wanted.items() if urgency == priority} & priceless
        await queue.ask_for(conn, sorted(asked), by=BY, priority=priority, at=at)
    ids: dict[str, UUID] = {}
    for chunk in chunks(now):
        rows = await conn.execute(select(stocks.c.symbol, stocks.c.id).where(stocks.c.symbol.in_(chunk)))
        ids |= {row.symbol: row.id for row in rows}
    return Adopted(names, ids, sorted(priceless))


def note_text(
    kind: str,
    symbol: str | None,
    adopted: Adopted | None,
    *,
    noted_on: date,
    known_at: datetime,
    title: str,
    source: str,
    body: str,
    data: Mapping[str, Any],
    file_id: UUID,
) -> TextRow:
    """A row of what a file says of a symbol, or of markets at large."""
    name = adopted.names[symbol] if adopted is not None and symbol is not None else None
    stock_id = adopted.stocks.get(name) if adopted is not None and name is not None else None
    return TextRow(
        id=new_id(),
        kind=kind,
        symbol=name,
        stock_id=stock_id,
        noted_on=noted_on,
        known_at=known_at,
        title=title,
        source=source,
        body=body,
        data=dict(data),
        sha256=hash_text(kind, name, noted_on, title, source, body, dict(data)),
        inbox_file_id=file_id,
    )


def note_picks(
    picks: Iterable[Pick], adopted: Adopted, *, at: datetime, file: str, file_id: UUID
) -> list[TextRow]:
    """A row for each symbol put forward, of the first evening that may know of it: what lies there on a
    Saturday, or at six in the morning, is to be told of by the night that begins at the next seven."""
    return [
        note_text(
            "manual",
            pick.symbol,
            adopted,
            noted_on=first_night(at),
            known_at=at,
            title=f"put forward in {file}"[:200],
            source=(pick.source or file)[:120],
            body=pick.reason,
            data={"reason": pick.reason, "source": pick.source or file, "urgency": pick.urgency},
            file_id=file_id,
        )
        for pick in picks
    ]
