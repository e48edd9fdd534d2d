"""One table of a TOML file, read key by key; what is wrong is named by its place in the file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from typing import Any

from pacesetter.kernel.errors import InputError


class Table:
    """A TOML table and its place (``desk.toml, decision``). ``end`` refuses keys that nobody asked for."""

    def __init__(self, given: dict[str, Any], where: str) -> None:
        self.where = where
        self._given = given
        self._asked: set[str] = set()

    @classmethod
    def parse(cls, text: str, where: str) -> Table:
        """The whole of a file; ``InputError`` where it is no TOML."""
        try:
            return cls(tomllib.loads(text), where)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"that is no TOML: {error}", where=where, mend="see the shipped file") from None

    def names(self) -> list[str]:
        """Its keys, in the file's order."""
        return list(self._given)

    def take(self, key: str) -> Any:
        """The value of a key that must be there."""
        self._asked.add(key)
        if key not in self._given:
            raise InputError(f"the key {key!r} is missing", where=self.where, mend=f"add {key} = …")
        return self._given[key]

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self.take(key)
        if not isinstance(value, dict):
            raise InputError(f"{key} is no table", where=self.where, mend=f"write [{key}] with keys under it")
        return Table(value, f"{self.where}, {key}")

    def number(self, key: str, *, at_least: float = 0.0, at_most: float = math.inf) -> float:
        """A finite number within bounds."""
        return check_number(self.take(key), key, self.where, at_least=at_least, at_most=at_most)

    def whole(self, key: str, *, at_least: int = 0) -> int:
        """A whole number of at least ``at_least``."""
        value = self.number(key, at_least=at_least)
        if value != int(value):
            raise InputError(f"{key} = {value:g} is no whole number", where=self.where, mend="write it whole")
        return int(value)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``."""
        value = self.take(key)
        if not isinstance(value, bool):
            raise InputError(
                f"{key} = {value!r} is neither true nor false", where=self.where, mend="write true or false"
            )
        return value

    def text(self, key: str, *, among: Sequence[str] = ()) -> str:
        """A word that is not empty, one of ``among`` where that is given."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{key} = {value!r} is no text", where=self.where, mend="write it in quotes")
        if among and value not in among:
            raise InputError(f"{key} = {value!r}", where=self.where, mend=f"use one of {', '.join(among)}")
        return value

    def end(self) -> None:
        """A misspelt key must not pass for a default."""
        for key in self._given:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise InputError(f"unknown key {key!r}", where=self.where, mend=f"known: {known}")


def check_number(
    value: Any, name: str, where: str, *, at_least: float = 0.0, at_most: float = math.inf
) -> float:
    """``value`` as a float, where it is a finite number within bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{name} = {value!r} is no number", where=where, mend="write a plain number")
    if not at_least <= value <= at_most:
        bounds = f"at least {at_least:g}" if at_most == math.inf else f"from {at_least:g} to {at_most:g}"
        raise InputError(f"{name} = {value:g}", where=where, mend=f"keep it {bounds}")
    return float(value)
