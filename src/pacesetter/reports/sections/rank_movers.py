"""Rank movers: who rose and fell most on the widest board, and what moved each."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, write_day, write_places
from pacesetter.reports.night import Cause, Mover, Night
from pacesetter.reports.section import Figure, Item, Told, section

MOST_CAUSES = 3


def say_board(night: Night) -> str:
    """Which board it is, and how much of it moved."""
    board = night.board
    if board is None:
        return ""
    since = f" since {write_day(board.since)}" if board.since else ""
    return f"{board.name}{since}: {board.n_moved:,} of {count(board.n_ranked, 'rank')} moved"


@section(
    "rank_movers",
    order=60,
    title="Rank movers",
    layout="table",
    nothing="No rank moved far.",
    intro=say_board,
)
def tell_rank_movers(night: Night, _: Sequence[Told]) -> list[Item]:
    """The largest moves of rank with their causes."""
    return [_tell(one) for one in night.board.movers] if night.board else []


def say_causes(causes: Sequence[Cause]) -> str:
    """The largest causes, each with the places that it is answerable for."""
    big = sorted(causes, key=lambda one: (-abs(one.places), one.words))
    said = [f"{one.words} {write_places(one.places)}" for one in big if write_places(one.places) != "0"]
    return ", ".join(said[:MOST_CAUSES])


def _tell(mover: Mover) -> Item:
    change = None if mover.rank is None or mover.previous is None else mover.previous - mover.rank
    words = say_causes(mover.causes) or mover.reason
    return Item(
        key=mover.symbol,
        title=mover.symbol,
        words=words,
        mark=[mover.rank, mover.previous, mover.n_ranked],
        tone="plain" if change is None else "good" if change > 0 else "bad",
        figures=[
            Figure("Name", mover.name or "", mover.name),
            Figure("Rank", "out" if mover.rank is None else f"{mover.rank:,}", mover.rank),
            Figure("Before", "new" if mover.previous is None else f"{mover.previous:,}", mover.previous),
            Figure("Places", "" if change is None else write_places(change), change),
        ],
        material=False,
    )
