"""Loopback servers that a report is sent to: a mail server and webhooks, well-behaved and hostile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Got:
    """What a server was told."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.mails: list[Message] = []
        self.calls = 0


@asynccontextmanager
async def listen(talk: Talk) -> AsyncIterator[int]:
    """A server on a free port of the loopback, until the end."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever spoke is gone, or the test is over
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()


def webhook(got: Got, status: str = "200 OK", *, fail_first: int = 0) -> Talk:
    """Takes a request; answers 500 to the first ``fail_first``."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        got.calls += 1
        if got.calls > fail_first:
            got.bodies.append(body)
        said = "500 No" if got.calls <= fail_first else status
        writer.write(f"HTTP/1.1 {said}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        await writer.drain()

    return talk


def hang(got: Got) -> Talk:
    """Takes the request and never answers."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.calls += 1
        await asyncio.sleep(3600)

    return talk


def trickle(got: Got) -> Talk:
    """Answers without an end, so that no time limit of a read is ever reached."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.calls += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            await asyncio.sleep(0.02)

    return talk


def mail_server(got: Got) -> Talk:
    """Takes mail, as far as SMTP needs it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        say("220 loopback")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                say("354 go on")
                body = b""
                while (part := await reader.readline()) != b".\r\n":
                    body += part[1:] if part.startswith(b"..") else part
                got.calls += 1
                got.mails.append(message_from_bytes(body))
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                await writer.drain()
                return
            else:
                say("250 ok")
            await writer.drain()

    return talk
