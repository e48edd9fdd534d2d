"""Symbols on their way in, on both databases: stages, true causes, tries, stops, and what needs no work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pacesetter.jobs import onboard_symbol, onboarding_worker, portfolios
from pacesetter.jobs.import_prices import import_prices
from pacesetter.jobs.onboarding import Onboarding, ask_symbols, look_at, look_through, look_up
from pacesetter.jobs.onboarding_worker import Worked, work_queue
from pacesetter.jobs.trade_portfolio import add_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import (
    BadParameter,
    ConfigError,
    InputError,
    LeaseLost,
    NetworkBlocked,
    ProviderRefused,
    RateLimited,
    StoreError,
)
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.calendar import sessions_before
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure
from pacesetter.store import onboarding as queue
from tests.jobs.home import EVENING, ask, count, with_home, write_csv

LAST = date(2025, 7, 24)
DAYS = sessions_before("XNYS", LAST, 300)


def walk(symbol: str) -> np.ndarray[Any, Any]:
    """Closes of ``DAYS``: a random walk of the symbol's own."""
    rng = np.random.default_rng([ord(c) for c in symbol])
    return np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.01, len(DAYS)))), 2)


def bars_of(symbol: str, last: date = LAST) -> pl.DataFrame:
    close = walk(symbol)
    frame = pl.DataFrame({"date": DAYS, "close": close, "volume": [1000] * len(DAYS)})
    prices = {c: pl.col("close") for c in ("open", "high", "low", "adj_close")}
    frame = frame.with_columns(symbol=pl.lit(symbol), **prices).filter(pl.col("date") <= last)
    return frame.select([pl.col(name).cast(kind) for name, kind in BAR_SCHEMA.items()])


def rows_of(symbol: str) -> list[tuple[object, ...]]:
    """The same as rows of a file."""
    return [(symbol, day, close, 1000) for day, close in zip(DAYS, walk(symbol), strict=True)]


