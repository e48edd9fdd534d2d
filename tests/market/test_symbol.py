"""One spelling of symbols, and what the shipped lists say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.kernel.errors import InputError
from pacesetter.market.domain import load_seed_domains, parse_domains, slugify
from pacesetter.market.symbol import guess_asset_type, guess_listing, normalise_symbol


@pytest.mark.parametrize(
    ("given", "symbol"),
    [
        ("brk.b", "BRK-B"),
        ("BRK/B", "BRK-B"),
        ("BRK B", "BRK-B"),
        ("BRK-B", "BRK-B"),
        ("BF.B", "BF-B"),
        (" vod.l ", "VOD.L"),
        ("bp.L", "BP.L"),
        ("SAP.F", "SAP.F"),
        ("7203.t", "7203.T"),
        ("0700.hk", "0700.HK"),
        ("^gspc", "^GSPC"),
        ("_IRX", "_IRX"),
        ("eurusd=x", "EURUSD=X"),
        ("BTC-USD", "BTC-USD"),
    ],
)
def test_one_spelling(given: str, symbol: str) -> None:
    assert normalise_symbol(given) == symbol


@given(st.from_regex(r"[A-Za-z0-9^_ ./\-=]{1,12}", fullmatch=True))
def test_a_spelling_that_was_made_is_kept(text: str) -> None:
    try:
        symbol = normalise_symbol(text)
    except InputError:
        return
    assert normalise_symbol(symbol) == symbol == symbol.strip().upper()


@pytest.mark.parametrize("given", ["", "  ", "A B C", "no/slash", "x" * 40, "é", "A\nB", "-X", "<b>", "A;B"])
def test_what_cannot_be_a_symbol(given: str) -> None:
    with pytest.raises(InputError, match="cannot be a symbol"):
        normalise_symbol(given)


def test_kinds() -> None:
    kinds = {
        "SPY": "etf",
        "TLT": "etf",
        "AAPL": "equity",
        "BRK-B": "equity",
        "_IRX": "index",
        "^GSPC": "index",
    }
    assert {s: guess_asset_type(s)[0] for s in kinds} == kinds
    assert all(guess_asset_type(s)[1] for s in kinds)


def test_no_company_of_a_curated_board_passes_for_a_fund() -> None:
    companies = [s for seed in load_seed_domains() for s in seed.symbols]
    assert {guess_asset_type(s)[0] for s in companies} == {"equity"}


@pytest.mark.parametrize(
    ("symbol", "listing"),
    [
        ("VOD.L", ("XLON", "GBP", "GBX")),
        ("SAP.DE", ("XETR", "EUR", "EUR")),
        ("7203.T", ("XTKS", "JPY", "JPY")),
        ("AAPL", ("XNYS", "USD", "USD")),
        ("BRK-B", ("XNYS", "USD", "USD")),
        ("SAP.UNHEARD", ("XNYS", "USD", "USD")),
    ],
)
def test_listings(symbol: str, listing: tuple[str, str, str]) -> None:
    assert guess_listing(symbol) == listing


def test_the_twelve_boards_and_their_fifty_symbols() -> None:
    seeds = load_seed_domains()
    assert {seed.name: " ".join(seed.symbols) for seed in seeds} == {
        "AI/Tech": "AAPL MSFT NVDA AMD GOOGL",
        "EV": "TSLA RIVN NIO LCID",
        "Finance": "JPM GS BAC MS",
        "Healthcare": "JNJ UNH PFE ABBV",
        "Energy": "XOM CVX COP SLB",
        "Consumer": "AMZN WMT HD MCD",
        "Semiconductors": "TSM INTC QCOM AVGO",
        "Defense": "LMT RTX NOC GD",
        "Crypto/Fintech": "COIN PYPL V HOOD",
        "Industrials": "CAT DE HON UPS",
        "Media/Streaming": "NFLX DIS SPOT WBD",
        "Real Estate": "AMT PLD EQIX SPG SBAC",
    }
    assert len({s for seed in seeds for s in seed.symbols}) == 50
    assert [seed.position for seed in seeds] == list(range(1, 13))
    assert len({seed.slug for seed in seeds}) == 12
    assert all(normalise_symbol(s) == s and name for seed in seeds for s, name in seed.names.items())


@pytest.mark.parametrize(
    ("name", "slug"), [("AI/Tech", "ai-tech"), ("Real Estate", "real-estate"), ("  EV! ", "ev")]
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_name_without_a_letter_has_no_address() -> None:
    with pytest.raises(InputError, match="no letter or digit"):
        slugify("///")


def test_boards_are_read_in_their_order() -> None:
    text = '[[domain]]\nname="B b"\ndescription="x"\n[domain.members]\nZ="Zed"\nA="Ay"\n'
    (seed,) = parse_domains(text)
    assert (seed.slug, seed.symbols, seed.names["Z"], seed.position) == ("b-b", ("Z", "A"), "Zed", 1)
