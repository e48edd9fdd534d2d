"""What a language model's answer is taken for: two texts and nothing else.

Whatever else stands in it (a recommendation, a weight, a call of a tool) is never used, only named.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pacesetter.kernel.errors import ProviderRefused

MOST_CHARS = {"thesis": 1_500, "would_change": 800}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "thesis": {"type": "string", "description": "three to five sentences"},
        "would_change": {"type": "string", "description": "what would change the view, one or two sentences"},
    },
    "required": ["thesis", "would_change"],
    "additionalProperties": False,
}
FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?```", re.DOTALL)
LINK = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|javascript:)\S*")
STEERING = str.maketrans({"<": "(", ">": ")", "[": "(", "]": ")", "`": "'", "|": "/", "*": " ", "!": "."})
# fmt: off
COMMON = frozenset((
    "the", "of", "and", "to", "a", "in", "is", "its", "it", "that", "for", "on", "with", "by", "as",
    "at", "be", "are", "this", "from", "has", "have", "if", "or", "an", "not", "which", "while",
    "would", "than", "but", "below", "above", "under", "over", "after", "was", "were", "when",
))
# fmt: on
LEAST_COMMON = 0.15  # of the words of plain English, every third or so is one of these


@dataclass(frozen=True)
class Answer:
    """``ignored``: names of what it gave beside the two texts."""

    thesis: str
    would_change: str
    ignored: tuple[str, ...] = ()


def read_answer(body: bytes) -> Answer:
    """The answer in the body of a chat completion; ``ProviderRefused`` in words where there is none."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderRefused("its answer is not JSON") from None
    try:
        choice = whole["choices"][0]
        message = choice["message"]
        content = message["content"]
        called = sorted({"tool_calls", "function_call"} & {name for name in message if message[name]})
    except (KeyError, IndexError, TypeError):
        raise ProviderRefused("its answer is not a chat completion") from None
    if not isinstance(content, str) or not content.strip():
        what = "a call of a tool, and it has none" if called else "nothing"
        raise ProviderRefused(f"it answered with {what}")
    if choice.get("finish_reason") == "length":
        raise ProviderRefused("its answer was too long, and is cut off")
    given = read_object(content)
    texts = {name: clean_text(given.get(name), name) for name in MOST_CHARS}
    check_english(" ".join(texts.values()))
    ignored = sorted({str(name)[:40] for name in given if name not in MOST_CHARS} | set(called))
    return Answer(**texts, ignored=tuple(ignored[:10]))


def read_object(content: str) -> dict[str, Any]:
    """The JSON object that a message is, or that stands in its one fenced block."""
    blocks = FENCED.findall(content)
    for text in (content, *(blocks if len(blocks) == 1 else ())):
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(given, dict):
            return given
    raise ProviderRefused("its answer is not the JSON that was asked for")


def tokens_of(body: bytes) -> int | None:
    """Tokens that the endpoint says it took, of the body of any answer."""
    try:
        return read_tokens(json.loads(body))
    except (ValueError, RecursionError):
        return None


def read_tokens(whole: Any) -> int | None:
    """Tokens that the endpoint says it took, where it says so credibly."""
    usage = whole.get("usage") if isinstance(whole, dict) else None
    usage = usage if isinstance(usage, dict) else {}
    parts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    for tokens in (usage.get("total_tokens"), sum(p for p in parts if type(p) is int) or None):
        if type(tokens) is int and tokens > 0:
            return tokens
    return None


def clean_text(given: Any, name: str) -> str:
    """Plain text in one paragraph: no markup, no links, nothing that steers a screen."""
    if not isinstance(given, str) or not given.strip():
        raise ProviderRefused(f"its answer has no {name!r}")
    text = "".join(c for c in given if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    text = LINK.sub("(link left out)", text).translate(STEERING)
    text = re.sub(r"\s+", " ", text).strip(" #")
    if len(text) > MOST_CHARS[name]:
        raise ProviderRefused(f"its {name!r} has more than {MOST_CHARS[name]} characters")
    return text


def check_english(text: str) -> None:
    """Refuse what is not English: numbers in the words of another language could not be checked."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if sum(word in COMMON for word in words) < LEAST_COMMON * len(words) or not words:
        raise ProviderRefused("its answer is not in English")
