"""Made-up boxes with their observations, figures and ranks, written straight into the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.market.box import FIELDS, merge_observations
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from pacesetter.store.database.revisions import new_revision, start_import
from pacesetter.store.tables.box import box_observations, boxes, unified_box_metrics
from pacesetter.store.tables.symbol import symbol_universe

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
FIRST, SECOND, THIRD, UNPRICED = (
    date(2026, 1, 1),
    date(2026, 1, 8),
    date(2026, 1, 9),
    date(2026, 1, 20),
)
DAYS = (FIRST, SECOND, THIRD)  # with ranks; on UNPRICED nobody gave a floor price

# symbol → name, external id, game, set code
NAMED: dict[str, tuple[str | None, str, str | None, str | None]] = {
    "BOX-SF01": ("Skyfarers - SF-01 First Wind Booster Box", "aaaa1111-01", "Skyfarers", "SF-01"),
    "BOX-SF02": ("Skyfarers - SF-02 Still Air Booster Box", "aaaa1111-02", "Skyfarers", "SF-02"),
    "BOX-SF03-BLUE": ("Skyfarers - SF-03 Storm Court (Blue)", "aaaa1111-03", "Skyfarers", "SF-03"),
    "BOX-GM01": ("Élan Grove - GM-01 Roots", "bbbb2222-01", "Élan Grove", "GM-01"),
    "BOX-GM02": ("Élan Grove - GM-02 Leaves", "bbbb2222-02", "Élan Grove", "GM-02"),
    "BOX-CCCC3333": (None, "cccc3333-01", None, None),
    "BOX-NEVER": ("Never seen", "dddd4444-01", None, None),
}

# symbol, date, source, floor, listings, sold, added
SEEN: list[tuple[str, date, str, float | None, float | None, float | None, float | None]] = [
    ("BOX-SF01", FIRST, "shop", 100.0, 20.0, 2.0, 1.0),
    ("BOX-SF02", FIRST, "shop", 50.0, 10.0, 4.0, 0.0),
    ("BOX-GM01", FIRST, "shop", 80.0, 4.0, 1.0, None),
    ("BOX-SF01", SECOND, "shop", 110.0, 19.0, 1.0, 0.0),
    ("BOX-SF01", SECOND, "auction", 105.0, 7.0, 3.0, None),
    ("BOX-SF02", SECOND, "shop", 40.0, 12.0, 0.0, 2.0),
    ("BOX-SF03-BLUE", SECOND, "shop", 300.0, 5.0, 1.0, 1.0),
    ("BOX-SF01", THIRD, "shop", 121.0, 18.0, 2.0, 0.0),
    ("BOX-SF02", THIRD, "shop", 40.0, 12.0, 6.0, 0.0),
    ("BOX-SF03-BLUE", THIRD, "shop", 270.0, 6.0, 1.0, 1.0),
    ("BOX-GM01", THIRD, "shop", 80.0, 4.0, 1.0, None),
    ("BOX-GM02", THIRD, "shop", 80.0, 4.0, None, None),
    ("BOX-CCCC3333", THIRD, "shop", 80.0, 8.0, 1.0, None),
    ("BOX-SF01", UNPRICED, "shop", None, 17.0, 2.0, 0.0),
    ("BOX-GM01", UNPRICED, "shop", None, 3.0, 1.0, 0.0),
]


async def add_boxes(conn: AsyncConnection) -> None:
    """All of it: symbols, facts, observations (one of them replaced), figures and ranks."""
    for symbol, (name, external_id, game, code) in NAMED.items():
        await conn.execute(
            insert(symbol_universe).values(
                symbol=symbol,
                asset_type="sealed_box",
                name=name,
                currency="USD",
                quote_unit="USD",
                added_source="admin",
            )
        )
        about = {"external_id": external_id, "game": game, "set_code": code}
        if symbol == "BOX-SF01":
            about |= {"image_url": "https://pictures.example/sf01.webp", "reprint_risk": "low"}
        await conn.execute(insert(boxes).values(id=new_id(), symbol=symbol, **about))
    brought, entered = new_id(), new_id()
    told = {"by": "ada", "note": "counted again"}
    for import_id, name, options in ((brought, "boxes.csv", {}), (entered, "entered by hand", told)):
        await start_import(
            conn, import_id, kind="boxes", file_name=name, sha256="0" * 64, options=options, at=AT
        )
    first = await new_revision(conn, "import", AT, brought)
    second = await new_revision(conn, "import", AT.replace(hour=13), entered)
    await conn.execute(insert(box_observations), [seen(row, first) for row in SEEN])
    wrong = ("BOX-SF01", THIRD, "manual", 999.0, None, None, None)
    await conn.execute(insert(box_observations), [{**seen(wrong, first), "known_to_revision": second}])
    right = ("BOX-SF01", THIRD, "manual", None, None, 3.0, None)  # three were sold, not two
    await conn.execute(insert(box_observations), [seen(right, second)])
    await conn.execute(insert(unified_box_metrics), figures([*SEEN, right]))


def seen(row: Sequence[Any], revision: int) -> dict[str, Any]:
    """An observation as it is stored."""
    values = dict(zip(("symbol", "date", "source", *FIELDS), row, strict=True))
    return {**values, "original": {"floor": str(row[3])}, "fetched_at": AT, "known_from_revision": revision}


def figures(rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Figures and ranks of rows; ranks by counting who is ahead, one box and day after the other."""
    frame = pl.DataFrame(
        rows,
        schema={
            **{"symbol": pl.String, "date": pl.Date, "source": pl.String},
            **dict.fromkeys(FIELDS, pl.Float64),
        },
        orient="row",
    )
    merged = merge_observations(frame, ("shop",))
    by = {(row["symbol"], row["date"]): row for row in merged.to_dicts()}
    made = []
    for row in measure_boxes(merged).to_dicts():
        one = {name: row[name] for name in ("symbol", "metric_date", "n_observed", *MEASURES)}
        one |= {f"floor_price_{days}d_from": row[f"floor_price_{days}d_from"] for days in (1, 7, 30)}
        one["reasons"] = {name: row[f"{name}_reason"] for name in MEASURES if row[f"{name}_reason"]}
        given = by[row["symbol"], row["metric_date"]]
        one["sources"] = {name: given[f"{name}_source"] for name in FIELDS if given[f"{name}_source"]}
        made.append(one)
    add_ranks(made)
    return made


def add_ranks(rows: list[dict[str, Any]]) -> None:
    """Ranks by volume, each against the date before that has any."""
    ranks: dict[str, int] = {}
    previous_on = None
    for on in sorted({row["metric_date"] for row in rows}):
        here = [row for row in rows if row["metric_date"] == on]
        volumes = [row["unified_volume_7d_ema"] for row in here]
        before, ranks = ranks, {}
        for row in here:
            value = row["unified_volume_7d_ema"]
            rank = None if value is None else 1 + sum(one is not None and one > value for one in volumes)
            previous = None if rank is None else before.get(row["symbol"])
            row |= {"current_rank": rank, "previous_rank": previous, "previous_on": previous_on}
            row["rank_change"] = None if rank is None or previous is None else previous - rank
            ranks |= {} if rank is None else {row["symbol"]: rank}
        previous_on = on
