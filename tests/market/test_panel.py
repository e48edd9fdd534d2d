"""What a panel says of its bars: which is newest, which still counts, what is cut away."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from pacesetter.market.calendar import day_number, session_days
from pacesetter.market.panel import Facts, Panel

MONDAY = date(2025, 1, 6)
DAYS = session_days("XNYS", MONDAY, MONDAY + timedelta(days=20))


def make_panel(held: list[list[int]], asset_type: list[str] | None = None) -> Panel:
    """A panel whose symbol ``s`` has bars on the sessions ``held[s]``, valued on every session."""
    date_ = DAYS[np.concatenate([np.array(h, dtype=np.int64) for h in held])]
    n, symbols = len(date_), tuple("ABCDEFG"[: len(held)])
    close = np.arange(100.0, 100.0 + n)
    return Panel(
        symbols=symbols,
        offsets=np.cumsum([0, *map(len, held)]),
        date=date_,
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.ones(n),
        growth=np.ones(n),
        final=np.ones(n, dtype=bool),
        calendar=DAYS,
        sessions=DAYS,
        asset_type=tuple(asset_type or ["equity"] * len(held)),
        currency=("USD",) * len(held),
        quote_unit=np.ones(len(held)),
    )


def test_the_newest_bar_of_each_session_is_the_last_on_or_before_it() -> None:
    panel = make_panel([[0, 1, 4], [2], [3, 5]])
    assert panel.newest[:6].tolist() == [
        [0, -1, -1],
        [1, -1, -1],
        [1, 3, -1],
        [1, 3, 4],
        [2, 3, 4],
        [2, 3, 5],
    ]
    assert panel.owner.tolist() == [0, 0, 0, 1, 2, 2]


def test_a_bar_counts_for_five_more_sessions_and_a_ranked_symbol_needs_one_in_five() -> None:
    panel = make_panel([[0]])
    assert (panel.asof[:, 0] >= 0).tolist() == [True] * 6 + [False] * (len(DAYS) - 6)
    assert panel.universe("equity")[:, 0].tolist() == [True] * 5 + [False] * (len(DAYS) - 5)


def test_the_universe_is_of_one_kind() -> None:
    panel = make_panel([[0], [0]], ["equity", "etf"])
    assert panel.universe("equity")[0].tolist() == [True, False]
    assert panel.universe("etf")[0].tolist() == [False, True]


def test_sessions_back_counts_sessions_and_stops_at_the_first() -> None:
    panel = make_panel([[0]])
    assert panel.sessions_back(2)[:4].tolist() == [DAYS[0], DAYS[0], DAYS[0], DAYS[1]]


@pytest.mark.parametrize("last", [0, 2, 4, 9])
def test_until_cuts_everything_later(last: int) -> None:
    panel = make_panel([[0, 1, 4], [2], [3, 5]])
    cut = panel.until(int(DAYS[last]))
    assert cut.date.max(initial=0) <= DAYS[last]
    assert cut.sessions[-1] == cut.calendar[-1] == DAYS[last]
    assert cut.newest.tolist() != [] and cut.n_symbols == 3
    for s in range(3):
        bars = slice(panel.offsets[s], panel.offsets[s + 1])
        kept = slice(cut.offsets[s], cut.offsets[s + 1])
        wanted = panel.date[bars] <= DAYS[last]
        assert cut.date[kept].tolist() == panel.date[bars][wanted].tolist()
        assert cut.close[kept].tolist() == panel.close[bars][wanted].tolist()


def test_until_cuts_facts_by_when_they_were_known_not_by_what_they_are_about() -> None:
    known = np.array([DAYS[3], DAYS[1]], np.int32)
    about = np.array([DAYS[0], DAYS[9]], np.int32)
    facts = Facts(np.array([0, 1], np.int32), known, about, {"eps": np.array([1.0, 2.0])}, ("USD", "GBP"))
    panel = make_panel([[0], [0]])
    cut = Panel(**{**vars_of(panel), "facts": facts}).until(int(DAYS[2])).facts
    assert cut is not None
    assert (cut.symbol.tolist(), cut.values["eps"].tolist(), cut.currency) == ([1], [2.0], ("GBP",))


def vars_of(panel: Panel) -> dict[str, object]:
    return {name: getattr(panel, name) for name in Panel.__dataclass_fields__}


def test_days_are_days() -> None:
    assert DAYS[0] == day_number(MONDAY) == 20_094
    assert DAYS.dtype == np.int32
