"""What every discovery agent must keep, whoever wrote it. Each check raises AssertionError with the cause."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import numpy as np
import polars as pl

from pacesetter.agents.base import Seeker
from pacesetter.agents.discover import parameters_of
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.facts import fact_names
from pacesetter.research.desk import Desk
from pacesetter.research.signal import Signal, check_signal


def look(one: Seeker, evidence: Evidence, desk: Desk) -> list[Signal]:
    """What it finds, in an order that says nothing."""
    found = one.seek(evidence, parameters_of(one, {}, desk))
    return sorted(found, key=lambda s: (s.symbol, s.signal_type, s.source))


def check_bounds(one: Seeker, evidence: Evidence, desk: Desk) -> int:
    """Signals are sound, of the evening, of announced types and listed symbols, each said once, with plain
    JSON as their data; the bounds of its parameters hold its defaults."""
    found = look(one, evidence, desk)
    for signal in found:
        assert not check_signal(signal, desk), f"{one.name}: {check_signal(signal, desk)}"
        assert signal.signal_type in one.types, f"{one.name} gives {signal.signal_type}, which it did not say"
        assert signal.seen_on == evidence.on, f"{one.name} gives a signal of another day"
        assert signal.symbol in evidence.listings, f"{one.name} tells of a symbol that is not listed"
        assert len(signal.source) <= 40 and len(signal.signal_type) <= 40, f"{one.name}: too long a name"
        data = json.loads(json.dumps(signal.data, allow_nan=False))
        assert data == signal.data, f"{one.name}: its data are no plain JSON"
        assert data, f"{one.name} does not say what it saw"
    keys = [(s.symbol, s.signal_type, s.source) for s in found]
    assert len(set(keys)) == len(keys), f"{one.name} says a thing twice"
    for name, about in one.parameters.items():
        assert about.least <= about.default <= about.most, f"{one.name}: {name} is out of its own bounds"
        assert about.words.strip() and one.words.strip(), f"{one.name}: {name} is not explained"
    return len(found)


def check_purity(one: Seeker, evidence: Evidence, desk: Desk) -> None:
    """The same question has the same answer, and what was given is as it was."""
    facts, ranks = evidence.facts.clone(), evidence.ranks.clone()
    data = copy.deepcopy([dict(text.data) for text in evidence.texts])
    given = parameters_of(one, {}, desk)
    first = list(one.seek(evidence, given))
    assert list(one.seek(evidence, given)) == first, f"{one.name} answers differently the second time"
    assert given == parameters_of(one, {}, desk), f"{one.name} writes into its parameters"
    assert evidence.facts.equals(facts) and evidence.ranks.equals(ranks), f"{one.name} writes into frames"
    assert repr(data) == repr([dict(text.data) for text in evidence.texts]), f"{one.name} writes into texts"


def check_order(one: Seeker, evidence: Evidence, desk: Desk, rng: np.random.Generator) -> None:
    """The order of symbols and ranks changes nothing."""
    seed = int(rng.integers(2**31))
    turned = replace(
        evidence,
        facts=evidence.facts.sample(fraction=1.0, shuffle=True, seed=seed),
        before=evidence.before.sample(fraction=1.0, shuffle=True, seed=seed + 1),
        ranks=evidence.ranks.sample(fraction=1.0, shuffle=True, seed=seed + 2),
        listings=dict(reversed(list(evidence.listings.items()))),
    )
    assert look(one, turned, desk) == look(one, evidence, desk), f"{one.name} depends on the order"


def check_no_look_ahead(one: Seeker, evidence: Evidence, desk: Desk) -> None:
    """It asks nothing but what the evidence holds: no clock, and no facts of other days."""

    def refuse(symbol: str) -> None:
        raise AssertionError(
            f"{one.name} asks for the history of {symbol}, which costs a year for each symbol"
        )

    asked = replace(evidence, recall=refuse)  # type: ignore[arg-type]
    assert look(one, asked, desk) == look(one, evidence, desk)


def check_holes(one: Seeker, evidence: Evidence, desk: Desk) -> None:
    """Nothing known, or all but one fact unknown, is no crash; and no facts are no signal of prices."""
    nothing = evidence.facts.head(0)
    empty = replace(
        evidence,
        facts=nothing,
        before=nothing,
        ranks=evidence.ranks.head(0),
        texts=(),
        sessions=evidence.sessions[-1:],
    )
    assert look(one, empty, desk) == [], f"{one.name} finds something in nothing"
    blank = [pl.lit(None, pl.Float64).alias(name) for name in fact_names()]
    holed = replace(evidence, facts=evidence.facts.with_columns(blank), before=nothing)
    look(one, holed, desk)
    for name in fact_names():
        column = pl.lit(None, pl.Float64).alias(name)
        look(one, replace(evidence, facts=evidence.facts.with_columns(column)), desk)
    look(one, replace(evidence, before=nothing), desk)
