"""Rebuild what was published for a date, and compare it to the bit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.boards.measure_confidence import measure_cycle
from pacesetter.jobs.boards.publication_frames import assemble
from pacesetter.jobs.boards.rank_dates import describe_inputs, rank_panel
from pacesetter.jobs.boards.recall import recall_cycle
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.market.calendar import day_number, is_session, latest_session_on
from pacesetter.ranking.inputs import Inputs
from pacesetter.ranking.publication import Publication
from pacesetter.store.boards import published_rows as stored
from pacesetter.store.boards.intervals import interval_rows
from pacesetter.store.boards.methods import register_factors

BOARD_KEY = ("domain_id", "method_version_id", "metric_date", "symbol")
VALUE_KEY = ("metric_date", "factor_version_id", "symbol")
STAT_KEY = ("method_version_id", "metric_date", "scope", "factor")
PREVIOUS = ("previous_rank", "previous_on", "rank_change")
MOST = 1000  # differences listed


@dataclass(frozen=True)
class Difference:
    """A number that does not come out again: its table and place, what is stored, what was rebuilt."""

    table: str
    where: str
    column: str
    stored: str
    rebuilt: str


@dataclass
class VerifyReport:
    """``rows`` of ``boards`` and ``numbers`` of evidence compared; ``differences`` is empty when
    everything came out again. ``fingerprints``: of the cycles that published the date."""

    on: date
    boards: list[str] = field(default_factory=list)
    rows: int = 0
    numbers: int = 0
    fingerprints: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


async def verify_date(ws: Workspace, on: date) -> VerifyReport:
    """Rebuild every board of a date from the bars, facts and members that its cycle knew."""
    async with ws.db.read() as conn:
        heads = await stored.heads_of(conn, on)
    if not heads:
        raise not_published(ws, on)
    report = VerifyReport(on)
    by_cycle: dict[UUID, list[Any]] = {}
    for head in heads:
        by_cycle.setdefault(head.evidence_cycle_id, []).append(head)
    for group in by_cycle.values():
        await verify_cycle(ws, on, group, report)
    return report


def not_published(ws: Workspace, on: date) -> InputError:
    """The mistake of asking for a date without any board: sessions of an exchange, and days of boxes."""
    mic = ws.settings.calendar
    what = f"nothing is published for {on}: no board of {mic}, and none of boxes"
    if is_session(mic, on) or on > ws.now().date():
        choose_date(ws, on)  # refuses what is to come
        return InputError(what, mend=f"`pacesetter cycle --on {on}` ranks what {mic} trades")
    mend = f"{mic} has no session on it, the one before it is {latest_session_on(mic, on)}"
    return BadDate(what, mend=f"{mend}; `pacesetter boxes` names a day of boxes")


async def verify_cycle(ws: Workspace, on: date, heads: Sequence[Any], report: VerifyReport) -> None:
    """The boards whose evidence one cycle wrote."""
    cycle = heads[0]
    plans, panel = await recall_cycle(ws, on, heads)
    now = await asyncio.to_thread(describe_inputs, panel, plans)
    ranked = await asyncio.to_thread(rank_panel, panel.on(np.array([day_number(on)])), plans)
    async with ws.db.write(content=False) as conn:
        ids = await register_factors(conn, [factors.get(name) for name in ranked.values])
    rebuilt = await asyncio.to_thread(assemble, ranked, ids, [on], now)
    report.boards += [plan.name for plan in plans]
    report.fingerprints.append(cycle.fingerprint or "")
    compare_inputs(cycle, now, report)
    async with ws.db.read() as conn:
        rows = await stored.result_rows(conn, heads)
        values = await stored.value_rows(conn, cycle.evidence_cycle_id, on)
        stats = await stored.stat_rows(conn, cycle.evidence_cycle_id, on)
        before = await stored.previous_rows(conn, rows)
        firmness = await interval_rows(conn, heads)
    names: dict[Any, str] = {plan.domain_id.bytes: plan.slug for plan in plans}
    names |= {number: name for name, number in ids.items()}
    compare_publication(rebuilt, rows, values, stats, before, names, report)
    if not firmness.is_empty():
        again = await asyncio.to_thread(measure_cycle, on, heads, plans, panel)
        again = again.join(firmness, on=["domain_id", "method_version_id"], how="semi")
        report.numbers += firmness.height
        report.differences += compare("rank intervals", firmness, again, BOARD_KEY, names)
    del report.differences[MOST:]


def compare_inputs(cycle: Any, now: Inputs, report: VerifyReport) -> None:
    """What the cycle kept of its inputs against what they are found to be."""
    kept = (cycle.progress or {}).get("inputs")
    if kept is None:
        report.remarks.append("the cycle kept no fingerprint of its inputs")
        return
    then = Inputs(**kept)

    def differ(column: str, was: object, found: object) -> None:
        if was != found:
            report.differences.append(Difference("cycle", column, "digest", str(was), str(found)))

    differ("fingerprint", cycle.fingerprint, then.fingerprint)
    differ("data", then.data, now.data)
    for slug in now.methods:
        differ(f"method of {slug}", then.methods.get(slug), now.methods[slug])
        differ(f"members of {slug}", then.members.get(slug), now.members[slug])
    for name in now.factors:
        differ(f"version of {name}", then.factors.get(name), now.factors[name])
    if then.code != now.code:
        report.remarks.append(f"published by version {then.code}, rebuilt by {now.code}")


def compare_publication(
    rebuilt: Publication,
    rows: pl.DataFrame,
    values: pl.DataFrame,
    stats: pl.DataFrame,
    before: pl.DataFrame,
    names: Mapping[Any, str],
    report: VerifyReport,
) -> None:
    """Rows, previous ranks, values and statistics, each stored one against the rebuilt one."""
    report.rows += rows.height
    report.numbers += rebuilt.factor_values.height + rebuilt.factor_stats.height
    found = report.differences
    found += compare("ranks", rows.drop(PREVIOUS), rebuilt.results, BOARD_KEY, names)
    expected = add_previous(rows.drop("previous_rank", "rank_change"), before)
    found += compare("previous ranks", rows.select(*BOARD_KEY, *PREVIOUS), expected, BOARD_KEY, names)
    for table, kept, made, key in (
        ("factor values", values, rebuilt.factor_values, VALUE_KEY),
        ("statistics", stats, rebuilt.factor_stats, STAT_KEY),
    ):
        mine = kept.join(made, on=list(key), how="semi")  # the cycle may have valued other boards, too
        found += compare(table, mine, made, key, names)


def add_previous(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The previous ranks that rows ought to show, from the boards of the dates that they name."""
    board = ["domain_id", "method_version_id", "symbol"]
    ranks = before.select(*board, previous_on="metric_date", previous_rank="current_rank")
    joined = rows.join(ranks, on=[*board, "previous_on"], how="left")
    change = pl.col("previous_rank") - pl.col("current_rank")
    return joined.with_columns(rank_change=change).select(*BOARD_KEY, *PREVIOUS)


