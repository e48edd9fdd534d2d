"""The way to one server: what is asked, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import httpx

from pacesetter.client.frames import plain
from pacesetter.kernel.errors import ApiError

if TYPE_CHECKING:
    from types import TracebackType

ADDRESS = "http://127.0.0.1:8000"
PAGE = 1000  # rows asked for at once


class Connection:
    """A connection to one server; ``key``: an API key, where one is needed.

    Every method raises ``ApiError`` with what the server says: what, where, how to mend it.
    """

    def __init__(
        self,
        address: str = ADDRESS,
        *,
        key: str | None = None,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Accept": "application/json"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1/", headers=headers, timeout=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """Any answer as it is, such as ``get("health/data")``; parameters that are None are left out."""
        return self._ask("GET", path, params=plain(asked))

    def _pages(self, path: str, asked: Mapping[str, Any], *, dated: bool = False) -> Iterator[dict[str, Any]]:
        """All rows; those of a ``dated`` list are of one session, also if another is published meanwhile."""
        more: dict[str, Any] = {"limit": PAGE, **asked}
        while True:
            body = self.get(path, **more)
            yield from body["rows"]
            if body["next"] is None:
                return
            more["cursor"] = body["next"]
            if dated:
                more["on"] = body["as_of"]

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise ApiError(
                f"the server does not answer: {type(error).__name__}",
                where=str(self._http.base_url),
                mend="start it with `pacesetter up`, or give its address",
            ) from None
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        raise refusal(answer)


def refusal(answer: httpx.Response) -> ApiError:
    """What a problem answer says."""
    try:
        said = answer.json()
    except ValueError:
        said = {}
    what = said.get("detail") or f"the server answered {answer.status_code}"
    return ApiError(what, where=said.get("where", ""), mend=said.get("mend", ""))
