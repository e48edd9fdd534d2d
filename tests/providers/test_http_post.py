"""What is posted through the guarded client: the same limits, no redirect, and an end to every wait."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from pacesetter.kernel.errors import NetworkBlocked, ProviderRefused
from pacesetter.providers.http import Breaker, GuardedClient
from tests.providers.llm_server import (
    GOOD,
    answering,
    completion,
    dribble,
    dribble_body,
    failing,
    huge,
    saying,
)


@pytest.fixture
def server():
    with answering() as httpd:
        yield httpd


def client(**over: Any) -> GuardedClient:
    given = {
        "hosts": (),
        "trusted": ("127.0.0.1",),
        "per_minute": 60_000,
        "timeout_s": 120.0,
        "deadline_s": 120.0,
    }
    return GuardedClient(**(given | {"tries": 1, "breaker": Breaker(limit=99)} | over))


def post(guarded: GuardedClient, url: str) -> Any:
    return guarded.request("POST", url, headers={"Authorization": "Bearer k"}, content=b'{"a": 1}')


def test_a_body_is_posted_as_it_is(server) -> None:
    answer = post(client(), f"{server.url}/chat/completions")
    assert answer.status_code == 200 and answer.content == completion(GOOD)
    (asked,) = server.asked
    assert asked["raw"] == b'{"a": 1}' and asked["headers"]["Authorization"] == "Bearer k"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_is_posted_is_sent_nowhere_else(server, status: int) -> None:
    with answering() as other:
        server.behave = failing(status, b"", Location=f"{other.url}/chat/completions")
        with pytest.raises(ProviderRefused, match="elsewhere"):
            post(client(), server.url)
        assert len(server.asked) == 1 and not other.asked


def test_a_posted_answer_has_its_limit(server) -> None:
    server.behave = huge
    with pytest.raises(ProviderRefused, match="larger than"):
        post(client(max_bytes=100_000), server.url)


@pytest.mark.parametrize("behave", [dribble, dribble_body])
def test_who_sends_a_byte_now_and_then_is_cut_off(server, behave: Any) -> None:
    server.behave = behave
    raised: list[BaseException] = []

    def work() -> None:
        try:
            post(client(deadline_s=0.7), server.url)
        except NetworkBlocked as error:
            raised.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(90)  # it would go on for minutes
    assert raised


def test_plain_http_may_not_go_outside_where_that_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: outside)
    sent: list[Any] = []
    guarded = client(trusted=("llm.example",), plain_outside=False)
    monkeypatch.setattr(guarded._client, "send", lambda *a, **k: sent.append(a))
    with pytest.raises(NetworkBlocked, match="can be read on the way"):
        post(guarded, "http://llm.example/v1")
    assert not sent


def test_a_private_address_takes_a_host_that_is_named(server) -> None:
    with pytest.raises(NetworkBlocked, match="private address"):
        post(client(trusted=(), hosts=("127.0.0.1",)), server.url)
    with pytest.raises(NetworkBlocked, match="not on the list"):
        post(client(trusted=()), server.url)
    assert not server.asked
    server.behave = saying("x")
    assert post(client(), server.url).status_code == 200
