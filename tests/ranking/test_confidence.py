"""Rank intervals under redrawn pasts: the draw, the redrawn panel, and what the intervals say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from pacesetter.factors.base import REASON_CODE, FactorValues, factors, factors_of
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import MarketLine, Panel
from pacesetter.ranking.confidence import Board, RankIntervals, rank_intervals, reads_bars_only, summarise
from pacesetter.ranking.method import Method, WeightedFactor, load_shipped
from pacesetter.ranking.resample import draw_blocks, seed_generator, take_year
from tests.panels import random_panel

CORE = load_shipped("core")
# one factor, hardly clipped: the rank is the order of momenta
MOMENTUM = Method("m", 1, "Momentum", (WeightedFactor("momentum", "momentum", 1.0),), clip=1e9)
HEX = "5eed00"


def values_of(panel: Panel, method: Method) -> dict[str, FactorValues]:
    now = panel.on(panel.sessions[-1:])
    return {part.uses: evaluate(factors.get(part.uses), now) for part in method.factors}


def intervals(panel: Panel, method: Method, fingerprint: str = HEX, draws: int = 40) -> RankIntervals:
    member = np.array([kind == "equity" for kind in panel.asset_type])
    board = Board("b", "equity", method, member)
    (found,) = rank_intervals(panel, [board], values_of(panel, method), fingerprint, draws)
    return found


def panel_of(growth: np.ndarray) -> Panel:
    """Symbols (rows) with these growths on weekdays, all of equal volume; no benchmark."""
    symbols, days = growth.shape
    calendar = np.array([7 * w + d for w in range(days // 5 + 1) for d in range(5)], np.int32)[:days]
    growth = growth.copy()
    growth[:, 0] = np.nan
    close = 100 * np.cumprod(np.nan_to_num(growth, nan=1.0), axis=1).ravel()
    n = symbols * days
    return Panel(
        symbols=tuple(f"S{i:02d}" for i in range(symbols)),
        offsets=np.arange(0, n + 1, days),
        date=np.tile(calendar, symbols),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.ones(n),
        growth=growth.ravel(),
        final=np.ones(n, bool),
        calendar=calendar,
        sessions=calendar[-1:],
        asset_type=("equity",) * symbols,
        currency=(None,) * symbols,
        quote_unit=np.ones(symbols),
    )


@pytest.mark.parametrize(
    ("length", "drawn", "block"), [(252, 294, 21), (252, 252, 1), (100, 110, 21), (5, 4, 21)]
)
def test_blocks_equal_a_slow_reference(length, drawn, block, seed) -> None:
    fingerprint = f"{seed:08x}"
    starts = seed_generator(fingerprint).integers(0, length, size=(30, -(-drawn // block)))
    slow = []
    for row in starts:
        run: list[int] = []
        for start in row:
            for step in range(block):
                run.append((int(start) + step) % length)
        slow.append(run[:drawn])
    assert draw_blocks(seed_generator(fingerprint), 30, length, drawn, block).tolist() == slow


def test_every_session_is_drawn_equally_often() -> None:
    """Circular: the ends of the year are no rarer than its middle (χ² over whole blocks)."""
    drawn = draw_blocks(seed_generator("01"), 4000, 252, 252)
    starts = np.bincount(drawn[:, ::21].ravel(), minlength=252)
    assert scipy.stats.chisquare(starts).pvalue > 1e-4
    assert (np.diff(drawn[:, :21], axis=1) % 252 == 1).all()


def test_all_of_a_fingerprint_counts() -> None:
    first = seed_generator("ab" * 32).integers(0, 2**62)
    assert first == seed_generator("AB" * 32).integers(0, 2**62)
    assert first != seed_generator("ab" * 31 + "ac").integers(0, 2**62)
    assert first != seed_generator("ac" + "ab" * 31).integers(0, 2**62)


@pytest.mark.parametrize("text", ["", "xyz", "abc", "0x12"])
def test_a_fingerprint_is_hex(text) -> None:
    with pytest.raises(InputError, match="no hex"):
        seed_generator(text)


@pytest.mark.parametrize(("draw", "length"), [(0, 252), (1, 252), (2, 294), (3, 294), (4, 50)])
def test_a_redrawn_panel_has_the_drawn_bars(draw, length, rng) -> None:
    panel = random_panel(rng, symbols=8, days=330)
    panel = panel.on(panel.sessions[-1:])
    year = take_year(panel)
    window = panel.calendar[-252:]
    days = panel.calendar[-length:]
    assert year.days.tolist() == window.tolist()
    drawn = draw_blocks(seed_generator(HEX), 6, 252, length)[draw]
    other = year.redraw(drawn)
    assert other.calendar.tolist() == panel.calendar[-length - 1 :].tolist()
    for s in range(panel.n_symbols):
        own = slice(*panel.offsets[s : s + 2])
        bars = {int(d): own.start + i for i, d in enumerate(panel.date[own])}
        wanted = [(int(days[i]), bars[int(window[k])]) for i, k in enumerate(drawn) if int(window[k]) in bars]
        wanted = [(day, row) for day, row in wanted if np.isfinite(panel.growth[row])]
        got = slice(*other.offsets[s : s + 2])
        rows = np.array([row for _, row in wanted])
        assert other.date[got].tolist() == [int(panel.calendar[-length - 1]), *(day for day, _ in wanted)]
        assert np.isnan(other.growth[got][0])
        assert np.isnan(other.volume[got][0])
        assert other.growth[got][1:].tobytes() == panel.growth[rows].tobytes()
        assert other.volume[got][1:].tobytes() == panel.volume[rows].tobytes()
        assert (other.final[got][1:] == panel.final[rows]).all()
        assert np.prod(other.growth[got][1:]) == np.prod(panel.growth[rows])
        close = other.close[got]
        assert close[-1] == panel.close[panel.newest[-1, s]]
        assert close[-1] / close[0] == pytest.approx(np.prod(panel.growth[rows]))
        assert close[1:] / close[:-1] == pytest.approx(panel.growth[rows])
        assert other.high[got][1:] / close[1:] == pytest.approx(panel.high[rows] / panel.close[rows])
        assert other.low[got][1:] / close[1:] == pytest.approx(panel.low[rows] / panel.close[rows])
        np.testing.assert_allclose(other.turnover[got][1:], panel.turnover[rows])


@pytest.mark.parametrize("benchmark", [True, False])
def test_the_year_drawn_as_it_was_gives_the_true_values(benchmark, rng) -> None:
    """Every factor of bars, on the redrawn panel as on the true one: so the windows are long
    enough and the benchmark stands beside each bar."""
    panel = random_panel(rng, symbols=8, days=330, benchmark=benchmark, holes=0.0)
    whole = np.diff(panel.offsets) == 330
    # no holes at all but for S01 (stale) and S02 (short): they would change the mean market
    panel = replace(panel, asset_type=tuple("equity" if w else "index" for w in whole))
    if benchmark:
        lo, hi = panel.offsets[panel.benchmark : panel.benchmark + 2]
        if hi - lo != 330:
            panel = panel.bars(np.isin(panel.date, panel.date[lo:hi]))
            whole = np.diff(panel.offsets) == hi - lo
    panel = replace(panel, calendar=panel.date[panel.offsets[0] : panel.offsets[1]])
    panel = panel.on(panel.calendar[-1:])
    other = take_year(panel).redraw(np.arange(252))
    checked = set()
    for one in factors_of("bars"):
        if not reads_bars_only(one):
            continue
        true, again = evaluate(one, panel), evaluate(one, other)
        np.testing.assert_allclose(again.raw[:, whole], true.raw[:, whole], rtol=1e-9, atol=1e-12)
        assert np.isfinite(true.raw[:, whole]).sum() >= whole.sum() - 2
        checked.add(one.name)
    assert {"momentum", "volume_change", "volatility", "relative_strength", "amihud_21d"} <= checked


def test_factors_with_facts_are_not_redrawn() -> None:
    assert not reads_bars_only(factors.get("financial_ratio"))
    assert not reads_bars_only(factors.get("roe"))
    assert reads_bars_only(factors.get("relative_strength"))


def test_a_board_of_facts_alone_is_certain(rng) -> None:
    panel = panel_of(rng.normal(1.0005, 0.02, (8, 300)))
    method = Method("f", 1, "Yield", (WeightedFactor("financial_ratio", "financial_ratio", 1.0),))
    raw = np.arange(8.0)[None, :]
    none = np.zeros((1, 8))
    given = FactorValues(factors.get("financial_ratio"), raw, none.astype(np.int8), none.astype(np.int32))
    board = Board("b", "equity", method, np.ones(8, bool))
    (found,) = rank_intervals(panel, [board], {"financial_ratio": given}, HEX, 5)
    assert found.low.tolist() == found.high.tolist()
    assert found.low[-1] == 1
    assert found.flips.tolist() == [0.0] * 7


def test_whoever_gains_most_in_every_session_is_first_in_all(rng) -> None:
    common = rng.normal(1.0, 0.02, 300)
    growth = common + rng.uniform(-0.001, 0.001, (8, 300))
    growth[4] = common + 0.002
    found = intervals(panel_of(growth), MOMENTUM)
    assert (found.low[4], found.high[4]) == (1, 1)
    assert found.order[0] == 4
    assert (found.flips[0], bool(found.tied[0])) == (0, False)
    assert (found.ranked == 40).all()


def test_exchangeable_neighbours_are_tied_and_wide(rng) -> None:
    """The second has the first one's growths in another order, so the year tells them apart by chance
    alone; six steady symbols stand on both sides of them."""
    growth = np.repeat(1.0 + np.array([-9, -6, -3, 0, 0, 3, 6, 9])[:, None] * 1e-4, 300, axis=1)
    noise = np.exp(rng.normal(0, 0.02, 300))
    noise[48:279] /= np.prod(noise[48:279]) ** (1 / 231)  # momentum 0, between the steady ones
    growth[3] = growth[4] = noise
    for stretch in (slice(48, 279), slice(279, 300)):
        growth[4, stretch] = rng.permutation(noise[stretch])
    found = intervals(panel_of(growth), MOMENTUM, draws=200)
    pair = found.order.tolist().index(3), found.order.tolist().index(4)
    assert sorted(pair) == [3, 4]
    assert found.flips[3] > 0.25
    assert found.tied[3]
    assert found.high[3] - found.low[3] >= 3
    assert found.high[4] - found.low[4] >= 3
    assert not found.tied[[0, 1, 5, 6]].any()  # the steady ones keep their order among themselves


def test_the_same_fingerprint_gives_the_same_bytes(rng) -> None:
    panel = random_panel(rng, symbols=36, days=300, holes=0.0)
    one, two = (intervals(panel, CORE) for _ in range(2))
    other = intervals(panel, CORE, "5eed01")
    for name in ("low", "high", "ranked", "order", "flips"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.flips.tobytes() != other.flips.tobytes()
    assert one.order.tobytes() == other.order.tobytes()


@pytest.mark.parametrize("holes", [0.0, 0.003])
def test_intervals_equal_a_slow_reference(holes, rng) -> None:
    """Momentum by plain products over lists, ranks by scipy."""
    panel = random_panel(rng, symbols=9, days=320, holes=holes)
    found = intervals(panel, MOMENTUM, draws=60)
    window = panel.calendar[-252:].tolist()
    true = values_of(panel, MOMENTUM)["momentum"].raw[0]
    true[-1] = np.nan  # the benchmark is no member
    ranks = np.zeros((60, 10), int)
    for d, drawn in enumerate(draw_blocks(seed_generator(HEX), 60, 252, 294).tolist()):
        momentum = np.full(10, np.nan)
        for s in range(9):
            own = slice(*panel.offsets[s : s + 2])
            growth = dict(zip(panel.date[own].tolist(), panel.growth[own].tolist(), strict=True))
            kept = [growth[window[k]] for k in drawn if window[k] in growth]
            recent = any(window[k] in growth for k in drawn[-6:])
            if len(kept) >= 252 and recent and np.isfinite(true[s]):
                momentum[s] = np.prod(kept[-252:-21]) - 1
        have = np.isfinite(momentum)
        ranks[d, have] = scipy.stats.rankdata(-momentum[have], method="min") if have.sum() >= 5 else 1
    for s in range(10):
        seen = np.sort(ranks[ranks[:, s] > 0, s])
        assert found.ranked[s] == (len(seen) if np.isfinite(true[s]) else 0)
        if found.ranked[s]:
            assert found.low[s] == seen[int(np.ceil(0.05 * len(seen))) - 1]
            assert found.high[s] == seen[int(np.ceil(0.95 * len(seen))) - 1]
    order = np.argsort(-true[np.isfinite(true)], kind="stable")
    assert found.order.tolist() == np.flatnonzero(np.isfinite(true))[order].tolist()
    for i, (a, b) in enumerate(zip(found.order, found.order[1:], strict=False)):
        both = (ranks[:, a] > 0) & (ranks[:, b] > 0)
        if both.any():
            assert found.flips[i] == pytest.approx(np.mean(ranks[both, b] < ranks[both, a]))


def test_percentiles_and_flips_by_hand() -> None:
    true = np.array([2, 0, 1, 2], np.int32)  # Z and X share rank 2; Y has none
    ranks = np.array([[1, 1, 2, 3]] * 3 + [[3, 1, 1, 2]] * 16 + [[0, 0, 4, 1]], np.int32)
    found = summarise(true, ranks, ("Z", "Y", "W", "X"))
    assert found.order.tolist() == [2, 3, 0]  # W, then X before Z by name
    assert found.low.tolist() == [1, 0, 1, 1]
    assert found.high.tolist() == [3, 0, 2, 3]
    assert found.ranked.tolist() == [19, 0, 20, 20]
    assert found.flips.tolist() == [1 / 20, 3 / 19]
    assert not found.tied.any()
    level = np.array([1, 1], np.int32)
    assert summarise(level, level[None, :], ("A", "B")).order.tolist() == [0, 1]
    assert summarise(level, level[None, :], ("B", "A")).order.tolist() == [1, 0]
    edge = np.array([[1, 2]] * 3 + [[2, 1]], np.int32)
    pair = np.array([1, 2], np.int32)
    assert not summarise(pair, edge, ("A", "B")).tied[0]  # a quarter is not yet more than a quarter
    assert summarise(pair, edge[1:], ("A", "B")).tied[0]


def test_nobody_ranked_has_no_intervals(rng) -> None:
    panel = random_panel(rng, symbols=4, days=100)
    found = intervals(panel, MOMENTUM, draws=3)
    assert found.order.tolist() == found.flips.tolist() == found.tied.tolist() == []
    assert not found.high.any()


def test_a_short_history_is_not_lengthened_by_chance(rng) -> None:
    """A symbol of 240 bars has no momentum, though a draw may well give it 252."""
    panel = panel_of(rng.normal(1.0, 0.02, (8, 300)))
    keep = np.ones(len(panel.date), bool)
    keep[panel.offsets[2] : panel.offsets[3] - 240] = False
    cut = panel.bars(keep)
    cut.growth[cut.offsets[2]] = np.nan
    assert values_of(cut, MOMENTUM)["momentum"].reason[0, 2] == REASON_CODE["too_few_bars"]
    found = intervals(cut, MOMENTUM)
    assert (found.low[2], found.high[2], found.ranked[2]) == (0, 0, 0)
    assert (np.delete(found.ranked, 2) == 40).all()


def test_only_the_last_session_and_what_came_before_it_count(rng) -> None:
    panel = random_panel(rng, symbols=9, days=330, holes=0.0)
    day = int(panel.calendar[-20])
    long = panel.on(np.array([panel.calendar[-30], day]))
    short = panel.until(day).on(np.array([day]))
    one, two = intervals(long, CORE, draws=5), intervals(short, CORE, draws=5)
    assert one.low.tobytes() == two.low.tobytes()
    assert one.flips.tobytes() == two.flips.tobytes()


def test_boards_share_one_draw(rng) -> None:
    """Each board's intervals are what it has alone, and one method's do not touch another's."""
    panel = random_panel(rng, symbols=36, days=300)
    member = np.array([kind == "equity" for kind in panel.asset_type])
    few = member & (np.arange(panel.n_symbols) % 3 == 0)
    boards = [Board("all", "equity", CORE, member), Board("few", "equity", CORE, few)]
    boards.append(Board("m", "equity", MOMENTUM, few))
    values = values_of(panel, CORE)
    together = rank_intervals(panel, boards, values, HEX, 60)
    for board, found in zip(boards, together, strict=True):
        (alone,) = rank_intervals(panel, [board], values, HEX, 60)
        for name in ("low", "high", "ranked", "order", "flips"):
            assert getattr(found, name).tobytes() == getattr(alone, name).tobytes()
    assert together[0].flips.tobytes() != together[1].flips.tobytes()


