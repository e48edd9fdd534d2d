"""Calls that nobody would make: made from the API's own description, against the real server."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from contextlib import suppress
from time import monotonic
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from pacesetter.web.described.openapi import examples
from tests.api_fuzz.real import SECOND, real_names
from tests.api_fuzz.serving import Serving

CALLS, FULL = 500, 10_000  # an engine
ENDS = {("DELETE", "/api/v1/session"), ("PUT", "/api/v1/session/password")}  # the session that asks
# What is well formed may still mean nothing: a day without a session, a method's text with a mistake.
REFUSED = ["400", "401", "403", "404", "405", "409", "413", "422", "429"]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
UNSAID = [positive_data_acceptance]
UNDECLARED = "Wrong response to undeclared method"


class Caller:
    """Makes calls, counts them, and keeps what was wrong with the answers."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.session = requests.Session()
        self.statuses: Counter[int] = Counter()
        self.by_operation: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self.failures: dict[tuple[str, str], str] = {}

    def call(self, case: Any) -> None:
        """One call, checked."""
        place = (case.method, case.operation.path)
        self.serving.clock.advance(SECOND * (61 if "session" in place[1] else 1))
        headers = self.serving.headers()
        began = monotonic()
        response = case.call(base_url=self.serving.url, session=self.session, headers=headers)
        self.slowest = max(self.slowest, (monotonic() - began, " ".join(place)))
        self.statuses[response.status_code] += 1
        self.by_operation[case.operation.label] += 1
        self.session.cookies.clear()
        if place in ENDS:
            self.serving.token = None
        try:
            case.validate_response(
                response,
                excluded_checks=UNSAID,
                headers=headers,
                transport_kwargs={"base_url": self.serving.url, "headers": headers},
            )
        except FailureGroup as group:
            for failure in group.exceptions:
                if failure.title == UNDECLARED and self._is_another(place[1]):
                    continue
                key = (case.operation.label, failure.title)
                self.failures.setdefault(key, f"{case.operation.label}: {group}")

    def _is_another(self, path: str) -> bool:
        """Whether a path is a case of another one: a method that only the other has is answered by that."""
        parts = path.split("/")
        others = [other.split("/") for other in self.serving.app.openapi()["paths"] if other != path]
        alike = [other for other in others if len(other) == len(parts)]
        return any(
            all(b in (a, f"{{{b[1:-1]}}}") for a, b in zip(parts, other, strict=True)) for other in alike
        )


def call_borders(operation: Any, most: int, rng: random.Random, caller: Caller) -> None:
    """Calls on the borders of what an operation's schemas allow, and just beyond."""
    config = operation.schema.config.generation_for(operation=operation)
    borders = list(
        operation.schema.iter_coverage_cases(operation, generation_modes=MODES, generation_config=config)
    )
    for case in rng.sample(borders, min(most, len(borders))):
        caller.call(case)


def call_at_random(operation: Any, most: int, rng: random.Random, caller: Caller) -> None:
    """Well formed and malformed calls, half of them about what is there: names, dates and whole bodies."""
    real = real_names(operation.path)
    every = {
        one.name: real[one.name] for one in (*operation.path_parameters, *operation.query) if one.name in real
    }
    paths = {name: value for name, value in every.items() if f"{{{name}}}" in operation.path}
    query = {name: value for name, value in every.items() if name not in paths}
    known = {"path_parameters": paths, "query": query}
    given: list[tuple[GenerationMode, dict[str, Any]]] = [(mode, {}) for mode in MODES]
    given += [(mode, {name: values for name, values in known.items() if values}) for mode in MODES]
    body = examples()[operation.label].get("body")
    if body is not None:
        given.append((GenerationMode.POSITIVE, {**given[-1][1], "body": body}))
    settings = hypothesis.settings(
        max_examples=-(-most // len(given)),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    for mode, values in given:
        check = settings(hypothesis.given(operation.as_strategy(generation_mode=mode, **values))(caller.call))
        with suppress(hypothesis.errors.Unsatisfiable):  # what takes nothing cannot be given nonsense
            hypothesis.seed(rng.randrange(2**32))(check)()


@pytest.mark.timeout(3600)
def test_every_answer_is_as_described(serving: Serving, seed: int, full_counts: bool) -> None:
    config = schemathesis.Config.from_dict(
        {
            "generation": {"with-security-parameters": False},  # the owner's session comes with every call
            "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
        }
    )
    schema = schemathesis.openapi.from_dict(serving.app.openapi(), config=config)
    operations = [found.ok() for found in schema.get_all_operations()]
    rng, caller, began = random.Random(seed), Caller(serving), monotonic()
    least = FULL if full_counts else CALLS
    wanted = -(-least // len(operations))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in operations:
            call_borders(operation, wanted // 3, rng, caller)
            call_at_random(operation, wanted - wanted // 3, rng, caller)
        taking = [one for one in operations if list(one.iter_parameters()) or list(one.body)]
        while sum(caller.statuses.values()) < least:
            call_at_random(rng.choice(taking), 20, rng, caller)
    calls = sum(caller.statuses.values())
    print(f"{calls} calls of {len(caller.by_operation)} operations in {monotonic() - began:.0f} s")
    print(f"by status {dict(sorted(caller.statuses.items()))}; slowest {caller.slowest}")
    assert not caller.failures, f"{len(caller.failures)} kinds:\n" + "\n\n".join(caller.failures.values())
    assert calls >= least and len(caller.by_operation) == len(operations)
