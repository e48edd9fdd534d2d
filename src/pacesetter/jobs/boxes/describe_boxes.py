"""Products of a delivery: those nobody had heard of are made known, others completed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box import fold_id, make_symbol, read_name
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.boxes.box_products import (
    FACTS,
    PRODUCT,
    add_products,
    list_edits,
    list_products,
    set_products,
    taken_symbols,
)

SYMBOL = re.compile(r"BOX-[A-Z0-9][A-Z0-9-]{0,26}")  # what a row may call a box instead of its own id
SAID_BY_NAME = ("game", "set_code", "set_name", "variant")


@dataclass
class Described:
    """The boxes of a delivery: symbols by what the rows call them; the new and the changed ones."""

    symbols: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


async def describe_boxes(conn: AsyncConnection, rows: pl.DataFrame) -> Described:
    """Make the boxes of ``rows`` known (``box_id`` and ``FACTS``), or complete what is known of them.

    The last row that says something counts, a blank erases nothing. What a person has edited stands
    against files. What only the name says fills blanks, and changes nothing that was stated. What is said
    of a box that is joined into another fills that one's blanks, too.
    """
    done = Described()
    stated = rows.group_by("box_id").agg(pl.col(name).drop_nulls().last() for name in FACTS).sort("box_id")
    known = await list_products(conn)
    called = {fold_id(one["external_id"]): symbol for symbol, one in known.items() if one["external_id"]}
    edited = await edited_facts(conn)
    taken = await taken_symbols(conn)
    roots = await read_roots(conn)
    fresh: list[dict[str, Any]] = []
    other: dict[str, dict[str, Any]] = {}
    kept = 0
    for row in stated.iter_rows(named=True):
        key = row.pop("box_id")
        said = {name: value for name, value in row.items() if value is not None}
        symbol = called.get(key) or (key.upper() if key.upper() in known else None)
        if symbol is None:
            own = SYMBOL.fullmatch(key.upper()) is not None and key.upper() not in taken
            symbol = key.upper() if own else make_symbol(said.get("name"), key, taken)
            taken.add(symbol)
            new = complete({"symbol": symbol, "external_id": None if own else key}, said)
            known[symbol] = new
            fresh.append(new)
        else:
            fixed = edited.get(symbol, set())
            kept += sum(said[name] != known[symbol][name] for name in said if name in fixed)
            free = {name: value for name, value in said.items() if name not in fixed}
            better = complete(known[symbol], free, fixed)
            if better != known[symbol]:
                known[symbol] = other[symbol] = better
            root = roots[symbol]
            lacked = fill_blanks(known[root], better, edited.get(root, ()))
            if root != symbol and lacked:
                known[root] = other[root] = {**known[root], **lacked}
        done.symbols[key] = symbol
    await add_products(conn, pl.DataFrame(fresh, schema=PRODUCT))
    await set_products(conn, pl.DataFrame(list(other.values()), schema=PRODUCT))
    done.added, done.changed = [one["symbol"] for one in fresh], list(other)
    unnamed = [one["symbol"] for one in fresh if not one["name"]]
    if fresh:
        done.said.append(f"{len(fresh)} new box{'es' * (len(fresh) > 1)}: {listed(done.added)}")
    if unnamed:
        have = "1 of them has" if len(unnamed) == 1 else f"{len(unnamed)} of them have"
        have = "it has" if len(fresh) == 1 else have
        done.said.append(f"{have} no name: `pacesetter boxes edit {unnamed[0]} --name NAME` gives one")
    if other:
        are = "1 box is" if len(other) == 1 else f"{len(other)} boxes are"
        done.said.append(f"{are} described anew: {listed(done.changed)}")
    if kept:
        stay = "1 fact stays as it was" if kept == 1 else f"{kept} facts stay as they were"
        done.said.append(f"{stay} edited by hand")
    return done


def complete(
    known: Mapping[str, Any], said: Mapping[str, Any], fixed: Collection[str] = ()
) -> dict[str, Any]:
    """A box with what was stated of it; its blanks but ``fixed`` ones are filled with what its name says."""
    whole = {name: said.get(name, known.get(name)) for name in PRODUCT} | {
        name: known.get(name) for name in ("symbol", "external_id")
    }
    told = read_name(whole["name"])._asdict() if whole["name"] else {}
    return whole | {name: told.get(name) for name in SAID_BY_NAME if not whole[name] and name not in fixed}


def fill_blanks(known: Mapping[str, Any], other: Mapping[str, Any], fixed: Collection[str]) -> dict[str, Any]:
    """The facts of another box that a box lacks, but ``fixed`` ones."""
    return {
        name: other[name]
        for name in FACTS
        if known[name] is None and other[name] is not None and name not in fixed
    }


async def edited_facts(conn: AsyncConnection) -> dict[str, set[str]]:
    """Which facts of each box a person has given by hand."""
    edited: dict[str, set[str]] = {}
    for row in await list_edits(conn):
        edited.setdefault(row.options["symbol"], set()).update(row.options["after"])
    return edited


def listed(symbols: list[str]) -> str:
    """The first few symbols, and how many more there are."""
    more = f" and {len(symbols) - 5} more" if len(symbols) > 5 else ""
    return ", ".join(symbols[:5]) + more
