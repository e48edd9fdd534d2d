"""Facts against a slow reference, against themselves by another road, and against the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pacesetter.agents.evidence import RANKS, Text, known_until
from pacesetter.agents.fact_table import (
    MAIN,
    Sources,
    choose_main,
    frame_facts,
    recall_facts,
    tabulate,
    with_market,
)
from pacesetter.agents.facts import AMOUNTS, FUNDAMENTALS, STANDARD, fact_names
from pacesetter.factors.windows import settle
from pacesetter.market.calendar import day_date, day_number
from pacesetter.market.panel import Facts
from pacesetter.research.condition import KINDS
from pacesetter.store.tables.fact import MEASURES
from pacesetter.store.tables.ranking import FIVE
from tests.agents.evidence_made import TABLE, make_rank, make_text
from tests.agents.walk import DAY, newest, walk
from tests.panels import random_facts, random_panel


def make_sources(rng: np.random.Generator, symbols: int = 8, days: int = 420) -> tuple[Sources, list[date]]:
    """A random market with facts, ranks and texts of every date, and its last 300 sessions."""
    panel = random_panel(rng, symbols=symbols, days=days)
    panel = settle(replace(panel, facts=random_facts(rng, panel.n_symbols, panel.calendar))).panel
    dates = [day_date(d) for d in panel.calendar]
    ranks = [
        {
            "symbol": s,
            "on": on,
            "rank": int(rng.integers(1, 9)),
            "change": int(rng.integers(-3, 3)),
            "score": 50.5,
            "n": 9,
        }
        for on in dates[-40:]
        for s in panel.symbols
        if rng.random() < 0.8
    ]
    kinds = ("insider", "news", "earnings", "research", "manual", "macro")
    texts = []
    for i in range(300):
        on = dates[int(rng.integers(100, len(dates)))]
        at = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(hours=float(rng.uniform(0, 90)))
        data = {"surprise_pct": float(rng.normal(0, 10))} if rng.random() < 0.7 else {}
        symbol = str(rng.choice(panel.symbols))
        texts.append(
            make_text(str(rng.choice(kinds)), symbol, noted_on=on, known_at=at, title=f"t{i}", data=data)
        )
    return Sources(with_market(panel), pl.DataFrame(ranks, schema=MAIN), texts), dates[-300:]


def test_the_vocabulary_is_one() -> None:
    names = fact_names()
    assert {name.partition(".")[0] for name in names} == set(KINDS)
    assert STANDARD == FIVE and set(FUNDAMENTALS) == set(MEASURES) and set(AMOUNTS) < set(MEASURES)
    assert set(TABLE) == set(names) and len(set(names.values())) == len(names)


def test_recalled_facts_are_those_of_the_evening_bit_for_bit(rng: np.random.Generator) -> None:
    sources, sessions = make_sources(rng)
    known = 0
    recalled = {s: recall_facts(sources, s, sessions) for s in sources.panel.symbols}
    for t in (0, 40, 151, 290, 298, 299):
        evening = tabulate(sources, [sessions[t - 1] if t else sessions[0] - timedelta(days=1), sessions[t]])
        for s, symbol in enumerate(sources.panel.symbols):
            for name, history in recalled[symbol].columns.items():
                assert history[t].tobytes() == evening[name][1, s].tobytes(), (symbol, name, t)
                known += bool(np.isfinite(history[t]))
    assert known > 6 * 8 * 30


def test_the_company_and_its_order_change_no_bit(rng: np.random.Generator) -> None:
    sources, sessions = make_sources(rng)
    asked = sessions[-2:]
    table = tabulate(sources, asked)
    few = replace(sources, panel=sources.panel.part(2, 5, sources.panel.market))
    part = tabulate(few, asked)
    for name in fact_names():
        if name.startswith("factor.") and name.partition(".")[2] in (*FUNDAMENTALS, "financial_ratio"):
            continue  # a part of a panel has no fundamentals
        assert part[name].tobytes() == np.ascontiguousarray(table[name][:, 2:5]).tobytes(), name


def test_nothing_after_the_session_changes_a_fact(rng: np.random.Generator) -> None:
    sources, sessions = make_sources(rng)
    on = sessions[200]
    day = day_number(on)
    panel = sources.panel
    later = panel.date > day
    assert later.any()
    wild = {
        name: np.where(later, getattr(panel, name) * rng.uniform(0.01, 90, len(later)), getattr(panel, name))
        for name in ("open", "high", "low", "close", "volume", "growth")
    }
    splits = np.where(later, 7.0, 1.0)
    given = panel.facts
    assert given is not None and (given.known_on > day).any()
    facts = Facts(
        given.symbol,
        given.known_on,
        given.as_of,
        {k: np.where(given.known_on > day, v + 1e6, v) for k, v in given.values.items()},
        given.currency,
    )
    planted = replace(panel, facts=facts, splits=splits, market=None, **wild)
    limit = known_until(on)
    texts: list[Text] = [
        make_text("news", s, noted_on=on, known_at=limit + timedelta(microseconds=1)) for s in panel.symbols
    ]
    texts += [make_text("news", s, noted_on=on + timedelta(days=1)) for s in panel.symbols]
    ranks = sources.ranks.with_columns(rank=pl.when(pl.col("on") > on).then(999).otherwise(pl.col("rank")))
    other = Sources(with_market(planted), ranks, [*sources.texts, *texts])
    cut = Sources(
        with_market(panel.until(day)),
        sources.ranks.filter(pl.col("on") <= on),
        [one for one in sources.texts if one.noted_on <= on and one.known_at <= limit],
    )
    asked = [sessions[199], on]
    whole = tabulate(sources, asked)
    for changed in (other, cut):
        found = tabulate(changed, asked)
        for name, values in whole.items():
            assert values.tobytes() == found[name].tobytes(), name
    after = [sessions[201]]
    assert (
        tabulate(other, after)["price.close"].tobytes() != tabulate(sources, after)["price.close"].tobytes()
    )


def test_freshness_counts_sessions_and_ends_after_five() -> None:
    panel = walk(100 + np.sin(np.arange(300.0)))
    late = replace(panel, calendar=np.arange(DAY, DAY + 320, dtype=np.int32))
    sources = Sources(late, pl.DataFrame(schema=MAIN))
    asked = [day_date(DAY + 299 + k) for k in range(8)]
    table = tabulate(sources, asked)
    assert table["freshness.sessions_behind"][:, 0].tolist()[:6] == [0, 1, 2, 3, 4, 5]
    assert np.isnan(table["freshness.sessions_behind"][6:, 0]).all()
    assert frame_facts(late, table, 5).height == 1 and frame_facts(late, table, 6).height == 0


def test_events_are_counted_and_the_newest_surprise_counts() -> None:
    panel = walk(100 + np.sin(np.arange(300.0)))
    on = day_date(int(panel.date[-1]))
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(days=120)

    def days(n: int) -> dict[str, object]:
        return {"noted_on": on - timedelta(days=n), "known_at": at}

    texts = [
        make_text("insider", "ONE", title="a", **days(29)),
        make_text("insider", "ONE", title="b", **days(30)),
        make_text("insider", "TWO", **days(1)),
        make_text("news", "ONE", noted_on=on, known_at=known_until(on)),
        make_text("news", "ONE", title="late", noted_on=on, known_at=known_until(on) + timedelta(seconds=1)),
        make_text("earnings", "ONE", title="old", data={"surprise_pct": 50.0}, **days(89)),
        make_text("earnings", "ONE", title="new", data={"surprise_pct": -8.0}, **days(40)),
        make_text("earnings", "ONE", title="none", data={}, **days(3)),
        make_text("earnings", "ONE", title="odd", data={"surprise_pct": "x"}, **days(2)),
    ]
    table = tabulate(Sources(panel, pl.DataFrame(schema=MAIN), texts), [on])
    value = {name: values[0, 0] for name, values in table.items()}
    assert value["event.insider"] == 1 and value["event.news"] == 1 and value["event.earnings"] == 2
    assert value["event.earnings_surprise_pct"] == -8.0
    old = tabulate(Sources(panel, pl.DataFrame(schema=MAIN), texts[5:6]), [on + timedelta(days=0)])
    assert old["event.earnings_surprise_pct"][0, 0] == 50.0


def test_the_main_board_is_the_largest_that_ranks_the_symbol() -> None:
    on = date(2025, 3, 14)
    rows = [
        make_rank("A", 3, 5, board="small", board_name="Small", n_ranked=4) | {"on": on},
        make_rank("A", 9, 7, board="b", board_name="Beta", n_ranked=20) | {"on": on},
        make_rank("A", 8, 7, board="a", board_name="Alpha", n_ranked=20) | {"on": on},
        make_rank("A", None, None, board="all", board_name="All", n_ranked=90) | {"on": on},
    ]
    frame = pl.DataFrame(rows, schema=pl.Schema(dict(RANKS) | {"on": pl.Date()}))
    assert choose_main(frame).rows() == [("A", on, 8, -1, 50.0, 20)]
    panel = walk(100 + np.sin(np.arange(300.0)), symbols=("A",))
    moved = choose_main(frame).with_columns(on=pl.lit(day_date(int(panel.date[-1]))))
    table = tabulate(Sources(panel, moved), [day_date(int(panel.date[-1]))])
    assert table["rank.percentile"][0, 0] == pytest.approx(65.0)  # 8 of 20: above or level with 13
    assert table["rank.change"][0, 0] == -1


def test_a_night_ends_at_seven_in_london_on_the_next_weekday() -> None:
    assert known_until(date(2025, 3, 13)) == datetime(2025, 3, 14, 7, tzinfo=UTC)
    assert known_until(date(2025, 3, 14)) == datetime(2025, 3, 17, 7, tzinfo=UTC)
    assert known_until(date(2025, 3, 31)) == datetime(2025, 4, 1, 6, tzinfo=UTC)  # summer time


def test_an_amount_in_another_currency_is_not_told_but_a_ratio_is() -> None:
    closes = 100 + np.sin(np.arange(300.0))
    one = {name: np.array([2.0]) for name in MEASURES}
    zero = np.zeros(1, np.int32)
    for currency, told in ((None, True), ("USD", True), ("EUR", False)):
        facts = newest(walk(closes, facts=Facts(zero, zero + DAY, zero + DAY, one, (currency,))))
        assert (
            np.isfinite(facts["factor.eps"]) == told and np.isfinite(facts["factor.financial_ratio"]) == told
        )
        assert facts["factor.roe"] == 2.0


def test_an_unknown_symbol_has_a_history_of_nothing(rng: np.random.Generator) -> None:
    sources, sessions = make_sources(rng, symbols=2)
    history = recall_facts(sources, "NOBODY", sessions)
    assert all(np.isnan(values).all() and len(values) == 300 for values in history.columns.values())
