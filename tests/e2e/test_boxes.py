"""The pages of boxes, in a real browser: frontend/e2e/boxes.test.mjs."""

from __future__ import annotations

import asyncio
import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings
from tests.e2e.browser import browse, in_browser
from tests.e2e.people import WHO, add_people

pytestmark = in_browser
DAYS = (45, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)  # before today; the first is behind a gap
COLUMNS = ("box id", "product name", "date", "source", "floor price usd", "listings", "boxes sold today")
BOXES = (  # what a source calls it, its name, floor price, listings and sold a day
    ("aaaa1111-low", "Shells - TD-01 Low Tide Booster Box", 120.0, 40, 9),
    ("bbbb2222-high", "Shells - TD-02 High Tide Booster Box", 95.0, 25, 6),
    ("cccc3333-neap", "Shells - TD-03 Neap Tide Booster Box", 410.0, 8, 1),
    ("dddd4444-none", "", 60.0, 4, 2),  # nobody has named it
)


def write_boxes(path: Path, today: date) -> None:
    """A made-up market of four boxes up to yesterday; the last of them lacks listings on some days."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for day, before in enumerate(DAYS):
            for k, (box, name, floor, listings, sold) in enumerate(BOXES):
                price = round(floor * (1 + 0.01 * (day * (k + 1) % 5)), 2)
                offered = "" if not name and day % 2 else listings + day % 3
                rows.writerow([box, name, today - timedelta(days=before), "made_up", price, offered, sold])


async def fill(settings: Settings, file: Path) -> None:
    """Boxes, somebody who may do everything, and somebody who may only look."""
    async with open_workspace(settings) as ws:
        report = await import_boxes(ws, file)
        assert (report.stored, report.refused) == (len(DAYS) * len(BOXES), 0)
        await add_people(ws)


def test_pages_of_boxes_in_a_browser(tmp_path: Path) -> None:
    """From the leaderboard to a box, a day entered by hand, and another rank."""
    home, file = tmp_path / "home", tmp_path / "boxes.csv"
    write_boxes(file, datetime.now(UTC).date())  # the server's days are today's
    settings = Settings(home=home, source="none")  # type: ignore[call-arg]
    asyncio.run(fill(settings, file))
    browse(home, ["boxes"], **WHO)
