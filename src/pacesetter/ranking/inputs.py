"""What ranks were computed from, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from pacesetter.market.panel import Panel

COLUMNS = ("offsets", "date", "open", "high", "low", "close", "volume", "growth", "final")


@dataclass(frozen=True)
class Inputs:
    """Everything that ranks are a function of: ``data`` (digest of all bars and facts up to the
    last date), the code's version, the factors' versions, and by board its method (SHA-256)
    and its members (digest)."""

    data: str
    code: str
    factors: Mapping[str, int] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be stored."""
        return asdict(self)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def digest_panel(panel: Panel) -> str:
    """SHA-256 of a panel's bars and facts, whatever sessions are asked of it."""
    digest = hashlib.sha256("\n".join(panel.symbols).encode())
    for name in COLUMNS:
        digest.update(np.ascontiguousarray(getattr(panel, name)).tobytes())
    for name, made in sorted(panel.figures.items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(made.values).tobytes())
        digest.update("\n".join(made.reason).encode())
    if panel.facts is not None:
        for name, column in sorted(panel.facts.values.items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(column).tobytes())
        digest.update(np.ascontiguousarray(panel.facts.known_on).tobytes())
        digest.update(np.ascontiguousarray(panel.facts.as_of).tobytes())
    return digest.hexdigest()


def digest_spells(spells: tuple[tuple[str, int, int | None], ...]) -> str:
    """SHA-256 of a board's membership."""
    return hashlib.sha256(repr(sorted(spells, key=repr)).encode()).hexdigest()
