"""One spelling of symbols, and what the shipped lists say."""

from __future__ import annotations

import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.market.domain import load_seed_domains, slugify
from pacesetter.market.symbol import guess_asset_type, guess_listing, normalise_symbol


@pytest.mark.parametrize(
    ("given", "symbol"),
    [
        ("brk.b", "BRK-B"),
        ("BF.B", "BF-B"),
        ("BRK-B", "BRK-B"),
        (" vod.l ", "VOD.L"),
        ("^GSPC", "^GSPC"),
        ("bp.L", "BP.L"),
    ],
)
def test_one_spelling(given, symbol) -> None:
    assert normalise_symbol(given) == symbol


@pytest.mark.parametrize("given", ["", "  ", "A B C", "no/slash", "x" * 40, "é"])
def test_what_cannot_be_a_symbol(given) -> None:
    with pytest.raises(InputError, match="cannot be a symbol"):
        normalise_symbol(given)


def test_kinds_and_listings() -> None:
    assert [guess_asset_type(s)[0] for s in ("SPY", "AAPL", "_IRX", "^GSPC")] == [
        "etf",
        "equity",
        "index",
        "index",
    ]
    assert guess_listing("VOD.L") == ("XLON", "GBP", "GBX")
    assert guess_listing("AAPL") == ("XNYS", "USD", "USD")


def test_the_twelve_boards_and_their_fifty_symbols() -> None:
    seeds = load_seed_domains()
    assert len(seeds) == 12
    assert sum(len(seed.symbols) for seed in seeds) == len({s for seed in seeds for s in seed.symbols}) == 50
    assert seeds[0].symbols == ("AAPL", "MSFT", "NVDA", "AMD", "GOOGL")
    assert [seed.slug for seed in seeds][:2] == ["ai-tech", "ev"]
    assert slugify("Media/Streaming") == "media-streaming"
