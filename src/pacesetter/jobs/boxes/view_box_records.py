"""What was recorded of a box: by whom, when, and what took its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pacesetter.jobs.boxes.rows import BoxFacts, look_up_box
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.box import MANUAL
from pacesetter.store.boxes.box_joins import JOIN
from pacesetter.store.boxes.box_products import list_edits
from pacesetter.store.boxes.box_records import (
    Observed,
    RecordPlace,
    count_records,
    page_records,
    when_observed,
)
from pacesetter.store.tables.box import OBSERVED


@dataclass(frozen=True)
class Record:
    """What a source said of a box on a day, under the names that sources share, and ``original``: in its
    own words. ``by`` entered it, or brought the file; ``replaced_at``: when other figures took its place,
    by ``replaced_cause`` (an import, or undo); None for what holds now. ``told_as``: the joined box that it
    was told of; None for this one."""

    on: date
    source: str
    figures: dict[str, float | None]
    original: dict[str, Any]
    fetched_at: datetime
    recorded_at: datetime
    import_id: UUID | None
    file_name: str | None
    by: str | None
    note: str | None
    replaced_at: datetime | None
    replaced_cause: str | None
    replaced_import: UUID | None
    revision: int
    told_as: str | None = None


@dataclass(frozen=True)
class FactsEdit:
    """Facts that a person gave a box: what they were, and what they are since."""

    at: datetime
    by: str
    before: dict[str, Any]
    after: dict[str, Any]
    import_id: UUID


@dataclass(frozen=True)
class RecordsView:
    """A page of what was recorded of a box, of ``count`` records in all, and all edits of its facts, newest
    first."""

    facts: BoxFacts
    seen: Observed
    count: int
    records: list[Record]
    edits: list[FactsEdit]


async def view_records(ws: Workspace, name: str, *, after: RecordPlace | None, limit: int) -> RecordsView:
    """The records of a box behind a place, newest day first, the replaced ones among them."""
    async with ws.db.read() as conn:
        facts = await look_up_box(conn, name)
        rows = await page_records(conn, facts.symbol, after=after, limit=limit)
        edits = [row for row in await list_edits(conn) if row.options["symbol"] == facts.symbol]
        return RecordsView(
            facts,
            await when_observed(conn, facts.symbol),
            await count_records(conn, facts.symbol),
            [record_of(row) for row in rows],
            [
                FactsEdit(
                    row.started_at, row.options["by"], row.options["before"], row.options["after"], row.id
                )
                for row in reversed(edits)
            ],
        )


def record_of(row: Any) -> Record:
    """A stored record as people look at it."""
    # what a join or an undo put in a row's place was not told by who did that
    options = (row.options or {}) if row.kind != JOIN else {}
    told = row.original if row.source == MANUAL and "by" in row.original else options
    return Record(
        on=row.date,
        source=row.source,
        figures={name: getattr(row, name) for name in OBSERVED},
        original=dict(row.original),
        fetched_at=row.fetched_at,
        recorded_at=row.recorded_at,
        import_id=row.import_id,
        file_name=row.file_name,
        by=told.get("by"),
        note=told.get("note"),
        replaced_at=row.replaced_at,
        replaced_cause=row.replaced_by,
        replaced_import=row.replaced_by_import,
        revision=row.known_from_revision,
        told_as=row.told_as,
    )


def edit_of(row: Any) -> FactsEdit:
    """A stored edit as people look at it."""
    told = row.options
    return FactsEdit(row.started_at, told["by"], told["before"], told["after"], row.id)
