"""Discovery: how many signals of which kind, and where they converge, number by number."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, write_number
from pacesetter.reports.night import Converged, Night, Piece
from pacesetter.reports.section import Figure, Item, Points, Told, section

MOST_PIECES = 6


@section("discovery_summary", order=80, title="Discovery", layout="cards", nothing="No new signals.")
def tell_discovery_summary(night: Night, _: Sequence[Told]) -> list[Item]:
    """Signals by kind, and the best convergences with their breakdown."""
    found = night.discovery
    items = [_tell(one) for one in found.best]
    if not found.kinds:
        return items
    total = sum(n for _, n in found.kinds)
    summary = Item(
        key="signals",
        title=count(total, "new signal"),
        words=f"on {count(found.n_symbols, 'stock')}" if found.n_symbols else "",
        mark=[list(kind) for kind in found.kinds],
        figures=[Figure(_plain(kind), f"{n:,}", n) for kind, n in found.kinds],
        material=False,
    )
    return [summary, *items]


def _tell(one: Converged) -> Item:
    """A convergence is news when its band changes or a kind of signal comes or goes; it fades every day."""
    pieces = sorted(one.pieces, key=lambda p: (-p.decayed, p.signal_type, p.source))
    lines = [_say(piece) for piece in pieces[:MOST_PIECES]]
    if len(pieces) > MOST_PIECES:
        lines.append(f"and {len(pieces) - MOST_PIECES} more")
    factors = (("regime", one.regime), ("sector", one.sector), ("bonus", one.bonus))
    product = " ".join(f"× {name} {write_number(value, 2)}" for name, value in factors)
    lines.append(f"sum {write_number(one.decayed_sum)} {product} = {write_number(one.score)}")
    kinds = sorted({piece.signal_type for piece in one.pieces if piece.decayed > 0})
    return Item(
        key=one.symbol,
        title=f"{one.symbol} · {one.name}" if one.name else one.symbol,
        words=_plain(one.band),
        mark=[one.band, kinds],
        figures=[Figure("Score", write_number(one.score), one.score)],
        points=[Points("How it comes about", tuple(lines))],
        material=False,
    )


def _say(piece: Piece) -> str:
    age = "today" if piece.age_days == 0 else f"{count(piece.age_days, 'day')} old"
    left = "" if piece.decay_factor == 1 else f" × {write_number(piece.decay_factor, 2)} left"
    score = write_number(piece.base_score)
    end = f" = {write_number(piece.decayed)}" if left else ""
    source = "" if piece.source == piece.signal_type else f"{_plain(piece.source)}, "
    return f"{_plain(piece.signal_type)} ({source}{age}): {score}{left}{end}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
