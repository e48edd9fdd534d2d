"""Everything that can go wrong, as one tree.

    PacesetterError                     what happened · where · how to mend it
    ├─ InputError                       the user gave something we cannot use
    │  ├─ UnknownName                   a board, method, symbol, factor or setting nobody has heard of
    │  ├─ BadDate                       not a date, or a date that cannot be asked for
    │  ├─ BadFile                       a file that is missing, unreadable or not what it should be
    │  ├─ BadMethod                     a ranking method that contradicts itself
    │  ├─ BadParameter                  a value of a request that means nothing
    │  └─ BasisMismatch                 prices on another adjustment basis than the stored ones
    ├─ ConfigError                      a setting is wrong or two settings contradict each other
    │  └─ PortInUse                     another program listens where the server should
    ├─ StoreError                       the database cannot do what was asked
    │  ├─ DatabaseUnreachable           no connection; comes back by itself when the database does
    │  ├─ SchemaMismatch                the schema is older or newer than this program
    │  ├─ SimulationMismatch            simulated data for a real database, or the reverse
    │  └─ LeaseLost                     another process took this work over; nothing was written
    ├─ ProviderError                    data from outside could not be had, with a cause to act on
    │  ├─ RateLimited                   the provider asks to slow down
    │  ├─ NetworkBlocked                the provider cannot be reached from here
    │  ├─ ProviderRefused               the provider answered something that is not data
    │  └─ SymbolUnavailable             unknown, renamed or delisted at the provider
    ├─ AccessError                      who asks may not do that
    │  ├─ NotLoggedIn                   nobody is known by what was shown: password, session, key, link
    │  ├─ NotAllowed                    known, but without the right to do that
    │  └─ TooManyAttempts               one has to wait before the next attempt to log in
    ├─ JobStopped                       a job was asked to stop, and did where nothing is left half done
    ├─ ApiError                         a running server refused what a client asked, and said why
    └─ PluginError                      something registered twice, or broken when loaded

Bad data inside a good file is a value (``Rejection``), never an exception. HTTP
status codes live in ``web/errors.py`` and exit codes in ``cli/``, nowhere else.
"""

from __future__ import annotations


class PacesetterError(Exception):
    """Something went wrong."""

    def __init__(self, what: str = "", *, where: str = "", mend: str = "") -> None:
        self.what = what or in_short(self)
        self.where = where
        self.mend = mend
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f" ({self.where})" if self.where else ""
        mend = f" — {self.mend}" if self.mend else ""
        return f"{self.what}{where}{mend}"


class InputError(PacesetterError):
    """That input cannot be used."""


class UnknownName(InputError):
    """Nobody has heard of that name."""


class BadDate(InputError):
    """That is not a date that can be asked for."""


class BadFile(InputError):
    """That file cannot be read."""


class BadMethod(InputError):
    """That ranking method contradicts itself."""


class BadParameter(InputError):
    """A value of the request means nothing here."""


class BasisMismatch(InputError):
    """These prices are on another adjustment basis than the stored ones."""


class ConfigError(PacesetterError):
    """A setting is wrong."""


class PortInUse(ConfigError):
    """Another program already listens on that port."""


class StoreError(PacesetterError):
    """The database cannot do that."""


class DatabaseUnreachable(StoreError):
    """The database cannot be reached."""


class SchemaMismatch(StoreError):
    """The database schema does not fit this version of the program."""


class SimulationMismatch(StoreError):
    """Simulated and real data never share a database."""


class LeaseLost(StoreError):
    """Another process took this work over; nothing was written."""


class ProviderError(PacesetterError):
    """The data provider gave nothing usable."""


class RateLimited(ProviderError):
    """The data provider asks to slow down."""

    def __init__(self, what: str = "", *, retry_after_s: float | None = None, **more: str) -> None:
        super().__init__(what, **more)
        self.retry_after_s = retry_after_s


class NetworkBlocked(ProviderError):
    """The data provider cannot be reached from here."""


class ProviderRefused(ProviderError):
    """The data provider answered something that is not data."""


class SymbolUnavailable(ProviderError):
    """The data provider does not have that symbol."""


class AccessError(PacesetterError):
    """Who asks may not do that."""


class NotLoggedIn(AccessError):
    """That needs somebody who is logged in."""


class NotAllowed(AccessError):
    """That needs a right which whoever asks does not have."""


class TooManyAttempts(AccessError):
    """There were too many attempts to log in."""

    def __init__(self, what: str = "", *, retry_after_s: int = 60, **more: str) -> None:
        super().__init__(what, **more)
        self.retry_after_s = retry_after_s


class JobStopped(PacesetterError):
    """The job was asked to stop."""


class ApiError(PacesetterError):
    """The server refused."""


class PluginError(PacesetterError):
    """A plug-in is registered twice or cannot be loaded."""


# what the others say may name this machine's paths and addresses, or rows of its database
FOR_EVERYONE = (InputError, AccessError, LeaseLost, SimulationMismatch)


def may_be_told(error: PacesetterError) -> bool:
    """Whether whoever asks may read all of an error; of the others ``in_short``, and the log has the rest."""
    return isinstance(error, FOR_EVERYONE)


def in_short(error: PacesetterError) -> str:
    """What kind of error it is, without anything that it happened to."""
    return (type(error).__doc__ or "").strip().splitlines()[0]


def unknown(kind: str, name: str, known: list[str], *, mend: str = "") -> UnknownName:
    """An ``UnknownName`` that offers the nearest known names, or all when there are few."""
    from difflib import get_close_matches

    by_folded = {k.casefold(): k for k in known}
    near = [by_folded[m] for m in get_close_matches(name.casefold(), list(by_folded), n=3, cutoff=0.5)]
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(sorted(known)[:20])}"
    return UnknownName(f"unknown {kind} {name!r}", mend=mend or hint)
