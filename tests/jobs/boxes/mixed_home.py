"""A home with an exchange's boards and boxes side by side, whose newest days are not the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_before
from tests.jobs.boxes.boxes_home import day, seen, write_json
from tests.jobs.home import write_csv

FRIDAY = date(2026, 2, 27)  # the newest session
SATURDAY = date(2026, 2, 28)  # the newest day of boxes
SUNDAY, SATURDAY_BEFORE = day(55), day(47)  # on which nobody looked
NAME = "Skyfarers - SF-01 First Wind Booster Box"


async def bring_boxes(ws: Workspace, folder: Path) -> None:
    """Two boxes, one of them without a name, on three days; the unnamed one has no floor on the last."""
    rows = [seen("aaaa", n, 100.0, 2.0, product_name=NAME) for n in (0, 8, 54)]
    rows += [seen("bbbb", n, None if n == 54 else 80.0) for n in (0, 8, 54)]
    await import_boxes(ws, write_json(folder / "boxes.json", rows))


async def bring_prices(ws: Workspace, folder: Path) -> None:
    """Prices of one company on thirty sessions, and ranks of the newest."""
    days = sessions_before("XNYS", FRIDAY, 30)
    rows: list[tuple[object, ...]] = [("NVDA", on, 10 + n / 10, 1000) for n, on in enumerate(days)]
    await import_prices(ws, write_csv(folder / "prices.csv", rows))
    await run_cycle(ws)
