"""``python bare_server.py FILE``: the least that granian can answer, the file's headers and body, always.

The peer of the serving benchmark, on the same server with the same options. Prints its address.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

head, _, body = Path(sys.argv[1]).read_bytes().partition(b"\n")
headers = [(name.encode(), value.encode()) for name, value in json.loads(head)]


async def app(scope: Any, _receive: Any, send: Any) -> None:
    """The same bytes whatever is asked."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def main() -> None:
    """Serve until the process is ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(
        app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    print(f"http://127.0.0.1:{port}", flush=True)
    await server.serve()


asyncio.run(main())