def test_a_hole_in_the_year_does_not_take_the_longest_window_away(rng) -> None:
    panel = panel_of(rng.normal(1.0, 0.02, (8, 330)))
    keep = np.ones(len(panel.date), bool)
    for day in (-30, -90, -150):
        keep[panel.offsets[3] + day] = False
    found = intervals(panel.bars(keep), MOMENTUM, draws=100)
    assert (found.ranked == 100).all()


def test_what_does_not_fit_is_refused(rng) -> None:
    panel = random_panel(rng, symbols=4, days=60)
    values, member = values_of(panel, MOMENTUM), np.ones(5, bool)
    line = MarketLine(np.empty(0), np.empty(0, np.int32), 0)

    def ask(panel=panel, values=values, member=member, draws=1):
        rank_intervals(panel, [Board("b", "equity", MOMENTUM, member)], values, HEX, draws)

    with pytest.raises(InputError, match="of shape"):
        ask(values={"momentum": evaluate(factors.get("momentum"), panel)})
    with pytest.raises(InputError, match="list of members"):
        ask(member=member[:2])
    with pytest.raises(InputError, match="0 draws"):
        ask(draws=0)
    with pytest.raises(InputError, match="lacks its market"):
        ask(panel=replace(panel, market=line))
    with pytest.raises(InputError, match="no sessions"):
        take_year(panel.on(np.empty(0, np.int32)))
