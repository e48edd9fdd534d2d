"""The API's description: valid, complete, and its examples as real as what is served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31  # the official schema of descriptions

from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.auth.permission import routes_of
from pacesetter.web.described.openapi import examples
from tests.web.conftest import Ask

JSON, PROBLEM = "application/json", "application/problem+json"
NO_BODY = {"204", "304"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return create_app(Settings(home=tmp_path_factory.mktemp("home"), source="none"), simulated=False)


@pytest.fixture(scope="module")
def document(app: Any) -> dict[str, Any]:
    described: dict[str, Any] = app.openapi()
    return described


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield f"{verb.upper()} {path}", operation


def follow(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """What a reference names."""
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/") if "$ref" in part else ():
        found = found[step]
    return found if "$ref" in part else part


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def test_it_is_valid(document: dict[str, Any]) -> None:
    jsonschema_rs.Draft202012Validator(OPENAPI_31).validate(document)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names) > 40
    told = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert set(told) == {tag for _, operation in operations(document) for tag in operation["tags"]}
    assert document["servers"] == [{"url": "/", "description": "This server."}]
    broken = {**document, "paths": {"/x": {"get": {"parameters": [{"name": "a"}]}}}}
    assert not jsonschema_rs.Draft202012Validator(OPENAPI_31).is_valid(broken)


def test_every_operation_states_who_may_call(app: Any, document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["session"]["name"] == "pacesetter_session" and schemes["key"]["scheme"] == "bearer"
    seen = dict(operations(document))
    for method, path, needs in routes_of(app):
        operation = seen.get(f"{method} {path.replace(':path', '')}")
        if operation is None:
            continue
        if needs == [None]:
            assert operation["security"] == []
        elif "account" in (needs or ()):
            assert operation["security"] == [{"session": []}]
        else:
            assert operation["security"] == [{"session": []}, {"key": []}]
            assert {"401", "403"} <= set(operation["responses"])
    public = {name for name, operation in seen.items() if not operation["security"]}
    assert public == {"GET /api/v1/health/live", "GET /api/v1/health/ready", "POST /api/v1/session"}


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), name
        for status, answer in answers.items():
            told = follow(document, answer)
            assert told["description"], name
            if status >= "400":
                assert list(told["content"]) == [PROBLEM], (name, status)
        if "requestBody" in operation:
            assert {"400", "413", "422"} <= set(answers), name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])
            assert "null" not in str(parameter["schema"].get("anyOf", "")), (name, parameter["name"])
    assert "HTTPValidationError" not in str(document)


def test_what_is_kept_says_304_and_what_is_changed_takes_a_key(document: dict[str, Any]) -> None:
    seen = dict(operations(document))
    assert "304" in seen["GET /api/v1/rankings/{board}"]["responses"]
    assert "304" not in seen["GET /api/v1/cycles"]["responses"]
    once = {name for name, one in seen.items() if "Idempotency-Key" in str(one.get("parameters"))}
    assert "POST /api/v1/domains" in once and "POST /api/v1/users" not in once  # may hold a password
    assert {"POST /api/v1/portfolios/{portfolio_id}/trades", "PATCH /api/v1/watchlist/{watch_id}"} <= once
    secret = {name for name, one in seen.items() if takes_a_password(document, one)}
    assert len(secret) >= 4 and not secret & once  # what is kept under a key lies in the database for a day
    assert "GET /api/v1/domains" not in once
    assert "409" in seen["POST /api/v1/domains"]["responses"]


def takes_a_password(document: dict[str, Any], operation: dict[str, Any]) -> bool:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    return "'format': 'password'" in str(follow(document, body))


def test_every_operation_has_an_example_and_each_is_true(document: dict[str, Any]) -> None:
    told, seen = examples(), dict(operations(document))
    assert set(told) == set(seen), "python docs/examples.py writes them again"
    checked = 0
    for name, operation in seen.items():
        if "requestBody" in operation:
            (content,) = operation["requestBody"]["content"].values()
            validator(document, content["schema"]).validate(content["examples"]["example"]["value"])
            checked += 1
        for status, answer in operation["responses"].items():
            content = follow(document, answer).get("content", {}).get(JSON)
            if status == str(told[name]["status"]) and content is not None:
                validator(document, content["schema"]).validate(content["examples"]["example"]["value"])
                checked += 1
    print(f"{checked} examples of {len(seen)} operations")
    assert checked >= len(seen)
    text = Path(__file__).parents[2].joinpath("src/pacesetter/web/described/examples.json").read_text()
    assert "/tmp" not in text and "pace_" in text  # nobody's folders, and a key that is none


def test_problems_are_as_the_schema_says(ask: Ask, document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Problem"]
    for path in ("/api/v1/rankings/nobody", "/api/v1/rankings?on=x", "/api/v1/users", "/nothing"):
        answer = ask(path)
        assert answer.headers["content-type"] == PROBLEM
        validator(document, schema).validate(answer.json())
        assert answer.json()["status"] == answer.status_code
