"""An opened home: settings, folder, database and clock, ready for work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pacesetter import __version__
from pacesetter.factors.base import factors
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.market.domain import load_seed_domains
from pacesetter.portfolio.exposure_factor import load_definitions
from pacesetter.ranking.method import load_shipped, shipped_names
from pacesetter.settings import Settings
from pacesetter.store.bars.segments import give_identity
from pacesetter.store.boards.methods import register_factors, register_method
from pacesetter.store.database.backup import upgrade_with_backup
from pacesetter.store.database.engine import Database
from pacesetter.store.database.facts import Facts
from pacesetter.store.database.home import Home, database_url, holds_data
from pacesetter.store.database.revisions import check_simulation, get_meta, refuse_other_kind, set_meta
from pacesetter.store.database.schema import current
from pacesetter.store.portfolios.exposures import list_definitions, seed_definitions
from pacesetter.store.symbols.domains import seed_domains

Progress = Callable[[str, int, int], None]

ALWAYS = date(1970, 1, 1)  # shipped boards have their members on every date that can be ranked


def say_nothing(stage: str, done: int, total: int) -> None:
    """The progress of work that nobody watches."""


@dataclass(frozen=True)
class Workspace:
    """What every job works on. ``simulated`` says which kind of data the database holds, for life."""

    settings: Settings
    home: Home
    db: Database
    clock: Clock
    simulated: bool
    facts: Facts = field(default_factory=Facts)

    def now(self) -> datetime:
        """The instant by the workspace's clock."""
        return self.clock.now().astimezone(UTC)


def holds_simulation(settings: Settings, home: Home) -> bool:
    """Whether a start without a stated kind opens the simulated database.

    Only when there is one, or its source was asked for, and no real data: real data always wins.
    """
    wanted = home.simulated_db.exists() or settings.source == "simulated"
    return settings.database_url is None and wanted and not holds_data(home.real_db)


@asynccontextmanager
async def open_workspace(
    settings: Settings, *, clock: Clock | None = None, simulated: bool | None = None
) -> AsyncIterator[Workspace]:
    """Open the home folder and its database: migrated (after a backup), seeded, of the right kind."""
    clock = clock or SystemClock()
    factors.load_plugins(settings.plugins)
    home = Home(settings.home.expanduser())
    undecided = simulated is None
    if simulated is None:
        simulated = holds_simulation(settings, home)
    home.create()
    db = Database(database_url(settings.database_url, home, simulated=simulated))
    try:
        await upgrade_with_backup(db, home, clock.now())
        if undecided and settings.database_url:
            simulated = await stored_kind(db) or False
        workspace = Workspace(settings, home, db, clock, simulated)
        await seed(workspace)
        yield workspace
    finally:
        await db.close()


async def stored_kind(db: Database) -> bool | None:
    """Whether a database holds simulated data (True), real data (False), or neither yet (None)."""
    if await current(db) is None:
        return None
    async with db.read() as conn:
        noted = await get_meta(conn, "simulated")
    return None if noted is None else noted == "yes"


async def seed(workspace: Workspace) -> None:
    """Shipped boards, methods and factors, idempotently; nothing is written when this version did so."""
    async with workspace.db.read() as conn:
        await refuse_other_kind(conn, workspace.simulated)
        if await get_meta(conn, "seeded_by") == __version__ and await list_definitions(conn):
            return
    async with workspace.db.write() as conn:
        await check_simulation(conn, workspace.simulated)
        await give_identity(conn)
        await set_meta(conn, "seeded_by", __version__)
        await seed_domains(conn, load_seed_domains(), ALWAYS)
        for name in shipped_names():
            await register_method(conn, load_shipped(name))
        await register_factors(conn, list(factors))
        await seed_definitions(conn, load_definitions())
