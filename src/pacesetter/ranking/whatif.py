"""What if the factors had other weights: ranks, movers, IC and turnover, before anything is saved.

``prepare`` does once what no weight changes (z, forward returns and their order);
``try_weights`` then only adds, sorts and correlates, over the whole history at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import FactorValues
from pacesetter.factors.columns import count_cores
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.market.panel import F8, I4, Mask, Panel
from pacesetter.ranking import scores
from pacesetter.ranking.boards import rank_board, score_universe
from pacesetter.ranking.forward import forward_returns
from pacesetter.ranking.method import Method

HORIZON = 21  # sessions
PART_DATES = 128


@dataclass(frozen=True)
class Terms:
    """What weights are laid on: z of F factors (float64 F×T×S, 0 where missing), ``state``
    (uint8 F×T×S: 0 missing, 1 raw only, 2 with z), and whose composites count (bool T×S)."""

    z: F8
    state: NDArray[np.uint8]
    member: Mask


@dataclass(frozen=True)
class Prepared:
    """One board of one method, ready for any weights.

    ``symbols`` are the S that are ever ranked members; ``terms`` are theirs on T sessions;
    ``newest`` are those of the whole scope (all symbols of the panel, ``columns`` of them
    ours) on the last session. ``forward`` is the return over the next 21 sessions (T×S, NaN
    outside the board), ``order`` its ascending order a date (int32 T×S, −1 behind the last).
    """

    method: Method
    symbols: tuple[str, ...]
    sessions: I4
    terms: Terms
    newest: Terms
    columns: NDArray[np.int64]
    forward: F8
    order: I4
    ranks: NDArray[np.int32]


@dataclass(frozen=True)
class Mover:
    """A symbol whose rank differs: ``before`` under the method's own weights, None where unranked."""

    symbol: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int | None:
        """Places won (positive = up), None for one that enters or leaves."""
        return None if self.before is None or self.after is None else self.before - self.after


@dataclass(frozen=True)
class WhatIf:
    """A board under other weights.

    On the newest session ``on`` (days since 1970-01-01), by symbol (S): ``ranks`` and
    ``ranks_before`` (0 = none), ``score`` 0–100 and ``composite`` (NaN = none). By session
    (T): ``ic``, the Spearman correlation of composite and return over the next 21 sessions,
    and ``turnover``, the share of the top fifth that was not in it the session before, each
    with its mean (NaN where no session has one).
    """

    weights: dict[str, float]
    on: int
    symbols: tuple[str, ...]
    ranks: NDArray[np.int32]
    ranks_before: NDArray[np.int32]
    score: F8
    composite: F8
    movers: tuple[Mover, ...]
    sessions: I4
    ic: F8
    ic_mean: float
    turnover: F8
    turnover_mean: float


def prepare(
    method: Method, values: Mapping[str, FactorValues], panel: Panel, member: Mask, asset_type: str, slug: str
) -> Prepared:
    """Take the z of a board (``member``: bool T×S) on the scope that it is ranked on.

    ``values`` by registered factor name. ``InputError`` when the panel has no sessions.
    """
    if not panel.n_sessions:
        raise InputError("there is no session to rank", where=slug, mend="value the panel on some")
    universe = score_universe(method, values, panel, asset_type)
    board = rank_board(method, values, panel, universe, member, slug)
    ranked = member & universe.member
    columns = np.flatnonzero(ranked.any(axis=0))
    wide = np.array([scope == universe.scope for scope in board.scope], dtype=bool)
    inside = np.where(wide[:, None], universe.member, ranked)
    newest = take_terms(board.scores, inside, slice(-1, None), np.arange(panel.n_symbols))
    held = np.take(ranked, columns, axis=1)
    forward = np.where(held, np.take(forward_returns(panel, HORIZON), columns, axis=1), np.nan)
    order = np.argsort(forward, axis=1, kind="stable").astype(np.int32)  # NaN last
    order[np.arange(order.shape[1]) >= np.isfinite(forward).sum(axis=1)[:, None]] = -1
    return Prepared(
        method=method,
        symbols=tuple(panel.symbols[s] for s in columns),
        sessions=panel.sessions,
        terms=take_terms(board.scores, ranked, slice(None), columns),
        newest=newest,
        columns=columns,
        forward=forward,
        order=order,
        ranks=board.rank[-1, columns],
    )


def take_terms(made: scores.Scores, member: Mask, days: slice, columns: NDArray[np.int64]) -> Terms:
    """Z and what is known of it, of the members on some days and in some columns."""
    inside = np.take(member[days], columns, axis=1)  # in rows, as the kernels run; a plain index is not
    z, state = [], []
    for part in made.parts:
        raw = np.isfinite(np.take(part.raw[days], columns, axis=1)) & inside
        own = np.take(part.z[days], columns, axis=1)
        scored = raw & np.isfinite(own)
        z.append(np.where(scored, own, 0.0))
        state.append(raw.astype(np.uint8) + scored)
    return Terms(np.stack(z), np.stack(state), inside)


