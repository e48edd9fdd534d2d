"""A method: which factors count how much, and how values become ranks; a versioned TOML."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pacesetter.factors.base import Kind, factors
from pacesetter.kernel.errors import BadMethod, InputError, PacesetterError, unknown
from pacesetter.market.symbol import BOX

Normalise = Literal["robust_z", "domain_z", "measure"]
Score = Literal["percentile", "min_max"]
CHOICES = {"normalise": ("robust_z", "domain_z", "measure"), "score": ("percentile", "min_max")}
KEYS = ("name", "version", "title", "normalise", "score", "coverage_min", "clip", "factor")
FACTOR_KEYS = ("name", "uses", "weight", "relative_to")


@dataclass(frozen=True)
class WeightedFactor:
    """A factor in a method: shown as ``name``, computed by the registered factor ``uses``.

    ``relative_to = "board_median"`` subtracts the median of the board's values of the date.
    """

    name: str
    uses: str
    weight: float
    relative_to: Literal["board_median"] | None = None


@dataclass(frozen=True)
class Method:
    """A ranking method. ``coverage_min``: the share of weight that must be present; ``clip``:
    z (``robust_z``) or values in standard deviations (``domain_z``) are cut at ± this; a
    ``measure`` is one factor as it is, compared with nothing and cut nowhere."""

    name: str
    version: int
    title: str
    factors: tuple[WeightedFactor, ...]
    normalise: Normalise = "robust_z"
    score: Score = "percentile"
    coverage_min: float = 0.6
    clip: float = 3.0

    @property
    def of(self) -> Kind:
        """What its factors are values of: bars or boxes."""
        return factors.get(self.factors[0].uses).of

    @property
    def weights(self) -> dict[str, float]:
        """Weight by shown name."""
        return {one.name: one.weight for one in self.factors}

    def canonical(self) -> str:
        """The content in one fixed spelling (JSON, sorted keys)."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """Hash of the canonical content."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def check_kind(method: Method, asset_type: str, board: str) -> None:
    """``InputError`` where a method cannot rank a kind of symbols: boxes have no bars, others no measures."""
    if (method.of == "boxes") != (asset_type == BOX):
        kind = "boxes" if method.of == "boxes" else "what an exchange trades"
        raise InputError(
            f"the method {method.name!r} ranks {kind}",
            where=board,
            mend="choose a method of the board's kind",
        )


def restore_method(definition: Mapping[str, Any]) -> Method:
    """The method whose ``canonical`` content was stored."""
    parts = tuple(WeightedFactor(**part) for part in definition["factors"])
    return Method(**{**definition, "factors": parts})


def write_method(method: Method) -> str:
    """The method as TOML, which ``parse_method`` reads back as the same."""
    lines = [
        f"name = {json.dumps(method.name)}",
        f"version = {method.version}",
        f"title = {json.dumps(method.title)}",
        f"normalise = {json.dumps(method.normalise)}",
        f"score = {json.dumps(method.score)}",
        f"coverage_min = {method.coverage_min!r}",
        f"clip = {method.clip!r}",
    ]
    for part in method.factors:
        lines += ["", "[[factor]]", f"name = {json.dumps(part.name)}"]
        if part.uses != part.name:
            lines.append(f"uses = {json.dumps(part.uses)}")
        lines.append(f"weight = {part.weight!r}")
        if part.relative_to:
            lines.append(f"relative_to = {json.dumps(part.relative_to)}")
    return "\n".join(lines) + "\n"


def shipped_names() -> list[str]:
    """Names of the methods that come with the product."""
    folder = files("pacesetter.ranking").joinpath("methods")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


@cache
def load_shipped(name: str) -> Method:
    """A shipped method by its name."""
    if name not in shipped_names():
        raise unknown("method", name, shipped_names(), mend="")
    text = files("pacesetter.ranking").joinpath("methods", f"{name}.toml").read_text("utf-8")
    return parse_method(text, where=f"{name}.toml")


