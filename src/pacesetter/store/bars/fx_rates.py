"""Exchange rates: stored as they were given, read as the worth of one unit in US dollars."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl
from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import stage
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.frames import read_frame

PAST = 'base, quote, "on", known_to, known_from, rate, data_source'  # columns of the history
RATES = {"base": pl.String, "quote": pl.String, "on": pl.Date, "rate": pl.Float64}


async def upsert_rates(conn: AsyncConnection, frame: pl.DataFrame, *, source: str, revision: int) -> Counts:
    """Store rates (``RATES``: so many ``quote`` for one ``base``); the newest word on a day holds; what it
    replaces goes to the history."""
    if frame.is_empty():
        return Counts()
    key = ("base", "quote", "on")
    incoming = frame.select(*RATES).unique(key, keep="last")
    await stage(conn, "incoming_rates", incoming.rename({"on": "day"}), key=("base", "quote", "day"))
    joined = 'JOIN incoming_rates i ON i.base = r.base AND i.quote = r.quote AND i.day = r."on"'
    counted = await conn.execute(
        text(
            "SELECT count(*), coalesce(sum(CASE WHEN i.rate <> r.rate THEN 1 ELSE 0 END), 0) "
            f"FROM fx_rates r {joined}"
        )
    )
    present, differing = (int(n) for n in counted.one())
    await conn.execute(
        text(
            f"INSERT INTO fx_rate_revisions ({PAST}) "
            'SELECT r.base, r.quote, r."on", :revision, r.known_from_revision, r.rate, r.data_source '
            f"FROM fx_rates r {joined} WHERE i.rate <> r.rate"
        ),
        {"revision": revision},
    )
    await conn.execute(
        text(
            'INSERT INTO fx_rates AS r (base, quote, "on", rate, data_source, known_from_revision) '
            "SELECT base, quote, day, rate, :source, :revision FROM incoming_rates WHERE true "
            'ON CONFLICT (base, quote, "on") DO UPDATE SET rate = excluded.rate, '
            "data_source = excluded.data_source, known_from_revision = excluded.known_from_revision, "
            "updated_at = CURRENT_TIMESTAMP WHERE r.rate <> excluded.rate"
        ),
        {"source": source, "revision": revision},
    )
    return Counts(incoming.height - present, differing, present - differing)


async def read_rates(
    conn: AsyncConnection, currencies: Collection[str], until: date | None = None
) -> pl.DataFrame:
    """The stored rates between any of ``currencies``, up to a date, oldest first (``RATES``)."""
    if not currencies:
        return pl.DataFrame(schema=RATES)
    wanted = sorted(set(currencies))
    query = text(
        'SELECT base, quote, "on", rate FROM fx_rates '
        'WHERE base IN :wanted AND quote IN :wanted AND "on" <= :until ORDER BY "on", base, quote'
    ).bindparams(
        bindparam("wanted", wanted, expanding=True), bindparam("until", until or date(9999, 12, 31), Date)
    )
    return await read_frame(conn, query, RATES)


async def stamp_rates(conn: AsyncConnection) -> bytes:
    """What state the stored rates are in, in a few bytes, without reading them."""
    # SQLite's clock tells whole seconds, in which rates may change twice: their sum tells them apart.
    total = "sum(rate)" if conn.dialect.name == "sqlite" else "0"
    row = await conn.execute(text(f"SELECT count(*), max(updated_at), {total} FROM fx_rates"))
    return repr(tuple(str(value) for value in row.one())).encode()