def try_weights(prepared: Prepared, weights: Mapping[str, float]) -> WhatIf:
    """Rank and judge the board under ``weights`` (by shown factor name, not negative, any sum).

    ``InputError`` names a weight that is unknown, missing, negative or no finite number, and
    refuses weights that are all zero. Shares of names in the top fifth need at least 10 ranked
    names a date, the correlation at least 5 pairs.
    """
    method = prepared.method
    own = normalise_weights(method, weights)
    each, rescale = list(own.values()), method.normalise == "domain_z"
    law = (np.array(each), float(sum(each)), method.coverage_min, rescale)
    newest, columns = prepared.newest, prepared.columns
    loops, shared = kernels(), scores.kernels()
    composite = loops.compose(newest.z, newest.state, newest.member, *law)
    ours = np.take(composite, columns, axis=1)
    ranks = loops.run_alone(shared.competition_ranks, ours, prepared.terms.member[-1:])[0]
    relative = method.score == "percentile"
    score = loops.run_alone(shared.percentiles, composite) if relative else scores.min_max(composite)
    ic, turnover = judge_history(prepared, law)
    placed = ranks > 0
    return WhatIf(
        weights=own,
        on=int(prepared.sessions[-1]),
        symbols=prepared.symbols,
        ranks=ranks,
        ranks_before=prepared.ranks,
        score=np.where(placed, score[0, columns], np.nan),
        composite=np.where(placed, ours[0], np.nan),
        movers=list_movers(prepared.symbols, prepared.ranks, ranks),
        sessions=prepared.sessions,
        ic=ic,
        ic_mean=mean_of(ic),
        turnover=turnover,
        turnover_mean=mean_of(turnover),
    )


def judge_history(prepared: Prepared, law: tuple[F8, float, float, bool]) -> tuple[F8, F8]:
    """IC and turnover by session (T each), some dates at a time on every core."""
    terms, loops = prepared.terms, kernels()
    days = len(prepared.sessions)
    ic, top = np.full(days, np.nan), np.zeros(terms.member.shape, dtype=bool)

    def fill(first: int) -> None:
        end = min(first + PART_DATES, days)
        given = (*law, prepared.forward, prepared.order, first, end, ic, top)
        loops.judge(terms.z, terms.state, terms.member, *given)

    with ThreadPoolExecutor(count_cores(), "what-if") as pool:
        list(pool.map(fill, range(0, days, PART_DATES)))
    return ic, loops.turn_over(top)


def normalise_weights(method: Method, weights: Mapping[str, float]) -> dict[str, float]:
    """The weights in the method's order, with sum 1; those that a method would take stay as they are, bit
    for bit: what is saved then ranks as what was tried."""
    names = [part.name for part in method.factors]
    for name in weights:
        if name not in names:
            raise unknown("factor", str(name), names)
    lacking = [name for name in names if name not in weights]
    if lacking:
        raise InputError(f"the weight of {lacking[0]!r} is missing", where="weights", mend="give it, or 0")
    own = {name: read_weight(name, weights[name]) for name in names}
    largest = max(own.values())
    if largest == 0:
        raise InputError(f"all of {', '.join(names)} are 0", where="weights", mend="give one of them more")
    if largest <= 2 and abs(math.fsum(own.values()) - 1.0) <= 1e-9:
        return own
    total = math.fsum(value / largest for value in own.values())  # the sum itself may be infinite
    return {name: value / largest / total for name, value in own.items()}


def read_weight(name: str, value: Any) -> float:
    """A finite number that is not negative."""
    number = isinstance(value, float | int | np.number) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value < 0:
        raise InputError(f"{name} = {value!r}", where="weights", mend="give a number of 0 or more")
    return float(value)


def list_movers(
    symbols: tuple[str, ...], before: NDArray[np.int32], after: NDArray[np.int32]
) -> tuple[Mover, ...]:
    """Who moved: the farthest first, then by symbol; those that enter or leave last."""
    moved = [
        Mover(symbols[s], int(before[s]) or None, int(after[s]) or None)
        for s in np.flatnonzero(before != after)
    ]
    return tuple(sorted(moved, key=lambda m: (m.change is None, -abs(m.change or 0), m.symbol)))


def mean_of(values: F8) -> float:
    """Mean of the finite values, NaN where there are none."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else math.nan


def kernels() -> Any:
    """The compiled loops; numba takes half a second to import."""
    from pacesetter.ranking import whatif_kernels

    return whatif_kernels
