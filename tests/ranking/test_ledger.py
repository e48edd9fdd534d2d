"""The ledger against all permutations of its players, with a pipeline of the tests' own."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from pacesetter.factors.base import factors, factors_of
from pacesetter.ranking.board_state import BoardState
from pacesetter.ranking.ledger import MOST_PLAYERS, explain_changes
from pacesetter.ranking.method import Method, WeightedFactor, load_shipped

FACTORS = ("momentum", "volume_change", "volatility", "relative_strength", "financial_ratio")


def make_state(rng: np.random.Generator, n: int, method: Method, missing: float = 0.1) -> BoardState:
    """A random board of a random universe; some values missing, some equal."""
    raw = {name: np.round(rng.normal(0, 1, n), 1) for name in FACTORS}
    for values in raw.values():
        values[rng.random(n) < missing] = np.nan
    universe = rng.random(n) < 0.9
    member = rng.random(n) < 0.4
    return BoardState(tuple(f"S{i:02d}" for i in range(n)), method, raw, universe, member)


def changed(rng: np.random.Generator, state: BoardState, share: float) -> BoardState:
    """The same board with a share of its values moved."""
    raw = {}
    for name, values in state.raw.items():
        moved = rng.random(len(values)) < share
        raw[name] = np.where(moved, values + np.round(rng.normal(0, 1, len(values)), 1), values)
    return replace(state, raw=raw)


# ---- the oracle: plain Python, one board at a time -------------------------------------------------


def z_scores(values: dict[str, float], scope: set[str], sign: int) -> dict[str, float]:
    """Robust z of the scope's values, clipped; the average for a missing one."""
    known = [values[s] for s in scope if not math.isnan(values[s])]
    if len(known) < 5:
        return dict.fromkeys(scope, 0.0)
    centre = statistics.median(known)
    scale = 1.4826 * statistics.median([abs(x - centre) for x in known])
    if scale == 0:
        centre, scale = statistics.fmean(known), statistics.pstdev(known)
    if scale == 0:
        return dict.fromkeys(scope, 0.0)
    return {
        s: 0.0 if math.isnan(values[s]) else max(-3.0, min(3.0, sign * (values[s] - centre) / scale))
        for s in scope
    }


def oracle_value(
    symbol: str, raw: dict[str, dict[str, float]], universe: set[str], member: set[str], method: Method
) -> tuple[int, float]:
    """Rank and composite of a symbol on a board of these values."""
    ranked = member & universe
    scope = universe if len(universe) >= 30 else ranked
    composite = {}
    z = {p.uses: z_scores(raw[p.uses], scope, factors.get(p.uses).sign) for p in method.factors}
    for s in ranked:
        present = [p for p in method.factors if not math.isnan(raw[p.uses][s])]
        if sum(p.weight for p in present) / sum(p.weight for p in method.factors) < 0.6 - 1e-9:
            continue
        composite[s] = round(sum(p.weight * z[p.uses][s] for p in present), 12)
    if symbol not in composite:
        return len(composite) + 1, 0.0
    return 1 + sum(x > composite[symbol] for x in composite.values()), composite[symbol]


def oracle(symbol: str, a: BoardState, b: BoardState, c: BoardState, players: list[str]):
    """Shares of every player, by all orders in which they can join."""
    i = a.symbols.index(symbol)

    def value(joined: frozenset[str]) -> tuple[int, float]:
        raw = {}
        for name in a.raw:
            revised = b if "revisions" in joined else a
            peers = c if "peers" in joined else revised
            column = dict(zip(a.symbols, map(float, peers.raw[name]), strict=True))
            column[symbol] = float((c if name in joined else revised).raw[name][i])
            raw[name] = column
        end = c if "membership" in joined else a
        universe = {s for s, inside in zip(a.symbols, end.universe, strict=True) if inside}
        member = {s for s, inside in zip(a.symbols, end.member, strict=True) if inside}
        return oracle_value(symbol, raw, universe, member, (c if "method" in joined else a).method)

    known: dict[frozenset[str], tuple[int, float]] = {}
    rank = dict.fromkeys(players, Fraction(0))
    composite = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        joined: frozenset[str] = frozenset()
        for player in order:
            later = joined | {player}
            for one in (joined, later):
                if one not in known:
                    known[one] = value(one)
            rank[player] += Fraction(known[joined][0] - known[later][0], len(orders))
            composite[player] += (known[later][1] - known[joined][1]) / len(orders)
            joined = later
    return rank, composite


OTHER = Method("other", 1, "", tuple(WeightedFactor(n, n, 0.2) for n in FACTORS))
ONLY = Method(
    "only",
    1,
    "",
    (WeightedFactor("momentum", "momentum", 0.5), WeightedFactor("volatility", "volatility", 0.5)),
)


