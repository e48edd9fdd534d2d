"""The web application: routes, the guard in front of them, and the workspace behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from pacesetter import __version__
from pacesetter.kernel.clock import Clock
from pacesetter.settings import Settings, load_settings
from pacesetter.web.errors import add_handlers
from pacesetter.web.guard import Guard
from pacesetter.web.routes import domains, health, history, pages, rankings
from pacesetter.web.workspace import OpenWorkspace

V1 = "/api/v1"


def create_app(
    settings: Settings | None = None, *, simulated: bool | None = None, clock: Clock | None = None
) -> FastAPI:
    """An application over one home. It starts without its database, and answers when that is there."""
    settings = settings or load_settings()
    holder = OpenWorkspace(settings, simulated=simulated, clock=clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await holder.warm()
        yield
        await holder.close()

    app = FastAPI(
        title="Pacesetter",
        version=__version__,
        description="Rankings that you can explain.",
        lifespan=lifespan,
        openapi_url=f"{V1}/openapi.json",
        docs_url=None,  # the framework's page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.workspace = holder
    add_handlers(app)
    nouns = (domains.router, rankings.router, history.router, health.router)
    for router in nouns:
        app.include_router(router, prefix=V1)
    for router in (health.short, domains.router, rankings.router, history.router):
        app.include_router(router, prefix="/api", include_in_schema=False)
    app.include_router(pages.router)
    app.add_middleware(Guard, hosts=(settings.host,), policy=pages.POLICY)
    return app
