"""``pacesetter llm``: what is set and used, a trial, and no secret anywhere."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Call
from tests.providers.llm_server import GOOD, answering, failing, saying

KEY = "sk-secret-0123456789"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch):
    with answering(
        saying(GOOD | {"thesis": "The P/E is 12.5 and the RSI of it is 70.", "weight": 3})
    ) as httpd:
        for name, value in {
            "URL": httpd.url,
            "MODEL": "m-1",
            "KEY": KEY,
            "PRICE_PER_MILLION_TOKENS": "2.5",
            "TIMEOUT_SECONDS": "5",
        }.items():
            monkeypatch.setenv(f"PACESETTER_LLM_{name}", value)
        yield httpd


def test_without_a_model_it_says_so(pace: Call, tmp_path) -> None:
    done = pace("llm", "--home", tmp_path / "h", "--json")
    assert done.code == 0 and done.json["configured"] is False and done.json["nights"] == []
    assert "by its rules alone" in pace("llm", "--home", tmp_path / "h").out
    assert "PACESETTER_LLM_URL" in pace("llm", "try", "--home", tmp_path / "h").error


def test_a_trial_shows_text_tokens_and_cost(server, pace: Call, tmp_path) -> None:
    done = pace("llm", "try", "--home", tmp_path / "h", "--json")
    assert done.code == 0, done.err
    assert done.json["thesis"] == "The P/E is 12.5 and the RSI of it is ~~70~~."
    assert (done.json["tokens"], done.json["cost"], done.json["style"]) == (800, 0.002, "json_schema")
    assert done.json["ignored"] == ["weight"] and "ignored in its answer: weight" in done.err
    (night,) = pace("llm", "--home", tmp_path / "h", "--json").json["nights"]
    assert night == {"night": "try", "calls": 1, "failed": 0, "tokens": 800, "cost": 0.002}


def test_a_trial_that_fails_says_why(server, pace: Call, tmp_path) -> None:
    server.behave = failing(401)
    assert "does not take the key" in pace("llm", "try", "--home", tmp_path / "h").error
    assert pace("llm", "--home", tmp_path / "h", "--json").json["nights"][0]["failed"] == 1


def test_the_key_is_shown_nowhere(server, pace: Call, tmp_path) -> None:
    home = tmp_path / "h"
    for behave in (saying(GOOD), failing(500), failing(401, KEY.encode()), saying(KEY)):
        server.behave = behave
        for call in (("llm",), ("llm", "try"), ("llm", "try", "--debug"), ("config", "show")):
            for form in ((), ("--json",)):
                done = pace(*call, *form, "--home", home)
                assert KEY not in done.out + done.err
    assert "***" in pace("config", "show", "--home", home).out
    assert all(KEY not in path.read_text("utf-8") for path in home.rglob("*") if path.is_file())
