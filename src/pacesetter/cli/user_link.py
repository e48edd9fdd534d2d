"""``pacesetter user link``: a link that logs somebody in, at the address where the server is."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.settings import Settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nobody listens here; this machine is among all
WAIT_S = 0.5  # for a server on this machine to take a connection


def link(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Whom it logs in (nobody yet: the first owner).")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65535,
            help="Port that the server listens on (`up --port`); default: PACESETTER_PORT, else 8000.",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="ADDRESS",
            help="Where the server is reached, in place of host and port: https://ranks.example.org",
        ),
    ] = None,
) -> None:
    """Print a link that logs a user in: once, and for ten minutes."""
    from pacesetter.jobs.accounts.logins import make_login_link

    options = options_of(ctx)
    if url is not None and port is not None:
        raise InputError("--port and --url exclude each other", mend="put the port into the address")
    settings = options.settings(port=port)
    address = own_address(settings) if url is None else read_address(url)
    token = in_home(options, lambda ws: make_login_link(ws, name))
    shown = f"{address}/login?token={token}"
    show(options, {"link": shown}, Table("", [Column("link")], [[shown]]))
    if url is None and not takes_connections(settings):
        say(options, f"no server answers at {address}: where it listens elsewhere, give --port or --url")


def own_address(settings: Settings) -> str:
    """Where a server of this machine is, by the settings; ``InputError`` where they leave the port open."""
    if settings.port == 0:
        mend = "give --port, as `pacesetter up` printed it"
        raise InputError("the settings let the server choose any free port", where="port", mend=mend)
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def read_address(url: str) -> str:
    """An address without what follows host and port; ``InputError`` for what is none."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        mend = "write it as https://ranks.example.org or http://127.0.0.1:9000"
        raise InputError(f"{url[:80]!r} is no address of a server", where="--url", mend=mend)
    return f"{parts.scheme}://{parts.netloc}"


def takes_connections(settings: Settings) -> bool:
    """Whether anybody listens at the port of the settings."""
    host = EVERYWHERE.get(settings.host, settings.host)
    try:
        socket.create_connection((host, settings.port), WAIT_S).close()
    except OSError:
        return False
    return True
