"""The language model that the settings name: what is set, what it took, and one request as a trial."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pacesetter.jobs.night.tell_opinions import make_model
from pacesetter.kernel.errors import ConfigError, PacesetterError, ProviderRefused
from pacesetter.providers.llm import Unanswered, estimate_tokens
from pacesetter.providers.llm_answer import read_answer, tokens_of
from pacesetter.providers.llm_record import LlmRecord, Use, digest
from pacesetter.research.claim import StoredValue, check_claims
from pacesetter.research.fact_word import load_vocabulary
from pacesetter.settings import Settings, shown
from pacesetter.store.database.home import Home

TRIAL = "try"
SAMPLE = {"technical.rsi_14": StoredValue(64.2), "factor.trailing_pe": StoredValue(12.5, "x")}
ASKED = (
    "You have no tools. A share has a P/E of 12.5 and an RSI of 64.2; fixed rules recommend BUY. Say in "
    "plain English why, in three sentences (thesis), and what would change the view in one (would_change). "
    'Name each fact beside its number. Answer with JSON only: {"thesis": "…", "would_change": "…"}'
)


@dataclass(frozen=True)
class NightUse:
    """What a night took, or all trials of a kind; ``cost`` is None where no price is set."""

    night: str
    calls: int
    failed: int
    tokens: int
    cost: float | None


@dataclass(frozen=True)
class ModelState:
    """What is set, without the key, and what the last nights took, the newest first."""

    configured: bool
    mode: str
    url: str | None
    model: str | None
    key_set: bool
    budget_per_night: int
    price_per_million_tokens: float | None
    timeout_seconds: float
    recorded_answers: int
    nights: tuple[NightUse, ...]


@dataclass(frozen=True)
class Trial:
    """One answer: the text after the claim check, in what form it came, and what it took."""

    model: str
    style: str
    thesis: str
    would_change: str
    ignored: tuple[str, ...]
    estimated: int
    tokens: int
    cost: float | None


def cost_of(tokens: int, settings: Settings) -> float | None:
    """The price of so many tokens, where one is set."""
    price = settings.llm_price_per_million_tokens
    return None if price is None else tokens * price / 1e6


def describe_model(settings: Settings, home: Home, *, nights: int = 10) -> ModelState:
    """What is set and what was used; nothing secret is in it."""
    record = LlmRecord(home.llm)
    by_night: dict[str, list[Use]] = {}
    for use in record.uses():
        by_night.setdefault(use.night, []).append(use)
    newest = sorted(by_night, reverse=True)[:nights]
    replay = settings.llm_mode == "replay"
    return ModelState(
        configured=bool(settings.llm_model and (settings.llm_url or replay)) and settings.llm_mode != "off",
        mode=settings.llm_mode,
        url=shown("llm_url", settings.llm_url),
        model=settings.llm_model,
        key_set=bool(settings.llm_key and settings.llm_key.get_secret_value()),
        budget_per_night=settings.llm_budget_per_night,
        price_per_million_tokens=settings.llm_price_per_million_tokens,
        timeout_seconds=settings.llm_timeout_seconds,
        recorded_answers=record.count(),
        nights=tuple(sum_uses(night, by_night[night], settings) for night in newest),
    )


def sum_uses(night: str, uses: Sequence[Use], settings: Settings) -> NightUse:
    """One night's calls together."""
    tokens = sum(one.charged for one in uses)
    failed = sum(bool(one.problem) for one in uses)
    return NightUse(night, len(uses), failed, tokens, cost_of(tokens, settings))


async def try_model(settings: Settings, home: Home, at: datetime) -> Trial:
    """Ask once about invented figures, whatever the mode; ``ConfigError`` in words where that fails."""
    model = make_model(settings)
    request: dict[str, Any] = {
        "model": model.name,
        "messages": [{"role": "user", "content": ASKED}],
        "temperature": 0,
        "max_tokens": 400,
    }
    estimated = estimate_tokens(request)
    if estimated > settings.llm_budget_per_night:
        raise ConfigError(
            f"one request may take {estimated} tokens, and the budget is {settings.llm_budget_per_night}",
            mend="raise PACESETTER_LLM_BUDGET_PER_NIGHT",
        )
    note = LlmRecord(home.llm).note
    when = at.isoformat(timespec="seconds")
    try:
        body = await asyncio.to_thread(model.ask, request)
    except Unanswered as error:
        note(Use(TRIAL, when, digest(request), estimated, estimated if error.sent else 0, error.what))
        raise failed(error, model.host) from None
    tokens = tokens_of(body) or estimated
    note(Use(TRIAL, when, digest(request), estimated, tokens))
    try:
        answer = read_answer(body)
    except ProviderRefused as error:
        raise failed(error, model.host) from None
    words = load_vocabulary()
    thesis = check_claims(answer.thesis, SAMPLE, words=words).text
    would_change = check_claims(answer.would_change, SAMPLE, words=words).text
    cost = cost_of(tokens, settings)
    return Trial(model.name, model.style, thesis, would_change, answer.ignored, estimated, tokens, cost)


def failed(error: PacesetterError, host: str) -> ConfigError:
    """What is said where the trial comes to nothing."""
    return ConfigError(
        f"the language model gave no text: {error.what}",
        where=host,
        mend="check PACESETTER_LLM_URL, PACESETTER_LLM_MODEL and PACESETTER_LLM_KEY",
    )
