"""Domains: the curated boards that every new home starts with."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from pacesetter.kernel.errors import InputError


@dataclass(frozen=True)
class SeedDomain:
    """A shipped board: its name, address-safe slug, place in lists and members."""

    name: str
    slug: str
    description: str
    position: int
    symbols: tuple[str, ...]
    names: dict[str, str]


def slugify(name: str) -> str:
    """``"AI/Tech"`` → ``"ai-tech"``."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not slug:
        raise InputError(f"{name!r} has no letter or digit", mend="give the board a name that has one")
    return slug


def load_seed_domains() -> tuple[SeedDomain, ...]:
    """The shipped boards, in their order."""
    text = files("pacesetter.market").joinpath("domains.toml").read_text("utf-8")
    return parse_domains(text)


def parse_domains(text: str) -> tuple[SeedDomain, ...]:
    """Boards from TOML: an array ``domain`` with name, description and a table of members."""
    return tuple(
        SeedDomain(
            name=entry["name"],
            slug=slugify(entry["name"]),
            description=entry["description"],
            position=position,
            symbols=tuple(entry["members"]),
            names=dict(entry["members"]),
        )
        for position, entry in enumerate(tomllib.loads(text)["domain"], start=1)
    )
