"""The guard: host names, methods, headers on every answer; tests/security has the rest."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from tests.web.conftest import Ask


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:9", "LOCALHOST", "[::1]:8000", "127.9.9.9"]
)
def test_loopback_names_are_answered(ask: Ask, host: str) -> None:
    assert ask("/api/v1/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "", "0.0.0.0", "[::]"],
)
def test_other_names_are_not(ask: Ask, host: str) -> None:
    answer = ask("/api/v1/rankings", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"
    assert "leaders" not in answer.text


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", "GET, HEAD"),
        ("/api/v1/rankings", "GET, HEAD"),
        ("/api/v1/session", "DELETE, GET, HEAD, POST"),  # by several routes
        ("/api/v1/domains/ev", "DELETE, PATCH"),
    ],
)
def test_only_methods_that_are_known(ask: Ask, path: str, allowed: str, method: str) -> None:
    answer = ask(path, method=method)
    assert answer.status_code == 405 and answer.headers["allow"] == allowed
    assert answer.headers["content-type"] == "application/problem+json"
    assert ask("/nothing", method=method).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_is_for_reading_cannot_be_changed(ask: Ask, method: str) -> None:
    assert ask("/api/v1/rankings", method=method).status_code == 405


@pytest.mark.parametrize("path", ["/", "/api/v1/health/live", "/nothing", "/api/v1/rankings/nothing"])
def test_headers_stand_on_every_answer(ask: Ask, path: str) -> None:
    headers = ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "script-src" not in policy


def test_the_style_is_the_one_allowed(ask: Ask) -> None:
    answer = ask("/")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_head_is_get_without_a_body(ask: Ask) -> None:
    head, whole = ask("/api/v1/rankings", method="HEAD"), ask("/api/v1/rankings")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
