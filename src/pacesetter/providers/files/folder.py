"""A folder of price files as a provider: what it holds is what there is."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pacesetter.kernel.clock import Clock
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure
from pacesetter.providers.files.prices import read_prices


class FolderProvider:
    """Reads the whole folder each time; good for some hundred files."""

    name = "files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def symbols(self) -> tuple[str, ...]:
        """None of its own accord."""
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        """The folder's bars of the symbols and dates asked for."""
        file = read_prices(self._folder)
        wanted = pl.col("symbol").is_in(list(request.symbols))
        dated = pl.col("date").is_between(request.first, request.last)
        bars = file.frame.filter(wanted & dated).drop("row")
        have = set(bars["symbol"])
        failures = [
            SymbolFailure(s, "no_data", f"no bar of these dates in {self._folder}")
            for s in request.symbols
            if s not in have
        ]
        actions = file.actions.filter(wanted)
        return FetchResult(bars, self.name, clock.now(), actions=actions, failures=failures)
