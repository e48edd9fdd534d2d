"""Cached segments of accepted bars: immutable Arrow files and the manifest that names them.

A segment holds all bars of one period: a whole year, or one month of the newest year, so
that a day's writing rebuilds a month and not a year. The manifest is replaced by an
atomic rename; the folder may be deleted at any time, and a damaged file is built anew.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import polars as pl
from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.bars.bars import BAR_FRAME
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import get_meta, set_meta
from pacesetter.store.tables.import_ import data_revisions

FORMAT = 3
GRACE_S = 600.0  # another process may be about to name, or to open, a file that no manifest names
COLUMNS: dict[str, type[pl.DataType]] = {**BAR_FRAME, "volume": pl.Float64}


@dataclass(frozen=True)
class Segment:
    """One file: its name, rows, checksum, and the symbols that its codes stand for."""

    file: str
    rows: int
    checksum: int
    symbols: list[str]


@dataclass
class Manifest:
    """Which segments hold the state of which data revision.

    ``recorded``: when that revision was recorded. A restored backup may count again from
    an older revision; the same number at another instant is another state.
    """

    format: int = FORMAT
    revision: int = -1
    recorded: str = ""
    segments: dict[str, Segment] = field(default_factory=dict)


def period_of(on: date, newest: date) -> str:
    """``"2024"``, or ``"2025-07"`` in the newest year."""
    return str(on.year) if on.year < newest.year else f"{on.year}-{on.month:02d}"


def period_bounds(period: str) -> tuple[date, date]:
    """The first day of a period and the first day after it."""
    year, _, month = period.partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    first = date(int(year), int(month), 1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def read_manifest(folder: Path) -> Manifest:
    """The manifest; an empty one where there is none that can be used."""
    try:
        plain = json.loads((folder / "manifest.json").read_text("utf-8"))
        if plain["format"] != FORMAT:
            return Manifest()
        segments = {period: Segment(**one) for period, one in plain["segments"].items()}
        return Manifest(FORMAT, int(plain["revision"]), plain["recorded"], segments)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest by an atomic rename, then drop old files that it does not name."""
    half = folder / f"manifest.{uuid4().hex}.part"
    half.write_text(json.dumps(asdict(manifest)), "utf-8")
    os.replace(half, folder / "manifest.json")
    named = {"manifest.json", *(segment.file for segment in manifest.segments.values())}
    now = (folder / "manifest.json").stat().st_mtime  # the file system's own clock
    for stray in folder.iterdir():
        with suppress(OSError):  # another process may be quicker
            if stray.name not in named and stray.stat().st_mtime < now - GRACE_S:
                stray.unlink()


async def database_folder(conn: AsyncConnection, panels: Path) -> Path | None:
    """The folder of this very database; None until it has an identity."""
    identity = await get_meta(conn, "database_id")
    return None if identity is None else panels / identity


async def give_identity(conn: AsyncConnection) -> None:
    """Make sure that the database has an identity of its own."""
    if await get_meta(conn, "database_id") is None:
        await set_meta(conn, "database_id", uuid4().hex)


async def touched_periods(conn: AsyncConnection, manifest: Manifest, newest: date) -> set[str]:
    """Periods whose bars changed after the manifest's revision."""
    seen = {"seen": manifest.revision}
    rows = await read_frame(
        conn,
        text(
            "SELECT DISTINCT date FROM market_data_cache WHERE known_from_revision > :seen "
            "UNION SELECT DISTINCT date FROM market_data_revisions WHERE known_to > :seen"
        ).bindparams(**seen),
        {"date": pl.Date},
    )
    return {period_of(on, newest) for on in rows["date"]}


async def revision_stamp(conn: AsyncConnection, revision: int | None) -> tuple[int, str]:
    """A data revision (None: the newest) and when it was recorded; (0, "") when there is none."""
    row = data_revisions.c
    query = select(row.revision, row.recorded_at).order_by(row.revision.desc()).limit(1)
    if revision is not None:
        query = query.where(row.revision == revision)
    found = (await conn.execute(query)).first()
    return (0, "") if found is None else (found.revision, found.recorded_at.isoformat())


