"""The web application: routes, the guard in front of them, and the workspace behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from pacesetter import __version__
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings, load_settings
from pacesetter.web.application import Application
from pacesetter.web.authenticate import Authenticate, Visitors
from pacesetter.web.cached import Cached
from pacesetter.web.door import make_door
from pacesetter.web.errors import add_handlers
from pacesetter.web.guard import Guard
from pacesetter.web.kept import check_kept
from pacesetter.web.loopback import is_loopback
from pacesetter.web.permission import check_permissions
from pacesetter.web.routes import (
    cache,
    changes,
    cycles,
    dashboard,
    document,
    domains,
    health,
    history,
    keys,
    login,
    methods,
    metrics,
    pages,
    quarantine,
    rankings,
    session,
    symbols,
    users,
    validation,
)
from pacesetter.web.upkeep import Upkeep
from pacesetter.web.workspace import OpenWorkspace

V1 = "/api/v1"
LARGEST_BODY = 1 << 20  # bytes; a route that takes files states a limit of its own


def create_app(
    settings: Settings | None = None, *, simulated: bool | None = None, clock: Clock | None = None
) -> FastAPI:
    """An application over one home. It starts without its database, and answers when that is there."""
    settings = settings or load_settings()
    holder = OpenWorkspace(settings, simulated=simulated, clock=clock)
    upkeep = Upkeep(settings, holder, prefix=V1, clock=clock)
    alone = is_loopback(settings.host)
    visitors = Visitors(holder, open_to_all=alone)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await holder.warm()
        upkeep.start(app)
        yield
        await upkeep.stop()
        await visitors.settle()
        await holder.close()

    app = Application(
        title="Pacesetter",
        version=__version__,
        description="Rankings that you can explain.",
        lifespan=lifespan,
        openapi_url=None,  # a route of ours states who may read it
        docs_url=None,  # the framework's page loads scripts from elsewhere
        redoc_url=None,
        max_body_size=LARGEST_BODY,
    )
    app.state.workspace = holder
    app.state.upkeep = upkeep
    app.state.door = make_door(visitors, clock or SystemClock(), secure=not alone)
    add_handlers(app)
    app.add_exception_handler(PacesetterError, pages.answer_error)  # type: ignore[arg-type]
    nouns = (
        domains.router,
        rankings.router,
        changes.router,
        history.router,
        symbols.router,
        methods.router,
        validation.router,
        quarantine.router,
        cycles.router,
        health.router,
        cache.router,
    )
    accounts = (session.router, users.router, keys.router, document.router)
    for router in (*nouns, *accounts):
        app.include_router(router, prefix=V1)
    for router in (health.short, domains.router, rankings.router, history.router):
        app.include_router(router, prefix="/api", include_in_schema=False)
    app.include_router(dashboard.router)
    app.include_router(pages.router)
    app.include_router(login.router)
    app.include_router(metrics.router)
    check_permissions(app)
    check_kept(app)
    hosts = (settings.host, *settings.server_names)
    app.put_in_front(  # in the order in which they see a request
        partial(Guard, hosts=hosts, policy=pages.POLICY, any_address=not alone),
        partial(Authenticate, visitors=visitors),
        partial(Cached, answers=upkeep.answers, traffic=upkeep.traffic),
    )
    return app
