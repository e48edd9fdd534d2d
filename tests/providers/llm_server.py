"""A language model's endpoint on loopback, well-behaved or hostile, for tests. It keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {
    "thesis": "The rules see a cheap share that rises. The P/E is 12.5 and the RSI is 64. "
    "It ranks 1 of 3 on the main board.",
    "would_change": "A close below the 200-day average of $85 would change the view.",
}


def completion(content: Any, *, usage: Any = None, **message: Any) -> bytes:
    """The body of a chat completion with a content (JSON of it, where it is not text)."""
    text = content if isinstance(content, str) else json.dumps(content)
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text} | message,
            }
        ],
        "usage": {"prompt_tokens": 700, "completion_tokens": 100, "total_tokens": 800}
        if usage is None
        else usage,
    }
    return json.dumps(body).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers by what ``server.behave`` is: a function of the handler and the request."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body)
        self.server.asked.append(
            {"path": self.path, "headers": dict(self.headers), "body": asked, "raw": body}
        )
        with suppress(OSError):
            self.server.behave(self, asked)

    def do_GET(self) -> None:
        self.server.asked.append({"path": self.path, "headers": dict(self.headers), "body": None, "raw": b""})
        self.answer(200, completion(GOOD))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        given = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in (given | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return None


Behave = Callable[[Handler, Any], None]


def saying(content: Any, **more: Any) -> Behave:
    """An endpoint that always says that."""
    return lambda handler, asked: handler.answer(200, completion(content, **more))


def failing(status: int, body: bytes = b"{}", **headers: str) -> Behave:
    """An endpoint that always answers with that status."""
    return lambda handler, asked: handler.answer(status, body, **headers)


def hang(handler: Handler, asked: Any) -> None:
    """Take the question and say nothing."""
    handler.server.closing.wait(300)


def dribble(handler: Handler, asked: Any) -> None:
    """Give a byte now and then, headers first: no single wait is long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 6_000:
        if handler.server.closing.is_set():
            return
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def dribble_body(handler: Handler, asked: Any) -> None:
    """The same with the body, of no stated length."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for byte in completion(GOOD) * 15:
        if handler.server.closing.is_set():
            return
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def cut(handler: Handler, asked: Any) -> None:
    """End in the middle."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + completion(GOOD)[:80])
    handler.close_connection = True


def huge(handler: Handler, asked: Any) -> None:
    """50 MB of blanks in front of an answer that would do."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b" " * 1_000_000)
    handler.wfile.write(completion(GOOD))


@contextmanager
def answering(behave: Behave | None = None) -> Iterator[Any]:
    """The server, with ``asked`` (every request), ``behave`` (to be changed) and ``url``."""
    httpd: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.asked, httpd.behave, httpd.closing = [], behave or saying(GOOD), threading.Event()
    httpd.url = f"http://127.0.0.1:{httpd.server_port}/v1"
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield httpd
    finally:
        httpd.closing.set()
        httpd.shutdown()
        httpd.server_close()
