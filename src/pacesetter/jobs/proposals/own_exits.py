"""A person's own stop and target of a position, where decisions are traded into it.

What somebody set on a position holds, whatever a decision says. The one exception is a decision whose stop or
target a person changed before it was traded: that was said of this very trade. It then stands as the
person's own, and the decision remembers what it stood in place of, for when its trade is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.proposals.position_exits import EXITS
from pacesetter.kernel.decimals import to_decimal
from pacesetter.portfolio.trade import Split, count_shares_today
from pacesetter.store.desk.decisions import DecisionRow, decisions, traded_decisions
from pacesetter.store.portfolios.positions import change_position, list_positions

REPLACED = "replaced"  # in a decision's outcome: by stop_loss and target, what was ``own`` and is ``now``
WORDS = {"stop_loss": "stop", "target": "target"}


async def replace_own_exits(
    conn: AsyncConnection, portfolio_id: UUID, row: DecisionRow, splits: Sequence[Split]
) -> None:
    """After a purchase was traded: what a person changed in its terms stands in place of what was set by hand
    on its position; ``mark_exits`` comes next."""
    position = await _find_open(conn, portfolio_id, row.symbol)
    if position is None:
        return
    replaced: dict[str, dict[str, str]] = {}
    for name, price in _changed_exits(row).items():
        own = getattr(position, f"own_{name}")
        now = to_decimal(Fraction(price) / count_shares_today(splits, row.decided_on))
        if own is not None and own != now:
            replaced[name] = {"own": _plain(own), "now": _plain(now)}
            await change_position(conn, portfolio_id, position.id, {f"own_{name}": now})
    if replaced:
        await decisions.change(conn, row.id, outcome={**(row.outcome or {}), REPLACED: replaced})


async def give_own_exits_back(conn: AsyncConnection, portfolio_id: UUID, gone: Sequence[DecisionRow]) -> None:
    """After trades were taken away: what their decisions (``gone``, as they were) had replaced holds again,
    unless something else was said since; ``put_exits_back`` comes next."""
    for row in reversed(gone):
        position = await _find_open(conn, portfolio_id, row.symbol)
        for name, told in _replaced_by(row).items():
            own, now = Decimal(told["own"]), Decimal(told["now"])
            if await _is_passed_on(conn, portfolio_id, row.symbol, name, told):
                continue
            if position is not None and getattr(position, f"own_{name}") == now:
                await change_position(conn, portfolio_id, position.id, {f"own_{name}": own})


async def tell_exits(conn: AsyncConnection, portfolio_id: UUID, row: DecisionRow) -> tuple[str, ...]:
    """Which stop and target hold after a purchase was traded, and whose they are, in words."""
    position = await _find_open(conn, portfolio_id, row.symbol) if row.action == "BUY" else None
    if position is None:
        return ()
    told = []
    for name, word in WORDS.items():
        price, asked = getattr(position, name), getattr(row, name)
        if price is None:
            told.append(f"no {word}")
        elif name in _replaced_by(row):
            was = Decimal(_replaced_by(row)[name]["own"])
            told.append(
                f"{word} {_plain(price)}, as the decision was changed to (it was {_plain(was)}, set by hand)"
            )
        elif getattr(position, f"own_{name}") is not None:
            beside = f" (the decision says {_plain(asked)})" if asked not in (None, price) else ""
            told.append(f"{word} {_plain(price)}, set by hand{beside}")
        else:
            told.append(f"{word} {_plain(price)}")
    return (f"the position in {row.symbol} has {' and '.join(told)}",)


async def _is_passed_on(
    conn: AsyncConnection, portfolio_id: UUID, symbol: str, name: str, told: dict[str, str]
) -> bool:
    """Whether a later decision replaced what the one that is gone had put there: that one then stands in
    place of what was there before both, and nothing comes back yet."""
    for other in await traded_decisions(conn, portfolio_id):
        own = _replaced_by(other)
        if other.symbol == symbol and name in own and own[name]["own"] == told["now"]:
            kept = {**own, name: {**own[name], "own": told["own"]}}
            await decisions.change(conn, other.id, outcome={**other.outcome, REPLACED: kept})
            return True
    return False


def _changed_exits(row: DecisionRow) -> dict[str, Decimal]:
    """Stop and target that a person changed before the trade, in the shares of the day of the decision."""
    first = row.proposed or {}
    found = {}
    for name in EXITS:
        price, was = getattr(row, name), first.get(name)
        if name in first and price is not None and (was is None or Decimal(was) != price):
            found[name] = price
    return found


def _replaced_by(row: DecisionRow) -> dict[str, dict[str, str]]:
    return dict((row.outcome or {}).get(REPLACED, {}))


async def _find_open(conn: AsyncConnection, portfolio_id: UUID, symbol: str) -> Row[Any] | None:
    """The open long position in a symbol."""
    rows = await list_positions(conn, portfolio_id)
    found = (one for one in rows if (one.symbol, one.status, one.side) == (symbol, "open", "long"))
    return next(found, None)


def _plain(price: Decimal) -> str:
    return f"{price.normalize():f}"
