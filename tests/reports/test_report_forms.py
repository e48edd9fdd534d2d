"""The forms of a report: hostile texts are harmless in each, and nothing is lost on the way."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pacesetter.reports.morning import compose
from pacesetter.reports.plain_text import TURNING, make_plain
from pacesetter.reports.render_html import render_html
from pacesetter.reports.render_json import render_json
from pacesetter.reports.render_markdown import escape, render_markdown
from pacesetter.reports.render_notice import notice_markdown, notice_text
from pacesetter.reports.render_text import cells, render_text
from tests.reports.night_made import BUY, make_night, make_quiet

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "[click](https://evil.example)",
    "![x](https://evil.example/a.png)",
    "<https://evil.example>",
    "https://evil.example/path",
    "www.evil.example",
    "javascript:alert(1)",
    "[x]: https://evil.example",
    "&lt;script&gt; &#60;b&#62;",
    "`code` **bold** _soft_ ~~gone~~ | cell |",
    "# title\n\n- list\n1. one\n> quote\n***\n```\nfence",
    "</style></title><body onload=x>",
    "\u202egnirts desrever\u202c and \u2066isolate\u2069",
    "\x1b[31mred\x1b[0m\x07\x00\r\n bell",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 zalgo",
    "@everyone <!channel> <@U123>",
    "שלום עולם",
    "A" * 10_000,
    "\ufeff\u200b\u2028\u2029",
    "=1+1|calc",
]
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "h4", "p", "b"),
    *("section", "div", "article", "span", "ul", "li", "bdi", "table", "thead", "tbody", "tr", "th", "td"),
    "footer",
}


def hostile_night(text: str) -> Any:
    order = replace(
        BUY, name=text, reasons=(text, text), risks=(text,), challenge=text, contrary=(text,), told=(text,)
    )
    night = make_night()
    trigger = replace(night.triggers[0], name=text, thesis=text, reason=text, condition=f"close {text}")
    mover = replace(night.board.movers[0], name=text, reason=text)
    return replace(
        night,
        orders=(order,),
        triggers=(trigger,),
        board=replace(night.board, name=text, movers=(mover,)),
        alerts=tuple(replace(one, portfolio=text, name=text, others=(text,)) for one in night.alerts),
        health=replace(night.health, failed=(text,)),
    )


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_no_tag_of_a_text(text: str) -> None:
    html = render_html(compose(hostile_night(text)))
    page = Page()
    page.feed(html)
    assert page.tags <= ALLOWED
    names = {name for _, name in page.attributes}
    assert names <= {
        "lang",
        "charset",
        "name",
        "content",
        "id",
        "class",
        "scope",
        "colspan",
        "data-label",
        "aria-hidden",
    }
    assert "://" not in re.sub(r"https?://evil\.example\S*", "", page.text)
    if text == HOSTILE[0]:
        assert text in page.text  # it is shown as it is written


def test_html_loads_nothing() -> None:
    html = render_html(compose(make_night()))
    for word in ("<script", "<link", "<img", "src=", "href=", "url(", "@import", " on", "javascript"):
        assert word not in html.split("<body>")[0] + "".join(re.findall(r"<[^>]+>", html)), word


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_holds_no_link_of_a_text(text: str) -> None:
    written = render_markdown(compose(hostile_night(text)))
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    kinds = {child.type for token in reader.parse(written) for child in [token, *(token.children or [])]}
    bad = ("link_open", "image", "html_inline", "html_block", "code_inline", "fence", "code_block")
    assert not kinds & {*bad, "s_open", "blockquote_open", "hr", "ordered_list_open"}
    assert not re.search(r"https?://|www\.evil|@everyone|javascript:a", written)
    heads = [line for line in written.splitlines() if line.startswith("#")]
    assert len(heads) == 1 + len(compose(hostile_night(text))["sections"])


@given(st.text(max_size=60))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    plain = make_plain(text)
    (paragraph, *more) = [t for t in MarkdownIt("commonmark").parse(escape(plain)) if t.type == "inline"] or [
        None
    ]
    assert not more
    shown = "" if paragraph is None else "".join(c.content for c in paragraph.children or [])
    assert shown.replace("\u2060", "") == plain.replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [60, 78, 120])
def test_text_steers_no_terminal(text: str, width: int) -> None:
    written = render_text(compose(hostile_night(text)), width)
    assert all(char.isprintable() or char == "\n" for char in written)
    assert not set(written) & TURNING
    assert len(written) < 20_000


@pytest.mark.parametrize("text", HOSTILE)
def test_notices_are_short_and_mention_nobody(text: str) -> None:
    for notice in (notice_text, notice_markdown):
        written = notice(compose(hostile_night(text)))
        assert len(written) <= 1700 and len(written.splitlines()) <= 21
        assert "@everyone" not in written and "<!" not in written.replace("\\<", "")


def test_lines_fit_the_width() -> None:
    for width in (50, 78, 110):
        written = render_text(compose(make_night()), width)
        assert max(cells(line) for line in written.splitlines()) <= width


def test_numbers_stand_under_each_other() -> None:
    lines = render_text(compose(make_night())).splitlines()
    head = next(line for line in lines if "Places" in line)
    row = next(line for line in lines if line.startswith("+ BBB  Beta"))
    for name, value in (("Rank", "12"), ("Before", "60"), ("Places", "+48")):
        assert head.index(name) + len(name) == row.index(value) + len(value)


def test_simulated_is_said_in_every_form() -> None:
    content = compose(make_quiet(simulated=True))
    for written in (render_html, render_markdown, render_text, notice_text, notice_markdown):
        assert "SIMULATED" in written(content)
    assert json.loads(render_json(content))["simulated"] is True


def test_json_is_what_is_told_in_one_order() -> None:
    content = compose(make_night())
    shuffled = json.loads(json.dumps(content, sort_keys=True))
    assert render_json(content) == render_json(shuffled)
    assert "standing" not in json.loads(render_json(content))


@given(st.text())
def test_plain_text_is_plain(text: str) -> None:
    plain = make_plain(text, 50)
    assert len(plain) <= 50 and make_plain(plain, 50) == plain
    assert all(char.isprintable() for char in plain) and not set(plain) & TURNING


def test_letters_from_right_to_left_stay() -> None:
    assert make_plain("שלום\u202e עולם") == "שלום עולם"
    assert make_plain("x" * 500, 10) == "x" * 9 + "…"
