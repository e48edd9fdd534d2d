"""The web application: routes, the guard in front of them, and the workspace behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from fastapi import FastAPI

from pacesetter import __version__
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings, load_settings
from pacesetter.web.auth.authenticate import Authenticate, Visitors
from pacesetter.web.auth.door import make_door
from pacesetter.web.auth.guard import Guard
from pacesetter.web.auth.loopback import is_loopback
from pacesetter.web.body_limit import BodyLimit
from pacesetter.web.children.job_runner import JobRunner
from pacesetter.web.children.onboarding_runner import OnboardingRunner
from pacesetter.web.described.application import Application
from pacesetter.web.errors import add_handlers
from pacesetter.web.every_route import V1, every_route, route_table
from pacesetter.web.kept.cached import Cached
from pacesetter.web.kept.upkeep import Upkeep
from pacesetter.web.limits import Limits
from pacesetter.web.once import Once
from pacesetter.web.routes import dashboard, pages
from pacesetter.web.trials import Trials
from pacesetter.web.workspace import OpenWorkspace

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
        routes=every_route(),
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
    app.state.routes = route_table()
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
