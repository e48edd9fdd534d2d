"""A kept answer: its exact bytes plain and compressed, each with its ETag and headers."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson

Headers = list[tuple[bytes, bytes]]

VARY = b"Accept-Encoding, Accept"
CACHE_CONTROL = b"private, no-cache"  # others may keep it for one person, and ask before each use
SMALLEST_PACKED = 512  # bytes below which compressing costs more than it saves
LEVEL = 6
OWN = frozenset(
    {b"content-length", b"content-encoding", b"etag", b"vary", b"cache-control", b"age", b"date", b"server"}
)
OF_304 = frozenset({b"etag", b"vary", b"cache-control"})


@dataclass(frozen=True, slots=True)
class Variant:
    """The bytes of one encoding; ``headers`` and ``headers_304`` lack Age only."""

    etag: bytes
    body: bytes
    headers: Headers
    headers_304: Headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route said for one state of the content. Instants are seconds since 1970."""

    content_key: str
    made_at: float
    dies_at: float
    own_headers: Headers  # as the route set them
    plain: Variant
    packed: Variant | None

    @property
    def size(self) -> int:
        """Bytes in memory, nearly."""
        return len(self.plain.body) + (len(self.packed.body) if self.packed else 0) + 1024

    def variant(self, gzip: bool) -> Variant:
        """The bytes for a client, compressed if it reads that and it pays."""
        return self.packed if gzip and self.packed is not None else self.plain


def make_answer(
    content_key: str, made_at: float, ttl_s: float, headers: Sequence[tuple[bytes, bytes]], body: bytes
) -> Answer:
    """An answer from what a route said; it dies with its freshness, at the latest after ``ttl_s``."""
    own = [(name, value) for name, value in headers if name.lower() not in OWN]
    dies_at = min(made_at + ttl_s, fresh_until(own, body), next_midnight(made_at))
    packed = compress(body) if len(body) >= SMALLEST_PACKED else None
    return assemble(content_key, made_at, dies_at, own, body, packed)


def assemble(
    content_key: str, made_at: float, dies_at: float, own: Headers, body: bytes, packed: bytes | None
) -> Answer:
    """An answer from its parts; a compressed form that is not shorter is left out."""
    small = None if packed is None or len(packed) >= len(body) else packed
    gzip = None if small is None else make_variant(own, small, b"gzip")
    return Answer(content_key, made_at, dies_at, own, make_variant(own, body, None), gzip)


def make_variant(own: Headers, body: bytes, encoding: bytes | None) -> Variant:
    """Bytes with a strong ETag, the hash of exactly these bytes, and the headers that go with them."""
    etag = b'"' + blake2b(body, digest_size=16).hexdigest().encode() + b'"'
    headers = [*own, (b"content-length", b"%d" % len(body))]
    if encoding:
        headers.append((b"content-encoding", encoding))
    headers += [(b"etag", etag), (b"vary", VARY), (b"cache-control", CACHE_CONTROL)]
    return Variant(etag, body, headers, [pair for pair in headers if pair[0] in OF_304])


def compress(body: bytes) -> bytes:
    """Gzip without a time in it: the same bytes for the same body."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def fresh_until(headers: Headers, body: bytes) -> float:
    """When the body's own ``fresh_until`` is; never for a body without one."""
    if not any(name == b"content-type" and b"json" in value for name, value in headers):
        return float("inf")
    try:
        said = orjson.loads(body).get("fresh_until")
        return datetime.fromisoformat(said).timestamp() if said else float("inf")
    except (AttributeError, TypeError, ValueError):
        return float("inf")


def next_midnight(at: float) -> float:
    """The next UTC midnight: what holds "today" may be another answer then."""
    day = datetime.fromtimestamp(at, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()


def may_keep(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether an answer may be kept at all: a plain success that nobody called private."""
    said = {name.lower(): value.lower() for name, value in headers}
    control = said.get(b"cache-control", b"")
    forbidden = b"set-cookie" in said or b"content-encoding" in said or b"*" in said.get(b"vary", b"")
    return status == 200 and not forbidden and b"no-store" not in control and b"private" not in control


def pack(answer: Answer) -> bytes:
    """An answer as bytes for another process."""
    packed = answer.packed.body if answer.packed else b""
    head: dict[str, Any] = {
        "content": answer.content_key,
        "made_at": answer.made_at,
        "dies_at": answer.dies_at,
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in answer.own_headers],
        "plain": len(answer.plain.body),
        "packed": len(packed) if answer.packed else None,
    }
    return orjson.dumps(head) + b"\n" + answer.plain.body + packed


def unpack(payload: bytes) -> Answer | None:
    """The answer in such bytes; None when they are something else."""
    line, _, rest = payload.partition(b"\n")
    try:
        head = orjson.loads(line)
        plain, packed = head["plain"], head["packed"]
        if len(rest) != plain + (packed or 0):
            return None
        own = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]]
        small = None if packed is None else rest[plain:]
        return assemble(
            head["content"], float(head["made_at"]), float(head["dies_at"]), own, rest[:plain], small
        )
    except (KeyError, TypeError, ValueError, UnicodeError):
        return None
