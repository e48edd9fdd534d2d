"""The session handed to yfinance: in form one of requests, behind it the guarded client.

yfinance takes any session; it would make one of its own that pretends to be a browser and
knows none of the guards.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from pacesetter.kernel.errors import ProviderError, ProviderRefused
from pacesetter.providers.http import GuardedClient


class GuardedSession(requests.Session):
    """The session handed to yfinance: it looks like one of requests, and asks the guarded client.

    ``base_url`` takes the place of Yahoo's own addresses (a mirror, or a test's server).
    """

    def __init__(self, client: GuardedClient, base_url: str | None) -> None:
        super().__init__()
        self._client = client
        self._base_url = base_url
        self._seen = threading.local()

    @property
    def problem(self) -> ProviderError | None:
        """What kept this thread's last questions from being answered: yfinance swallows some errors."""
        return getattr(self._seen, "problem", None)

    @problem.setter
    def problem(self, value: ProviderError | None) -> None:
        self._seen.problem = value

    def request(  # type: ignore[override]
        self, method: str, url: str, params: Any = None, data: Any = None, **_: Any
    ) -> requests.Response:
        """Ask, and give the answer in the form that yfinance expects."""
        parts = urlsplit(url)
        query = "&".join(q for q in (parts.query, urlencode(params or {}, doseq=True)) if q)
        target = parts._replace(query=query).geturl()
        if self._base_url is not None:
            target = self._base_url.rstrip("/") + parts._replace(scheme="", netloc="", query=query).geturl()
        headers = {"User-Agent": "Mozilla/5.0 (compatible; pacesetter)", "Accept": "*/*"}
        jar = self.cookies.get_dict()
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        try:
            answer = self._client.request(str(method), target, headers=headers, data=data)
        except ProviderError as error:
            self.problem = error
            raise
        if answer.status_code == 200 and "/finance/chart/" in parts.path and not is_json(answer.content):
            self.problem = ProviderRefused("its answer is a page, not data", where=str(parts.hostname))
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(dict(answer.headers.items()))
        response._content = answer.content
        response.encoding = answer.encoding
        response.url = url
        for name, value in answer.cookies.items():
            self.cookies.set(name, value)
        return response


def is_json(content: bytes) -> bool:
    """Whether an answer can be data at all: a consent or error page cannot."""
    return content.lstrip()[:1] in (b"{", b"[")
