"""How firm a rank is: its 90 % interval when the year behind it is redrawn, and who ties with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pacesetter.factors.base import Factor, FactorValues
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import F8, I4, I8, Mask, Panel
from pacesetter.ranking.boards import rank_board, score_universe
from pacesetter.ranking.method import Method
from pacesetter.ranking.resample import BEFORE, Year, draw_blocks, seed_generator, take_year
from pacesetter.ranking.scores import Scores

DRAWS = 200
CHUNK = 50  # draws ranked at once: the scores of 10,000 symbols stay below half a GiB
LOW, HIGH = 5.0, 95.0  # percentiles
TIED = 0.25
BAR_COLUMNS = {"open", "high", "low", "close", "volume", "growth"}


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """The intervals of a board's ranks on one date.

    ``low`` and ``high`` (int32, S): 5th and 95th percentile of the rank over the resamples in
    which the symbol is ranked, ``ranked`` (int32, S) many; 0 where it has no rank on the date,
    or in no resample. ``order`` (int64, K): the ranked symbols, best first, equal ones by
    name; ``flips`` (float64, K − 1): the share of resamples, of those that rank both, in which
    the second of each two neighbours there is ahead of the first (NaN where none rank both).
    """

    low: I4
    high: I4
    ranked: I4
    order: I8
    flips: F8
    draws: int

    @property
    def tied(self) -> Mask:
        """Neighbours of ``order`` that are statistically tied (bool, K − 1)."""
        tied: Mask = self.flips > TIED
        return tied


@dataclass(frozen=True, eq=False)
class Board:
    """A board on one date: who is ranked (bool, S) and by which method."""

    slug: str
    asset_type: str
    method: Method
    member: Mask


def rank_intervals(
    panel: Panel,
    boards: Sequence[Board],
    values: Mapping[str, FactorValues],
    fingerprint: str,
    draws: int = DRAWS,
) -> tuple[RankIntervals, ...]:
    """90 % intervals of the ranks of each board on the panel's last session.

    Circular blocks of 21 over the last 252 sessions, one draw for all symbols, boards and the
    benchmark. Factors of bars are computed again on each; factors with facts keep their
    ``values`` (by registered name, 1×S, on that session). The ranked universe stays, and a
    value that is missing on the date stays missing. A redrawn past is 42 sessions longer
    than the year, so that a session without a bar, drawn more than once, leaves enough for
    the longest window. Percentiles are ranks that occurred (``inverted_cdf``). The same
    ``fingerprint`` (hex) gives the same bytes. ``InputError`` for values or members of
    another shape, or fewer than one draw.
    """
    used = dict.fromkeys(part.uses for board in boards for part in board.method.factors)
    chosen = {name: values[name] for name in used}
    refuse_other_shapes(panel, chosen, boards, draws)
    now = panel.on(panel.sessions[-1:])
    year = take_year(now)
    true = [ranks[0] for ranks in rank_draws(now, boards, chosen, 1)]
    drawn = draw_blocks(seed_generator(fingerprint), draws, year.length, year.length + BEFORE)
    parts = [
        rank_draws(now, boards, revalue(chosen, year, some), len(some))
        for some in (drawn[first : first + CHUNK] for first in range(0, draws, CHUNK))
    ]
    redrawn = [np.concatenate(chunks) for chunks in zip(*parts, strict=True)]
    return tuple(summarise(t, r, panel.symbols) for t, r in zip(true, redrawn, strict=True))


def rank_draws(
    now: Panel, boards: Sequence[Board], values: Mapping[str, FactorValues], draws: int
) -> list[I4]:
    """Each board's ranks (int32, draws × S) from values that have one row a draw."""
    times = now.on(np.repeat(now.sessions, draws))  # the same date once a draw: one call for many
    universes: dict[tuple[str, str], Scores] = {}
    ranks = []
    for board in boards:
        key = (board.method.sha256, board.asset_type)
        if key not in universes:
            universes[key] = score_universe(board.method, values, times, board.asset_type)
        member = np.tile(board.member, (draws, 1))
        ranks.append(rank_board(board.method, values, times, universes[key], member, board.slug).rank)
    return ranks


def refuse_other_shapes(
    panel: Panel, values: Mapping[str, FactorValues], boards: Sequence[Board], draws: int
) -> None:
    """Values and members belong to the panel's last session and symbols."""
    for name, given in values.items():
        if given.raw.shape != (1, panel.n_symbols):
            raise InputError(
                f"{name} has values of shape {given.raw.shape}",
                where="values",
                mend=f"give those of the last session, (1, {panel.n_symbols})",
            )
    for board in boards:
        if board.member.shape != (panel.n_symbols,):
            raise InputError(
                f"{board.member.shape} is no list of members", where=board.slug, mend="one flag a symbol"
            )
    if draws < 1:
        raise InputError(f"{draws} draws", where="draws", mend="draw at least once")


def reads_bars_only(one: Factor) -> bool:
    """Whether another past would give another value: it reads bars, and no facts."""
    return bool(BAR_COLUMNS & set(one.needs)) and not any(need.startswith("fact:") for need in one.needs)


def revalue(values: Mapping[str, FactorValues], year: Year, drawn: I8) -> dict[str, FactorValues]:
    """Each factor's values under each draw (int64, D × L) as if they were dates (D×S).

    What was missing on the date stays missing: no draw makes a history longer.
    """
    again = {
        name: replace(
            given,
            raw=np.repeat(given.raw, len(drawn), axis=0),
            reason=np.repeat(given.reason, len(drawn), axis=0),
            n_obs=np.repeat(given.n_obs, len(drawn), axis=0),
        )
        for name, given in values.items()
    }
    redrawn = [name for name, given in values.items() if reads_bars_only(given.factor)]
    for d, sessions in enumerate(drawn if redrawn else ()):
        other = year.redraw(sessions)
        for name in redrawn:
            raw = evaluate(values[name].factor, other).raw[0]
            again[name].raw[d] = np.where(np.isfinite(values[name].raw[0]), raw, np.nan)
    return again


def summarise(true: I4, ranks: I4, symbols: tuple[str, ...]) -> RankIntervals:
    """Intervals and flips from the true ranks (int32, S) and those of the resamples (int32, draws × S);
    0 is unranked."""
    placed = np.flatnonzero(true > 0)
    low, high = np.zeros(len(true), dtype=np.int32), np.zeros(len(true), dtype=np.int32)
    for s in placed:
        seen = ranks[ranks[:, s] > 0, s]
        if len(seen):
            low[s], high[s] = np.percentile(seen, [LOW, HIGH], method="inverted_cdf")
    order = np.array(sorted(placed, key=lambda s: (true[s], symbols[s])), dtype=np.int64)
    ahead, behind = ranks[:, order[:-1]], ranks[:, order[1:]]
    both = (ahead > 0) & (behind > 0)
    with np.errstate(invalid="ignore"):
        flips = (both & (behind < ahead)).sum(axis=0) / both.sum(axis=0)
    ranked = np.where(true > 0, (ranks > 0).sum(axis=0), 0).astype(np.int32)
    return RankIntervals(low, high, ranked, order, flips, len(ranks))
