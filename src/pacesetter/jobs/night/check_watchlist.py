"""The evening's look at the watchlist: who fires, and whether a thesis still holds. Pure, but for storing.

A firing asks whether the thesis still holds: the symbol's newest opinions say so. Where too few analysts
have one, it stays to be validated, and each later evening asks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.night.past_watches import THEN, move_on
from pacesetter.jobs.report.night_made import Watched
from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import evaluate, facts_of, parse_condition
from pacesetter.research.decision_rule import DecisionRule
from pacesetter.research.desk import Desk
from pacesetter.research.opinion import Opinion, check_opinion, count_votes
from pacesetter.research.watch import (
    OPEN,
    Watch,
    WatchState,
    WatchStep,
    advance_watch,
    record_validation,
)
from pacesetter.store.desk.watchlist import WatchRow, move_watches

NOBODY: Mapping[str, AgentSetting] = {}


def check_watches(
    rows: Sequence[WatchRow],
    evidence: Evidence,
    opinions: Mapping[str, Sequence[Opinion]],
    desk: Desk,
    *,
    settings: Mapping[str, AgentSetting] = NOBODY,
    renamed: Mapping[str, str] | None = None,
    standing: Mapping[UUID, WatchRow] | None = None,
) -> tuple[Watched, ...]:
    """Every entry after the evening of ``evidence``, in the order given.

    ``opinions`` by symbol, counted by the weights in ``settings`` (1 where there is none); ``renamed``: the
    present name of a past one; ``standing``: entries as they are stored now, by id, of those whose terms were
    others on that evening. What was looked at that evening already, or has ended, is as it was;
    ``InputError`` for an evening before one that an open entry has seen.
    """
    found = (_check(row, evidence, opinions, desk, settings, renamed or {}) for row in rows)
    return tuple(replace(one, before=(standing or {}).get(one.before.id, one.before)) for one in found)


def symbols_to_validate(rows: Sequence[WatchRow], evidence: Evidence) -> tuple[str, ...]:
    """Symbols whose thesis the evening asks about: the analysts should have an opinion of them, too."""
    checked = ((row, _advance(row, evidence)) for row in rows if _is_due(row, evidence.on))
    return tuple(sorted({row.symbol for row, step in checked if step.state.to_validate and _stands(step)}))


async def store_watched(conn: AsyncConnection, watched: Sequence[Watched]) -> int:
    """Store what an evening changed; how many entries that were. What was removed meanwhile stays away."""
    moved = [(one.before, move_on(one.before, one.after)) for one in watched]
    return await move_watches(conn, [(before, after) for before, after in moved if after != before])


def watch_of(row: WatchRow) -> Watch:
    """What an entry watches for; ``InputError`` where its condition is none."""
    return Watch(parse_condition(row.condition), row.hysteresis_pct, row.cool_down_days, row.expiry_date)


def state_of(row: WatchRow) -> WatchState:
    """Where an entry stands."""
    phase: Any = row.status
    return WatchState(phase, row.checked_on, row.last_triggered_on, row.times_triggered, row.to_validate)


def with_state(row: WatchRow, state: WatchState) -> WatchRow:
    """The entry where ``state`` says it stands."""
    return replace(
        row,
        status=state.phase,
        checked_on=state.seen_on,
        last_triggered_on=state.fired_on,
        times_triggered=state.n_fired,
        to_validate=state.to_validate,
    )


def judge_thesis(
    opinions: Sequence[Opinion], weights: Mapping[str, float], rule: DecisionRule
) -> tuple[bool | None, str]:
    """Whether a thesis holds by the analysts, None where too few have an opinion; and why, in words."""
    fine = [one for one in opinions if not check_opinion(one)]
    if len(fine) < rule.fewest_analysts:
        return None, f"{len(fine)} of at least {rule.fewest_analysts} analysts have an opinion"
    votes = count_votes(fine, weights)
    if not any(votes.shares.values()):
        return None, "no analyst is sure of anything"
    said = f"{100 * votes.bearish:.4g} % of the weight says SELL"
    if votes.bearish >= rule.sell_share:
        return False, f"{said}, at least {100 * rule.sell_share:.4g} %"
    return True, f"{said}, less than {100 * rule.sell_share:.4g} %"


def _is_due(row: WatchRow, on: date) -> bool:
    if row.status not in OPEN:
        return False
    if row.checked_on is not None and row.checked_on > on:
        raise InputError(
            f"the watch on {row.symbol} was looked at on {row.checked_on}, after {on}",
            where="watchlist",
            mend="work the nights through in their order",
        )
    return row.checked_on != on


def _check(
    row: WatchRow,
    evidence: Evidence,
    opinions: Mapping[str, Sequence[Opinion]],
    desk: Desk,
    settings: Mapping[str, AgentSetting],
    renamed: Mapping[str, str],
) -> Watched:
    if not _is_due(row, evidence.on):
        return Watched(row, row, None, "")
    step = _advance(row, evidence)
    details: dict[str, Any] = dict(row.details or {})
    for key in ("note", "unknown", THEN):
        details.pop(key, None)
    change, reason = step.change, step.reason
    if note := _note(row, evidence, renamed, step):
        details["note"] = note
    elif unknown := _unknown(row, evidence):
        details["unknown"] = unknown
    if change == "fired":
        details |= {"fired_on": evidence.on.isoformat(), "reason": reason, **_seen(row, evidence)}
        details.pop("validation", None)
    if step.state.to_validate and _stands(step):
        weights = {name: one.weight for name, one in settings.items()}
        holds, why = judge_thesis(opinions.get(row.symbol, ()), weights, desk.decision)
        details["validation"] = {"on": evidence.on.isoformat(), "holds": holds, "reason": why}
        if holds is not None:
            judged = record_validation(step.state, holds, why)
            step = replace(step, state=judged.state)
        if holds is False:
            reason = f"fired ({reason}), but its thesis does not hold: {why}" if change == "fired" else why
            change = "invalid"
    after = replace(with_state(row, step.state), details=details or None)
    return Watched(row, after, change, reason or details.get("note", ""))


def _advance(row: WatchRow, evidence: Evidence) -> WatchStep:
    """One evening of one entry. A condition that cannot be read, as a hand in the database may leave one,
    must not stop the others: it neither fires nor is armed again."""
    state = state_of(row)
    try:
        watch = watch_of(row)
    except InputError as error:
        return WatchStep(replace(state, seen_on=evidence.on), None, f"it cannot be read: {error}")
    facts, before = evidence.of(row.symbol), evidence.of_before(row.symbol)
    return advance_watch(watch, state, evidence.on, facts, before)


def _stands(step: WatchStep) -> bool:
    return step.state.phase in OPEN


def _note(row: WatchRow, evidence: Evidence, renamed: Mapping[str, str], step: WatchStep) -> str:
    """Why nothing can be said of a symbol; nothing where something can."""
    if step.change is None and step.reason:
        return step.reason
    if evidence.of(row.symbol):
        return ""
    if row.symbol in renamed:
        return f"{row.symbol} is called {renamed[row.symbol]} now: watch that"
    return f"{row.symbol} has no recent price on {evidence.on}: delisted, renamed or suspended?"


def _unknown(row: WatchRow, evidence: Evidence) -> list[str]:
    """The facts that kept a condition from being judged."""
    facts, before = evidence.of(row.symbol), evidence.of_before(row.symbol)
    condition = parse_condition(row.condition)
    if evaluate(condition, facts, before) is not None:
        return []
    return [fact for fact in facts_of(condition) if fact not in facts] or ["the session before"]


def _seen(row: WatchRow, evidence: Evidence) -> dict[str, Any]:
    """The values that it fired on, and those of the session before."""
    facts, before = evidence.of(row.symbol), evidence.of_before(row.symbol)
    names = facts_of(parse_condition(row.condition))
    return {
        "facts": {name: facts.get(name) for name in names},
        "before": {name: before.get(name) for name in names},
    }
