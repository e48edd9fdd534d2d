"""Boards, symbols and what moved, from a server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pacesetter.client.connection import Connection
from pacesetter.client.frames import to_frame

if TYPE_CHECKING:
    import polars as pl


class Rankings(Connection):
    """What is ranked, and why it moved."""

    def leaders(self, on: date | str | None = None) -> pl.DataFrame:
        """The leader of every board."""
        return to_frame(self.get("rankings", on=on)["leaders"])

    def ranks(self, board: str, **asked: Any) -> pl.DataFrame:
        """A board, best first: all its rows. ``on``, ``known_at``, ``method``, ``sort``, ``fields`` …"""
        return to_frame(self._pages(f"rankings/{quote(board, safe='')}", asked, dated=True))

    def history(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's published ranks, newest first; ``board``, ``to`` …"""
        return to_frame(self.get(f"history/{quote(symbol, safe='')}", **{"limit": 10_000, **asked})["rows"])

    def prices(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's accepted prices, oldest first."""
        path = f"symbols/{quote(symbol, safe='')}/prices"
        return to_frame(self.get(path, **{"limit": 10_000, **asked})["rows"])

    def symbols(self, **asked: Any) -> pl.DataFrame:
        """Every symbol that is known; ``search``, ``asset_type`` …"""
        return to_frame(self._pages("symbols", asked))

    def changes(self, board: str, symbol: str | None = None, **asked: Any) -> Any:
        """The movers of a board as a frame; or, of one symbol, the whole answer with its exact shares."""
        if symbol is None:
            return to_frame(self.get("changes", board=board, **{"top": 1000, **asked})["rows"])
        return self.get(f"changes/{quote(symbol, safe='')}", board=board, **asked)

    def movers(self, **asked: Any) -> pl.DataFrame:
        """Who moved on every board since the session before, with all causes; ``to``, ``top`` of each."""
        boards = self.get("movers", **{"top": 1000, **asked})["rows"]
        rows = []
        for one in boards:
            about = {
                "board": one["board"],
                "slug": one["slug"],
                "first_on": one["first"],
                "last_on": one["last"],
            }
            rows += [about | row for row in one["rows"]]
        return to_frame(rows)

    def what_if(self, board: str, weights: Mapping[str, float], method: str | None = None) -> dict[str, Any]:
        """A board under other weights; nothing is stored."""
        asked = {"board": board, "weights": dict(weights), "method": method}
        return self._ask("POST", "what-if", json=asked)

    def exposures(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's exposures to twelve factors, with standard errors; ``on``, ``from_``, ``to``."""
        return to_frame(self.get(f"exposures/{quote(symbol, safe='')}", **asked)["rows"])

    def daily_metrics(self, **asked: Any) -> pl.DataFrame:
        """Returns, ratios, exposures and data quality of every symbol; ``sector``, ``sort``, ``fields`` …"""
        return to_frame(self._pages("daily-metrics", asked))
