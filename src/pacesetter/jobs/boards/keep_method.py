"""Keep a method of one's own: a new one, or the next version of one there is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.ranking.method import parse_method, shipped_names
from pacesetter.store.boards.methods import find_method, list_methods, register_method
from pacesetter.store.symbols.domains import list_domains


@dataclass(frozen=True)
class MethodKept:
    """A method after it was saved: its version, whether that is new, and the boards ranked by it."""

    name: str
    version: int
    changed: bool
    boards: list[str]


async def save_method(ws: Workspace, text: str, *, where: str) -> MethodKept:
    """Keep a method from TOML: a new one, or the next version of one there is; equal content is none."""
    given = parse_method(text, where=where)
    if given.name in shipped_names():
        raise InputError(
            f"{given.name!r} comes with the product and stays as it is",
            where=where,
            mend="give it another name",
        )
    async with ws.db.write() as conn:
        versions = [row for row in await list_methods(conn) if row.name == given.name]
        newest = (await find_method(conn, given.name))[0] if versions else None
        if newest is not None and replace(given, version=newest.version) == newest:
            kept, changed = newest, False
        else:
            kept, changed = replace(given, version=1 + (newest.version if newest else 0)), True
            await register_method(conn, kept)
        boards = [row.name for row in await list_domains(conn) if row.method == kept.name]
    return MethodKept(kept.name, kept.version, changed, boards)
