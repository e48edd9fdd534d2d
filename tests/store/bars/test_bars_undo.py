"""Taking imports back, in any order, leaves what would be there without them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id
from pacesetter.store.bars.actions import list_actions, upsert_actions
from pacesetter.store.bars.fundamentals import list_facts, upsert_fundamentals
from pacesetter.store.bars.quarantine import hold_bars, list_held, release
from pacesetter.store.database.engine import Database
from pacesetter.store.import_undo import undo_import
from pacesetter.store.symbols.symbols import list_symbols, set_last_dates
from tests.store.made import (
    NOW,
    add_symbols,
    bar,
    bars,
    bring,
    closes,
    history,
    open_import,
    some_bars,
    write,
)

Run = Callable[[Callable[[Database], Any]], Any]
D1 = date(2025, 1, 2)


def test_added_rows_go_and_replaced_ones_return(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA", "BBB"], basis="split")
            _, r1 = await write(conn, some_bars("AAA", D1, [10, 11]))
            wrong = await bring(
                conn, pl.concat([some_bars("AAA", D1, [10, 99, 12]), some_bars("BBB", D1, [5])])
            )
            await set_last_dates(conn, ["AAA", "BBB"])
            done = await undo_import(conn, wrong, NOW)
            assert done == {"removed": 2, "restored": 1, "left": 0, "quarantined": 0}
            assert await closes(conn) == {("AAA", "2025-01-02"): 10, ("AAA", "2025-01-03"): 11}
            r2, r3 = r1 + 1, r1 + 2
            assert await history(conn) == [
                ("AAA", "2025-01-03", r1, r2, 11.0),
                ("AAA", "2025-01-03", r2, r3, 99.0),
                ("AAA", "2025-01-04", r2, r3, 12.0),
                ("BBB", "2025-01-02", r2, r3, 5.0),
            ]
            known = {row.symbol: (row.last_price_date, row.basis) for row in await list_symbols(conn)}
            assert known == {"AAA": (D1 + timedelta(days=1), "split"), "BBB": (None, None)}
            with pytest.raises(InputError, match="before"):
                await undo_import(conn, wrong, NOW)
            with pytest.raises(InputError):
                await undo_import(conn, new_id(), NOW)

    with_database(work)


def test_later_writes_are_left_and_counted(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            first = await bring(conn, some_bars("AAA", D1, [10, 11]))
            await write(conn, some_bars("AAA", D1, [10.5]))
            assert await undo_import(conn, first, NOW) == {
                "removed": 1,
                "restored": 0,
                "left": 1,
                "quarantined": 0,
            }
            assert await closes(conn) == {("AAA", "2025-01-02"): 10.5}

    with_database(work)


def test_held_bars_of_the_import_are_gone_and_those_it_confirmed_wait_again(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            _, revision = await write(conn, some_bars("AAA", D1, [10]))
            jump = bars([bar("AAA", D1 + timedelta(days=1), 30.0)])
            case = jump.with_columns(reason=pl.lit("jump"), detail=pl.lit("×3"))
            await hold_bars(conn, case, source="t", revision=revision, fetched_at=NOW)
            import_id, second = await open_import(conn)
            await write(conn, some_bars("AAA", D1, [10]))
            other = bars([bar("AAA", D1 + timedelta(days=3), 90.0)]).with_columns(
                case["reason"], case["detail"]
            )
            await hold_bars(conn, other, source="t", revision=second, fetched_at=NOW)
            from pacesetter.store.bars.bars import upsert_bars

            await upsert_bars(conn, jump, source="t", revision=second, fetched_at=NOW)
            await release(conn, case, source="t", revision=second, at=NOW)
            assert [row.date for row in await list_held(conn)] == [D1 + timedelta(days=3)]
            done = await undo_import(conn, import_id, NOW)
            assert done["quarantined"] == 1
            assert [row.date for row in await list_held(conn)] == [D1 + timedelta(days=1)]

    with_database(work)


def test_facts_and_actions_return_and_the_past_stays_what_it_was(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, ["AAA"])
            ids, revisions = [], []
            for eps in (1.0, 2.0, 3.0):
                import_id, revision = await open_import(conn)
                ids.append(import_id)
                revisions.append(revision)
                frame = pl.DataFrame({"symbol": ["AAA"], "eps": [eps]})
                await upsert_fundamentals(
                    conn, frame, known_on=D1, revision=revision, fetched_at=NOW, source="t"
                )
                paid = {"symbol": "AAA", "ex_on": D1, "kind": "dividend", "value": eps, "currency": "USD"}
                await upsert_actions(conn, pl.DataFrame([paid]), source="t", revision=revision, known_at=NOW)

            async def now() -> tuple[list[float], list[float]]:
                return (await list_facts(conn, D1))["eps"].to_list(), (await list_actions(conn))[
                    "value"
                ].to_list()

            assert await now() == ([3.0], [3.0])
            await undo_import(conn, ids[1], NOW)  # in the middle: the newest stands
            assert await now() == ([3.0], [3.0])
            await undo_import(conn, ids[2], NOW)  # the one before it was taken back: the first returns
            assert await now() == ([1.0], [1.0])
            known = await conn.execute(
                text(
                    "SELECT eps FROM fundamentals WHERE known_from_revision <= :r "
                    "AND (known_to_revision IS NULL OR known_to_revision > :r)"
                ),
                {"r": revisions[1]},
            )
            assert [row[0] for row in known] == [2.0], "what was known then"
            await undo_import(conn, ids[0], NOW)
            assert await now() == ([], [])

    with_database(work)


event = st.one_of(
    st.tuples(st.just("import"), st.dictionaries(st.integers(0, 2), st.integers(1, 4), min_size=1)),
    st.tuples(st.just("fetch"), st.dictionaries(st.integers(0, 2), st.integers(1, 4), min_size=1)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(st.lists(event, min_size=2, max_size=9))
def test_any_imports_fetches_and_undos(with_database: Run, events: list[tuple[str, Any]]) -> None:
    """Oracle: a stack of (writer, value) a date; an undone writer's entries leave the stack."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            for table in ("market_data_cache", "market_data_revisions", "data_revisions", "imports"):
                await conn.execute(text(f"DELETE FROM {table}"))
            if not await conn.scalar(text("SELECT count(*) FROM symbol_universe")):
                await add_symbols(conn, ["AAA"])
            stacks: dict[int, list[tuple[Any, int]]] = {}
            imports: list[Any] = []
            for kind, what in events:
                if kind == "undo":
                    if not imports:
                        continue
                    writer = imports.pop(what % len(imports))
                    await undo_import(conn, writer, NOW)
                    for stack in stacks.values():
                        stack[:] = [entry for entry in stack if entry[0] != writer]
                else:
                    rows = bars([bar("AAA", D1 + timedelta(days=d), c) for d, c in what.items()])
                    writer = await bring(conn, rows) if kind == "import" else object()
                    if kind == "import":
                        imports.append(writer)
                    else:
                        await write(conn, rows)
                    for d, c in what.items():
                        stack = stacks.setdefault(d, [])
                        if not stack or stack[-1][1] != c:  # an equal value changes nothing
                            stack.append((writer, c))
                expected = {("AAA", str(D1 + timedelta(days=d))): s[-1][1] for d, s in stacks.items() if s}
                assert await closes(conn) == expected

    with_database(work)
