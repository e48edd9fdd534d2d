"""A random evening: facts with holes, ranks on several boards, texts of every kind, some of them odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.facts import fact_names
from tests.agents.evidence_made import BEFORE, ON, TABLE, make_evidence, make_rank, make_text

KINDS = ("insider", "news", "earnings", "research", "manual", "macro", "general")
ODD: tuple[Any, ...] = (None, "x", True, [], {}, -1e300, float("nan"), float("inf"), 0)


def random_evidence(rng: np.random.Generator, n: int = 60, *, holes: float = 0.1) -> Evidence:
    """``n`` symbols; ``holes``: the share of facts that are not known. Every agent finds something in it."""
    symbols = [f"S{i:03d}" for i in range(n)]
    now = {symbol: _facts(rng, holes) for symbol in symbols}
    before = {symbol: _facts(rng, holes) for symbol in symbols if rng.random() < 0.9}
    ranks = [
        make_rank(symbol, int(rng.integers(1, n)), int(rng.integers(1, n)), board=board, n_ranked=n)
        for board in ("main", "other")
        for symbol in symbols
        if rng.random() < 0.8
    ]
    ranks.append(make_rank(symbols[0], None, 3, n_ranked=n, board="third"))
    texts = [_text(rng, str(rng.choice([*symbols, "NOT-LISTED"])), i) for i in range(4 * n)]
    texts += [make_text("macro", None, title="no symbol")]
    made = make_evidence(symbols=symbols, facts=now, before=before, ranks=ranks, texts=texts)
    keep = made.before["symbol"].is_in(list(before))
    return replace(made, before=made.before.filter(keep))


def _facts(rng: np.random.Generator, holes: float) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in fact_names():
        known = [abs(value) for value in TABLE[name] if value]
        size = float(rng.choice(known or [5.0]))
        value = (
            float(rng.normal(size, 1.5 * size))
            if name.endswith(("change_1d_pct", "change_5d_pct", "margin"))
            else float(rng.lognormal(np.log(size), 0.8))
        )
        found[name] = None if rng.random() < holes else value
    found["freshness.sessions_behind"] = float(rng.choice([0.0, 0.0, 0.0, 0.0, 1.0]))
    return found


def _text(rng: np.random.Generator, symbol: str, i: int) -> Any:
    on = ON if rng.random() < 0.5 else BEFORE - timedelta(days=int(rng.integers(0, 60)))
    odd = ODD[int(rng.integers(len(ODD)))]
    size = float(rng.normal(0, 20))
    data = {
        "surprise_pct": size if rng.random() < 0.8 else odd,
        "reported": 1.0 if rng.random() < 0.8 else odd,
        "bought": abs(size) * 1e5 if rng.random() < 0.8 else odd,
        "sold": abs(size) * 1e4 if rng.random() < 0.8 else odd,
        "urgency": str(rng.choice(["low", "normal", "high", "?"])) if rng.random() < 0.8 else odd,
    }
    return make_text(str(rng.choice(KINDS)), symbol, noted_on=on, title=f"text {i}", data=data)
