"""The ledger on real prices: exact sums, the permutations' shares, no share of what did not move."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.market.domain import load_seed_domains
from pacesetter.market.panel import F8
from pacesetter.ranking.board_state import BoardState
from pacesetter.ranking.frame import panel_from_frame
from pacesetter.ranking.ledger import Ledger, explain_changes
from pacesetter.ranking.method import load_shipped
from tests.ranking.test_ledger import oracle

CASES, FULL = 300, 10_000
CHECKED_BY_ORACLE = 0.1  # of the cases; all 5! or 6! orders of a universe of 503 take a while

pytestmark = pytest.mark.timeout(5000)


class RealBoards:
    """Values of the `core` factors on every session, and the boards: twelve curated ones and all."""

    def __init__(self, path: Path) -> None:
        self.method = load_shipped("core")
        whole = panel_from_frame(pl.read_parquet(path), on="all")
        panel = whole.on(whole.calendar[300:])
        self.symbols, self.sessions = panel.symbols, panel.sessions
        self.values: dict[str, F8] = {
            part.uses: evaluate(factors.get(part.uses), panel).raw for part in self.method.factors
        }
        self.universe = panel.universe("equity")
        index = {symbol: i for i, symbol in enumerate(self.symbols)}
        self.boards = [np.ones(len(self.symbols), dtype=bool)]
        for domain in load_seed_domains():
            member = np.zeros(len(self.symbols), dtype=bool)
            member[[index[s] for s in domain.symbols if s in index]] = True
            self.boards.append(member)

    def state(self, t: int, board: int) -> BoardState:
        raw = {name: values[t] for name, values in self.values.items()}
        return BoardState(self.symbols, self.method, raw, self.universe[t], self.boards[board])


@pytest.fixture(scope="module")
def real(shared_data: Path) -> RealBoards:
    return RealBoards(shared_data / "prices" / "us_sp500_2014_2025.parquet")


def draw(real: RealBoards, rng: np.random.Generator) -> tuple[BoardState, BoardState, Ledger]:
    """A random symbol of a random board between two random dates; one in four are neighbours."""
    board = int(rng.integers(len(real.boards)))
    first, last = sorted(rng.choice(len(real.sessions), 2, replace=False).tolist())
    last = first + 1 if rng.random() < 0.25 else last
    a, c = real.state(first, board), real.state(last, board)
    symbol = str(rng.choice(np.array(real.symbols)[real.boards[board]]))
    (ledger,) = explain_changes(a, a, c, [symbol])
    return a, c, ledger


def test_random_cases(real: RealBoards, rng: np.random.Generator, full_counts: bool) -> None:
    moved = checked = unmoved = 0
    for _ in range(FULL if full_counts else CASES):
        a, c, ledger = draw(real, rng)
        if ledger.status != "moved":
            continue
        moved += 1
        i = a.symbols.index(ledger.symbol)
        assert sum(ledger.rank_shares.values()) == ledger.rank_change
        total = math.fsum(ledger.composite_shares.values())
        assert math.isclose(total, ledger.composite_change or 0.0, rel_tol=0, abs_tol=1e-12)
        for name in real.values:
            if np.array_equal(a.raw[name][i], c.raw[name][i], equal_nan=True):
                unmoved += 1
                assert ledger.rank_shares.get(name, 0) == 0
        if rng.random() < CHECKED_BY_ORACLE:
            rank, composite = oracle(ledger.symbol, a, a, c, list(ledger.rank_shares))
            assert ledger.rank_shares == rank
            assert all(
                abs(share - composite[name]) < 1e-12 for name, share in ledger.composite_shares.items()
            )
            checked += 1
    print(f"{moved} moved, {checked} checked by all permutations, {unmoved} values that did not move")
    assert moved > 0.7 * (FULL if full_counts else CASES) and checked > 10 and unmoved >= moved
