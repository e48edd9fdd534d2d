"""Pacesetter: rank what you follow by factors that you can check.

As a library, with no database: ``ps.rank(frame, method="core")`` ranks long Polars or
pandas bars, ``ps.rank_domain({ticker: {factor: raw}})`` explains one board of raw values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pacesetter.market.panel import Panel
    from pacesetter.ranking.frame import rank
    from pacesetter.ranking.method import Method, load_shipped, parse_method
    from pacesetter.ranking.stock_score import StockScore, rank_domain

__version__ = "0.1.0"
__all__ = [
    "Method",
    "Panel",
    "StockScore",
    "__version__",
    "load_shipped",
    "parse_method",
    "rank",
    "rank_domain",
]

_HOMES = {
    "Method": "ranking.method",
    "Panel": "market.panel",
    "StockScore": "ranking.stock_score",
    "load_shipped": "ranking.method",
    "parse_method": "ranking.method",
    "rank": "ranking.frame",
    "rank_domain": "ranking.stock_score",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is asked for, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pacesetter' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"pacesetter.{_HOMES[name]}"), name)
