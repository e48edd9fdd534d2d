"""The first phase of a night's batch: the newest final bars."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.batch_phase import Measured, Tell
from pacesetter.jobs.choose_provider import choose_providers
from pacesetter.jobs.fetch_bars import fetch_and_store
from pacesetter.jobs.workspace import Workspace
from pacesetter.providers.base import SymbolFailure
from pacesetter.store.bars import count_prices
from pacesetter.store.revisions import newest_revision


class Prices:
    """Fetched once a run, up to its newest session: earlier ones then find their bars there."""

    def __init__(self, ws: Workspace, until: date | None) -> None:
        self.ws, self.until = ws, until
        self.failures: list[SymbolFailure] = []
        self.said: list[str] = []
        self._asked = False

    async def bring(self, on: date, tell: Tell) -> Measured:
        """Fetch what is missing; a provider that is down, or none, leaves the stored prices standing."""
        if not self._asked and self.until is not None:
            await self._ask(self.until)
        async with self.ws.db.read() as conn:
            revision, priced, followed = await newest_revision(conn), *await count_prices(conn, on)
        tell(priced)
        problems: dict[str, list[str]] = {}
        for failure in self.failures:
            problems.setdefault(failure.cause, []).append(failure.symbol)
        return Measured(revision, priced, followed, nothing_to_write, problems)

    async def _ask(self, until: date) -> None:
        if not choose_providers(self.ws):
            self.said.append("no source of prices is asked: the batch goes on with what is stored")
        else:
            fetched = await fetch_and_store(self.ws, None, until, None)
            self.failures, self.said = fetched.failures, [*fetched.said]
        self._asked = True


async def nothing_to_write(conn: AsyncConnection) -> int:
    """Prices are stored as they come; the phase itself has no rows."""
    return 0
