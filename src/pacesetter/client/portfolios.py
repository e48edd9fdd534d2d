"""Portfolios from a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pacesetter.client.connection import Connection
from pacesetter.client.frames import to_frame

if TYPE_CHECKING:
    import polars as pl


class Portfolios(Connection):
    """What one may see of portfolios."""

    def portfolios(self) -> pl.DataFrame:
        """The portfolios that one may see, with their value."""
        return to_frame(self._pages("portfolios", {}))

    def portfolio(self, portfolio_id: str) -> dict[str, Any]:
        """A portfolio's newest snapshot: figures, months, exposures, stress, attribution, correlations."""
        return self.get(f"portfolios/{quote(portfolio_id, safe='')}/snapshot")

    def portfolio_series(self, portfolio_id: str) -> pl.DataFrame:
        """A portfolio's value, flows, index and drawdown, session by session."""
        return to_frame(self.get(f"portfolios/{quote(portfolio_id, safe='')}/series")["rows"])
