"""Dockerfile and compose.yaml name what exists here, and give away no right that is not needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from pacesetter.settings import Settings
from pacesetter.store.database.engine import parse_url
from pacesetter.web.app import create_app
from tests.architecture.tree import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
NAMES = {f"PACESETTER_{name.upper()}" for name in Settings.model_fields}


def last_stage() -> str:
    return DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_every_file_that_is_copied_exists_and_is_not_ignored() -> None:
    let_through = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [
        source.rstrip("/")
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert len(copied) > 6
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in let_through, source


def test_the_image_runs_without_rights() -> None:
    user = re.search(r"^USER (\S+)$", last_stage(), re.MULTILINE)
    assert user and user[1] not in ("root", "0")
    assert f"PATH=/opt/{user[1]}/bin" in last_stage()
    assert "npm" not in last_stage() and "pip " not in last_stage()


def test_its_variables_are_settings() -> None:
    set_by = {"Dockerfile": last_stage(), "compose.yaml": " ".join(SERVICES["app"]["environment"])}
    for where, written in set_by.items():
        found = set(re.findall(r"PACESETTER_\w+", written))
        assert found and found <= NAMES, (where, found - NAMES)


def test_its_health_is_a_route_that_anybody_may_ask(tmp_path: Path) -> None:
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", last_stage())
    assert found and f"PACESETTER_PORT={found[1]}" in last_stage() and f"EXPOSE {found[1]}" in last_stage()
    app = create_app(Settings(home=tmp_path, source="none"))
    assert found[2] in app.openapi()["paths"]


def test_compose_opens_one_door_on_this_machine_alone() -> None:
    doors = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert doors["app"] and all(door.startswith("127.0.0.1:") for door in doors.pop("app"))
    assert not any(doors.values())
    assert SERVICES["app"]["read_only"] and SERVICES["app"]["cap_drop"] == ["ALL"]
    assert SERVICES["postgres"]["network_mode"] == "none"
    assert all(COMPOSE["networks"][name]["internal"] for name in SERVICES["redis"]["networks"])


def test_compose_keeps_state_in_named_volumes_and_shares_the_socket() -> None:
    mounts = {name: [m.split(":") for m in service.get("volumes", [])] for name, service in SERVICES.items()}
    assert {source for mount in mounts.values() for source, _ in mount} == set(COMPOSE["volumes"])
    assert ["data", "/data"] in mounts["app"] and "VOLUME /data" in last_stage()
    url = parse_url(SERVICES["app"]["environment"]["PACESETTER_DATABASE_URL"])
    assert ["postgres-socket", url.query["host"]] in mounts["app"] and [
        "postgres-socket",
        url.query["host"],
    ] in mounts["postgres"]
    assert url.username == SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    assert url.database == SERVICES["postgres"]["environment"]["POSTGRES_DB"]
