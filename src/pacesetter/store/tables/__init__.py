"""Every table, one file a noun; importing this package fills ``metadata``."""

from pacesetter.store.tables import (
    action,
    bar,
    content,
    cycle,
    domain,
    exposure,
    fact,
    import_,
    interval,
    job,
    method,
    onboarding,
    portfolio,
    ranking,
    request_key,
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
    "exposure",
    "fact",
    "import_",
    "interval",
    "job",
    "metadata",
    "method",
    "onboarding",
    "portfolio",
    "ranking",
    "request_key",
    "symbol",
    "user",
]
