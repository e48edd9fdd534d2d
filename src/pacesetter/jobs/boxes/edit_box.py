"""Facts about a box, given by hand: checked, and noted with who gave them and what stood there before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import polars as pl
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boxes.describe_boxes import complete, edited_facts
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files.box_table import keepable
from pacesetter.providers.files.boxes import EARLIEST, LONGEST, RISKS, is_https
from pacesetter.store.boxes.box_products import (
    EDIT,
    FACTS,
    find_kept,
    list_edits,
    list_products,
    set_products,
)
from pacesetter.store.database.revisions import finish_import, hold_revisions, mark_undone, start_import


@dataclass(frozen=True)
class BoxEdited:
    """A box after an edit: its facts, and of those that changed what they were and what they are.

    ``import_id`` names the note of it; None where nothing changed."""

    symbol: str
    import_id: UUID | None
    by: str
    facts: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def edit_box(ws: Workspace, symbol: str, changes: Mapping[str, Any], *, by: str) -> BoxEdited:
    """Change facts of a box (its symbol, external id or name): any of ``FACTS``; an empty text clears one.

    Later files do not change what was edited. ``InputError`` for a value that the fact cannot have.
    """
    wanted = check_facts(changes)
    at = ws.now()
    async with ws.db.write() as conn:
        await hold_revisions(conn)  # an import would write back what it has read before
        known = await find_kept(conn, symbol)
        after = {name: value for name, value in wanted.items() if value != known[name]}
        before = {name: known[name] for name in after}
        if not after:
            return BoxEdited(known["symbol"], None, by, known, {}, {})
        fixed = {*wanted, *(await edited_facts(conn)).get(known["symbol"], ())}
        whole = complete({**known, **after}, {}, fixed)
        filled = {name: whole[name] for name in whole if name not in after and whole[name] != known[name]}
        await set_products(conn, as_frame([whole]))
        import_id = new_id()
        options = {"symbol": known["symbol"], "by": by, "before": plain(before), "after": plain(after)}
        options["filled"] = filled  # what only the new name says: later files may change it
        await start_import(
            conn,
            import_id,
            kind=EDIT,
            file_name=f"facts of {known['symbol']}",
            sha256=hashlib.sha256(orjson.dumps(options["after"])).hexdigest(),
            options=options,
            at=at,
        )
        await finish_import(
            conn, import_id, counts={"read": 1, "stored": 1, "quarantined": 0, "refused": 0}, at=at
        )
    return BoxEdited(known["symbol"], import_id, by, whole, before, after)


async def undo_edit(conn: AsyncConnection, found: Row[Any], at: datetime) -> dict[str, Any]:
    """Bring back what an edit replaced, or what stood before that where it came from an edit that is undone;
    a fact that was edited again since is ``left`` as it is."""
    await hold_revisions(conn)
    options = found.options
    edits = [row for row in await list_edits(conn, undone=True) if row.options["symbol"] == options["symbol"]]
    later = [row for row in edits if (row.started_at, row.id) > (found.started_at, found.id)]
    again = {name for row in later if row.undone_at is None for name in row.options["after"]}
    before = edits[: len(edits) - len(later) - 1]
    back = {name: value_before(name, found, before) for name in options["before"] if name not in again}
    whole = (await list_products(conn))[options["symbol"]]
    emptied = {name: None for name, value in options["filled"].items() if whole[name] == value}
    await set_products(conn, as_frame([{**whole, **emptied, **unpack(back)}]))
    await mark_undone(conn, found.id, at)
    return {"restored": len(back), "left": len(options["before"]) - len(back)}


def value_before(name: str, edit: Row[Any], earlier: Sequence[Row[Any]]) -> Any:
    """What stood in a fact before an edit, as if those of the ``earlier`` ones, oldest first, that are undone
    had never been."""
    value = edit.options["before"][name]
    for at in range(len(earlier) - 1, -1, -1):
        former = earlier[at]
        if name not in former.options["after"] or (former.undone_at and former.undone_at < edit.started_at):
            continue
        replaced = former.undone_at is not None and former.options["after"][name] == value
        return value_before(name, former, earlier[:at]) if replaced else value
    return value


def check_facts(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are stored; ``InputError`` says which one cannot be, and what it may be."""
    if not changes:
        raise InputError("there is nothing to change", mend=f"give any of {', '.join(FACTS)}")
    return {name: check_fact(name, value) for name, value in changes.items()}


def check_fact(name: str, value: Any) -> Any:
    """One fact as it is stored; None for an empty one."""
    if name not in FACTS:
        raise InputError(f"a box has no {name!r}", mend=f"it has {', '.join(FACTS)}")
    if isinstance(value, date):
        text: str = value.isoformat()
    elif value is None or isinstance(value, str):
        text = keepable(" ".join((value or "").split()))
    else:
        raise InputError(f"{name} is no text", where=name, mend="write it in quotes")
    if not text:
        return None
    most = LONGEST.get(name, 80)
    if len(text) > most:
        raise InputError(f"{name} is too long", where=name, mend=f"at most {most} characters")
    if name == "released_on":
        day = parse_date(text, where=name)
        if day < EARLIEST:
            raise InputError(f"{day} is before {EARLIEST}", where=name, mend="give the day of its release")
        return day
    if name == "reprint_risk":
        if text.lower() not in RISKS:
            raise InputError(f"unknown reprint risk {text!r}", where=name, mend=f"one of {', '.join(RISKS)}")
        return text.lower()
    if name == "image_url" and not is_https(text):
        raise InputError(
            "a picture needs an address that begins with https://",
            where=name,
            mend="such as https://host/box.png",
        )
    return text


def as_frame(products: list[dict[str, Any]]) -> pl.DataFrame:
    """Boxes as rows that can be stored."""
    columns: dict[str, type[pl.DataType]] = {"symbol": pl.String, **FACTS}
    return pl.DataFrame([{name: one[name] for name in columns} for one in products], schema=columns)


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON has them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def unpack(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts from how JSON has them."""
    return {
        name: date.fromisoformat(value) if value and FACTS[name] == pl.Date else value
        for name, value in facts.items()
    }
