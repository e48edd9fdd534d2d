"""Hostile text in every place of every operation: refused or harmless, never an error of ours."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from pacesetter.web.described.openapi import examples
from tests.api_fuzz.real import NOBODY, SECOND, real_names
from tests.api_fuzz.serving import Serving

TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",  # half of a pair: UTF-8 has no bytes for it
    "a/b",
    "../../etc/passwd",
    "%",
    "%00",
    "'; DROP TABLE users; --",
    "\u202eemordnilap",
    "💥" * 40,
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "2025-02-30",
    "0001-01-01T00:00:00+14:00",
    "[]",
    "",
    " ",
]
VALUES: list[Any] = [*TEXTS, None, True, -1, 2**63, 2**70, 1.5, [], {}, [None], ["\x00"], {"\x00": "\x00"}]
BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
]


def in_place(text: str) -> bytes:
    """Text percent-encoded as it stands, also what is no text at all."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="").encode()


def addresses(path: str, names: list[str], hostile: bytes) -> Iterator[bytes]:
    """The path with hostile text in the place of each parameter, and real values in the others."""
    for name in names:
        url = path
        for other in names:
            if other != name:
                url = url.replace(f"{{{other}}}", real_names(path).get(other, "x"))
        yield url.encode().replace(f"{{{name}}}".encode(), hostile)


def real_path(path: str) -> str:
    for name, value in real_names(path).items():
        path = path.replace(f"{{{name}}}", value)
    for name in ("job_id", "position_id", "trade_id", "import_id"):
        path = path.replace(f"{{{name}}}", NOBODY)
    return path.replace("{which}", "none")


@pytest.mark.timeout(3600)
def test_hostile_text_is_refused_or_harmless(serving: Serving, seed: int, full_counts: bool) -> None:
    """Every value in every place under full counts; at other times a third of them in each, by the seed."""
    told, statuses, wrong = examples(), Counter[int](), []
    chance = random.Random(seed)

    def some(values: Sequence[Any]) -> Sequence[Any]:
        return values if full_counts else chance.sample(values, -(-len(values) // 3))

    client = httpx.Client(timeout=600)

    def ask(verb: str, url: bytes, content: bytes | None = None) -> httpx.Response:
        kind = "text/csv" if b"/imports" in url else "application/json"
        headers = {**serving.headers(), "Content-Type": kind}
        address = httpx.URL(serving.url).copy_with(raw_path=url)
        answer = client.request(verb, address, content=content, headers=headers)
        client.cookies.clear()
        serving.clock.advance(SECOND * (61 if b"session" in url else 1))  # logins are counted by the minute
        if verb in ("PUT", "DELETE") and b"session" in url:
            serving.token = None
        statuses[answer.status_code] += 1
        problem = answer.headers.get("content-type") == "application/problem+json"
        if answer.status_code >= 500 or (answer.status_code >= 400 and not problem):
            wrong.append((verb, url[:120], (content or b"")[:120], answer.status_code, answer.text[:200]))
        return answer

    for path, item in serving.app.openapi()["paths"].items():
        for verb, operation in item.items():
            verb, given = verb.upper(), operation.get("parameters", [])
            names = [one["name"] for one in given if one["in"] == "path"]
            body = told[f"{verb} {path}"].get("body")
            is_file = isinstance(body, str)
            sent = None if body is None else body.encode() if is_file else json.dumps(body).encode()
            queries = [one["name"] for one in given if one["in"] == "query"]
            for text in some(TEXTS):
                for url in addresses(path, names, in_place(text)):
                    ask(verb, url, sent)
                for name in queries:
                    ask(verb, f"{real_path(path)}?{name}=".encode() + in_place(text), sent)
            for name in queries:
                twice = ask(verb, f"{real_path(path)}?{name}=1&{name}=2".encode(), sent)
                assert twice.status_code == 422 and "more than once" in twice.json()["detail"]
            if body is None:
                continue
            for content in some(BODIES):
                refused = ask(verb, real_path(path).encode(), content)
                assert refused.status_code in (400, 401, 422), (path, content[:20], refused.status_code)
            if is_file:
                continue
            for name in body:
                for value in some(VALUES):
                    hostile = json.dumps({**body, name: value}).encode()
                    ask(verb, real_path(path).encode(), hostile)
            stranger = ask(verb, real_path(path).encode(), json.dumps({**body, "colour": 1}).encode())
            assert stranger.status_code == 422, (path, stranger.text)
    print(f"{sum(statuses.values())} calls, by status {dict(sorted(statuses.items()))}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(map(str, wrong[:40]))
