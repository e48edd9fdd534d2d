"""Sealed boxes from a server, and files of them to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pacesetter.client.connection import Connection
from pacesetter.client.frames import plain, to_frame
from pacesetter.kernel.errors import BadFile

if TYPE_CHECKING:
    import polars as pl


class Boxes(Connection):
    """Boxes, each in full, and their market."""

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

    def import_boxes(
        self,
        file: str | Path | bytes,
        *,
        file_name: str | None = None,
        source: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Take a file in: a path, or bytes (``file_name`` says by its ending what they are). The answer says
        what became of the rows, and its ``import_id`` takes them back. ``source``: who saw it, for rows that
        do not say; ``dry_run``: nothing is kept. ``BadFile`` where the path cannot be read.
        """
        if isinstance(file, bytes):
            content, named = file, file_name
        else:
            content, named = read_file(Path(file)), file_name or Path(file).name
        asked = plain({"file_name": named, "source": source, "dry_run": dry_run})
        kind = {"Content-Type": "application/octet-stream"}
        return self._ask("POST", "boxes/imports", params=asked, content=content, headers=kind)

    def box_imports(self, **asked: Any) -> pl.DataFrame:
        """Files of boxes, entries by hand, joins and edits, newest first; with who did it and when undone."""
        return to_frame(self._pages("boxes/imports", asked))

    def undo_box_import(self, import_id: str) -> dict[str, Any]:
        """Take one of these back, as if it had never been."""
        return self._ask("DELETE", f"boxes/imports/{quote(import_id, safe='')}")


def read_file(path: Path) -> bytes:
    """What lies there; ``BadFile`` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"it cannot be read: {error.strerror}", where=str(path), mend="look at it") from None
