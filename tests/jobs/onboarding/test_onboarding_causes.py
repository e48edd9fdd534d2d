"""Symbols that do not come in, on both databases: the true causes, and what is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.onboarding import onboard_symbol
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.runner.onboarding_worker import work_queue
from pacesetter.jobs.symbols.ask_symbols import ask_symbols, look_at, look_up
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import (
    ConfigError,
    InputError,
    NetworkBlocked,
    ProviderRefused,
    RateLimited,
    StoreError,
)
from tests.jobs.home import count, write_csv
from tests.jobs.onboarding.onboarding_home import (
    DAYS,
    Shelf,
    bars_of,
    bring,
    offer,
    open_home,
    rows_of,
    with_source,
    without_measuring,
    work_off,
)


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    return open_home(tmp_path / "home", database_url, monkeypatch)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return without_measuring(monkeypatch)


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
        ws = with_source(ws, "none")
        waits = await bring(ws, "ZZZ")
        assert (waits.status, waits.cause, waits.attempts, waits.eta_s) == ("pending", "no_provider", 0, None)
        assert waits.waits and "pacesetter import prices" in str(waits.mend)
        await work_off(ws, only=[waits.id])  # nobody waits for what does not begin
        assert not await onboarding_worker.there_is_work(ws)
        (found,) = [one for one in await diagnose(ws) if "waiting for a source" in one.what]
        assert "ZZZ" in found.what and found.level == "warn"
        await import_prices(ws, write_csv(tmp_path / "p.csv", rows_of("ZZZ")))
        assert await onboarding_worker.there_is_work(ws)
        assert vars(await work_off(ws))["completed"] == 1
        done = await look_up(ws, waits.id)
        assert (done.status, done.cause, done.error) == ("completed", None, None)

    home(work)


def test_what_waited_is_begun_where_there_is_a_source(home, plain, monkeypatch, caplog) -> None:
    async def work(ws: Workspace) -> None:
        offer(monkeypatch)
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        assert (job.cause, job.waits) == (None, False)
        await work_off(ws)  # a worker without a source says it for those who asked elsewhere
        await work_off(ws)
        assert (await look_up(ws, job.id)).waits and caplog.text.count("ZZZ: no prices") == 1
        offer(monkeypatch, Shelf())
        await work_off(ws)
        done = await look_up(ws, job.id)
        assert (done.status, done.cause, done.attempts) == ("completed", None, 1)

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
    from pacesetter.jobs.portfolios import refresh_portfolios

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
