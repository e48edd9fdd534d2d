"""The research desk of a server, and the answers that it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pacesetter.client.connection import PAGE, Connection
from pacesetter.client.frames import to_frame, to_json

if TYPE_CHECKING:
    import polars as pl


class Desk(Connection):
    """What the desk noticed, thinks and proposes; one's answers to it."""

    def desk(self) -> dict[str, Any]:
        """The research desk at a glance: its newest night, what waits for an answer, what is due."""
        return self.get("desk")

    def signals(self, **asked: Any) -> pl.DataFrame:
        """Signals with their age and what is left of each; ``on``, ``days``, ``symbol``, ``type`` …"""
        return to_frame(self._pages("signals", asked))

    def convergence(self, symbol: str | None = None, **asked: Any) -> Any:
        """What signals come to on a night, as a frame; or one symbol's score, part by part."""
        if symbol is None:
            return to_frame(self._pages("convergence", asked))
        return self.get(f"convergence/{quote(symbol, safe='')}", **asked)

    def research_queue(self, **asked: Any) -> pl.DataFrame:
        """Who waits to be looked at, the best first; ``state="left"``: who left, the last first."""
        return to_frame(self.get("research-queue", **{"limit": PAGE, **asked})["rows"])

    def analyses(self, **asked: Any) -> pl.DataFrame:
        """Analysts' opinions of the newest session, or of ``on``; of a ``symbol``, an ``analyst``."""
        return to_frame(self.get("analyses", **asked)["rows"])

    def decisions(self, **asked: Any) -> pl.DataFrame:
        """The desk's decisions, those that wait first; ``waiting=True``: these alone; ``symbol``."""
        return to_frame(self.get("decisions", **{"limit": PAGE, **asked})["rows"])

    def answer_decision(self, decision_id: str, answer: str, **terms: Any) -> dict[str, Any]:
        """``approve``, ``reject`` (``reason``), ``modify`` (``stop`` …) or ``trade`` (``price`` …) one."""
        path = f"decisions/{quote(decision_id, safe='')}/{quote(answer, safe='')}"
        return self._ask("POST", path, json=to_json(terms) or None)

    def watchlist(self, **asked: Any) -> pl.DataFrame:
        """What one waits for; ``status``, ``symbol``."""
        return to_frame(self.get("watchlist", **asked)["rows"])

    def watch(self, symbol: str, condition: str | Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Wait for a condition; the answer says how often it would have fired. ``thesis`` …"""
        return self._ask(
            "POST", "watchlist", json=to_json({"symbol": symbol, "condition": condition, **more})
        )

    def try_watch(self, symbol: str, condition: str | Mapping[str, Any]) -> dict[str, Any]:
        """How often a condition would have fired in the last year; nothing is stored."""
        return self._ask("POST", "watchlist/try", json={"symbol": symbol, "condition": condition})

    def report(self, on: date | str | None = None) -> dict[str, Any]:
        """The morning report, the newest one or that of a session."""
        return self.get("reports/morning", on=on)
