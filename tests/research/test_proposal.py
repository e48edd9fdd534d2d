"""Proposals: each step and refusal by hand, and whole histories against a table of what may follow what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.kernel.errors import InputError
from pacesetter.research.proposal import (
    MODES,
    Fill,
    Proposal,
    Step,
    Terms,
    approve,
    close,
    expire,
    log_trade,
    modify,
    propose,
    reject,
)

ON = date(2025, 3, 14)
TERMS = Terms("buy", Decimal(10), Decimal(50), Decimal(46), Decimal(58))
FILL = Fill(ON, Decimal(10), Decimal("50.5"), Decimal(1))


def new(days: int = 5) -> Proposal:
    return propose("X", TERMS, ON, ON + timedelta(days=days))


def test_from_proposal_to_outcome() -> None:
    step = approve(new(), "manual", ON, by="Ada")
    assert (step.proposal.state, step.event, step.kept) == ("approved", "approved by Ada", True)
    step = log_trade(step.proposal, "manual", ON, by="Ada", fill=FILL)
    assert step.proposal.state == "traded" and step.proposal.fill == FILL
    step = close(step.proposal, "manual", ON + timedelta(days=30), price=Decimal("58"), commission=Decimal(1))
    outcome = step.proposal.outcome
    assert outcome is not None and outcome.gain == 73 and outcome.days == 30  # 10 × 7.50 − 2
    assert outcome.gain_pct == pytest.approx(100 * 73 / 505, abs=1e-6) and step.event.endswith("+14.46 %")


def test_a_sale_gains_when_the_price_falls() -> None:
    sale = propose("X", Terms("sell", Decimal(10), Decimal(50)), ON, ON)
    traded = log_trade(approve(sale, "manual", ON, by="A").proposal, "manual", ON, by="A", fill=FILL).proposal
    outcome = close(traded, "manual", ON, price=Decimal("40.5")).proposal.outcome
    assert outcome is not None and outcome.gain == 99


def test_modified_it_waits_for_approval_again_and_keeps_what_was_proposed() -> None:
    less = replace(TERMS, quantity=Decimal(5))
    step = modify(new(), "manual", ON, by="Ada", terms=less)
    assert (step.proposal.state, step.proposal.terms, step.proposal.proposed_terms) == (
        "modified",
        less,
        TERMS,
    )
    assert approve(step.proposal, "manual", ON, by="Ada").proposal.state == "approved"
    with pytest.raises(InputError, match="nothing is changed"):
        modify(step.proposal, "manual", ON, by="Ada", terms=less)
    with pytest.raises(InputError, match="cannot become a sale"):
        modify(new(), "manual", ON, by="Ada", terms=replace(TERMS, side="sell"))


def test_a_rejection_has_a_reason() -> None:
    step = reject(new(), "manual", ON, by="Ada", reason=" too dear ")
    assert (step.proposal.state, step.proposal.reason) == ("rejected", "too dear")
    with pytest.raises(InputError, match="reason is missing"):
        reject(new(), "manual", ON, by="Ada", reason=" ")


def test_modes() -> None:
    paper = approve(new(), "paper", ON, by="Ada", fill_price=Decimal("50.2"))
    assert paper.proposal.state == "traded" and paper.kept
    assert paper.proposal.fill == Fill(ON, Decimal(10), Decimal("50.2"), paper=True)
    with pytest.raises(InputError, match="no price to fill"):
        approve(new(), "paper", ON, by="Ada")
    dry = approve(new(), "dry_run", ON, by="Ada")
    assert dry.proposal.state == "approved" and not dry.kept
    with pytest.raises(InputError, match="read-only"):
        approve(new(), "read_only", ON, by="Ada")


@pytest.mark.parametrize(("days", "state"), [(5, "proposed"), (6, "expired")])
def test_the_last_day_counts(days: int, state: str) -> None:
    on = ON + timedelta(days=days)
    assert expire(new(), on).state == state
    if state == "expired":
        with pytest.raises(InputError, match="it is expired"):
            approve(new(), "manual", on, by="Ada")
    traded = log_trade(
        approve(new(), "manual", ON, by="A").proposal, "manual", ON, by="A", fill=FILL
    ).proposal
    assert expire(traded, ON + timedelta(days=900)).state == "traded"


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, quantity=Decimal(0)),
        replace(TERMS, limit_price=Decimal("NaN")),
        replace(TERMS, stop_price=Decimal(50)),
        replace(TERMS, target_price=Decimal(49)),
        replace(TERMS, stop_price=Decimal(-1)),
    ],
)
def test_terms_that_mean_nothing(terms: Terms) -> None:
    with pytest.raises(InputError):
        propose("X", terms, ON, ON)
    with pytest.raises(InputError):
        modify(new(), "manual", ON, by="Ada", terms=terms)


def test_fills_and_dates_that_mean_nothing() -> None:
    approved = approve(new(), "manual", ON, by="Ada").proposal
    for fill in (
        replace(FILL, price=Decimal(0)),
        replace(FILL, quantity=Decimal(-1)),
        replace(FILL, commission=Decimal(-1)),
        replace(FILL, traded_on=ON + timedelta(days=1)),
    ):
        with pytest.raises(InputError):
            log_trade(approved, "manual", ON, by="Ada", fill=fill)
    traded = log_trade(approved, "manual", ON, by="Ada", fill=FILL).proposal
    for price, on in ((Decimal(0), ON), (Decimal(50), ON - timedelta(days=1))):
        with pytest.raises(InputError):
            close(traded, "manual", on, price=price)
    with pytest.raises(InputError, match="before"):
        propose("X", TERMS, ON, ON - timedelta(days=1))


ACTIONS = {
    "approve": lambda p, m, on: approve(p, m, on, by="A", fill_price=Decimal(50)),
    "reject": lambda p, m, on: reject(p, m, on, by="A", reason="no"),
    "modify": lambda p, m, on: modify(
        p, m, on, by="A", terms=replace(p.terms, quantity=p.terms.quantity + 1)
    ),
    "trade": lambda p, m, on: log_trade(p, m, on, by="A", fill=replace(FILL, traded_on=on)),
    "close": lambda p, m, on: close(p, m, on, price=Decimal(60)),
}
FOLLOWS = {  # what may follow what
    ("proposed", "approve"): "approved",
    ("proposed", "reject"): "rejected",
    ("proposed", "modify"): "modified",
    ("modified", "approve"): "approved",
    ("modified", "reject"): "rejected",
    ("modified", "modify"): "modified",
    ("approved", "trade"): "traded",
    ("traded", "close"): "closed",
}
# each action twice as often where it leads far
steps = st.lists(
    st.tuples(
        st.sampled_from(["approve", "trade", "close", *ACTIONS]),
        st.sampled_from(["manual", "manual", *MODES]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=10,
)


def test_histories_equal_the_table(full_counts: bool) -> None:
    seen: set[str] = set()

    @settings(max_examples=2000 if full_counts else 200, suppress_health_check=list(HealthCheck))
    @given(steps)
    def check(played: Any) -> None:
        proposal, state, day = new(), "proposed", 0
        for action, mode, later in played:
            day += later
            on = ON + timedelta(days=day)
            if day > 5 and state in ("proposed", "modified", "approved"):
                state = "expired"
            expected = None if mode == "read_only" else FOLLOWS.get((state, action))
            if expected == "approved" and mode == "paper":
                expected = "traded"
            try:
                step: Step | None = ACTIONS[action](proposal, mode, on)
            except InputError:
                step = None
            assert (step and step.proposal.state) == expected
            if step and step.kept:
                proposal, state = step.proposal, str(expected)
            assert (step is None) or step.kept is (mode != "dry_run")
            assert expire(proposal, on).state == state
            seen.add(state)

    check()
    assert seen == {"proposed", "modified", "approved", "rejected", "traded", "closed", "expired"}