@pytest.mark.parametrize("n", [12, 45])
@pytest.mark.parametrize("kind", ["values", "membership", "method", "revisions"])
def test_shares_equal_those_of_all_permutations(kind: str, n: int, rng: np.random.Generator) -> None:
    core, checked = load_shipped("core"), 0
    for _ in range(6):
        method = ONLY if kind in ("method", "revisions") else core
        a = make_state(rng, n, method)
        b = changed(rng, a, 0.2) if kind == "revisions" else a
        c = changed(rng, b, 0.3)
        if kind == "membership":
            c = replace(c, universe=rng.random(n) < 0.9, member=a.member ^ (rng.random(n) < 0.1))
        if kind == "method":
            c = replace(
                c,
                method=replace(
                    ONLY, version=2, factors=(ONLY.factors[0], replace(ONLY.factors[1], weight=2.0))
                ),
            )
        for ledger in explain_changes(a, b, c):
            if ledger.status != "moved" or len(ledger.rank_shares) > 6 or checked >= 20:
                continue
            rank, composite = oracle(ledger.symbol, a, b, c, list(ledger.rank_shares))
            assert ledger.rank_shares == rank
            for player, share in ledger.composite_shares.items():
                assert share == pytest.approx(composite[player], abs=1e-12)
            checked += 1
    assert checked > 10


def test_parts_sum_exactly_and_the_unmoved_have_no_share(rng: np.random.Generator) -> None:
    moved = 0
    for _ in range(25):
        a = make_state(rng, 60, load_shipped("core"))
        b = changed(rng, a, 0.05)
        c = replace(changed(rng, b, 0.2), member=a.member ^ (rng.random(60) < 0.05), method=OTHER)
        for ledger in explain_changes(a, b, c):
            if ledger.status != "moved":
                assert not ledger.rank_shares
                continue
            moved += 1
            i = a.symbols.index(ledger.symbol)
            assert sum(ledger.rank_shares.values()) == ledger.rank_change
            assert math.fsum(ledger.composite_shares.values()) == pytest.approx(
                ledger.composite_change, abs=1e-12
            )
            for name in FACTORS:
                if a.raw[name][i] == b.raw[name][i] == c.raw[name][i]:
                    assert ledger.rank_shares.get(name, 0) == 0
    assert moved > 300


def test_nothing_changed_gives_no_players(rng: np.random.Generator) -> None:
    a = make_state(rng, 40, load_shipped("core"))
    for ledger in explain_changes(a, a, a):
        assert ledger.rank_change in (0, None) and not ledger.rank_shares


def test_a_newcomer_and_one_that_left_have_no_shares() -> None:
    rng = np.random.default_rng(1)
    a = replace(make_state(rng, 40, load_shipped("core"), missing=0), universe=np.ones(40, dtype=bool))
    member = np.zeros(40, dtype=bool)
    member[:5] = True
    a = replace(a, member=member)
    later = member.copy()
    later[0], later[7] = False, True
    ledgers = {one.symbol: one for one in explain_changes(a, a, replace(a, member=later))}
    assert (ledgers["S00"].status, ledgers["S07"].status) == ("left", "entered")
    assert ledgers["S07"].rank_change is None and not ledgers["S07"].rank_shares
    assert all(set(ledgers[f"S0{i}"].rank_shares) <= {"membership"} for i in range(1, 5))


def test_classic_boards_are_explained_too(rng: np.random.Generator) -> None:
    classic = load_shipped("classic")
    names = [part.uses for part in classic.factors]
    n = 8
    raw = {name: rng.normal(1, 0.2, n) for name in names}
    everybody = np.ones(n, dtype=bool)
    a = BoardState(tuple(f"S{i}" for i in range(n)), classic, raw, everybody, everybody)
    c = changed(rng, a, 0.5)
    for ledger in explain_changes(a, a, c):
        assert sum(ledger.rank_shares.values()) == ledger.rank_change
        assert math.fsum(ledger.composite_shares.values()) == pytest.approx(
            ledger.composite_change, abs=1e-12
        )


def test_ties_are_remarked() -> None:
    a = make_state(np.random.default_rng(2), 40, load_shipped("core"), missing=0)
    alike = {name: np.concatenate([values[:1], values[:1], values[2:]]) for name, values in a.raw.items()}
    a = replace(a, raw=alike, member=np.arange(40) < 6, universe=np.ones(40, dtype=bool))
    first = explain_changes(a, a, changed(np.random.default_rng(3), a, 0.5), ["S00"])[0]
    assert first.before.tied == 2
    assert any(remark.startswith("before: shares its rank") for remark in first.remarks)


def test_many_causes_are_taken_together_by_kind(rng: np.random.Generator) -> None:
    names = [one.name for one in factors_of("bars")][:12]
    method = Method("wide", 1, "", tuple(WeightedFactor(n, n, 1 / 12) for n in names))
    everybody = np.ones(40, dtype=bool)
    raw = {name: rng.normal(0, 1, 40) for name in names}
    a = BoardState(tuple(f"S{i:02d}" for i in range(40)), method, raw, everybody, everybody)
    c = replace(a, raw={name: values + rng.normal(0, 1, 40) for name, values in raw.items()})
    (ledger,) = explain_changes(a, a, c, ["S03"])
    assert len(names) + 1 > MOST_PLAYERS
    assert set(ledger.rank_shares) <= {"price", "volume", "fundamentals", "peers"}
    assert any("together" in remark for remark in ledger.remarks)
    assert sum(ledger.rank_shares.values()) == ledger.rank_change
