"""What people enter of boxes: a day's figures, and the facts of a box."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from pacesetter.jobs.boxes.edit_box import edit_box
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.boxes.rows import look_up_box
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadParameter
from pacesetter.store.boxes.box_records import when_observed
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import FactsItem, Symbol, days_fresh, facts_fields
from pacesetter.web.inputs import Day, Given
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["boxes"], dependencies=[Requires("write")])
FIGURES = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")

DayPath = Annotated[str, Path(max_length=10, description="Day of the figures, as YYYY-MM-DD.")]
Figure = Annotated[float | None, Field(ge=0)]


class DayAsked(Given):
    """What a person saw of a box on a day; what is left out was not looked at."""

    floor_price_usd: Figure = Field(None, description="The cheapest box on offer, in dollars.")
    active_listings_count: Figure = Field(None, description="Boxes on offer.")
    boxes_sold: Figure = None
    boxes_added: Figure = Field(None, description="Boxes newly offered.")
    note: str | None = Field(None, max_length=500)
    confirm: bool = Field(False, description="Take a floor price that is far from the last one.")


class FactsAsked(Given):
    """Facts to change; an empty text clears one, and what is left out stays as it is."""

    name: str | None = Field(None, max_length=200)
    game: str | None = Field(None, max_length=80)
    set_code: str | None = Field(None, max_length=20)
    set_name: str | None = Field(None, max_length=120)
    variant: str | None = Field(None, max_length=80)
    released_on: Day | None = None
    image_url: str | None = Field(None, max_length=500, description="Of a picture: https://…")
    reprint_risk: str | None = Field(None, description="low, medium or high.")


class DayDone(Body):
    """What an entry came to. ``import_id`` takes it back; null where nothing changed."""

    symbol: str
    date: dt.date
    by: str
    fate: str = Field(description="inserted, changed (an earlier entry of that day) or unchanged.")
    import_id: UUID | None
    figures: dict[str, float | None]
    replaced: dict[str, float | None] | None = Field(description="Figures of the earlier entry.")
    ranked: int = Field(description="Days that were ranked again.")
    said: list[str]


class FactsDone(Body):
    """A box after an edit, and of the facts that changed what they were and are."""

    box: FactsItem
    by: str
    import_id: UUID | None = Field(description="What takes it back; null where nothing changed.")
    before: dict[str, Any]
    after: dict[str, Any]


@router.put("/boxes/{symbol}/observations/{day}")
async def enter_day(
    ws: Reading, holder: Holder, who: Asking, symbol: Symbol, day: DayPath, asked: DayAsked
) -> DayDone:
    """Enter what was seen of a box on a day: it goes before every other source, and is ranked at once."""
    on = parse_date(day, where="day")
    given = {name: getattr(asked, name) for name in FIGURES}
    done = await holder.compute(
        lambda own: enter_box_day(own, symbol, on, given, by=who.name, note=asked.note, confirm=asked.confirm)
    )
    fields = {name: value for name, value in vars(done).items() if name != "on"}
    return DayDone(**await fresh(ws, done.symbol), date=done.on, **fields)


@router.patch("/boxes/{symbol}")
async def change_facts(ws: Reading, who: Asking, symbol: Symbol, asked: FactsAsked) -> FactsDone:
    """Change facts of a box, such as its name; later files do not change what was edited."""
    changes = asked.model_dump(exclude_unset=True)
    if not changes:
        known = ", ".join(FactsAsked.model_fields)
        raise BadParameter("there is nothing to change", mend=f"give any of {known}")
    done = await edit_box(ws, symbol, changes, by=who.name)
    async with ws.db.read() as conn:
        facts = await look_up_box(conn, done.symbol)
    return FactsDone(
        **await fresh(ws, done.symbol),
        box=FactsItem(**facts_fields(facts)),
        **{name: getattr(done, name) for name in ("by", "import_id", "before", "after")},
    )


async def fresh(ws: Workspace, symbol: str) -> dict[str, Any]:
    """How fresh a box is."""
    async with ws.db.read() as conn:
        return days_fresh(ws, (await when_observed(conn, symbol)).last_on)