async def still_valid(conn: AsyncConnection, manifest: Manifest) -> Manifest:
    """The manifest, unless the database does not hold the state that it was made from."""
    stamp = (manifest.revision, manifest.recorded)
    known = manifest.revision < 0 or await revision_stamp(conn, manifest.revision) == stamp
    return manifest if known else Manifest()


async def refresh(conn: AsyncConnection, folder: Path) -> Manifest:
    """Bring the segments up to the database's newest revision, and return their manifest."""
    manifest = await still_valid(conn, read_manifest(folder))
    revision, recorded = await revision_stamp(conn, None)
    broken = {period for period, one in manifest.segments.items() if not is_whole(folder, one)}
    if manifest.revision == revision and not broken:
        return manifest
    bounds = (await conn.execute(text("SELECT min(date), max(date) FROM market_data_cache"))).one()
    if bounds[0] is None:
        return Manifest(FORMAT, revision, recorded)
    first, newest = (b if isinstance(b, date) else date.fromisoformat(b) for b in bounds)
    months = [date(y, m, 1) for y in range(first.year, newest.year + 1) for m in range(1, 13)]
    wanted = dict.fromkeys(period_of(month, newest) for month in months)
    touched = broken | await touched_periods(conn, manifest, newest)
    folder.mkdir(parents=True, exist_ok=True)
    segments: dict[str, Segment] = {}
    for period in wanted:
        kept = manifest.segments.get(period)
        made = kept if kept and period not in touched else await build(conn, folder, period)
        if made.rows:
            segments[period] = made
    fresh = Manifest(FORMAT, revision, recorded, segments)
    write_manifest(folder, fresh)
    return fresh


async def build(conn: AsyncConnection, folder: Path, period: str) -> Segment:
    """Write one segment from the database."""
    first, after = period_bounds(period)
    frame = await read_frame(
        conn,
        text(
            f"SELECT {', '.join(COLUMNS)} FROM market_data_cache WHERE date >= :first AND date < :after"
        ).bindparams(bindparam("first", first, Date), bindparam("after", after, Date)),
        COLUMNS,
    )
    if frame.is_empty():
        return Segment("", 0, 0, [])
    symbols, coded = code_rows(frame)
    name = f"{period}-{uuid4().hex[:12]}.arrow"
    coded.rechunk().write_ipc(folder / name, compression="uncompressed")
    return Segment(name, coded.height, checksum(folder / name), symbols)


def code_rows(frame: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """Rows (``COLUMNS``) with a number in place of the symbol, sorted by it and date; and the symbols.

    PostgreSQL sorts by its locale: the order of Python's strings is the one that counts.
    """
    symbols = sorted(frame["symbol"].unique().to_list())
    code = pl.col("symbol").replace_strict(symbols, range(len(symbols)), return_dtype=pl.Int32)
    rest = pl.exclude("code", "date", "symbol")
    coded = frame.with_columns(code=code).sort("code", "date")
    return symbols, coded.select("code", pl.col("date").cast(pl.Int32), rest)


def checksum(path: Path) -> int:
    """CRC-32 of a file's bytes, computed once a process as long as the file is not written to."""
    seen = path.stat()
    return _checksum(path, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=1024)
def _checksum(path: Path, _size: int, _written_ns: int) -> int:
    return zlib.crc32(path.read_bytes())


def is_whole(folder: Path, segment: Segment) -> bool:
    """Whether a segment's file is there and is what was written."""
    try:
        return checksum(folder / segment.file) == segment.checksum
    except OSError:
        return False


def read_segments(folder: Path, manifest: Manifest) -> list[tuple[list[str], pl.DataFrame]]:
    """Each segment's symbols and rows, oldest period first."""
    return [
        (one.symbols, pl.read_ipc(folder / one.file))
        for _, one in sorted(manifest.segments.items(), key=lambda item: period_bounds(item[0])[0])
    ]