def compare(
    table: str, kept: pl.DataFrame, made: pl.DataFrame, key: Sequence[str], names: Mapping[Any, str]
) -> list[Difference]:
    """Every column of every row in which the two differ; floats to the bit."""
    columns = [c for c in kept.columns if c not in key]
    both = kept.with_columns(here=True).join(
        made.select(*key, *columns).with_columns(there=True),
        on=list(key),
        how="full",
        coalesce=True,
        suffix=" made",
    )
    found = []
    for row in both.filter(pl.col("here").is_null() | pl.col("there").is_null()).iter_rows(named=True):
        states = ("nothing", "a row") if row["here"] is None else ("a row", "nothing")
        found.append(Difference(table, place(row, key, names), "the row itself", *states))
    for column in columns:
        unlike = both.filter("here", "there", ~pl.col(column).eq_missing(pl.col(f"{column} made")))
        found += [
            Difference(table, place(row, key, names), column, repr(row[column]), repr(row[f"{column} made"]))
            for row in unlike.iter_rows(named=True)
        ]
    return found


def place(row: Mapping[str, Any], key: Sequence[str], names: Mapping[Any, str]) -> str:
    """Where a row stands, in words."""
    shown = [
        names.get(row[name], row[name]) for name in key if name not in ("metric_date", "method_version_id")
    ]
    return " ".join(str(one) for one in shown)
