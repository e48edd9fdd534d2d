"""The built dashboard: what is kept how long, what its pages may load, and the plain page without it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.web.app import create_app
from pacesetter.web.routes import dashboard
from tests.architecture.tree import ROOT
from tests.homes import EVENING, settings_for
from tests.web.conftest import get


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A build of three files."""
    folder = tmp_path / "dashboard"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<script src="/assets/a.js" nonce="__CSP_NONCE__"></script>')
    (folder / "assets" / "index-Ab3_x-9Z.js").write_text("1")
    (folder / "assets" / "scheme.js").write_text("2")
    monkeypatch.setattr(dashboard, "BUILD", folder)
    return folder


def ask(path: str, tmp_path: Path, wish: str = "identity"):  # type: ignore[no-untyped-def]
    app = create_app(settings_for(tmp_path / "home"), simulated=True, clock=VirtualClock(EVENING))
    return get(app, path, headers={"Accept-Encoding": wish})


@pytest.mark.parametrize("path", ["/", *(f"/{noun}" for noun in dashboard.NOUNS), "/symbols/VOD.L"])
def test_every_page_is_the_built_one(built: Path, tmp_path: Path, path: str) -> None:
    answer = ask(path, tmp_path)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/html")


def test_the_policy_allows_styles_by_this_answers_nonce_only(built: Path, tmp_path: Path) -> None:
    nonces = set()
    for _ in range(2):
        answer = ask("/boards/ev", tmp_path)
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r"'nonce-([\w-]{20,})'", policy)
        assert f'nonce="{nonce}"' in answer.text and dashboard.NONCE not in answer.text
        assert "unsafe" not in policy and "//" not in policy and "script-src 'self';" in policy
        nonces.add(nonce)
    assert len(nonces) == 2


def test_pictures_may_come_from_anywhere_over_https_and_nothing_else_may(built: Path, tmp_path: Path) -> None:
    policy = ask("/boxes", tmp_path).headers["content-security-policy"]
    sources = {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    assert sources.pop("img-src") == "'self' data: https:"
    assert not any("https:" in rest or "http:" in rest or "*" in rest for rest in sources.values())


def test_only_a_name_with_a_hash_is_kept_for_ever(built: Path, tmp_path: Path) -> None:
    hashed = ask("/assets/index-Ab3_x-9Z.js", tmp_path)
    assert hashed.headers["cache-control"] == dashboard.FOR_EVER
    assert hashed.headers["content-type"].startswith("text/javascript")
    assert ask("/assets/scheme.js", tmp_path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("wish", "coding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
def test_a_file_is_sent_as_the_build_packed_it(
    built: Path, tmp_path: Path, wish: str, coding: str | None
) -> None:
    name, script = "index-Ab3_x-9Z.js", b"say('hello')"
    packed = {None: script, "gzip": gzip.compress(script), "br": b"as Brotli has it"}
    for suffix, body in (("", script), (".gz", packed["gzip"]), (".br", packed["br"])):
        (built / "assets" / f"{name}{suffix}").write_bytes(body)
    answer = ask(f"/assets/{name}", tmp_path, wish)
    assert answer.headers.get("content-encoding") == coding and answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) == len(packed[coding])
    assert ask("/assets/scheme.js", tmp_path, wish).text == "2"  # too small to be packed
    assert ask(f"/assets/{name}.br", tmp_path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/..%2Findex.html", "/assets/%2e%2e/index.html", "/nothing"],
)
def test_nothing_else_is_there(built: Path, tmp_path: Path, path: str) -> None:
    assert ask(path, tmp_path).status_code == 404


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nothing", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("/nothing", "*/*", "application/problem+json"),
        ("/api/v1/nothing", "text/html", "application/problem+json"),
        ("/assets/none.js", "text/html", "application/problem+json"),
    ],
)
def test_a_browser_that_is_lost_is_shown_the_way(
    built: Path, tmp_path: Path, path: str, accept: str, kind: str
) -> None:
    app = create_app(settings_for(tmp_path / "home"), simulated=True, clock=VirtualClock(EVENING))
    answer = get(app, path, headers={"Accept": accept})
    assert answer.status_code == 404 and answer.headers["content-type"].split(";")[0] == kind


def test_without_a_build_there_is_the_plain_page_only(tmp_path: Path) -> None:
    page = ask("/", tmp_path)
    assert page.status_code == 200 and "Nothing is ranked yet" in page.text
    assert ask("/boards/ev", tmp_path).status_code == 404


def test_the_server_knows_every_page_of_the_router() -> None:
    router = (ROOT / "frontend/src/app/router.tsx").read_text("utf-8")
    nouns = set(re.findall(r"path: '/([\w-]+)", router))
    assert {"boards", "symbols"} <= nouns <= set(dashboard.NOUNS)
