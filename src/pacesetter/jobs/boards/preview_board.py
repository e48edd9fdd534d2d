"""Who would be on a board, before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pacesetter.jobs.boards.define_board import matching
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.rule import parse_rule
from pacesetter.market.symbol import normalise_symbol
from pacesetter.store.symbols.symbols import list_symbols


@dataclass(frozen=True)
class Candidate:
    """A symbol that would be a member; ``priced_until`` is None where it has no price yet."""

    symbol: str
    name: str | None
    priced_until: date | None


@dataclass
class BoardPreview:
    """Who would be a member; which are new here (``unknown``), of another kind, or no symbol at all."""

    members: list[Candidate] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    other_kind: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


async def preview_board(
    ws: Workspace, *, symbols: Sequence[str] = (), rule: str | None = None, asset_type: str = "equity"
) -> BoardPreview:
    """Sort what was given as ``create_board`` would take it; nothing is stored.

    ``InputError`` unless exactly one of symbols and rule is given, or for a rule that cannot be read.
    """
    if bool(symbols) == bool(rule):
        raise InputError("a board needs either symbols or a rule", mend="give one of them")
    if rule:
        parse_rule(rule)
    seen = BoardPreview()
    async with ws.db.read() as conn:
        known = {row.symbol: row for row in await list_symbols(conn)}
        wanted = await matching(conn, rule, asset_type) if rule else read_all(symbols, seen)
    for symbol in wanted:
        row = known.get(symbol)
        if row is None:
            seen.unknown.append(symbol)
        elif row.asset_type != asset_type:
            seen.other_kind.append(symbol)
        else:
            seen.members.append(Candidate(symbol, row.name, row.last_price_date))
    return seen


def read_all(given: Sequence[str], seen: BoardPreview) -> list[str]:
    """One spelling of each symbol, in the order given; what cannot be one is noted."""
    wanted: dict[str, None] = {}
    for text in given:
        try:
            wanted[normalise_symbol(text)] = None
        except InputError:
            seen.unreadable.append(text)
    return list(wanted)
