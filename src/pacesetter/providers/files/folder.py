"""A folder of price files as a provider: what it holds is what there is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import BadFile, ProviderRefused
from pacesetter.market.bar import no_actions, no_bars, no_rejections
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure, providers
from pacesetter.providers.files.prices import PriceFile, read_one, spell
from pacesetter.providers.files.table import PARQUET, TEXT


class FolderProvider:
    """Reads the whole folder each time; good for some hundred files."""

    name = "files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def symbols(self) -> tuple[str, ...]:
        """None of its own accord."""
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        """The folder's bars of the symbols and dates asked for; of two bars of one day, the last read.

        A file that cannot be read costs only its own symbols. ``ProviderRefused`` when no file can
        be read, or when files are adjusted for different things: a result has one basis.
        """
        files, broken = self._read()
        bases = sorted({file.basis for file in files})
        if len(bases) > 1:
            raise ProviderRefused(
                f"the folder mixes prices adjusted as {' and '.join(bases)}",
                where=str(self._folder),
                mend="keep one kind there, or import the others with --basis",
            )
        wanted = pl.col("symbol").is_in(list(request.symbols))
        bars = pl.concat([no_bars(), *(file.frame.drop("row") for file in files)])
        bars = bars.filter(wanted & pl.col("date").is_between(request.first, request.last))
        bars = bars.unique(["symbol", "date"], keep="last", maintain_order=True)
        actions = pl.concat([no_actions(), *(file.actions for file in files)])
        missing = sorted(set(request.symbols) - set(bars["symbol"]))
        return FetchResult(
            bars,
            self.name,
            clock.now(),
            actions=actions.filter(wanted & pl.col("ex_on").is_between(request.first, request.last)),
            failures=[self._failure(symbol, broken) for symbol in missing],
            rejections=pl.concat([no_rejections(), *(file.rejections for file in files)]),
            basis=files[0].basis,
        )

    def _read(self) -> tuple[list[PriceFile], dict[str | None, BadFile]]:
        """The files that can be read, and what is wrong with the others by the symbol they are named for."""
        paths = sorted(self._folder.glob("*")) if self._folder.is_dir() else []
        files: list[PriceFile] = []
        broken: dict[str | None, BadFile] = {}
        for path in (p for p in paths if p.suffix.casefold() in (*PARQUET, *TEXT)):
            try:
                files.append(read_one(path, None))
            except BadFile as error:
                broken[spell(path.stem)] = error
        if not files:
            first = next(iter(broken.values()), None)
            raise ProviderRefused(
                first.what if first else "no folder with CSV or Parquet files is there",
                where=first.where if first else str(self._folder),
                mend=(first.mend if first else "") or "set PACESETTER_FILES_FOLDER to the folder of prices",
            )
        return files, broken

    def _failure(self, symbol: str, broken: Mapping[str | None, BadFile]) -> SymbolFailure:
        if symbol in broken:
            return SymbolFailure(symbol, "bad_reply", str(broken[symbol]))
        return SymbolFailure(symbol, "no_data", f"no bar of these dates in {self._folder}")


providers.add(FolderProvider.name, FolderProvider)
