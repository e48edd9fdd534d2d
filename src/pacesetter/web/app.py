"""The web application: routes, the guard in front of them, and the workspace behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from fastapi import Depends, FastAPI

from pacesetter import __version__
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings, load_settings
from pacesetter.web.auth.authenticate import Authenticate, Visitors
from pacesetter.web.auth.door import make_door
from pacesetter.web.auth.guard import Guard
from pacesetter.web.auth.loopback import is_loopback
from pacesetter.web.auth.permission import check_permissions
from pacesetter.web.body_limit import BodyLimit
from pacesetter.web.children.job_runner import JobRunner
from pacesetter.web.children.onboarding_runner import OnboardingRunner
from pacesetter.web.described.application import Application
from pacesetter.web.errors import add_handlers
from pacesetter.web.inputs import refuse_unreadable
from pacesetter.web.kept.cached import Cached
from pacesetter.web.kept.kept import RouteTable, check_kept
from pacesetter.web.kept.upkeep import Upkeep
from pacesetter.web.limits import Limits
from pacesetter.web.once import Once
from pacesetter.web.routes import (
    agents,
    analyses,
    audit,
    batch,
    box,
    box_entries,
    box_imports,
    box_joins,
    box_market,
    boxes,
    cache,
    changes,
    convergence,
    cycles,
    daily_metrics,
    dashboard,
    decisions,
    desk,
    document,
    domains,
    exposures,
    factors,
    facts,
    health,
    history,
    inbox,
    jobs,
    keys,
    login,
    methods,
    metrics,
    model,
    onboarding,
    pages,
    portfolio_imports,
    portfolio_positions,
    portfolio_snapshots,
    portfolio_trades,
    portfolios,
    quarantine,
    rankings,
    reports,
    research_queue,
    session,
    sessions,
    signals,
    sparklines,
    symbols,
    users,
    validation,
    watch_trials,
    watchlist,
)
from pacesetter.web.trials import Trials
from pacesetter.web.workspace import OpenWorkspace

V1 = "/api/v1"
LARGEST_BODY = 1 << 20  # bytes


def create_app(
    settings: Settings | None = None, *, simulated: bool | None = None, clock: Clock | None = None
) -> FastAPI:
    """An application over one home. It starts without its database, and answers when that is there."""
    settings = settings or load_settings()
    holder = OpenWorkspace(settings, simulated=simulated, clock=clock)
    upkeep = Upkeep(settings, holder, prefix=V1, clock=clock)
    runner = JobRunner(settings, holder, upkeep, clock=clock)
    onboarding_runner = OnboardingRunner(settings, holder, clock=clock)
    alone = is_loopback(settings.host)
    visitors = Visitors(holder, open_to_all=alone)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await holder.warm()
        upkeep.start(app)
        runner.start()
        onboarding_runner.start()
        yield
        await asyncio.gather(runner.stop(), onboarding_runner.stop())
        await upkeep.stop()
        await visitors.settle()
        await holder.close()

    app = Application(
        title="Pacesetter",
        version=__version__,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: "_".join([*map(str, route.tags[:1]), route.name]),
        dependencies=[Depends(refuse_unreadable)],
        openapi_url=None,  # a route of ours states who may read it
        redirect_slashes=False,  # a path that was not asked for is no answer
        docs_url=None,  # the framework's page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.workspace = holder
    app.state.upkeep = upkeep
    app.state.job_runner = runner
    app.state.onboarding_runner = onboarding_runner
    app.state.trials = Trials(holder)
    app.state.door = make_door(visitors, clock or SystemClock(), secure=not alone)
    add_handlers(app)
    app.add_exception_handler(PacesetterError, pages.answer_error)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPStatus.NOT_FOUND, dashboard.answer_lost)  # type: ignore[arg-type]
    nouns = (
        domains.router,
        rankings.router,
        changes.router,
        history.router,
        sessions.router,
        symbols.router,
        sparklines.router,
        exposures.router,
        daily_metrics.router,
        boxes.router,
        box_market.router,  # before the paths that a box may have
        box_joins.router,
        box_imports.router,
        box.router,
        box_entries.router,
        factors.router,
        methods.router,
        validation.router,
        quarantine.router,
        portfolios.router,
        portfolio_snapshots.router,
        portfolio_positions.router,
        portfolio_trades.router,
        portfolio_imports.router,
        desk.router,
        signals.router,
        convergence.router,
        research_queue.router,
        watchlist.router,
        watch_trials.router,
        facts.router,
        decisions.router,
        analyses.router,
        agents.router,
        model.router,
        reports.router,
        inbox.router,
        audit.router,
        cycles.router,
        batch.router,
        jobs.router,
        onboarding.router,
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
    app.state.routes = RouteTable(app.routes)
    hosts = (settings.host, *settings.server_names)
    app.put_in_front(  # in the order in which they see a request
        partial(Guard, hosts=hosts, policy=pages.POLICY, any_address=not alone),
        partial(BodyLimit, most=LARGEST_BODY),
        partial(Authenticate, visitors=visitors),
        partial(
            Limits,
            reads=settings.reads_per_minute,
            writes=settings.writes_per_minute,
            traffic=upkeep.traffic,
        ),
        partial(Cached, answers=upkeep.answers, traffic=upkeep.traffic),
        partial(Once, holder=holder),
    )
    return app