def parse_method(text: str, *, where: str = "method") -> Method:
    """Read a method from TOML. ``BadMethod`` says which key is wrong and how to mend it."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMethod(f"that is no TOML: {error}", where=where, mend="see the shipped core.toml") from None
    refuse_unknown_keys(given, KEYS, where)
    for key in ("name", "version", "factor"):
        if key not in given:
            raise BadMethod(f"the key {key!r} is missing", where=where, mend="see the shipped core.toml")
    if not isinstance(given["factor"], list):
        raise BadMethod("'factor' is no list", where=where, mend="write each factor under [[factor]]")
    for key, allowed in CHOICES.items():
        if given.get(key, allowed[0]) not in allowed:
            raise BadMethod(f"{key} = {given[key]!r}", where=where, mend=f"use one of {', '.join(allowed)}")
    parts = tuple(parse_factor(entry, f"{where}, factor {i}") for i, entry in enumerate(given["factor"], 1))
    method = Method(
        name=str(given["name"]),
        version=number(given, "version", where, at_least=1, whole=True),
        title=str(given.get("title", given["name"])),
        factors=parts,
        normalise=given.get("normalise", "robust_z"),
        score=given.get("score", "percentile"),
        coverage_min=number(given, "coverage_min", where, default=0.6, at_most=1.0),
        clip=number(given, "clip", where, default=3.0),
    )
    check_weights(method, where)
    return method


def parse_factor(entry: Any, where: str) -> WeightedFactor:
    """One ``[[factor]]`` of a method."""
    if not isinstance(entry, dict) or "name" not in entry or "weight" not in entry:
        raise BadMethod("a factor needs a name and a weight", where=where, mend="see the shipped core.toml")
    refuse_unknown_keys(entry, FACTOR_KEYS, where)
    uses = str(entry.get("uses", entry["name"]))
    try:
        factors.get(uses)
    except PacesetterError as error:
        raise BadMethod(str(error), where=where, mend="`pacesetter methods --factors` lists them") from None
    if entry.get("relative_to") not in (None, "board_median"):
        raise BadMethod(
            f"relative_to = {entry['relative_to']!r}", where=where, mend='use "board_median" or nothing'
        )
    weight = number(entry, "weight", where)
    return WeightedFactor(str(entry["name"]), uses, weight, entry.get("relative_to"))


def refuse_unknown_keys(given: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    """A misspelt key must not pass for a default."""
    for key in given:
        if key not in known:
            raise BadMethod(f"nobody knows the key {key!r}", where=where, mend=f"known: {', '.join(known)}")


def number(
    given: dict[str, Any],
    key: str,
    where: str,
    *,
    default: float | None = None,
    at_least: float = 0.0,
    at_most: float = math.inf,
    whole: bool = False,
) -> Any:
    """A finite number within bounds."""
    value = given.get(key, default)
    kinds = (int,) if whole else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool) or not math.isfinite(value):
        raise BadMethod(f"{key} = {value!r} is no {'whole ' if whole else ''}number", where=where)
    if not at_least <= value <= at_most:
        raise BadMethod(f"{key} = {value}", where=where, mend=f"keep it from {at_least} to {at_most}")
    return value if whole else float(value)


def check_weights(method: Method, where: str) -> None:
    """Names differ and weights add up to one."""
    names = [one.name for one in method.factors]
    if not names:
        raise BadMethod("a method needs at least one factor", where=where, mend="add a [[factor]]")
    if method.normalise == "measure" and len(names) > 1:
        raise BadMethod(
            "a measure is one factor as it is: sums of unlike units mean nothing",
            where=where,
            mend='keep one [[factor]], or normalise = "robust_z"',
        )
    kinds = {factors.get(one.uses).of for one in method.factors}
    if len(kinds) > 1:
        raise BadMethod(
            "it mixes factors of prices and measures of boxes", where=where, mend="keep one of the two kinds"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadMethod(f"the factor {twice[0]!r} stands twice", where=where, mend="name each once")
    total = math.fsum(one.weight for one in method.factors)
    if abs(total - 1.0) > 1e-9:
        raise BadMethod(f"the weights add up to {total:g}", where=where, mend="make them add up to 1")
