"""A language model behind any endpoint that speaks OpenAI's protocol, by the guarded client.

    POST {base}/chat/completions

It is asked for JSON of a schema; an endpoint that takes no schema is asked for JSON, and one that takes
neither for JSON in the text. It is given no tools. What it answers is read by ``llm_answer``.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pacesetter.kernel.errors import ConfigError, NetworkBlocked, ProviderError, ProviderRefused, RateLimited
from pacesetter.providers.http import Breaker, GuardedClient
from pacesetter.providers.llm_answer import SCHEMA

MOST_BYTES = 100_000
MOST_ANSWER_TOKENS = 900
FORMATS = ("json_schema", "json_object", "text")
NOT_TAKEN = (400, 404, 415, 422, 501)  # what endpoints say to a response format that they do not know


class Unanswered(ProviderError):
    """The language model gave no answer; ``over``: nor will it tonight."""

    def __init__(self, what: str = "", *, over: bool = False, sent: bool = True) -> None:
        super().__init__(what)
        self.over, self.sent = over, sent


@dataclass
class Model:
    """``key`` is only ever a header. ``style``: the response format that the endpoint took last."""

    url: str
    name: str
    key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    style: str = FORMATS[0]
    breaker: Breaker = field(default_factory=lambda: Breaker(limit=3, pause_s=3_600.0), repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is none, or that holds a password."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError("the address of the language model is none", mend="such as https://host/v1")
        if "@" in parts.netloc:
            raise ConfigError(
                "the address of the language model holds a password", mend="use the key's setting"
            )

    @property
    def host(self) -> str:
        """The host that is asked, and no other."""
        return urlsplit(self.url).hostname or ""

    def ask(self, request: Mapping[str, Any]) -> bytes:
        """The body of the endpoint's answer to a canonical request (``model``, ``messages``, …).

        ``Unanswered`` in words, without the key, within ``timeout_s``.
        """
        ends_at = time.monotonic() + self.timeout_s
        for style in FORMATS[FORMATS.index(self.style) :]:
            try:
                response = self._post(shape(request, style), ends_at)
            except RateLimited as error:
                raise Unanswered("the endpoint asks to slow down", over=waits_long(error)) from None
            except NetworkBlocked as error:
                paused = "paused" in error.what
                raise Unanswered(self._hide(error.what), over=paused, sent=not paused) from None
            except ProviderRefused as error:
                raise Unanswered(f"the endpoint failed: {self._hide(error.what)}") from None
            status = response.status_code
            if status == 200:
                self.style = style
                if self.key and self.key.encode() in response.content:
                    raise Unanswered("its answer holds the key")
                return bytes(response.content)
            if status in (401, 403):
                raise Unanswered(f"the endpoint answered {status}: it does not take the key", over=True)
            if status not in NOT_TAKEN:
                break
        raise Unanswered(f"the endpoint answered {status}", over=status == 404)

    def _post(self, body: Mapping[str, Any], ends_at: float) -> Any:
        left_s = ends_at - time.monotonic()
        if left_s <= 0:
            raise NetworkBlocked("the time for this answer is over")
        client = GuardedClient(
            hosts=(),
            trusted=(self.host,),  # named by the setting, so it may be at home
            per_minute=60_000,
            timeout_s=left_s,
            deadline_s=left_s,
            max_bytes=MOST_BYTES,
            breaker=self.breaker,
            tries=2,
            plain_outside=False,
        )
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        content = canonical(body)
        return client.request(
            "POST", f"{self.url.rstrip('/')}/chat/completions", headers=headers, content=content
        )

    def _hide(self, text: str) -> str:
        return text.replace(self.key, "***") if self.key else text


def shape(request: Mapping[str, Any], style: str) -> dict[str, Any]:
    """A request in one of ``FORMATS``."""
    body = dict(request)
    if style == "json_schema":
        given = {"name": "opinion_text", "strict": True, "schema": SCHEMA}
        body["response_format"] = {"type": style, "json_schema": given}
    elif style == "json_object":
        body["response_format"] = {"type": style}
    return body


def canonical(request: Mapping[str, Any]) -> bytes:
    """JSON with one spelling for one meaning."""
    return json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def estimate_tokens(request: Mapping[str, Any]) -> int:
    """Tokens that a request and its answer take at most, by any usual tokenizer: every digit, sign and
    byte of a foreign letter one, words one for three letters, and all that it may answer."""
    text = canonical(shape(request, FORMATS[0])).decode()
    words = sum(math.ceil(len(word) / 3) for word in re.findall(r"[A-Za-z]+", text))
    others = sum(len(c.encode()) for c in text if not (c.isascii() and (c.isalpha() or c.isspace())))
    return words + others + 64 + int(request["max_tokens"])


def waits_long(error: RateLimited) -> bool:
    """Whether there is no use in asking again tonight."""
    return error.retry_after_s is None or error.retry_after_s > 5
