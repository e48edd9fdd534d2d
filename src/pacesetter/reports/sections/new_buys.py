"""New buys: what the desk proposes, at which price, where to stop, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import write_day, write_number, write_pct, write_price
from pacesetter.reports.night import Night, Order
from pacesetter.reports.section import Figure, Item, Points, Told, section

MOST_LINES, MOST_CONTRARY = 4, 2


@section(
    "new_buys", order=10, title="New buys", layout="cards", over="No longer waits", nothing="No new buys."
)
def tell_new_buys(night: Night, _: Sequence[Told]) -> list[Item]:
    """What the desk proposes to buy, and what it proposed before and nobody has answered."""
    return [tell_order(one) for one in night.orders if one.side == "buy"]


def tell_order(order: Order) -> Item:
    """A proposal: its terms, reasons, risks, and the challenge that it stood against. It is news again
    when its size, its conviction or what it rests on changes, not with every tick of the price."""
    verb = "Buy" if order.side == "buy" else "Sell"
    by = f"answer by {write_day(order.expires_on)}" if order.expires_on else ""
    words = [f"{order.conviction} conviction" if order.conviction else "", by]
    figures = [
        Figure("Size", _size(order), order.size_pct),
        Figure("Price", write_price(order.price, order.unit), order.price),
    ]
    if order.side == "buy":
        figures += [_exit("Stop", order.stop, order), _exit("Target", order.target, order)]
    lists = [
        Points("Why", tuple(order.reasons)[:MOST_LINES]),
        Points("Risks", tuple(order.risks)[:MOST_LINES]),
        Points("Challenge", (order.challenge, *tuple(order.contrary)[:MOST_CONTRARY])),
        Points("Notes", tuple(order.told)[:MOST_LINES]),
    ]
    return Item(
        key=f"{order.side} {order.symbol}",
        title=f"{order.symbol} · {order.name}" if order.name else order.symbol,
        words=", ".join(part for part in words if part),
        mark=[order.conviction, order.size_pct],
        tone="good" if order.side == "buy" else "bad",
        figures=figures,
        points=[Points(one.title, found) for one in lists if (found := tuple(filter(None, one.lines)))],
        brief=", ".join(filter(None, (f"{verb} {order.symbol}", f"{_size(order)} at {_terms(order)}", by))),
        lasts=True,
        since=order.proposed_on,
    )


def _size(order: Order) -> str:
    size = write_pct(order.size_pct, signed=False) if order.size_pct is not None else ""
    if order.quantity:
        size += (
            f" = {write_number(order.quantity, 4)} shares"
            if size
            else write_number(order.quantity, 4) + " shares"
        )
    return size or "all of it"


def _terms(order: Order) -> str:
    """The price, and of a purchase its stop and target, in short."""
    ends = (("stop", order.stop), ("target", order.target)) if order.side == "buy" else ()
    exits = [f", {name} {write_price(price)}" for name, price in ends if price is not None]
    return "".join([write_price(order.price, order.unit), *exits])


def _exit(label: str, price: float | None, order: Order) -> Figure:
    text = write_price(price, order.unit)
    if price is not None and order.price:
        text += f" ({write_pct(100 * (price / order.price - 1))})"
    return Figure(label, text, price)
