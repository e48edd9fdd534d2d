"""Files of prices, fundamentals and symbols, as people really have them."""

from pacesetter.providers.files.folder import FolderProvider
from pacesetter.providers.files.fundamentals import FactFile, read_fundamentals
from pacesetter.providers.files.prices import PriceFile, read_prices
from pacesetter.providers.files.symbols import SymbolFile, read_symbols

__all__ = [
    "FactFile",
    "FolderProvider",
    "PriceFile",
    "SymbolFile",
    "read_fundamentals",
    "read_prices",
    "read_symbols",
]