class Shelf:
    """A provider whose answers are laid out beforehand: bars, a cause, or an error; else bars of anything."""

    def __init__(self, name: str = "yahoo", **answers: Any) -> None:
        self.name, self.answers, self.asked = name, answers, list[FetchRequest]()

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        self.asked.append(request)
        (symbol,) = request.symbols
        answer = self.answers.get(symbol.replace("-", "_"), bars_of(symbol))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            none = pl.DataFrame(schema=BAR_SCHEMA)
            failures = [SymbolFailure(symbol, answer, "/secret/path")] if answer else []  # type: ignore[arg-type]
            return FetchResult(none, self.name, clock.now(), failures=failures)
        bars = answer.filter(pl.col("date").is_between(request.first, request.last))
        return FetchResult(bars, self.name, clock.now())


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """A home whose queue waits for nobody; nothing is computed, and portfolios are noted."""
    monkeypatch.setattr(onboarding_worker, "BACK_OFF_S", (0.0, 0.0))
    monkeypatch.setattr(onboarding_worker, "LOOK_EVERY_S", 0.02)
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work: with_home(tmp_path / "home", work, url=url)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Without measuring; the symbols that portfolios were told of."""
    told: list[str] = []

    async def nothing(_ws: Any, _symbol: str) -> None:
        await asyncio.sleep(0)

    async def tell(_ws: Any, symbol: str) -> None:
        told.append(symbol)

    monkeypatch.setattr(onboard_symbol, "measure", nothing)
    monkeypatch.setattr(onboard_symbol, "tell_portfolios", tell)
    return told


def offer(monkeypatch: pytest.MonkeyPatch, *chain: Any) -> None:
    monkeypatch.setattr(onboarding_worker, "choose_providers", lambda _ws: list(chain))


async def work_off(ws: Workspace, **more: Any) -> Worked:
    return await work_queue(ws, asyncio.Event(), idle_s=0.1, **more)


async def bring(ws: Workspace, symbol: str) -> Onboarding:
    (job,) = await ask_symbols(ws, [symbol], by="ann")
    await work_off(ws)
    return await look_up(ws, job.id)


def test_a_symbol_comes_in(home, plain, monkeypatch) -> None:
    shelf = Shelf()
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        (asked,) = await ask_symbols(ws, ["zzz.b"], by="ann", priority="high")
        assert (asked.symbol, asked.status, asked.stage, asked.priority) == (
            "ZZZ-B",
            "pending",
            "queued",
            "high",
        )
        assert [stage.done for stage in asked.stages] == [False] * 4 and asked.eta_s is None
        assert (asked.requested_by, asked.joined, asked.requested_at) == (("ann",), False, EVENING)
        assert vars(await work_off(ws)) == {"completed": 1, "failed": 0, "put_off": 0, "lost": 0}
        done = await look_up(ws, asked.id)
        assert (done.status, done.stage, done.attempts, done.cause) == ("completed", "done", 1, None)
        assert [stage.done for stage in done.stages] == [True] * 4 and done.completed_at == EVENING
        assert await ask(
            ws, "SELECT asset_type, added_source, basis FROM symbol_universe WHERE symbol='ZZZ-B'"
        ) == [("equity", "onboarding", "split")]
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ-B'") == len(DAYS)
        assert shelf.asked[0].first == LAST - timedelta(days=3 * 366) and shelf.asked[0].last == LAST
        assert plain == ["ZZZ-B"]

    home(work)


KINDS = {"VFIAX": "fund", "QQQ": "etf", "^VIX": "index", "ABCX": "equity"}


def test_what_kind_of_thing_it_is(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, list(KINDS), by="ann")
        assert (await work_off(ws)).completed == len(KINDS)
        rows = await ask(
            ws, "SELECT symbol, asset_type FROM symbol_universe WHERE added_source = 'onboarding'"
        )
        assert dict(rows) == KINDS

    home(work)


FINAL = {  # what the provider says: the cause, and words of both sentences
    "unknown_symbol": ("unknown_symbol", "does not know", "spelling"),
    "delisted": ("delisted", "no data", "new name"),
    "renamed": ("renamed", "calls", "new name"),
    "no_data": ("no_data", "no prices", "pacesetter import prices"),
    "": ("no_data", "no prices", "pacesetter import prices"),
    "other_basis": ("other_basis", "adjusted otherwise", "--home"),
}


def test_a_final_cause_fails_at_once(home, plain, monkeypatch) -> None:
    answers = {f"Z{n}": answer for n, answer in enumerate(FINAL)}
    shelf = Shelf(**answers)
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        first = await ask_symbols(ws, list(answers), by="ann")
        assert (await work_off(ws)).failed == len(FINAL)
        for job in await look_at(ws, [job.id for job in first]):
            cause, what, mend = FINAL[answers[job.symbol]]
            assert (job.status, job.cause, job.attempts, job.stage) == ("failed", cause, 1, "prices")
            assert what in str(job.error) and mend in str(job.mend) and "/secret" not in f"{job}"
            followed = await count(ws, "symbol_universe", f"symbol = '{job.symbol}' AND is_active")
            assert followed == (cause == "other_basis")  # nobody asks every day for what is not there
        assert len(shelf.asked) == len(FINAL) and plain == list(answers)
        shelf.answers.clear()
        again = await ask_symbols(ws, list(answers), by="ann")  # asking again tries again
        assert (await work_off(ws)).completed == len(FINAL)
        assert not {job.id for job in again} & {job.id for job in first}
        assert await count(ws, "symbol_universe", "symbol IN ('Z0', 'Z5') AND is_active") == 2

    home(work)


PASSING = {
    "A": (RateLimited("slow", where="10.0.0.7"), "rate_limited"),
    "B": (NetworkBlocked("blocked", where="10.0.0.7"), "network"),
    "C": ("network", "network"),
    "D": (ProviderRefused("a page", where="10.0.0.7"), "bad_reply"),
}


def test_a_cause_that_may_pass_is_tried_three_times(home, plain, monkeypatch) -> None:
    shelf = Shelf(**{symbol: answer for symbol, (answer, _) in PASSING.items()})
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        jobs = await ask_symbols(ws, list(PASSING), by="ann")
        assert vars(await work_off(ws)) == {"completed": 0, "failed": 4, "put_off": 8, "lost": 0}
        for job in await look_at(ws, [job.id for job in jobs]):
            assert (job.status, job.cause, job.attempts) == ("failed", PASSING[job.symbol][1], 3)
            assert job.error and job.mend and "10.0.0.7" not in f"{job}"
        assert len(shelf.asked) == 12
        followed = "symbol IN ('A', 'B', 'C', 'D') AND is_active"
        assert await count(ws, "symbol_universe", followed) == 4  # the next cycle asks for them, too

    home(work)


def test_a_cause_that_has_passed_is_forgotten(home, plain, monkeypatch) -> None:
    shelf = Shelf(ZZZ=RateLimited("slow", retry_after_s=0.2))
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        assert (await work_queue(ws, asyncio.Event(), idle_s=0.0)).put_off == 1
        waits = await look_up(ws, job.id)
        assert (waits.status, waits.cause, waits.attempts) == ("pending", "rate_limited", 1)
        assert "slow down" in str(waits.error)
        shelf.answers.clear()
        assert (await work_queue(ws, asyncio.Event(), only=[job.id])).completed == 1
        done = await look_up(ws, job.id)
        assert (done.status, done.cause, done.error, done.attempts) == ("completed", None, None, 2)

    home(work)


def test_the_next_provider_is_asked_and_the_cause_that_may_pass_tells(home, plain, monkeypatch) -> None:
    first, second = (
        Shelf("yahoo", ZZZ="no_data", YYY="unknown_symbol"),
        Shelf("files", YYY=NetworkBlocked("x")),
    )
    offer(monkeypatch, first, second)

    async def work(ws: Workspace) -> None:
        assert (await bring(ws, "ZZZ")).status == "completed" and len(second.asked) == 1
        failed = await bring(ws, "YYY")
        assert (failed.cause, failed.attempts) == ("network", 3)

    home(work)


def test_bad_prices_are_named_as_such(home, plain, monkeypatch) -> None:
    bad = bars_of("ZZZ").with_columns(close=pl.lit(-1.0))
    offer(monkeypatch, Shelf(ZZZ=bad))

    async def work(ws: Workspace) -> None:
        failed = await bring(ws, "ZZZ")
        assert (failed.cause, failed.attempts) == ("bad_prices", 1)

    home(work)


def test_without_a_provider_imported_prices_do(home, plain, monkeypatch, tmp_path: Path) -> None:
    offer(monkeypatch)

    async def work(ws: Workspace) -> None:
        failed = await bring(ws, "ZZZ")
        assert (failed.status, failed.cause) == ("failed", "no_provider")
        assert "pacesetter import prices" in str(failed.mend)
        await import_prices(ws, write_csv(tmp_path / "p.csv", rows_of("ZZZ")))
        assert (await bring(ws, "ZZZ")).status == "completed"

    home(work)


def test_stored_prices_stand_where_the_provider_is_down(home, plain, monkeypatch, tmp_path: Path) -> None:
    shelf = Shelf(ZZZ=NetworkBlocked("x"), YYY="delisted")
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        old = [row for symbol in ("ZZZ", "YYY") for row in rows_of(symbol)[-40:-3]]
        await import_prices(ws, write_csv(tmp_path / "p.csv", old))
        assert [(await bring(ws, symbol)).status for symbol in ("ZZZ", "YYY")] == ["completed"] * 2
        assert shelf.asked[0].first == DAYS[-4] - timedelta(days=7)  # only what is missing

    home(work)


def test_a_setting_that_is_wrong_is_told_and_stored_prices_stand(
    home, plain, monkeypatch, tmp_path: Path
) -> None:
    def wrong(_ws: Any) -> Any:
        raise ConfigError("/secret/folder is not there")

    monkeypatch.setattr(onboarding_worker, "choose_providers", wrong)

    async def work(ws: Workspace) -> None:
        failed = await bring(ws, "ZZZ")
        assert (failed.cause, failed.attempts) == ("setting", 1) and "/secret" not in f"{failed}"
        await import_prices(ws, write_csv(tmp_path / "p.csv", rows_of("YYY")))
        assert (await bring(ws, "YYY")).status == "completed"

    home(work)


def test_a_symbol_that_fell_silent_keeps_its_history_and_is_not_followed(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf(ZZZ=bars_of("ZZZ", date(2025, 3, 3))))

    async def work(ws: Workspace) -> None:
        assert (await bring(ws, "ZZZ")).status == "completed"
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") > 150
        assert await count(ws, "symbol_universe", "symbol = 'ZZZ' AND NOT is_active") == 1

    home(work)


OURS = {
    "A": (InputError("no session", mend="import"), "no session", 1),
    "B": (StoreError("s3cret"), "The database cannot do that.", 1),
    "C": (KeyError("s3cret"), "an unexpected error: KeyError", 3),
}


def test_what_goes_wrong_in_our_own_work_is_told(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def fail(_ws: Any, symbol: str) -> None:
        raise OURS[symbol][0]

    monkeypatch.setattr(onboard_symbol, "measure", fail)

    async def work(ws: Workspace) -> None:
        for symbol, (_, what, tries) in OURS.items():
            failed = await bring(ws, symbol)
            assert (failed.status, failed.cause, failed.error) == ("failed", "internal", what)
            assert failed.attempts == tries
            assert failed.stage == "exposures" and failed.mend and "s3cret" not in f"{failed}"
            assert [stage.done for stage in failed.stages] == [True, True, False, False]

    home(work)


def test_a_portfolio_that_cannot_be_refreshed_says_nothing_against_the_symbol(home, monkeypatch) -> None:
    from pacesetter.jobs import refresh_portfolios

    asked = []

    async def fail(_ws: Any, *, holding: Any) -> None:
        asked.append(holding)
        raise [StoreError("x"), ValueError("x")][len(asked) - 1]

    async def nothing(*_: Any) -> None: ...

    monkeypatch.setattr(onboard_symbol, "measure", nothing)
    monkeypatch.setattr(refresh_portfolios, "refresh_portfolios", fail)
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        assert [(await bring(ws, s)).status for s in ("YYY", "ZZZ")] == ["completed"] * 2
        assert asked == [{"YYY"}, {"ZZZ"}]

    home(work)


def test_bad_symbols_are_all_named_and_nothing_is_queued(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadParameter, match=r"2 of 3 cannot be symbols: '!!', 'A B C'"):
            await ask_symbols(ws, ["NVDA", "!!", "A B C"], by="ann")
        with pytest.raises(BadParameter, match="no symbol is named"):
            await ask_symbols(ws, [], by="ann")
        assert await count(ws, "symbol_onboarding_queue") == 0

    home(work)


def test_answers_come_in_the_order_asked_and_joining_shows(home) -> None:
    async def work(ws: Workspace) -> None:
        first = await ask_symbols(ws, ["BBB", "AAA", "bbb"], by="ann")
        assert [job.symbol for job in first] == ["BBB", "AAA"] and not any(job.joined for job in first)
        second = await ask_symbols(ws, ["CCC", "AAA"], by="ben", priority="high")
        assert [(job.symbol, job.joined) for job in second] == [("CCC", False), ("AAA", True)]
        assert second[1].id == first[1].id and second[1].requested_by == ("ann", "ben")
        assert [job.symbol for job in await look_at(ws, [second[0].id, first[0].id])] == ["CCC", "BBB"]
        page, total = await look_through(ws, status="pending", limit=2)
        assert [job.symbol for job in page] == ["CCC", "AAA"] and total == 3

    home(work)


def test_a_known_fresh_and_measured_symbol_needs_no_work(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf(OLD=bars_of("OLD", DAYS[-2])))

    async def work(ws: Workspace) -> None:
        for symbol in ("NEW", "OLD", "RAW"):
            await bring(ws, symbol)
        async with ws.db.write() as conn:
            for symbol in ("NEW", "OLD"):
                await conn.exec_driver_sql(
                    "INSERT INTO symbol_daily_metrics (symbol, metric_date, data_quality, quality_notes, "
                    f"data_revision, computed_at) VALUES ('{symbol}', '{LAST}', 100, '[]', 1, '{EVENING:%F}')"
                )
            values = f"('FORMER', '2020-01-01', 'NEW', '{LAST}')"
            await conn.exec_driver_sql(
                f"INSERT INTO symbol_aliases (alias, valid_from, symbol, valid_to) VALUES {values}"
            )
        done = await ask_symbols(ws, ["NEW", "former", "OLD", "RAW"], by="ben")
        assert [(job.symbol, job.status) for job in done] == [
            ("NEW", "completed"),  # and FORMER is what it was called once
            ("OLD", "pending"),  # its prices are of the day before
            ("RAW", "pending"),  # it was never measured
        ]
        assert (await ask_symbols(ws, ["NEW"], by="cid"))[0].id == done[0].id

    home(work)


def test_how_long_it_takes_is_told_from_the_last_ones(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def slow(ws: Workspace, job: Any, _chain: Any) -> None:
        ws.clock.advance(timedelta(seconds=10))  # type: ignore[attr-defined]

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["AAA", "BBB"], by="ann")
        await work_off(ws, work=slow)
        jobs = await ask_symbols(ws, ["CCC", "DDD"], by="ann")
        (urgent,) = await ask_symbols(ws, ["EEE"], by="ann", priority="high")
        assert urgent.eta_s == 10
        assert sorted(int(job.eta_s or 0) for job in await look_at(ws, [job.id for job in jobs])) == [20, 30]
        async with ws.db.write(content=False) as conn:
            taken = await queue.take_next(conn, owner="x", lease_s=60, at=ws.now())
            assert taken is not None
            await queue.advance(conn, taken, "exposures")
        (working,) = await look_at(ws, [taken.id])
        assert (working.symbol, working.stage, working.eta_s) == ("EEE", "exposures", 5)

    home(work)


def test_a_worker_that_stops_gives_back_and_the_next_goes_on(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        stop, reached = asyncio.Event(), asyncio.Event()

        async def hang(_ws: Any, _symbol: str) -> None:
            reached.set()
            await asyncio.sleep(3600)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(onboard_symbol, "measure", hang)
            working = asyncio.create_task(work_queue(ws, stop))
            await asyncio.wait_for(reached.wait(), 60)
            stop.set()
            assert (await asyncio.wait_for(working, 60)).completed == 0
            given = await look_up(ws, job.id)
            assert (given.status, given.stage, given.attempts) == ("pending", "queued", 0)
            reached.clear()
            working = asyncio.create_task(work_queue(ws, asyncio.Event()))
            await asyncio.wait_for(reached.wait(), 60)
            working.cancel()  # Ctrl-C
            with pytest.raises(asyncio.CancelledError):
                await working
            assert (await look_up(ws, job.id)).attempts == 0
        assert (await work_off(ws)).completed == 1
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == len(DAYS)

    home(work)


def test_who_lost_a_symbol_stores_none_of_its_prices(home, plain, monkeypatch) -> None:
    """The provider answers so late that the lease is over and another process has the symbol."""
    late = Shelf()
    offer(monkeypatch, late)

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["ZZZ"], by="ann")
        async with ws.db.write(content=False) as conn:
            dead = await queue.take_next(conn, owner="x", lease_s=-1.0, at=ws.now())
        async with ws.db.write(content=False) as conn:
            heir = await queue.take_next(conn, owner="y", lease_s=60.0, at=ws.now())
        assert dead is not None and heir is not None and heir.fence == dead.fence + 1
        from pacesetter.jobs.onboard_prices import ask_in_turn

        request = FetchRequest(("ZZZ",), DAYS[0], LAST)
        await onboard_symbol.describe(ws, heir)
        with pytest.raises(LeaseLost):
            await ask_in_turn(ws, dead, [late], request)
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == 0
        assert await ask_in_turn(ws, heir, [late], request) is None
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == len(DAYS)

    home(work)


def test_a_worker_stops_working_on_what_it_lost(home, plain, monkeypatch) -> None:
    monkeypatch.setattr(onboarding_worker, "RENEW_S", 0.05)
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        reached = asyncio.Event()

        async def hang(*_: Any) -> None:
            reached.set()
            await asyncio.sleep(3600)

        stop = asyncio.Event()
        working = asyncio.create_task(work_queue(ws, stop, work=hang))
        await asyncio.wait_for(reached.wait(), 60)
        async with ws.db.write(content=False) as conn:
            await conn.exec_driver_sql("UPDATE symbol_onboarding_queue SET fence = fence + 1")
        await asyncio.sleep(0.5)
        stop.set()
        assert (await working).lost == 1
        assert (await look_up(ws, job.id)).status == "processing"  # the other one's

    home(work)


PROXIES = ("SPY", "TLT", "VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")


def test_a_symbol_that_has_come_in_is_measured(home, monkeypatch) -> None:
    """Nothing is replaced but the provider: its market beta is the slope of the same returns."""
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, [*PROXIES, "ZZZ"], by="ann")
        assert vars(await work_off(ws)) == {"completed": 9, "failed": 0, "put_off": 0, "lost": 0}
        await bring(ws, "ZZZ")
        rows = await ask(ws, "SELECT factor, beta FROM symbol_factor_exposures WHERE symbol = 'ZZZ'")
        mine, market = (walk(s)[-64:] for s in ("ZZZ", "SPY"))
        slope = np.polyfit(market[1:] / market[:-1] - 1, mine[1:] / mine[:-1] - 1, 1)[0]
        assert dict(rows)["market_beta"] == pytest.approx(slope, abs=1e-9)
        ((price, on),) = await ask(
            ws, "SELECT price, metric_date FROM symbol_daily_metrics WHERE symbol = 'ZZZ'"
        )
        assert (price, str(on)) == (walk("ZZZ")[-1], str(LAST))
        (again,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        assert again.status == "completed"  # known, fresh, measured

    home(work)


def test_a_lease_that_cannot_be_renewed_once_is_not_lost(home, plain, monkeypatch) -> None:
    monkeypatch.setattr(onboarding_worker, "RENEW_S", 0.05)
    offer(monkeypatch, Shelf())
    renew, tried = queue.renew, []

    async def busy(conn: Any, job: Any) -> None:
        tried.append(job)
        if len(tried) == 1:
            raise ValueError("the lock took too long")
        await renew(conn, job)

    async def slow(*_: Any) -> None:
        while len(tried) < 3:
            await asyncio.sleep(0.01)

    monkeypatch.setattr(queue, "renew", busy)

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["ZZZ"], by="ann")
        assert vars(await work_off(ws, work=slow)) == {"completed": 1, "failed": 0, "put_off": 0, "lost": 0}

    home(work)


def test_a_portfolio_that_waits_completes_by_itself(home, monkeypatch) -> None:
    offer(monkeypatch, Shelf(GONE="delisted"))

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["SPY"], by="ann")
        await work_off(ws)
        made = await portfolios.create_portfolio(ws, "Mine", user_id=None)
        bought: dict[str, Any] = {"action": "buy", "traded_on": DAYS[-20], "price": Decimal(100)}
        for symbol in ("SPY", "VFIAX", "GONE"):
            await add_trade(ws, made.id, symbol=symbol, quantity=Decimal(10), **bought)
        waits = await portfolios.look_up(ws, made.id)
        assert waits.state == "partial" and left_out(waits) == {"VFIAX": "pending", "GONE": "pending"}
        assert vars(await work_off(ws)) == {"completed": 1, "failed": 1, "put_off": 0, "lost": 0}
        done = await portfolios.look_up(ws, made.id)
        assert left_out(done) == {"GONE": "failed"} and done.n_holdings == 2
        assert done.nav == pytest.approx(10 * (walk("SPY")[-1] + walk("VFIAX")[-1]), abs=1e-6)
        assert await ask(ws, "SELECT asset_type FROM symbol_universe WHERE symbol = 'VFIAX'") == [("fund",)]

    home(work)


def left_out(view: portfolios.PortfolioView) -> dict[str, str]:
    return {one["symbol"]: one["reason"] for one in view.left_out}
