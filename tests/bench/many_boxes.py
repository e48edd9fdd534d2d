"""A home with many made-up boxes, imported as a user would."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.workspace import Workspace

BOXES, DAYS = 500, 60
LAST = date(2026, 1, 31)
SEED = 20260131


async def import_many_boxes(ws: Workspace) -> None:
    """``BOXES`` boxes on each of ``DAYS`` days: floors that wander, and sales of a few a day."""
    rng = np.random.default_rng(SEED)
    floor = rng.uniform(40, 900, BOXES) * np.exp(rng.normal(0, 0.02, (DAYS, BOXES)).cumsum(axis=0))
    days = [LAST - timedelta(days=DAYS - 1 - i) for i in range(DAYS)]
    codes = [f"MX-{i:03d}" for i in range(BOXES)]
    frame = pl.DataFrame(
        {
            "box_id": np.tile([f"made-{code}" for code in codes], DAYS),
            "name": np.tile([f"Made Up - {code} Booster Box" for code in codes], DAYS),
            "date": [day for day in days for _ in range(BOXES)],
            "source": "shop",
            "floor_price_usd": floor.ravel().round(2),
            "active_listings_count": rng.integers(3, 90, DAYS * BOXES),
            "boxes_sold_today": rng.integers(0, 9, DAYS * BOXES),
            "boxes_added_today": rng.integers(0, 5, DAYS * BOXES),
        }
    )
    file = Path(ws.home.root) / "boxes.csv"
    frame.write_csv(file)
    report = await import_boxes(ws, file)
    assert report.stored == DAYS * BOXES
