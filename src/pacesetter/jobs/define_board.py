"""Boards of one's own: from a list, a file or a rule; with dated membership, ranked like the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.workspace import ALWAYS, Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.domain import slugify
from pacesetter.market.rule import parse_rule, satisfies
from pacesetter.market.symbol import normalise_symbol
from pacesetter.store import domains as stored
from pacesetter.store.memberships import add_members, end_members, members_on
from pacesetter.store.methods import find_method
from pacesetter.store.revisions import new_revision
from pacesetter.store.symbols import known_symbols, list_symbols, upsert_symbols


@dataclass
class BoardDefined:
    """A board after a change: who joined, who left, and which tickers nobody had heard of."""

    name: str
    slug: str
    members: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


async def create_board(
    ws: Workspace,
    name: str,
    *,
    symbols: Sequence[str] = (),
    rule: str | None = None,
    asset_type: str = "equity",
    method: str = "core",
    description: str | None = None,
    since: date | None = None,
) -> BoardDefined:
    """Make a board whose members are ``symbols``, or those that satisfy ``rule``.

    ``since``: from when on they are members (default: ever, so that history can be ranked).
    """
    if bool(symbols) == bool(rule):
        raise InputError("a board needs either symbols or a rule", mend="give --symbols, --file or --rule")
    if rule:
        parse_rule(rule)
    done = BoardDefined(name, slugify(name))
    begin = since or ALWAYS
    async with ws.db.write() as conn:
        await find_method(conn, method)
        domain_id = await stored.add_domain(
            conn, name, done.slug, description=description, rule=rule, asset_type=asset_type, method=method
        )
        revision = await new_revision(conn, "repair", ws.now())
        wanted = (
            await matching(conn, rule, asset_type) if rule else await take_in(conn, symbols, asset_type, done)
        )
        done.added = await add_members(conn, domain_id, wanted, since=begin, revision=revision)
        done.members = await members_on(conn, domain_id, max(begin, ws.now().date()))
    if since is None:
        done.said.append(
            "today's members are taken for all of history: past ranks know of no one who left before"
        )
    return done


async def edit_board(
    ws: Workspace,
    board: str,
    *,
    add: Sequence[str] = (),
    drop: Sequence[str] = (),
    method: str | None = None,
    on: date | None = None,
) -> BoardDefined:
    """Let symbols join or leave on a date (default: today), or rank the board by another method."""
    day = on or ws.now().date()
    async with ws.db.write() as conn:
        domain = await stored.find_domain(conn, board)
        done = BoardDefined(domain.name, domain.slug)
        if method is not None:
            await find_method(conn, method)
            await stored.set_method(conn, domain.id, method)
        if (add or drop) and domain.rule:
            raise InputError(
                f"the members of {domain.name} follow its rule",
                where=domain.rule,
                mend="make a board of your own",
            )
        if add or drop:
            revision = await new_revision(conn, "repair", ws.now())
            joining = await take_in(conn, add, domain.asset_type, done)
            done.added = await add_members(conn, domain.id, joining, since=day, revision=revision)
            leaving = [normalise_symbol(one) for one in drop]
            done.ended = await end_members(conn, domain.id, leaving, on=day, revision=revision)
            strangers = sorted(set(leaving) - set(done.ended))
            if strangers:
                raise InputError(f"no members of {domain.name}: {', '.join(strangers)}", where="--drop")
        done.members = await members_on(conn, domain.id, day)
    return done


async def remove_board(ws: Workspace, board: str) -> str:
    """Take a board out of use; what was published stays. Returns its name."""
    async with ws.db.write() as conn:
        domain = await stored.find_domain(conn, board)
        await stored.set_active(conn, domain.id, active=False)
    return str(domain.name)


async def follow_rules(ws: Workspace, on: date) -> list[str]:
    """Bring boards with a rule up to what is known of symbols now; returns what changed, in words."""
    async with ws.db.read() as conn:
        ruled = [row for row in await stored.list_domains(conn) if row.rule]
        differing = [
            row for row in ruled if set(await members_on(conn, row.id, on)) != set(await wanted_by(conn, row))
        ]
    said = []
    for row in differing:
        async with ws.db.write() as conn:
            wanted, have = set(await wanted_by(conn, row)), set(await members_on(conn, row.id, on))
            revision = await new_revision(conn, "repair", ws.now())
            since = on if have else ALWAYS  # without any member it is new here, and has no history to keep
            joined = await add_members(conn, row.id, sorted(wanted - have), since=since, revision=revision)
            left = await end_members(conn, row.id, sorted(have - wanted), on=on, revision=revision)
        said.append(f"{row.name}: {len(joined)} joined, {len(left)} left, by its rule")
    return said


async def wanted_by(conn: AsyncConnection, domain: Row[Any]) -> list[str]:
    """The symbols that satisfy a board's rule now, in order."""
    return await matching(conn, domain.rule, domain.asset_type)


async def matching(conn: AsyncConnection, rule: str, asset_type: str) -> list[str]:
    """Active symbols of a kind that satisfy a rule, in order."""
    conditions = parse_rule(rule)
    return [
        row.symbol
        for row in await list_symbols(conn)
        if row.is_active
        and row.asset_type == asset_type
        and satisfies({**row._mapping, "exchange": row.exchange_mic}, conditions)
    ]


async def take_in(
    conn: AsyncConnection, symbols: Sequence[str], asset_type: str, done: BoardDefined
) -> list[str]:
    """Spell tickers as stored; those that nobody has heard of are made known, and named."""
    wanted = list(dict.fromkeys(normalise_symbol(one) for one in symbols))
    known = await known_symbols(conn, wanted)
    done.unknown = [symbol for symbol in wanted if symbol not in known]
    other = [s for s, row in known.items() if row.asset_type != asset_type]
    if other:
        raise InputError(
            f"{', '.join(sorted(other))}: not of the kind {asset_type!r}",
            where=done.name,
            mend="a board holds one kind; say --asset-type",
        )
    if done.unknown:
        await upsert_symbols(conn, done.unknown, asset_type=asset_type, source="admin")
        done.said.append(
            f"no prices yet of {', '.join(done.unknown)}: they stand unranked until there are some"
        )
    return wanted
