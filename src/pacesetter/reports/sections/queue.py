"""The research queue: who entered, was promoted or left tonight, and why."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import write_score
from pacesetter.reports.night import Night, Step
from pacesetter.reports.section import Figure, Item, Told, section

ORDER = ("promoted", "entered", "dropped", "displaced", "expired")
LEFT = {"dropped": "left", "displaced": "left: no room", "expired": "left: too long in it"}


def say_queue(night: Night) -> str:
    """How many wait, and the best of them."""
    waiting = night.queue
    best = ", ".join(f"{symbol} {write_score(score)}" for symbol, score in waiting.best)
    return f"{waiting.n_waiting:,} waiting" + (f", the best: {best}" if best else "")


@section(
    "queue",
    order=50,
    title="Research queue",
    layout="table",
    nothing="Nobody entered or left the queue.",
    intro=say_queue,
)
def tell_queue(night: Night, _: Sequence[Told]) -> list[Item]:
    """The steps of the research queue; new scores of who stays in it are no news."""
    steps: dict[str, Step] = {}
    for step in night.queue.steps:
        if step.change in ORDER:
            steps[step.symbol] = step  # who entered and was promoted at once, was promoted
    ordered = sorted(steps.values(), key=lambda s: (ORDER.index(s.change), -s.score, s.symbol))
    return [_tell(one) for one in ordered]


def _tell(step: Step) -> Item:
    return Item(
        key=step.symbol,
        title=step.symbol,
        words=f"{LEFT.get(step.change, step.change)}: {step.reason}",
        mark=[step.change, step.score],
        tone="good" if step.change == "promoted" else "plain",
        figures=[
            Figure("Name", step.name or "", step.name),
            Figure("Score", write_score(step.score), step.score),
            Figure("Before", "new" if step.before is None else write_score(step.before), step.before),
        ],
        material=step.change == "promoted",
    )
