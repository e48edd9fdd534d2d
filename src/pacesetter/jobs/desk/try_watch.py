"""How often a condition would have fired in the year before, from the stored bars and published ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.desk.watch_terms import check_back, check_rest
from pacesetter.jobs.night.evidence import load_evidence
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import Condition, facts_of
from pacesetter.research.watch import Firings, History, Watch, count_firings
from pacesetter.store.symbols.symbols import find_symbol

NO_HISTORY = Firings((), None, None, 0)


@dataclass(frozen=True)
class Trial:
    """``known``: on how many of the dates each fact of the condition is known; where one is not, what is
    compared with it counts as neither met nor missed."""

    symbol: str
    firings: Firings
    known: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    def in_words(self) -> str:
        """For a person."""
        said = [self.firings.in_words()]
        for name, n in self.known.items():
            if n == 0:
                said.append(f"there is no history of {name}, so it could not fire on that")
            elif n < self.firings.n_dates:
                said.append(f"{name} is known on {n} of the {self.firings.n_dates} sessions only")
        if self.note:
            said.append(self.note)
        return "; ".join(said)


async def try_condition(
    ws: Workspace,
    symbol: str,
    condition: Condition,
    *,
    hysteresis_pct: float | None = None,
    cool_down_days: int | None = None,
    evidence: Evidence | None = None,
) -> Trial:
    """Try a condition on a symbol over the year up to ``evidence``, or else the newest session; nothing is
    stored. Where there is no session to look back from, the answer says so."""
    watch = Watch(condition, check_back(hysteresis_pct), check_rest(cool_down_days))
    async with ws.db.read() as conn:
        found = (await find_symbol(conn, symbol)).symbol
    if evidence is None:
        try:
            evidence = await load_evidence(ws, recall_of=[found])
        except InputError as error:
            return Trial(found, NO_HISTORY, note=str(error))
    if evidence.recall is None:
        return Trial(found, NO_HISTORY)
    return try_watch(found, watch, evidence.recall(found))


def try_watch(symbol: str, watch: Watch, history: History) -> Trial:
    """A watch over the last year of a history; and on how many of its dates each fact is known."""
    if not history.dates:
        return Trial(symbol, NO_HISTORY)
    firings = count_firings(watch, history)
    known = {}
    for name in facts_of(watch.condition):
        values = history.columns.get(name, np.array([np.nan]))
        known[name] = int(np.isfinite(values[-firings.n_dates :]).sum())
    return Trial(symbol, firings, known)


async def read_facts(ws: Workspace, symbol: str) -> tuple[str, date, dict[str, float]]:
    """The facts of a symbol on the newest session: its name, the session, the values that are known."""
    async with ws.db.read() as conn:
        found = (await find_symbol(conn, symbol)).symbol
    evidence = await load_evidence(ws)
    return found, evidence.on, evidence.of(found)
