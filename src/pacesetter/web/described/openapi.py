"""The API's own description, completed by what the routes do not say themselves: who may call, how
refusals look, and what real answers look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from pacesetter.web.auth.permission import routes_of
from pacesetter.web.described.openapi_parts import (
    ABOUT,
    HEADERS,
    ONCE,
    PROBLEM,
    PROBLEM_SCHEMA,
    QUOTA,
    REFUSALS,
    SCHEMES,
    TAGS,
    Json,
)
from pacesetter.web.kept.kept import RouteTable
from pacesetter.web.limits import FREE
from pacesetter.web.once_rules import OnceRules

VERBS = ("get", "post", "put", "patch", "delete")
LIVE = "/api/v1/health/live"  # answers without a database
LOGIN = ("post", "/api/v1/session")


def describe(app: FastAPI) -> Json:
    """The document of OpenAPI 3.1."""
    document = get_openapi(
        title=app.title, version=app.version, description=ABOUT, routes=app.routes, openapi_version="3.1.0"
    )
    document["servers"] = [{"url": "/", "description": "This server."}]
    parts = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["schemas"]["Problem"] = PROBLEM_SCHEMA
    parts["responses"] = {str(status): refusal(status) for status in REFUSALS}
    parts["securitySchemes"] = SCHEMES
    parts["headers"] = QUOTA
    needs, kept, told = permissions(app), RouteTable(app.routes), examples()
    once = OnceRules(app.routes)
    used = set()
    for verb, path, operation in operations(document):
        used |= set(operation["tags"])
        needed = needs[verb, path]
        operation["security"] = [] if needed is None else security(needed)
        drop_null(operation)
        rule = once.of_template(verb.upper(), path)
        if rule is not None and not rule.secret:
            operation.setdefault("parameters", []).append(ONCE)
        answers = operation["responses"]
        answers.pop("422", None)
        if path not in FREE:
            for answer in answers.values():
                answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in QUOTA}
        for status in refusals(verb, path, operation, needed is not None):
            answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
        if verb == "get" and kept.find("GET", filled(path)).kept:
            answers["304"] = {"description": "What If-None-Match names is what would be answered."}
        operation["responses"] = dict(sorted(answers.items()))
        if any(one["name"] == "fields" for one in operation.get("parameters", [])):
            add_part(answers["200"]["content"]["application/json"], parts["schemas"])
        add_examples(operation, told.get(f"{verb.upper()} {path}", {}))
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation as (verb, path, description)."""
    for path, item in document["paths"].items():
        yield from ((verb, path, item[verb]) for verb in VERBS if verb in item)


def permissions(app: FastAPI) -> dict[tuple[str, str], str | None]:
    """What each operation needs; None for everyone's. The strictest where several are stated."""
    order = (None, "read", "write", "admin", "account")
    return {
        (method.lower(), re.sub(r":\w+}", "}", path)): max(needs or [None], key=order.index)
        for method, path, needs in routes_of(app)
    }


def security(needed: str) -> list[dict[str, list[str]]]:
    """Who may call: a session, and a key where it can have the right."""
    session: dict[str, list[str]] = {"session": []}
    return [session] if needed == "account" else [session, {"key": []}]


def refusals(verb: str, path: str, operation: Json, guarded: bool) -> list[int]:
    """The statuses of problems that an operation can answer with."""
    given, body = operation.get("parameters", []), "requestBody" in operation
    found = [401] if guarded or (verb, path) == LOGIN else []
    found += [403] if guarded or verb != "get" else []
    found += [404, 422] if given or body else []
    found += [400, 413] if body else []
    found += [400, 409, 413, 422] if ONCE in given else []
    found += [] if path in FREE else [429]
    return found if path == LIVE else [*found, 503]


def refusal(status: int) -> Json:
    """A problem as a declared answer."""
    said: Json = {
        "description": REFUSALS[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return said | ({"headers": HEADERS[status]} if status in HEADERS else {})


def drop_null(operation: Json) -> None:
    """A parameter that is left out is no null: there is none in a URL."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            parameter["schema"] = {**schema, **kinds[0]}


def add_part(content: Json, schemas: Json) -> None:
    """Also the answer to ``fields``: the same, and rows with these fields only."""
    name = content["schema"]["$ref"].rpartition("/")[2]
    whole, rows = schemas[name], {"type": "object", "additionalProperties": True}
    fields = {"type": "array", "items": {"type": "string"}, "description": "What was asked for."}
    schemas[f"{name}Part"] = {
        **whole,
        "title": f"{name}Part",
        "properties": {**whole["properties"], "rows": {"type": "array", "items": rows}, "fields": fields},
        "required": [*whole["required"], "fields"],
    }
    content["schema"] = {"anyOf": [content["schema"], {"$ref": f"#/components/schemas/{name}Part"}]}


def add_examples(operation: Json, told: Json) -> None:
    """What a request and an answer look like."""
    if "body" in told:
        (content,) = operation["requestBody"]["content"].values()
        content["examples"] = {"example": {"value": told["body"]}}
    if "answer" in told:
        content = operation["responses"][str(told["status"])]["content"]["application/json"]
        content["examples"] = {"example": {"value": told["answer"]}}


@cache
def examples() -> dict[str, Json]:
    """Real requests and answers by operation, lists cut short (``docs/examples.py`` writes them)."""
    told: dict[str, Json] = orjson.loads((files("pacesetter.web.described") / "examples.json").read_bytes())
    return told


def filled(path: str) -> str:
    """A path with something in the place of its parameters."""
    return re.sub(r"{\w+}", "x", path)
