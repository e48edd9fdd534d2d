"""The Python client at the research desk: frames to read, and the changes that a key may make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pacesetter.client import Client, connection
from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.kernel.errors import ApiError
from tests.web.desk_house import LAST, House, Visit, desk_template, house
from tests.web.wire import use_client

__all__ = ["desk_template", "house"]


def test_frames_and_changes_of_the_desk(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PAGE", 2)

    async def work(at: Visit) -> None:
        key = (await create_key(at.ws, "ada", "notebook", scopes=["read", "write"])).secret
        seen = {
            path: await at.get(path, **asked)
            for path, asked in (
                ("/signals", {"on": str(LAST), "days": 400}),
                ("/convergence", {}),
                ("/decisions", {"waiting": "true"}),
            )
        }
        await use_client(at.client, key, use, seen)

    house.live(work)


def use(client: Client, seen: dict[str, Any]) -> None:
    assert client.desk()["night"]["on"] == str(LAST)
    signals = client.signals(on=LAST, days=400)
    assert signals["symbol"].to_list() == [row["symbol"] for row in seen["/signals"]["rows"]]
    assert signals["signal_on"].dtype == pl.Date and len(signals) > connection.PAGE  # more than a page
    whole = client.convergence()
    assert whole["score"].to_list() == [row["score"] for row in seen["/convergence"]["rows"]]
    assert client.convergence(whole["symbol"][0])["score"] == whole["score"][0]
    assert client.research_queue(state="left", limit=100)["status"].n_unique() >= 1
    assert client.analyses(analyst="risk")["analyst"].unique().to_list() == ["risk"]
    assert client.report()["on"] == str(LAST)
    waiting = client.decisions(waiting=True, limit=100)
    assert waiting["id"].to_list() == [row["id"] for row in seen["/decisions"]["rows"]]
    done = client.answer_decision(waiting["id"][0], "modify", stop=Decimal("1.25"), quantity=Decimal(3))
    assert (done["stop_loss"], done["quantity"]) == ("1.25", "3")
    assert client.answer_decision(waiting["id"][0], "approve")["answered_by"] == "ada"
    with pytest.raises(ApiError, match="approved"):
        client.answer_decision(waiting["id"][0], "approve")
    tried = client.try_watch("NVDA", "price.close > 1")
    assert tried["would_have"]["n"] == 1 and client.watchlist().is_empty()
    made = client.watch("NVDA", "price.close > 1", thesis="it leads", expires_on=date(2025, 12, 31))
    assert made["expires_on"] == "2025-12-31"
    assert client.watchlist()["id"].to_list() == [made["id"]]
