"""``pacesetter user``: people, links and keys, and no password on the command line."""

from __future__ import annotations

import io
import socket
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call

PASSWORD = "correct horse battery staple"


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "pacesetter.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path / "home"


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Standard input of the next call."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_people_come_change_and_go(pace: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def user(*arguments: str, password: str = PASSWORD) -> object:
        give(monkeypatch, f"{password}\n")
        return pace("--home", home, "--json", "user", *arguments)

    assert user().json == {"users": []}
    assert user("add", "Ann", "--role", "owner", "--password-stdin").json["users"][0]["name"] == "ann"
    assert user("add", "bob", "--no-password").json["users"][0]["has_password"] is False
    assert user("password", "bob", "--password-stdin").json["users"][0]["has_password"] is True
    assert user("role", "bob", "analyst").json["users"][0]["role"] == "analyst"
    assert user("remove", "bob").json["users"][0]["is_active"] is False
    people = user("list").json["users"]
    assert [(one["name"], one["role"], one["is_active"]) for one in people] == [
        ("ann", "owner", True),
        ("bob", "analyst", False),
    ]
    assert "argon2" not in str(people) and "password_hash" not in people[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "ann"), "--password-stdin"),
        (("add", "ann", "--role", "king", "--password-stdin"), "owner, analyst, viewer"),
        (("add", "a nn", "--password-stdin"), "cannot be a user's name"),
        (("add", "ann", "--role", "viewer", "--password-stdin"), "first user has to be an owner"),
        (("role", "ann", "viewer"), "unknown user 'ann'"),
        (("link", "ann"), "unknown user 'ann'"),
        (("key", "add", "ann", "ci"), "unknown user 'ann'"),
        (("key", "revoke", "pace_x"), "unknown key 'pace_x'"),
        (("add", "ann", "--role", "owner", "--password", "secret"), "no such option"),
    ],
)
def test_mistakes(
    pace: Call, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    give(monkeypatch, PASSWORD)
    outcome = pace("--home", home, "user", *arguments)
    assert outcome.code == 2 and said.casefold() in outcome.error.casefold()


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "x" * 300, "Ann.the.first"])
def test_weak_passwords(pace: Call, home: Path, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    give(monkeypatch, password)
    outcome = pace("--home", home, "user", "add", "ann.the.first", "--role", "owner", "--password-stdin")
    assert outcome.code == 2 and "password" in outcome.error
    if len(password) > 4:
        assert password not in outcome.error


def test_the_last_owner_stays(pace: Call, home: Path) -> None:
    assert pace("--home", home, "user", "add", "ann", "--role", "owner", "--no-password").code == 0
    for arguments in (("remove", "ann"), ("role", "ann", "viewer")):
        outcome = pace("--home", home, "user", *arguments)
        assert outcome.code == 2 and "last owner" in outcome.error


def test_a_link_leads_to_where_the_server_is(pace: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def linked(*arguments: str) -> str:
        outcome = pace("--home", home, "--json", "user", "link", *arguments)
        assert outcome.code == 0, outcome.error
        return str(outcome.json["link"]).partition("/login?token=")[0]

    assert linked("--port", "9000") == "http://127.0.0.1:9000"
    assert linked("--url", "https://ranks.example.org/") == "https://ranks.example.org"
    monkeypatch.setenv("PACESETTER_PORT", "9100")
    assert linked() == "http://127.0.0.1:9100"
    monkeypatch.setenv("PACESETTER_HOST", "::")  # all addresses are no place to go to
    assert linked() == "http://[::1]:9100"
    monkeypatch.delenv("PACESETTER_HOST")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = str(server.getsockname()[1])
        assert "no server answers" in pace("--home", home, "user", "link", "--port", port).err
        server.listen()
        assert "no server answers" not in pace("--home", home, "user", "link", "--port", port).err
    monkeypatch.setenv("PACESETTER_PORT", "0")
    for arguments, said in (
        ((), "any free port"),
        (("--port", "9000", "--url", "http://x"), "exclude each other"),
        (("--url", "ranks.example.org"), "no address of a server"),
        (("--url", "http://x/?a=1"), "no address of a server"),
        (("--url", "http://x:a"), "no address of a server"),
    ):
        outcome = pace("--home", home, "user", "link", *arguments)
        assert outcome.code == 2 and said in outcome.error, arguments


def test_links_and_keys(pace: Call, home: Path) -> None:
    first = pace("--home", home, "user", "link")
    assert "/login?token=" in first.out
    pace("--home", home, "user", "add", "ann", "--role", "owner", "--no-password")
    assert "users already" in pace("--home", home, "user", "link").error
    assert (
        pace("--home", home, "--json", "user", "link", "ann")
        .json["link"]
        .startswith("http://127.0.0.1:8000/")
    )

    made = pace(
        "--home", home, "--json", "user", "key", "add", "ann", "ci", "--scope", "write", "--days", "0"
    )
    key = made.json
    assert key["scopes"] == ["read", "write"] and key["expires_at"] is None and "once" in made.err
    listed = pace("--home", home, "user", "key", "list")
    assert key["prefix"] in listed.out and key["key"] not in listed.out
    assert pace("--home", home, "user", "key", "add", "ann", "ci").code == 2
    revoked = pace("--home", home, "--json", "user", "key", "revoke", key["prefix"])
    assert revoked.json["keys"][0]["revoked_at"] is not None
    assert pace("--home", home, "--json", "user", "key").json["keys"][0]["id"] == key["id"]
