"""A decision in a list of the API, on its last day and after it."""

from __future__ import annotations

from datetime import timedelta

from pacesetter.web.bodies.decision import decision_fields
from tests.jobs.decisions.decisions_made import EXPIRES, make_row


def test_a_decision_waits_up_to_its_last_day() -> None:
    row = make_row()
    last, after = (decision_fields(row, {}, {}, EXPIRES + timedelta(days=n)) for n in (0, 1))
    assert (last["waiting"], last["status"], last["answer"]) == (True, "proposed", None)
    assert (after["waiting"], after["status"], after["answer"]) == (False, "expired", "nobody acted in time")
