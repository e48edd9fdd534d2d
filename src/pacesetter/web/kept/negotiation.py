"""What a client accepts: encodings, and the answers that it still has."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts(accept_encoding: bytes, coding: bytes) -> bool:
    """Whether a coding is welcome, and not less than the plain bytes (RFC 9110, 12.5.3)."""
    weights: dict[bytes, float] = {}
    for part in accept_encoding.lower().split(b","):
        name, _, parameters = part.partition(b";")
        weights[name.strip().removeprefix(b"x-")] = weight_of(parameters)
    weight = weights.get(coding, weights.get(b"*", 0.0))
    return weight > 0 and weight >= weights.get(b"identity", 0.0)


def weight_of(parameters: bytes) -> float:
    """The ``q`` of a list item; 1 without one, 0 for one that cannot be read."""
    for parameter in parameters.split(b";"):
        name, sign, value = parameter.partition(b"=")
        if sign and name.strip() == b"q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def still_has(if_none_match: bytes, etag: bytes) -> bool:
    """Whether the client holds these bytes; compared weakly, as RFC 9110 (13.1.2) wants it."""
    if if_none_match == etag:
        return True
    tags = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
    return etag in tags or tags == [b"*"]
