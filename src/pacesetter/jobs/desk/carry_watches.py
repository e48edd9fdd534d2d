"""The watchlist on its way from the simulated market to the real one: what is waited for, not what fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.desk.watch_terms import tell_watch
from pacesetter.jobs.night.check_watchlist import with_state
from pacesetter.research.watch import WatchState
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.accounts.users import list_users
from pacesetter.store.desk.watchlist import WatchRow, find_watches, watchlist
from pacesetter.store.symbols.symbols import known_symbols, stock_ids, upsert_symbols


@dataclass(frozen=True)
class Watches:
    """Entries, the kind of each symbol, and the name of each owner by id."""

    rows: list[WatchRow]
    kinds: Mapping[str, str]
    owners: Mapping[object, str]


async def read_watches(conn: AsyncConnection) -> Watches:
    """All entries that stand in the simulated database."""
    rows = await find_watches(conn)
    known = await known_symbols(conn, [row.symbol for row in rows])
    kinds = {symbol: one.asset_type for symbol, one in known.items()}
    return Watches(rows, kinds, {user.id: user.name for user in await list_users(conn)})


async def take_watches(conn: AsyncConnection, watches: Watches, at: datetime) -> list[str]:
    """Watch for the same in a real database; the symbols, in order.

    Each begins armed: what fired, or proved wrong, did so on invented prices. One whose last date is over
    stays behind, and so does one whose owner is not here, since it would be everybody's otherwise.
    """
    here = {user.name: user.id for user in await list_users(conn)}
    have = {row.id for row in await find_watches(conn)}
    taken: list[WatchRow] = []
    for row in watches.rows:
        is_over = row.expiry_date is not None and row.expiry_date < at.date()
        owner = None if row.user_id is None else here.get(watches.owners.get(row.user_id, ""))
        if row.id in have or is_over or (row.user_id is not None and owner is None):
            continue
        taken.append(replace(with_state(row, WatchState()), user_id=owner, details=None))
    for kind in sorted({watches.kinds[row.symbol] for row in taken}):
        symbols = sorted({row.symbol for row in taken if watches.kinds[row.symbol] == kind})
        missing = [one for one in symbols if one not in await known_symbols(conn, symbols)]
        await upsert_symbols(conn, missing, asset_type=kind, source="admin")
    ids = await stock_ids(conn, {row.symbol for row in taken})
    taken = [replace(row, stock_id=ids.get(row.symbol)) for row in taken]
    await watchlist.add(conn, taken)
    for row in taken:
        await write_entry(conn, "watch.carried", tell_watch(row), at=at)
    return [row.symbol for row in taken]
