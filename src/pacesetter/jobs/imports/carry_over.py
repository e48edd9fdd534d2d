"""The first real import: boards, methods, users and watchlist of the simulated market go along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pacesetter.jobs.desk.carry_watches import Watches, read_watches, take_watches
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.method import Method, restore_method, shipped_names
from pacesetter.store.accounts.users import read_accounts, take_accounts
from pacesetter.store.boards.memberships import add_members, membership
from pacesetter.store.boards.methods import list_methods, register_method
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import new_revision, newest_revision
from pacesetter.store.database.schema import pending
from pacesetter.store.symbols import domains as stored
from pacesetter.store.symbols.symbols import known_symbols, upsert_symbols


@dataclass(frozen=True)
class Made:
    """What its user has made in a database: methods, boards with present members, accounts, watchlist."""

    methods: Sequence[Method]
    boards: Sequence[tuple[Any, list[Any]]]
    accounts: list[list[dict[str, Any]]]
    watches: Watches


async def carry_over(ws: Workspace) -> list[str]:
    """Bring boards and methods from the simulated database into a real one without data yet.

    Returns what was done, in words; nothing where there is nothing to bring, or real data
    are stored already.
    """
    if ws.simulated or ws.db.path is None or not ws.home.simulated_db.exists():
        return []
    async with ws.db.read() as conn:
        if await newest_revision(conn):
            return []
    made = await read_made(Database(f"sqlite:///{ws.home.simulated_db}"))
    if made is None:
        return ["its boards and methods were left there: another version wrote that file"]
    async with ws.db.write() as conn:
        people = await take_accounts(conn, made.accounts)
        for method in made.methods:
            await register_method(conn, method)
        have = {row.slug: row for row in await stored.list_domains(conn)}
        revision = await new_revision(conn, "repair", ws.now()) if made.boards else 0
        for board, members in made.boards:
            if board.slug in have:
                await stored.set_method(conn, have[board.slug].id, board.method)
                continue
            wanted = sorted({spell.symbol for spell in members})
            missing = [s for s in wanted if s not in await known_symbols(conn, wanted)]
            await upsert_symbols(conn, missing, asset_type=board.asset_type, source="admin")
            domain_id = await stored.add_domain(
                conn,
                board.name,
                board.slug,
                description=board.description,
                rule=board.rule,
                asset_type=board.asset_type,
                method=board.method,
            )
            for since in sorted({spell.valid_from for spell in members}):
                joining = [spell.symbol for spell in members if spell.valid_from == since]
                await add_members(conn, domain_id, joining, since=since, revision=revision)
        watched = await take_watches(conn, made.watches, ws.now())
    boards = [board.name for board, _ in made.boards if board.slug not in have]
    said = []
    kinds = (
        ("boards", boards),
        ("methods", [one.name for one in made.methods]),
        ("users", people),
        ("watchlist", watched),
    )
    for kind, names in kinds:
        if names:
            said.append(f"{kind} carried over: {', '.join(dict.fromkeys(names))}")
    return said


async def read_made(db: Database) -> Made | None:
    """What a user has made in the simulated database; None when it has another schema."""
    try:
        if await pending(db):
            return None
        async with db.read() as conn:
            shipped = set(shipped_names())
            rows = [row for row in await list_methods(conn) if row.name not in shipped]
            spells = await membership(conn)
            boards = [
                (row, [s for s in spells if s.domain_id == row.id and not (s.valid_to or row.rule)])
                for row in await stored.list_domains(conn)
                if row.kind != "curated" or row.method != "core"
            ]
            accounts, watches = await read_accounts(conn), await read_watches(conn)
        return Made([restore_method(row.definition) for row in rows], boards, accounts, watches)
    finally:
        await db.close()
