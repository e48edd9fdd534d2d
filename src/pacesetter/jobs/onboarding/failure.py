"""Why a symbol could not be brought in: a word that programs can act on, a sentence, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pacesetter.kernel.errors import (
    ConfigError,
    NetworkBlocked,
    PacesetterError,
    ProviderError,
    RateLimited,
    SimulationMismatch,
    SymbolUnavailable,
    in_short,
    may_be_told,
)

MAY_PASS = frozenset({"rate_limited", "network", "bad_reply"})  # another try may well go through
ABSENT = frozenset({"unknown_symbol", "renamed", "delisted", "no_data", "bad_prices"})
IMPORT = "import its prices: `pacesetter import prices FILE`"
AGAIN = "ask for it again later"

TOLD = {  # cause: (what is said, what mends it)
    "unknown_symbol": (
        "{by} does not know {symbol}",
        f"check the spelling, which is Yahoo's (AAPL, BRK-B, VOD.L), or {IMPORT}",
    ),
    "renamed": ("{by} calls {symbol} otherwise now", "ask for its new name"),
    "delisted": (
        "{by} has no data of {symbol}: unknown there, renamed or delisted",
        f"ask for its new name if it has one, or {IMPORT}",
    ),
    "no_data": ("{by} has no prices of {symbol} from the last three years", IMPORT),
    "rate_limited": (
        "{by} asks to slow down",
        "ask for it again in some minutes; PACESETTER_YAHOO_REQUESTS_PER_MINUTE sets the pace",
    ),
    "network": (
        "{by} cannot be reached from here",
        f"look at the connection, proxy and firewall and ask for it again, or {IMPORT}",
    ),
    "bad_reply": ("{by} answered something that is not data of {symbol}", AGAIN),
    "other_basis": (
        "the stored prices of {symbol} are adjusted otherwise than those of {by}",
        "go on with files of the stored kind, or start another --home with this provider",
    ),
    "bad_prices": (
        "every price of {symbol} that {by} gave was refused or held back",
        "`pacesetter quarantine` lists those that were held back",
    ),
    "no_provider": (
        "no prices of {symbol} are stored, and no provider is to be asked",
        f"{IMPORT}, or set PACESETTER_SOURCE",
    ),
    "no_bars_of_boxes": (
        "{symbol} is a sealed box: boxes have floor prices, not bars, so nothing is fetched",
        "`pacesetter boxes show {symbol}` tells what is known of it, `pacesetter import boxes` brings more",
    ),
    "setting": ("a setting keeps {by} from being asked", "`pacesetter doctor` and the log say which one"),
}


@dataclass(frozen=True)
class Failure:
    """``cause`` in a word, ``what`` and ``mend`` in sentences; ``wait_s``: how long the provider wants to
    be left alone; ``unexpected``: nobody has thought of it, such as a lock that took too long."""

    cause: str
    what: str
    mend: str
    wait_s: float = 0.0
    unexpected: bool = False

    @property
    def said(self) -> str:
        """Both sentences, as they are stored."""
        return f"{self.what} — {self.mend}"

    @property
    def may_pass(self) -> bool:
        """Whether another try may go through."""
        return self.unexpected or self.cause in MAY_PASS


def tell(cause: str, symbol: str, by: str, *, wait_s: float = 0.0) -> Failure:
    """A failure in words that everyone may read: no path, no address."""
    what, mend = TOLD[cause]
    return Failure(cause, what.format(symbol=symbol, by=by), mend.format(symbol=symbol), wait_s)


def cause_of(error: PacesetterError) -> str:
    """The word for what kept a provider from answering."""
    causes: dict[type[PacesetterError], str] = {
        RateLimited: "rate_limited",
        NetworkBlocked: "network",
        SymbolUnavailable: "unknown_symbol",
        ConfigError: "setting",
        SimulationMismatch: "setting",
        ProviderError: "bad_reply",
    }
    return next((causes[kind] for kind in type(error).__mro__ if kind in causes), "bad_reply")


def of_error(error: Exception) -> Failure:
    """What went wrong in our own work on it, as far as everyone may read it."""
    rest = "ask for it again; the log has the rest"
    if isinstance(error, PacesetterError):
        told = may_be_told(error)
        what, mend = (error.what, error.mend) if told else (in_short(error), rest)
        return Failure("internal", what, mend or rest)
    what = f"an unexpected error: {type(error).__name__}"
    return Failure("internal", what, f"{rest}; report it", unexpected=True)


def most_telling(failures: Sequence[Failure]) -> Failure:
    """Of what several providers said what decides: one that may pass, for then another try is worth it,
    else what the first one said."""
    return next((one for one in failures if one.may_pass), failures[0])
