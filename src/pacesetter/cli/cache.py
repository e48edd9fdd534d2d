"""``pacesetter cache``: the kept answers of the running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, say, show
from pacesetter.kernel.errors import ConfigError, InputError

if TYPE_CHECKING:
    from pacesetter.settings import Settings

LOOK_S, WARM_S = 5.0, 120.0
NO_ANSWER = "no server answers"

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Look at the answers that the running server keeps, and make the ones asked for most.",
)
Port = Annotated[int | None, typer.Option("--port", help="Port of the server (default: the setting).")]
KeyFile = Annotated[
    str | None,
    typer.Option("--key-file", metavar="FILE", help="File that holds an API key, where one has to log in."),
]


@app.callback()
def cache() -> None:
    """Look at the answers that the running server keeps, and make the ones asked for most."""


@app.command()
def status(ctx: typer.Context, port: Port = None, key_file: KeyFile = None) -> None:
    """Show how the kept answers are doing."""
    options = options_of(ctx)
    body = ask_server(options, "GET", "status", port, key_file, LOOK_S)
    rows = [["process", name, value] for name, value in body["process"].items()]
    rows += [["redis", name, value] for name, value in (body["redis"] or {"state": "not set"}).items()]
    rows += [["warmed", name, value] for name, value in (body["warmed"] or {"answers": 0}).items()]
    foot = f"answered from cycle {body['cycle']}, version {body['version']} of the content"
    show(options, body, Table("", [Column("where"), Column("what"), Column("n", right=True)], rows, foot))


@app.command()
def warm(ctx: typer.Context, port: Port = None, key_file: KeyFile = None) -> None:
    """Make the answers that are asked for most, now: leaders, boards, and every board's first page."""
    options = options_of(ctx)
    ask_server(options, "GET", "status", port, key_file, LOOK_S)  # fails at once where nobody answers
    body = ask_server(options, "POST", "warm", port, key_file, WARM_S)
    say(options, f"{body['answers']} of {body['of']} answers are warm, in {body['took_s']:.2f} s")
    show(options, body)


def ask_server(
    options: Options, method: str, what: str, port: int | None, key_file: str | None, within_s: float
) -> Any:
    """The JSON of an answer of the server that the settings name; ``ConfigError`` when there is none."""
    from pacesetter.kernel.errors import ProviderError
    from pacesetter.providers.http import GuardedClient

    settings = options.settings(port=port)
    host, shown = address_of(settings)
    client = GuardedClient(
        hosts=(), trusted=(host,), per_minute=60_000, timeout_s=within_s, deadline_s=within_s
    )
    headers = {} if key_file is None else {"Authorization": f"Bearer {read_key(key_file)}"}
    url = f"http://{shown}:{settings.port}/api/v1/cache/{what}"
    try:
        response = client.request(method, url, headers=headers)
    except ProviderError:
        raise ConfigError(
            NO_ANSWER, where=f"{shown}:{settings.port}", mend="start one: pacesetter up (or state its --port)"
        ) from None
    try:
        body = response.json()
    except ValueError:
        body = None
    if response.status_code == 200 and isinstance(body, dict):
        return body
    said = body.get("detail", "") if isinstance(body, dict) else ""
    mend = "state an API key that may do this with --key-file" if response.status_code in (401, 403) else ""
    what_happened = f"the server answered {response.status_code}{': ' if said else ''}{said}"
    raise ConfigError(what_happened, where=url, mend=mend or "is this Pacesetter, and of this version?")


def address_of(settings: Settings) -> tuple[str, str]:
    """The host to ask, plain and as an address shows it; a server on all addresses is asked on loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return host, f"[{host}]" if ":" in host else host


def read_key(path: str) -> str:
    """The key in a file, which other users of the machine do not see as they would an argument."""
    from pathlib import Path

    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise InputError(
            "the key cannot be read", where=path, mend="name a text file that holds it"
        ) from None
