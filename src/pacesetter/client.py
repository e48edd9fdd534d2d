"""Ask a running Pacesetter from a notebook or a script: frames in one line.

    from pacesetter.client import Client

    Client().ranks("ai-tech")

Needs httpx, and Polars for the frames. Frames have one column a field; what lies inside a
field is named with a dot, such as ``factors.momentum.raw``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
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

    def movers(self, **asked: Any) -> pl.DataFrame:
        """Who moved on every board since the session before, with all causes; ``to``, ``top`` of each."""
        boards = self.get("movers", **{"top": 1000, **asked})["rows"]
        rows = []
        for one in boards:
            about = {
                "board": one["board"],
                "slug": one["slug"],
                "first_on": one["first"],
                "last_on": one["last"],
            }
            rows += [about | row for row in one["rows"]]
        return to_frame(rows)

    def exposures(self, symbol: str, **asked: Any) -> pl.DataFrame:
        """A symbol's exposures to twelve factors, with standard errors; ``on``, ``from_``, ``to``."""
        return to_frame(self.get(f"exposures/{quote(symbol, safe='')}", **asked)["rows"])

    def daily_metrics(self, **asked: Any) -> pl.DataFrame:
        """Returns, ratios, exposures and data quality of every symbol; ``sector``, ``sort``, ``fields`` …"""
        return to_frame(self._pages("daily-metrics", asked))

    def boxes(self, **asked: Any) -> pl.DataFrame:
        """The boxes of a day, best first: all of them; ``on``, ``sort``, ``order``, ``game``, ``search`` …"""
        return to_frame(self._pages("boxes", {"limit": 100, **asked}))

    def box(self, symbol: str, **asked: Any) -> dict[str, Any]:
        """A box in full: its figures of a day (``on``), what they mean, its last days, ranks and sources."""
        return self.get(f"boxes/{quote(symbol, safe='')}", **asked)

    def box_series(self, symbol: str, *measures: str, **asked: Any) -> pl.DataFrame:
        """Figures of a box on each day on which somebody looked, oldest first; a column a measure."""
        chosen = ",".join(measures) or None
        path = f"boxes/{quote(symbol, safe='')}/series"
        frame = to_frame(self.get(path, **{"measure": chosen, "limit": 10_000, **asked})["rows"])
        return frame.rename(lambda name: name.removeprefix("values."))

    def box_market(self, **asked: Any) -> pl.DataFrame:
        """The index of all boxes, its breadth and volume, oldest day first; ``from_``, ``to``."""
        return to_frame(self.get("boxes/market", **asked)["rows"])

    def portfolios(self) -> pl.DataFrame:
        """The portfolios that one may see, with their value."""
        return to_frame(self._pages("portfolios", {}))

    def portfolio(self, portfolio_id: str) -> dict[str, Any]:
        """A portfolio's newest snapshot: figures, months, exposures, stress, attribution, correlations."""
        return self.get(f"portfolios/{quote(portfolio_id, safe='')}/snapshot")

    def portfolio_series(self, portfolio_id: str) -> pl.DataFrame:
        """A portfolio's value, flows, index and drawdown, session by session."""
        return to_frame(self.get(f"portfolios/{quote(portfolio_id, safe='')}/series")["rows"])

    def desk(self) -> dict[str, Any]:
        """The research desk at a glance: its newest night, what waits for an answer, what is due."""
        return self.get("desk")

    def signals(self, **asked: Any) -> pl.DataFrame:
        """Signals with their age and what is left of each; ``on``, ``days``, ``symbol``, ``type`` …"""
        return to_frame(self._pages("signals", asked))

    def convergence(self, symbol: str | None = None, **asked: Any) -> Any:
        """What signals come to on a night, as a frame; or one symbol's score, part by part."""
        if symbol is None:
            return to_frame(self._pages("convergence", asked))
        return self.get(f"convergence/{quote(symbol, safe='')}", **asked)

    def research_queue(self, **asked: Any) -> pl.DataFrame:
        """Who waits to be looked at, the best first; ``state="left"``: who left, the last first."""
        return to_frame(self.get("research-queue", **{"limit": PAGE, **asked})["rows"])

    def analyses(self, **asked: Any) -> pl.DataFrame:
        """Analysts' opinions of the newest session, or of ``on``; of a ``symbol``, an ``analyst``."""
        return to_frame(self.get("analyses", **asked)["rows"])

    def decisions(self, **asked: Any) -> pl.DataFrame:
        """The desk's decisions, those that wait first; ``waiting=True``: these alone; ``symbol``."""
        return to_frame(self.get("decisions", **{"limit": PAGE, **asked})["rows"])

    def answer_decision(self, decision_id: str, answer: str, **terms: Any) -> dict[str, Any]:
        """``approve``, ``reject`` (``reason``), ``modify`` (``stop`` …) or ``trade`` (``price`` …) one."""
        path = f"decisions/{quote(decision_id, safe='')}/{quote(answer, safe='')}"
        return self._ask("POST", path, json=to_json(terms) or None)

    def watchlist(self, **asked: Any) -> pl.DataFrame:
        """What one waits for; ``status``, ``symbol``."""
        return to_frame(self.get("watchlist", **asked)["rows"])

    def watch(self, symbol: str, condition: str | Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Wait for a condition; the answer says how often it would have fired. ``thesis`` …"""
        return self._ask(
            "POST", "watchlist", json=to_json({"symbol": symbol, "condition": condition, **more})
        )

    def try_watch(self, symbol: str, condition: str | Mapping[str, Any]) -> dict[str, Any]:
        """How often a condition would have fired in the last year; nothing is stored."""
        return self._ask("POST", "watchlist/try", json={"symbol": symbol, "condition": condition})

    def report(self, on: date | str | None = None) -> dict[str, Any]:
        """The morning report, the newest one or that of a session."""
        return self.get("reports/morning", on=on)

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


def to_json(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent: exact amounts and dates as text, and without what is None."""
    spelt = {
        name: str(value) if isinstance(value, Decimal | date) else value for name, value in given.items()
    }
    return plain(spelt)


def to_frame(rows: Any) -> pl.DataFrame:
    """Rows as a frame; dates become dates."""
    import polars as pl

    frame = pl.DataFrame([flatten(row) for row in rows], infer_schema_length=None)
    nested = {name.partition(".")[0] for name in frame.columns if "." in name}
    frame = frame.drop(nested & set(frame.columns))  # null in some rows, and columns of its own in others
    dates = [name for name in frame.columns if name == "date" or name.endswith(("_on", "_date", "d_from"))]
    texts = [name for name in dates if frame[name].dtype == pl.String]
    return frame.with_columns(pl.col(texts).str.to_date("%Y-%m-%d")) if texts else frame
