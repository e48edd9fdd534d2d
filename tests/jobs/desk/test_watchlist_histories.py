"""Whole histories of a stored watchlist, with evenings, edits and removals, against plain dictionaries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch, edit_watch, remove_watch
from pacesetter.jobs.night.check_watchlist import check_watches, store_watched
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import InputError
from pacesetter.research.desk import load_desk
from pacesetter.store.desk.watchlist import WatchRow, find_watches, open_watches
from tests.agents.evidence_made import make_evidence
from tests.jobs.boards.one_transaction import sequences
from tests.jobs.desk.watch_model import CLOSE, RANK, RULES, Facts, Model
from tests.jobs.desk.watch_rows import make_opinions
from tests.jobs.night.test_desk_queue import end_night

DESK = load_desk()
NAMES = ("AAA", "BBB")
TEXTS = st.sampled_from(list(RULES))
UNTIL = st.sampled_from(["never", "never", "never", -1, 0, 3, 9, 20])
FACTS = st.fixed_dictionaries(
    {
        CLOSE: st.sampled_from([101.0, 90.0, 101.0, 45.0, None, 50.0, 51.0, 98.0, 98.5, 100.0, 100.5]),
        RANK: st.sampled_from([30.0, 3.0, None, 10.0, 10.1, 11.0]),
    }
).map(lambda facts: {name: value for name, value in facts.items() if value is not None})
SELL = st.sampled_from([None, None, None, True, False, False])
ADD = st.tuples(
    st.just("add"), st.sampled_from(NAMES), TEXTS, st.sampled_from([0, 2, 10]), st.integers(0, 5), UNTIL
)
EDIT = st.tuples(
    st.just("edit"), st.integers(0, 5), st.one_of(st.none(), TEXTS), st.one_of(st.none(), UNTIL),
    st.sampled_from([None, None, None, True, False]),
)  # fmt: skip
REMOVE = st.tuples(st.just("remove"), st.integers(0, 5))
NIGHT = st.tuples(st.just("night"), st.integers(1, 3), FACTS, FACTS, SELL)
PLAYED = st.tuples(
    ADD, st.lists(st.one_of(NIGHT, NIGHT, NIGHT, NIGHT, ADD, EDIT, REMOVE), min_size=6, max_size=16)
)


def plain(row: WatchRow) -> tuple[Any, ...]:
    return (
        row.symbol, row.expiry_date, row.status, row.times_triggered, row.last_triggered_on, row.checked_on,
        row.to_validate,
    )  # fmt: skip


def expected(one: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("symbol", "until", "phase", "n", "fired", "seen", "open_thesis"))


@cache
def without_history() -> Evidence:
    """What an entry is tried on when it is put on the list: nothing."""
    return make_evidence(symbols=("AAA",), recall=None)


async def step(ws: Workspace, conn: AsyncConnection, move: Any, model: Model, ids: list[UUID]) -> bool | None:
    """One move of a person in the model and in the store; whether it was taken."""
    kind, *rest = move
    standing = model.alive()
    until = {} if kind == "remove" or rest[-1 if kind == "add" else 2] is None else {
        "expires_on": given_date(model.today, rest[-1 if kind == "add" else 2])
    }  # fmt: skip
    evidence = without_history()
    if kind == "add":
        taken = model.add(*rest)
        symbol, text, back, days, _ = rest
        job = add_watch(
            ws,
            symbol,
            WatchTerms(condition=text, hysteresis_pct=back, cool_down_days=days, **until),
            evidence=evidence,
        )
    elif not standing:
        return None
    else:
        one = standing[rest[0] % len(standing)]
        watch_id = ids[model.all.index(one)]
        if kind == "remove":
            one["gone"] = True
            await remove_watch(ws, watch_id)
            return True
        taken = model.edit(one, rest[1], rest[2], rest[3])
        job = edit_watch(
            ws, watch_id, WatchTerms(condition=rest[1], **until), holds=rest[3], evidence=evidence
        )
    if taken:
        view = await job
        if kind == "add":
            ids.append(view.row.id)
    else:
        with pytest.raises(InputError):
            await job
    return taken


def given_date(today: date, until: Any) -> Any:
    return until if until == "never" else today + timedelta(days=until)


async def evening(conn: AsyncConnection, move: Any, model: Model) -> set[str | None]:
    """One evening in the model and in the store, and the same again; the changes that it made."""
    _, later, first, second, sells = move
    on = model.today = model.today + timedelta(days=later)
    facts = {name: one for name, one in zip(NAMES, (first, second), strict=True) if one}
    answers = {None: ("SELL", "SELL"), True: ("SELL", "SELL", "HOLD"), False: ("SELL", "BUY", "HOLD")}[sells]
    opinions = {name: make_opinions(*answers) for name in NAMES}
    evidence = make_evidence(on=on, symbols=tuple(facts), facts=spell(facts), before=spell(model.old, facts))
    model.night(on, facts, sells)
    found = check_watches(await open_watches(conn), evidence, opinions, DESK)
    await store_watched(conn, found)
    rows = await find_watches(conn)
    again = check_watches(rows, evidence, opinions, DESK)
    assert all(one.after == one.before and one.change is None for one in again)
    assert await store_watched(conn, again) == 0
    earlier = make_evidence(on=on - timedelta(days=1), symbols=("AAA",))
    for row in (one for one in rows if one.status in ("armed", "fired")):
        with pytest.raises(InputError, match="in their order"):
            check_watches([row], earlier, {}, DESK)
    await end_night(conn, on, frozenset())
    return {one.change for one in found}


def spell(
    facts: dict[str, Facts], like: dict[str, Facts] | None = None
) -> dict[str, dict[str, float | None]]:
    names = facts if like is None else like
    return {n: {CLOSE: None, RANK: None, **facts.get(n, {})} for n in names}


UP: Facts = {CLOSE: 101.0}
DOWN: Facts = {CLOSE: 90.0}
KNOWN = (  # fires, is armed again and fires once more, proves wrong; another one expires; a twin is refused
    ("add", "AAA", "price.close > 100", 2, 0, "never"),
    [
        ("add", "BBB", "price.close crosses above 100", 0, 0, 0),
        ("add", "AAA", "price.close > 100", 0, 0, "never"),
        ("night", 1, UP, UP, None),
        ("night", 1, DOWN, UP, False),
        ("edit", 1, "price.close > 100", 9, None),
        ("night", 1, UP, UP, None),
        ("night", 1, UP, DOWN, True),
    ],
)


@pytest.mark.timeout(1800)  # of the full counts, beside others' work
def test_stored_histories_equal_the_model(tmp_path: Path, database_url: str, full_counts: bool) -> None:
    seen: set[Any] = set()
    with sequences(tmp_path, database_url, list(NAMES)) as play:

        @settings(max_examples=2000 if full_counts else 80, suppress_health_check=list(HealthCheck))
        @given(PLAYED)
        @example(KNOWN)
        def check(played: Any) -> None:
            async def sequence(ws: Workspace, conn: AsyncConnection, clock: VirtualClock) -> None:
                model = Model()
                ids: list[UUID] = []
                for move in (played[0], *played[1]):
                    clock.at = datetime.combine(model.today, datetime.min.time(), UTC)
                    if move[0] == "night":
                        seen.update(await evening(conn, move, model))
                    else:
                        seen.add((move[0], await step(ws, conn, move, model, ids)))
                    rows = {row.id: row for row in await find_watches(conn)}
                    standing = [i for i, one in enumerate(model.all) if not one["gone"]]
                    assert set(rows) == {ids[i] for i in standing}
                    for i in standing:
                        assert plain(rows[ids[i]]) == expected(model.all[i])

            play(sequence)

        check()
    missed = {"fired", "rearmed", "expired", "invalid", ("add", True), ("add", False), ("edit", True)} - seen
    assert not missed
