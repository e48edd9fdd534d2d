"""The board whose weights somebody is trying out, kept ready: a slider asks many times a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.boards.try_weights import Trial, prepare_trial
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.whatif import Prepared, WhatIf, try_weights
from pacesetter.store.database.content import read_content
from pacesetter.web.workspace import OpenWorkspace

IDLE_S = 600.0  # ten years of a board are tens of megabytes


@dataclass(frozen=True)
class Ready:
    """A board that is prepared: for whom it was asked, from which content, and how it ranks now."""

    key: tuple[str, str | None, str]
    plan: BoardPlan
    prepared: Prepared
    now: WhatIf


class Trials:
    """Tries weights; the last board stays prepared until the content moves or nobody asks for it."""

    def __init__(self, holder: OpenWorkspace) -> None:
        self._holder = holder
        self._ready: Ready | None = None
        self._lock = asyncio.Lock()  # others would only prepare the same
        self._end: asyncio.TimerHandle | None = None

    async def try_method(
        self, ws: Workspace, board: str, weights: Mapping[str, float], *, method: str | None = None
    ) -> Trial:
        """What ``jobs.try_weights.try_method`` answers, without preparing the same board again."""
        async with ws.db.read() as conn:
            content = await read_content(conn)
        async with self._lock:
            ready = await self._prepare((board.casefold(), method, content.key))
            then = await asyncio.to_thread(try_weights, ready.prepared, weights)
        title = f"{ready.plan.method.name} v{ready.plan.method.version}"
        return Trial(ready.plan.name, title, ws.simulated, ready.now, then)

    async def _prepare(self, key: tuple[str, str | None, str]) -> Ready:
        ready = self._ready
        if ready is None or ready.key != key:
            self._ready = None  # before the next is made: there is never room for two
            plan, prepared = await self._holder.compute(lambda own: prepare_trial(own, key[0], method=key[1]))
            now = await asyncio.to_thread(try_weights, prepared, plan.method.weights)
            ready = self._ready = Ready(key, plan, prepared, now)
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(IDLE_S, self._forget)
        return ready

    def _forget(self) -> None:
        self._ready = self._end = None


def trials_of(request: Request) -> Trials:
    """The application's trials."""
    trials: Trials = request.app.state.trials
    return trials


AtTrial = Annotated[Trials, Depends(trials_of)]
