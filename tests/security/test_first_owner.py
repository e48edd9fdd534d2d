"""The first owner of a server that others reach from its first start."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.first_owner import SETTING, ensure_owner, read_password
from pacesetter.jobs.accounts.logins import log_in
from pacesetter.jobs.accounts.users import list_accounts
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ConfigError, NotLoggedIn
from tests.security.conftest import ORIGIN, PASSWORD, World


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "owner-password"


def test_a_missing_file_is_made_for_its_owner_alone(world: World, secret: Path) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        assert await ensure_owner(ws, secret)
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        password = secret.read_text().strip()
        assert len(password) == 43
        login = {"name": "owner", "password": password}
        assert (await client.post("/api/v1/session", json=login, headers=ORIGIN)).json()["role"] == "owner"

    world.live(work)


def test_a_start_that_is_stopped_while_it_writes_leaves_no_file(
    secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        read_password(secret)
    monkeypatch.undo()
    assert list(secret.parent.iterdir()) == []
    assert len(read_password(secret)) == 43


def test_a_given_file_is_taken_and_left_alone(world: World, secret: Path) -> None:
    secret.parent.mkdir()
    secret.write_text(f"{PASSWORD}\n")

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        assert await ensure_owner(ws, secret)
        assert (await log_in(ws, "owner", PASSWORD)).account.role == "owner"
        secret.write_text(
            "another password altogether\n"
        )  # it counts once: passwords are changed by their owner
        assert not await ensure_owner(ws, secret)
        with pytest.raises(NotLoggedIn):
            await log_in(ws, "owner", "another password altogether")

    world.live(work)
    assert secret.read_text() == "another password altogether\n"


def test_two_servers_that_start_at_once_make_one_owner(world: World, secret: Path) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        both: list[Coroutine[Any, Any, bool]] = [ensure_owner(ws, secret), ensure_owner(ws, secret)]
        assert sorted(await asyncio.gather(*both)) == [False, True]
        assert [one.name for one in await list_accounts(ws)] == ["owner"]
        await log_in(ws, "owner", secret.read_text().strip())

    world.live(work)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"short\n", "12 to 256 characters"),
        (b"", "12 to 256"),
        (b"x" * 300, "12 to 256"),
        (b"\xff" * 20, "no text"),
    ],
)
def test_a_file_with_no_good_password(world: World, secret: Path, written: bytes, said: str) -> None:
    secret.parent.mkdir()
    secret.write_bytes(written)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        with pytest.raises(ConfigError, match=said) as caught:
            await ensure_owner(ws, secret)
        assert caught.value.where == SETTING and str(secret) in caught.value.what
        assert await list_accounts(ws) == []

    world.live(work)


def test_a_folder_in_the_place_of_the_file(world: World, secret: Path) -> None:
    secret.mkdir(parents=True)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        with pytest.raises(ConfigError, match="Is a directory"):
            await ensure_owner(ws, secret)

    world.live(work)
