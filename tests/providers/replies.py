"""A loopback server with replies of the shape that Yahoo's chart endpoint was recorded to give."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DAYS = [date(2025, 7, 21), date(2025, 7, 22), date(2025, 7, 23), date(2025, 7, 24)]


def chart(symbol: str) -> dict:
    """What the chart endpoint answers for daily bars with events."""
    stamps = [int(datetime(d.year, d.month, d.day, 13, 30, tzinfo=UTC).timestamp()) for d in DAYS]
    close = [200.0, 202.0, 50.5, 51.0]
    return {
        "chart": {
            "result": [
                {
                    "meta": {
                        "currency": "USD",
                        "symbol": symbol,
                        "exchangeName": "NMS",
                        "instrumentType": "EQUITY",
                        "firstTradeDate": stamps[0],
                        "regularMarketTime": stamps[-1] + 23_400,
                        "gmtoffset": -14400,
                        "timezone": "EDT",
                        "exchangeTimezoneName": "America/New_York",
                        "regularMarketPrice": close[-1],
                        "priceHint": 2,
                        "currentTradingPeriod": {
                            k: {
                                "timezone": "EDT",
                                "start": stamps[-1],
                                "end": stamps[-1] + 23_400,
                                "gmtoffset": -14400,
                            }
                            for k in ("pre", "regular", "post")
                        },
                        "dataGranularity": "1d",
                        "range": "",
                        "validRanges": ["1d", "max"],
                    },
                    "timestamp": stamps,
                    "events": {
                        "dividends": {str(stamps[1]): {"amount": 0.25, "date": stamps[1]}},
                        "splits": {
                            str(stamps[2]): {
                                "date": stamps[2],
                                "numerator": 4.0,
                                "denominator": 1.0,
                                "splitRatio": "4:1",
                            }
                        },
                    },
                    "indicators": {
                        "quote": [
                            {
                                "open": close,
                                "high": [c + 1 for c in close],
                                "low": [c - 1 for c in close],
                                "close": close,
                                "volume": [1000, 2000, 3000, 4000],
                            }
                        ],
                        "adjclose": [{"adjclose": [c * 0.99 for c in close]}],
                    },
                }
            ],
            "error": None,
        }
    }


def repeat_last_day(result: dict) -> None:
    """The running session comes as a second row of its day, an hour later."""
    result["timestamp"].append(result["timestamp"][-1] + 3600)
    for part in (*result["indicators"]["quote"], *result["indicators"]["adjclose"]):
        part.update({name: [*column, column[-1]] for name, column in part.items()})


class Replies(BaseHTTPRequestHandler):
    """Behaves by the symbol that is asked for."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.rpartition("/")[2]
        self.server.seen[name] += 1
        if "getcrumb" in parts.path:
            return self.answer(200, b"crumb", "text/plain")
        if name in ("GONE", "NOBODY.X"):
            body = {
                "chart": {
                    "result": None,
                    "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"},
                }
            }
            return self.answer(404, json.dumps(body).encode())
        if name == "SLOW" or (name == "ONCE" and self.server.seen[name] == 1):
            return self.answer(429, b"Too Many Requests", "text/plain", {"Retry-After": "0"})
        if name == "BROKEN":
            return self.answer(500, b"oops", "text/plain")
        if name == "JUNK":
            return self.answer(200, b"<html>consent</html>", "text/html")
        if name == "CUT":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            self.close_connection = True
            return None
        if name == "HANG":
            time.sleep(1)
            return None
        if name == "HUGE":
            return self.answer(200, b"x" * 5_000_000)
        if name == "AWAY":
            return self.answer(302, b"", headers={"Location": "http://example.org/elsewhere"})
        if name == "LOOP":
            return self.answer(302, b"", headers={"Location": self.path})
        self.server.queries.append(parse_qs(parts.query))
        reply = chart(name)
        if name == "TWICE":
            repeat_last_day(reply["chart"]["result"][0])
        return self.answer(200, json.dumps(reply).encode())

    def answer(self, status, body, kind="application/json", headers=None) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        return None


@contextmanager
def replying() -> Iterator[Any]:
    """The server, with ``seen`` (questions by name) and ``queries`` (of those that got bars)."""
    httpd: Any = ThreadingHTTPServer(("127.0.0.1", 0), Replies)
    httpd.seen, httpd.queries = Counter(), []
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()
    httpd.server_close()


def address(server: Any) -> str:
    """Where it listens."""
    return f"http://127.0.0.1:{server.server_port}"
