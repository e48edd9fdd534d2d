"""Every table, one file a noun; importing this package fills ``metadata``."""

from pacesetter.store.tables import (
    action,
    bar,
    content,
    cycle,
    domain,
    fact,
    import_,
    interval,
    method,
    ranking,
    symbol,
    user,
)
from pacesetter.store.tables.base import metadata

__all__ = [
    "action",
    "bar",
    "content",
    "cycle",
    "domain",
    "fact",
    "import_",
    "interval",
    "metadata",
    "method",
    "ranking",
    "symbol",
    "user",
]
