"""A day's figures of a box, entered by hand: checked, stored as an import of one row, and ranked at once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boxes.edit_box import BoxEdited, edit_box
from pacesetter.jobs.boxes.take_in_boxes import take_in
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.kernel.ids import new_id
from pacesetter.market.box import FIELDS, MANUAL
from pacesetter.providers.files.box_table import keepable
from pacesetter.providers.files.boxes import CENT, EARLIEST, FACTS, GREATEST
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.boxes.box_products import find_product
from pacesetter.store.boxes.boxes import read_last_floor, read_observations
from pacesetter.store.database.revisions import finish_import, start_import

__all__ = ["BoxEdited", "BoxEntered", "edit_box", "enter_box_day"]

FAR = 5.0  # a floor so many times the last one, or that part of it, is taken for a slip of the pen
LONGEST_NOTE = 500


@dataclass(frozen=True)
class BoxEntered:
    """An entry: ``fate`` is inserted, changed or unchanged; ``replaced`` the figures of an earlier entry of
    that day. ``import_id`` takes it back; None where nothing changed."""

    symbol: str
    on: date
    by: str
    fate: str
    import_id: UUID | None
    figures: Mapping[str, float | None]
    replaced: Mapping[str, float | None] | None = None
    ranked: int = 0
    said: list[str] = field(default_factory=list)


async def enter_box_day(
    ws: Workspace,
    symbol: str,
    on: date,
    figures: Mapping[str, float | None],
    *,
    by: str,
    note: str | None = None,
    confirm: bool = False,
    confirm_by: str = "send confirm: true",
) -> BoxEntered:
    """Store what a person saw of a box (its symbol, external id or name) on a day: any of ``FIELDS``, in
    dollars, listings and boxes.

    It goes before every other source, takes the place of an earlier entry of that day as a whole, and
    can be taken back like an import. A floor price far from the last one is refused unless it is
    confirmed, and ``confirm_by`` says how whoever asks does that. ``BadDate``, ``InputError`` say what
    cannot be.
    """
    at = ws.now()
    check_day(on, at.date())
    given = check_figures(figures)
    note = keepable(" ".join(note.split())) if note and not note.isspace() else None
    if note is not None and len(note) > LONGEST_NOTE:
        raise InputError("the note is too long", where="note", mend=f"at most {LONGEST_NOTE} characters")
    async with ws.db.write() as conn:
        told = (await find_product(conn, symbol))["symbol"]
        own = (await read_roots(conn))[told]
        floor = given["floor_price_usd"]
        if floor is not None and not confirm:
            await refuse_far(conn, own, on, floor, confirm_by)
        seen = (await read_observations(conn, symbols=[own], until=on)).filter(
            (pl.col("date") == on) & (pl.col("source") == MANUAL)
        )
        former = seen.select(FIELDS).row(0, named=True) if seen.height else None
        if former == given:
            return BoxEntered(own, on, by, "unchanged", None, given, said=["it was entered so before"])
        import_id = new_id()
        original = {name: value for name, value in given.items() if value is not None} | {"by": by}
        written = orjson.dumps(original | ({"note": note} if note else {})).decode()
        await start_import(
            conn,
            import_id,
            kind="boxes",
            file_name=f"entry of {own} on {on}",
            sha256=hashlib.sha256(written.encode()).hexdigest(),
            options={"by": by, "note": note, "source": MANUAL, "symbol": own, "date": on.isoformat()},
            at=at,
        )
        done = await take_in(
            ws, conn, one_row(told, on, given, written), import_id=import_id, at=at, by=MANUAL
        )
        counts = {
            **{"read": 1, "stored": 1, "quarantined": 0, "refused": 0},
            **{"inserted": done.inserted, "changed": done.changed, "unchanged": done.unchanged},
        }
        await finish_import(conn, import_id, counts=counts, at=at)
    fate = "changed" if former else "inserted"
    said = [*done.said, *compare(former, given)]
    said += [f"{told} is joined into {own}: it was entered there"] if told != own else []
    return BoxEntered(own, on, by, fate, import_id, given, former, len(done.ranked), said)


def check_day(on: date, today: date) -> None:
    """``BadDate`` for a day that cannot have been seen."""
    if on > today:
        raise BadDate(f"{on} is in the future", where="date", mend=f"the newest day is {today} (UTC)")
    if on < EARLIEST:
        raise BadDate(f"{on} is before {EARLIEST}", where="date", mend="look at the year")


def check_figures(figures: Mapping[str, Any]) -> dict[str, float | None]:
    """All of ``FIELDS``, None where nothing was seen; ``InputError`` for a figure that cannot be."""
    strange = sorted(set(figures) - set(FIELDS))
    if strange:
        raise InputError(f"a day has no {strange[0]!r}", mend=f"it has {', '.join(FIELDS)}")
    given = {name: None if figures.get(name) is None else figures[name] for name in FIELDS}
    if all(value is None for value in given.values()):
        raise InputError("there is no figure", mend=f"give at least one of {', '.join(FIELDS)}")
    return {name: None if value is None else check_figure(name, value) for name, value in given.items()}


def check_figure(name: str, value: Any) -> float:
    """A figure as it is stored."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{value!r} is no number", where=name, mend="give a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{value} is no number that can be", where=name, mend="give a finite number")
    if value < 0:
        raise InputError(f"{value} is below zero", where=name, mend="give zero or more")
    if value > GREATEST:
        raise InputError(f"{value} is too large", where=name, mend=f"at most {GREATEST:,.0f}")
    if name == "floor_price_usd" and value < CENT:
        raise InputError(
            f"{value} dollars is no price", where=name, mend="leave it out where nothing is offered"
        )
    if name == "active_listings_count" and value != int(value):
        raise InputError(f"{value} is no count of listings", where=name, mend="give a whole number")
    return float(value)


async def refuse_far(conn: AsyncConnection, symbol: str, on: date, floor: float, confirm_by: str) -> None:
    """``InputError`` for a floor price that is most likely a slip of the pen; ``confirm_by``: what to do
    where it is none."""
    last = await read_last_floor(conn, symbol, on)
    if last is not None and not last[1] / FAR <= floor <= last[1] * FAR:
        raise InputError(
            f"a floor price of ${floor:,.2f} is far from the ${last[1]:,.2f} of {last[0]}",
            where=f"{symbol} {on}",
            mend=f"mend it, or confirm it: {confirm_by}",
        )


def one_row(symbol: str, on: date, figures: Mapping[str, float | None], original: str) -> pl.DataFrame:
    """An entry as the row of a file."""
    cells = {"row": 1, "box_id": symbol, "date": on, "source": MANUAL, **figures, "original": original}
    frame = pl.DataFrame([cells], schema_overrides=dict.fromkeys(FIELDS, pl.Float64))
    facts = [pl.lit(None, pl.Date if name == "released_on" else pl.String).alias(name) for name in FACTS]
    return frame.with_columns(facts)


def compare(former: Mapping[str, float | None] | None, given: Mapping[str, float | None]) -> list[str]:
    """What an entry replaced, in words; a figure that only the former one had is named."""
    if former is None:
        return []
    lost = [name for name in FIELDS if former[name] is not None and given[name] is None]
    told = ["it takes the place of an earlier entry of that day, which is kept as history"]
    if lost:
        gone = ", ".join(f"{name} {former[name]:g}" for name in lost)
        told.append(f"that one also had {gone}: enter it again if it still holds")
    return told
