"""The first phase of a night's batch: the newest final bars."""

from __future__ import annotations

import logging
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.choose_provider import choose_providers
from pacesetter.jobs.bars.fetch_bars import fetch_and_store
from pacesetter.jobs.symbols.batch_phase import Measured, Tell, said_of
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ProviderError
from pacesetter.providers.base import SymbolFailure
from pacesetter.store.bars.price_counts import count_prices
from pacesetter.store.database.revisions import newest_revision

log = logging.getLogger("pacesetter.jobs")


class Prices:
    """Fetched once a run, up to its newest session: earlier ones then find their bars there."""

    def __init__(self, ws: Workspace, until: date | None) -> None:
        self.ws, self.until = ws, until
        self.failures: list[SymbolFailure] = []
        self.said: list[str] = []
        self.down: dict[str, ProviderError] = {}
        self._asked = False

    async def bring(self, on: date, tell: Tell) -> Measured:
        """Fetch what is missing; a provider that is down, or none, leaves the stored prices standing.

        A session of which nobody has a bar is an error: measured without one, it would count as done,
        and its bars would come too late.
        """
        if not self._asked and self.until is not None:
            await self._ask(self.until)
        async with self.ws.db.read() as conn:
            revision, priced, followed = await newest_revision(conn), *await count_prices(conn, on)
        tell(priced)
        problems: dict[str, list[str]] = {}
        for failure in self.failures:
            problems.setdefault(failure.cause, []).append(failure.symbol)
        error = None if priced else self.why_none()
        if error is not None:
            log.warning("batch of %s: %s; %s", on, error, self.down or "no provider was down")
        return Measured(revision, priced, followed, nothing_to_write, problems, error)

    def why_none(self) -> str:
        """Why nobody has a bar of a session, as far as everyone may read it."""
        causes = [f"{name}: {said_of(error)}" for name, error in self.down.items()]
        causes += [in_words(cause) for cause in sorted({failure.cause for failure in self.failures})]
        return "; ".join(["no symbol has a price of this session", *causes])

    async def _ask(self, until: date) -> None:
        if not choose_providers(self.ws):
            self.said.append("no source of prices is asked: the batch goes on with what is stored")
        else:
            fetched = await fetch_and_store(self.ws, None, until, None)
            self.failures, self.said, self.down = fetched.failures, [*fetched.said], fetched.down
        self._asked = True


async def nothing_to_write(conn: AsyncConnection) -> int:
    """Prices are stored as they come; the phase itself has no rows."""
    return 0
