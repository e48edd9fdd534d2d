"""Every route of the web application: made once in a process, for none of them knows a home."""

from __future__ import annotations

import functools

from fastapi import Depends, FastAPI
from starlette.routing import BaseRoute

from pacesetter.web.auth.permission import check_permissions
from pacesetter.web.inputs import refuse_unreadable
from pacesetter.web.kept.kept import RouteTable, check_kept
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

V1 = "/api/v1"


@functools.cache
def every_route() -> list[BaseRoute]:
    """In the order in which they are tried; ``AssertionError`` for one that breaks a rule of ours."""
    app = FastAPI(
        generate_unique_id_function=lambda route: "_".join([*map(str, route.tags[:1]), route.name]),
        dependencies=[Depends(refuse_unreadable)],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
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
    return list(app.routes)


@functools.cache
def route_table() -> RouteTable:
    """What the routes say about keeping their answers."""
    return RouteTable(every_route())
