"""Ask a running Pacesetter from a notebook or a script: frames in one line.

    from pacesetter.client import Client

    Client().ranks("ai-tech")

Needs httpx, and Polars for the frames. Frames have one column a field; what lies inside a
field is named with a dot, such as ``factors.momentum.raw``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from pacesetter.kernel.errors import ApiError
from pacesetter.kernel.nesting import flatten

if TYPE_CHECKING:
    from types import TracebackType

    import polars as pl

ADDRESS = "http://127.0.0.1:8000"
PAGE = 1000  # rows asked for at once


class Client:
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

    def __enter__(self) -> Client:
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

    def leaders(self, on: date | str | None = None) -> pl.DataFrame:
        """The leader of every board."""
        return to_frame(self.get("rankings", on=on)["leaders"])

    def ranks(self, board: str, **asked: Any) -> pl.DataFrame:
        """A board, best first: all its rows. ``on``, ``known_at``, ``method``, ``sort``, ``fields`` …"""
        return to_frame(self._pages(f"rankings/{quote(board, safe='')}", asked, dated=True))

    def history(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's published ranks, newest first; ``board``, ``to`` …"""
        return to_frame(self.get(f"history/{quote(symbol, safe='')}", **{"limit": 10_000, **asked})["rows"])

    def prices(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's accepted prices, oldest first."""
        path = f"symbols/{quote(symbol, safe='')}/prices"
        return to_frame(self.get(path, **{"limit": 10_000, **asked})["rows"])

    def symbols(self, **asked: Any) -> pl.DataFrame:
        """Every symbol that is known; ``search``, ``asset_type`` …"""
        return to_frame(self._pages("symbols", asked))

    def changes(self, board: str, symbol: str | None = None, **asked: Any) -> Any:
        """The movers of a board as a frame; or, of one symbol, the whole answer with its exact shares."""
        if symbol is None:
            return to_frame(self.get("changes", board=board, **{"top": 1000, **asked})["rows"])
        return self.get(f"changes/{quote(symbol, safe='')}", board=board, **asked)

    def exposures(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's exposures to twelve factors, with standard errors; ``on``, ``from_``, ``to``."""
        return to_frame(self.get(f"exposures/{quote(symbol, safe='')}", **asked)["rows"])

    def daily_metrics(self, **asked: Any) -> pl.DataFrame:
        """Returns, ratios, exposures and data quality of every symbol; ``sector``, ``sort``, ``fields`` …"""
        return to_frame(self._pages("daily-metrics", asked))

    def portfolios(self) -> pl.DataFrame:
        """The portfolios that one may see, with their value."""
        return to_frame(self._pages("portfolios", {}))

    def portfolio(self, portfolio_id: str) -> dict[str, Any]:
        """A portfolio's newest snapshot: figures, months, exposures, stress, attribution, correlations."""
        return self.get(f"portfolios/{quote(portfolio_id, safe='')}/snapshot")

    def portfolio_series(self, portfolio_id: str) -> pl.DataFrame:
        """A portfolio's value, flows, index and drawdown, session by session."""
        return to_frame(self.get(f"portfolios/{quote(portfolio_id, safe='')}/series")["rows"])

    def what_if(self, board: str, weights: Mapping[str, float], method: str | None = None) -> dict[str, Any]:
        """A board under other weights; nothing is stored."""
        asked = {"board": board, "weights": dict(weights), "method": method}
        return self._ask("POST", "what-if", json=asked)

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


def plain(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without those that are None; a trailing underscore is for Python's own words (``from_``)."""
    return {name.rstrip("_"): value for name, value in asked.items() if value is not None}


def to_frame(rows: Any) -> pl.DataFrame:
    """Rows as a frame; dates become dates."""
    import polars as pl

    frame = pl.DataFrame([flatten(row) for row in rows], infer_schema_length=None)
    nested = {name.partition(".")[0] for name in frame.columns if "." in name}
    frame = frame.drop(nested & set(frame.columns))  # null in some rows, and columns of its own in others
    dates = [name for name in frame.columns if name in ("date", "previous_on") or name.endswith("_date")]
    texts = [name for name in dates if frame[name].dtype == pl.String]
    return frame.with_columns(pl.col(texts).str.to_date("%Y-%m-%d")) if texts else frame
