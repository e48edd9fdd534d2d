"""Methods of one's own: versions, comparison, trials and validation of a board, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.boards.compare_methods import compare_methods
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.define_board import create_board, edit_board
from pacesetter.jobs.boards.keep_method import save_method
from pacesetter.jobs.boards.try_weights import prepare_trial, try_method
from pacesetter.jobs.boards.validate_board import validate_board
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadMethod, InputError, UnknownName
from pacesetter.ranking.method import Method, WeightedFactor, load_shipped, parse_method, write_method
from tests.jobs.backfill.test_backfill import DAYS, SYMBOLS, home  # noqa: F401

MINE = Method(
    "mine",
    1,
    "Two of five",
    (WeightedFactor("momentum", "momentum", 0.75), WeightedFactor("calm", "volatility", 0.25)),
)


@pytest.mark.parametrize("name", ["core", "classic"])
def test_a_method_written_is_read_back_as_the_same(name: str) -> None:
    method = load_shipped(name)
    assert parse_method(write_method(method)) == method
    odd = replace(MINE, title='a "quoted" \\ title', clip=2.5)
    assert parse_method(write_method(odd)) == odd


def test_versions_follow_each_other_and_equal_content_is_none(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        first = await save_method(ws, write_method(MINE), where="mine.toml")
        again = await save_method(ws, write_method(replace(MINE, version=9)), where="mine.toml")
        other = await save_method(ws, write_method(replace(MINE, coverage_min=0.5)), where="mine.toml")
        assert [(k.version, k.changed) for k in (first, again, other)] == [(1, True), (1, False), (2, True)]
        with pytest.raises(InputError, match="comes with the product"):
            await save_method(ws, write_method(load_shipped("core")), where="core.toml")
        with pytest.raises(BadMethod):
            await save_method(ws, "name = 3", where="bad.toml")

    home(work)


def test_a_board_follows_the_newest_version_of_its_method(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await save_method(ws, write_method(MINE), where="mine.toml")
        await create_board(ws, "Mine", symbols=SYMBOLS, method="mine")
        await run_cycle(ws, on=DAYS[-2], source="none")
        before = await view_board(ws, "Mine", on=DAYS[-2])
        changed = replace(MINE, factors=(MINE.factors[0], replace(MINE.factors[1], uses="return_5d")))
        kept = await save_method(ws, write_method(changed), where="mine.toml")
        assert kept.boards == ["Mine"]
        ws.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        await run_cycle(ws, on=DAYS[-1], source="none")
        after = await view_board(ws, "Mine", on=DAYS[-1])
        assert (before.method_version, after.method_version) == (1, 2)
        assert (await view_board(ws, "Mine", on=DAYS[-2])).rows == before.rows
        assert (await verify_date(ws, DAYS[-2])).differences == []
        assert (await verify_date(ws, DAYS[-1])).differences == []
        await edit_board(ws, "Finance", method="mine")
        with pytest.raises(UnknownName):
            await edit_board(ws, "Finance", method="nobody")

    home(work)


def test_a_comparison_shows_both_ranks(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        found = await compare_methods(ws, "AI/Tech", "core", MINE, on=DAYS[-1])
        one = {row.symbol: row.rank for row in (await view_board(ws, "AI/Tech", on=DAYS[-1])).rows}
        other = {
            row.symbol: row.rank for row in (await view_board(ws, "AI/Tech", on=DAYS[-1], method=MINE)).rows
        }
        assert {s: (a, b) for s, _, a, b in found.rows} == {s: (one[s], other[s]) for s in one}
        assert found.methods == ("core v1", "mine v1")

    home(work)


def test_a_trial_with_the_own_weights_changes_nothing(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Nine", symbols=SYMBOLS)
        ranks = {row.symbol: row.rank for row in (await view_board(ws, "Nine", on=DAYS[-1])).rows}
        trial = await try_method(ws, "Nine", load_shipped("core").weights)
        same = trial.then
        assert trial.now.ranks.tolist() == same.ranks.tolist() and trial.now.ic_mean == same.ic_mean
        assert dict(zip(same.symbols, same.ranks.tolist(), strict=True)) == ranks
        assert same.movers == () or list(same.movers) == []
        assert len((await prepare_trial(ws, "Nine"))[1].sessions) == len(DAYS)
        with pytest.raises(InputError):
            await try_method(ws, "Nine", {"momentum": 1.0, "colour": 1.0})

    home(work)


def test_a_board_is_validated_with_its_factors(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await create_board(ws, "Nine", symbols=SYMBOLS)
        found = await validate_board(ws, "Nine")
        assert set(found.factors) == set(load_shipped("core").weights)
        summary = found.score.horizons[0].summary
        assert summary.n > 50 and abs(summary.mean) < 0.3 and np.isfinite(summary.t)
        assert found.factors["financial_ratio"].horizons[0].summary.n == 0
        assert (found.first, found.last) == (DAYS[0], DAYS[-1])
        with pytest.raises(InputError, match="no prices"):
            await validate_board(ws, "Energy")

    home(work)
