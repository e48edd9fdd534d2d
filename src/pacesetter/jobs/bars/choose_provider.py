"""Which providers a source means, in order; never a silent switch between real and simulated."""

from __future__ import annotations

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ConfigError, SimulationMismatch
from pacesetter.providers.base import Provider, providers
from pacesetter.settings import Source


def choose_providers(ws: Workspace, source: Source | None = None) -> list[Provider]:
    """The providers to ask one after the other; none for ``none``.

    ``auto`` follows the kind of the database: the simulated market, or what the setting
    ``providers`` names.
    """
    if asks_nobody(ws, source):
        return []
    source = source or ws.settings.source
    of_this_kind = ["simulated"] if ws.simulated else ws.settings.providers
    names = of_this_kind if source == "auto" else [source]
    for name in names:
        if (name == "simulated") != ws.simulated:
            kind = "simulated" if ws.simulated else "real"
            raise SimulationMismatch(
                f"the opened database holds {kind} data, the source is {name!r}",
                mend="use another --home for the other kind",
            )
    return [make_provider(ws, name) for name in names]


def asks_nobody(ws: Workspace, source: Source | None = None) -> bool:
    """Whether no provider is to be asked, so that what needs one is not begun."""
    source = source or ws.settings.source
    return source == "none" or (source == "auto" and not ws.simulated and not ws.settings.providers)


def make_provider(ws: Workspace, name: str) -> Provider:
    """A provider with its settings; one of somebody else's is made without any."""
    settings = ws.settings
    if name == "simulated":
        from pacesetter.providers.simulated import Simulated

        return Simulated(seed=settings.simulated_seed)
    if name == "files":
        from pacesetter.providers.files import FolderProvider

        if settings.files_folder is None:
            raise ConfigError("no folder of price files is named", mend="set PACESETTER_FILES_FOLDER")
        return FolderProvider(settings.files_folder)
    if name == "yahoo":
        from pacesetter.providers.yahoo import Yahoo

        return Yahoo(base_url=settings.yahoo_url, requests_per_minute=settings.yahoo_requests_per_minute)
    providers.load_plugins(settings.plugins)
    for failure in providers.failures:
        if failure.name == name:
            raise ConfigError(
                f"the plug-in {name!r} does not load: {failure.cause}", where="PACESETTER_PLUGINS"
            )
    return providers.get(name)()
