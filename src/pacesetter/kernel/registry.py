"""A registry of named things that announce themselves when their file is imported."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from threading import RLock
from typing import Generic, TypeVar

from pacesetter.kernel.errors import PluginError, unknown

T = TypeVar("T")


@dataclass(frozen=True)
class PluginFailure:
    """A plug-in that could not be loaded: shown in health, never a crash."""

    name: str
    group: str
    cause: str


class Registry(Generic[T]):
    """Named things of one kind, found by importing every file of one package.

    ``kind`` is the word used in messages ("factor"); ``package`` the package whose
    modules register themselves; ``group`` the entry-point group of other people's.
    """

    def __init__(self, kind: str, package: str, *, group: str | None = None) -> None:
        self.kind = kind
        self.failures: list[PluginFailure] = []
        self.loaded: set[str] = set()
        self._package = package
        self._group = group
        self._things: dict[str, T] = {}
        self._scanned = self._scanning = False
        self._lock = RLock()

    def add(self, name: str, thing: T) -> T:
        """Register ``thing`` under ``name``; a second one of that name is an error."""
        if name in self._things:
            raise PluginError(f"two {self.kind}s are called {name!r}", mend="rename one of them")
        self._things[name] = thing
        return thing

    def get(self, name: str) -> T:
        """The thing called ``name``; ``UnknownName`` offers the nearest names."""
        self._scan()
        try:
            return self._things[name]
        except KeyError:
            raise unknown(self.kind, name, list(self._things)) from None

    def names(self) -> list[str]:
        """All names, sorted."""
        self._scan()
        return sorted(self._things)

    def __iter__(self) -> Iterator[T]:
        return iter([self._things[name] for name in self.names()])

    def __contains__(self, name: str) -> bool:
        self._scan()
        return name in self._things

    def load_plugins(self, allowed: list[str]) -> None:
        """Load the entry points named in ``allowed``, once; one that fails is recorded and left out."""
        if self._group is None or not allowed:
            return
        tried = self.loaded | {failure.name for failure in self.failures}
        for point in entry_points(group=self._group):
            if point.name not in allowed or point.name in tried:
                continue
            try:
                point.load()
                self.loaded.add(point.name)
            except Exception as error:  # a foreign plug-in may raise anything
                self.failures.append(PluginFailure(point.name, self._group, repr(error)))

    def _scan(self) -> None:
        if self._scanned:
            return
        with self._lock:  # whoever asks meanwhile waits for the whole: half a list is a wrong answer
            if self._scanned or self._scanning:  # a file that asks while it is imported sees those before it
                return
            self._scanning = True
            try:
                package = importlib.import_module(self._package)
                for module in pkgutil.iter_modules(package.__path__):
                    importlib.import_module(f"{self._package}.{module.name}")
            finally:
                self._scanning = False
            self._scanned = True
