"""Boards of one's own: from a list, a file or a rule; with dated membership, ranked like the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.workspace import ALWAYS, Workspace
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.market.domain import slugify
from pacesetter.market.rule import parse_rule, satisfies
from pacesetter.market.symbol import BOX, normalise_symbol
from pacesetter.ranking.method import check_kind
from pacesetter.store.boards.memberships import add_members, end_members, members_on
from pacesetter.store.boards.methods import find_method
from pacesetter.store.boxes.box_board import MEASURE, METHOD, has_boxes
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols import domains as stored
from pacesetter.store.symbols.symbols import known_symbols, list_symbols, upsert_symbols

BOARDED = ("equity", "etf", BOX)  # kinds that boards are made of


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
    ranked_by: str = "cycle"  # the command


async def create_board(
    ws: Workspace,
    name: str,
    *,
    symbols: Sequence[str] = (),
    rule: str | None = None,
    asset_type: str = "equity",
    method: str | None = None,
    description: str | None = None,
    since: date | None = None,
) -> BoardDefined:
    """Make a board whose members are ``symbols``, or those that satisfy ``rule``.

    ``method``: default ``boxes`` for boxes, else ``core``. ``since``: from when on they are members
    (default: ever, so that history can be ranked).
    """
    if bool(symbols) == bool(rule):
        raise InputError("a board needs either symbols or a rule", mend="give --symbols, --file or --rule")
    if rule:
        parse_rule(rule)
    if asset_type not in BOARDED:
        raise unknown("kind of symbols", asset_type, list(BOARDED))
    done = BoardDefined(name, slugify(name))
    done.ranked_by = name_ranking(asset_type, done.slug)
    begin = since or ALWAYS
    method = method or ("boxes" if asset_type == BOX else "core")
    async with ws.db.write() as conn:
        check_kind((await find_method(conn, method))[0], asset_type, name)
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


def name_ranking(asset_type: str, slug: str) -> str:
    """The command that ranks a board."""
    return f"backfill ranks --board {slug}" if asset_type == BOX else "cycle"


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
        done.ranked_by = name_ranking(domain.asset_type, domain.slug)
        if method is not None:
            check_kind((await find_method(conn, method))[0], domain.asset_type, domain.name)
            refuse_other_method(domain, method)
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


def refuse_other_method(domain: Row[Any], method: str) -> None:
    """``InputError`` for another method of the board whose ranks stand beside the figures of boxes."""
    if domain.kind == MEASURE and method != METHOD:
        own = f"--rule all --asset-type {BOX} --method {method}"
        raise InputError(
            f"{domain.name} is always ranked by {METHOD!r}",
            where="--method",
            mend=f"make a board of your own by another measure: `pacesetter domains add NAME {own}`",
        )


async def remove_board(ws: Workspace, board: str) -> str:
    """Take a board out of use; what was published stays. Returns its name."""
    async with ws.db.write() as conn:
        domain = await stored.find_domain(conn, board)
        if domain.kind == MEASURE and await has_boxes(conn):
            raise InputError(
                f"{domain.name} is the board that all boxes stand on: it stays while there are boxes",
                where=domain.slug,
            )
        await stored.set_active(conn, domain.id, active=False)
    return str(domain.name)


async def follow_rules(ws: Workspace, on: date) -> list[str]:
    """Bring an exchange's boards with a rule up to what is known of symbols now; what changed, in words."""
    async with ws.db.read() as conn:
        ruled = [row for row in await stored.list_domains(conn) if row.rule and row.asset_type != BOX]
        differing = [
            row for row in ruled if set(await members_on(conn, row.id, on)) != set(await wanted_by(conn, row))
        ]
    said = []
    for row in differing:
        async with ws.db.write() as conn:
            said.append(await follow_rule(conn, row, on, ws.now()))
    return said


async def follow_rule(conn: AsyncConnection, row: Row[Any], on: date, at: datetime) -> str:
    """Bring one board with a rule up to date; what changed, in words."""
    wanted, have = set(await wanted_by(conn, row)), set(await members_on(conn, row.id, on))
    if wanted == have:
        return f"{row.name}: as it was"
    revision = await new_revision(conn, "repair", at)
    # without any member it is new here, and has no history to keep; boxes are observed late as a rule
    since = ALWAYS if not have or row.asset_type == BOX else on
    joined = await add_members(conn, row.id, sorted(wanted - have), since=since, revision=revision)
    left = await end_members(conn, row.id, sorted(have - wanted), on=on, revision=revision)
    return f"{row.name}: {len(joined)} joined, {len(left)} left, by its rule"


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
    if done.unknown and asset_type == BOX:
        raise InputError(
            f"no box is called {', '.join(done.unknown)}",
            where=done.name,
            mend="`pacesetter boxes` lists them",
        )
    if done.unknown:
        await upsert_symbols(conn, done.unknown, asset_type=asset_type, source="admin")
        done.said.append(
            f"no prices yet of {', '.join(done.unknown)}: they stand unranked until there are some"
        )
    return wanted
