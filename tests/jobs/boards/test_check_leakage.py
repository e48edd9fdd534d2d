"""The leakage lab on stored data: the shipped pass, a planted one is found and named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.check_leakage import check_leakage
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName
from pacesetter.market.panel import Panel
from tests.jobs.backfill.test_backfill import home  # noqa: F401


def test_the_shipped_pass_and_a_planted_one_is_found(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    factors.names()  # all are registered before the planted one joins
    monkeypatch.setattr(factors, "_things", dict(factors._things))

    def peek(panel: Panel) -> np.ndarray:
        """Tomorrow's growth."""
        later = np.roll(panel.growth, -1)
        later[panel.offsets[1:] - 1] = panel.growth[panel.offsets[1:] - 1]
        return later

    async def work(ws: Workspace) -> None:
        clean = await check_leakage(ws, "AI/Tech", tried=3)
        assert clean.leaks == [] and len(clean.factors) >= 20 and len(clean.dates) == 3
        planted = factors.get("return_5d")
        factors.add(
            "peek",
            type(planted)(**{**vars(planted), "name": "peek", "window": 2, "minimum": 2, "function": peek}),
        )
        found = await check_leakage(ws, "AI/Tech", only="peek", tried=2)
        assert {leak.factor for leak in found.leaks} == {"peek"}
        assert {leak.kind for leak in found.leaks} == {"removed", "shuffled"}
        with pytest.raises(UnknownName):
            await check_leakage(ws, "AI/Tech", only="pekk")

    home(work)
