"""Which provider a source means; never a silent switch between real and simulated."""

from __future__ import annotations

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ConfigError, SimulationMismatch
from pacesetter.providers.base import Provider
from pacesetter.settings import Source


def choose_provider(ws: Workspace, source: Source | None = None) -> Provider | None:
    """The provider to ask, or None for ``none``. ``auto`` follows the kind of the database."""
    source = source or ws.settings.source
    if source == "auto":
        source = "simulated" if ws.simulated else "yahoo"
    if source == "none":
        return None
    if (source == "simulated") != ws.simulated:
        kind = "simulated" if ws.simulated else "real"
        raise SimulationMismatch(
            f"the opened database holds {kind} data, the source is {source!r}",
            mend="use another --home for the other kind",
        )
    if source == "simulated":
        from pacesetter.providers.simulated import Simulated

        return Simulated(seed=ws.settings.simulated_seed)
    if source == "files":
        from pacesetter.providers.files import FolderProvider

        if ws.settings.files_folder is None:
            raise ConfigError("no folder of price files is named", mend="set PACESETTER_FILES_FOLDER")
        return FolderProvider(ws.settings.files_folder)
    from pacesetter.providers.yahoo import Yahoo

    return Yahoo(
        base_url=ws.settings.yahoo_url,
        requests_per_minute=ws.settings.yahoo_requests_per_minute,
    )
