"""Texts that a language model adds to analysts' opinions. It changes nothing else, and may always fail.

The opinions are handed over to be told of, never handed back; what comes back are texts by symbol and
analyst, each claim of them checked, or the reason why there is none. Recorded answers come first, so that
the same night again reads the same without a call.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.night.tell_prompt import make_request
from pacesetter.jobs.night.tell_values import names_of, stored_values
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ConfigError, ProviderRefused
from pacesetter.providers.llm import Model, Unanswered, canonical, estimate_tokens
from pacesetter.providers.llm_answer import read_answer, tokens_of
from pacesetter.providers.llm_record import LlmRecord, Use, digest
from pacesetter.research.claim import StruckClaim, check_claims
from pacesetter.research.fact_word import load_vocabulary
from pacesetter.research.opinion import RECOMMENDATIONS, Opinion
from pacesetter.settings import Settings

Told = dict[tuple[str, str], Mapping[str, Any]]
REPLAYED_ONLY = "no answer is recorded, and none is asked for (replay)"


@dataclass
class Purse:
    """What a night may spend, in tokens; ``stopped``: why nothing more is asked."""

    budget: int
    spent: int = 0
    stopped: str = ""

    def refuse(self, estimated: int) -> str:
        """Why a request of that size is not made; empty where it may be."""
        if self.stopped:
            return self.stopped
        if self.spent + estimated > self.budget:
            left = max(0, self.budget - self.spent)
            what = f"{left} of {self.budget} tokens"
            return f"the night's budget has {what} left, and this takes up to {estimated}"
        return ""

    def charge(self, use: Use) -> None:
        """Count a call; the endpoint that takes more than was estimated is asked no more."""
        self.spent += use.charged
        if use.over:
            self.stopped = f"the endpoint took {use.charged} tokens where {use.estimated} were estimated"


@dataclass
class Teller:
    """One night's conversation. ``model`` None: recorded answers alone."""

    name: str
    model: Model | None
    record: LlmRecord
    purse: Purse
    night: str
    asked_at: str
    ends_at: float
    key: str = field(default="", repr=False)

    async def answer(self, request: Mapping[str, Any]) -> tuple[bytes | None, str]:
        """The recorded or new answer to a request, or why there is none."""
        if self.key and self.key.encode() in canonical(request):
            return None, "what would be asked holds the key"
        kept = self.record.find(request)
        if kept is not None:
            return kept, ""
        if self.model is None:
            return None, REPLAYED_ONLY
        estimated = estimate_tokens(request)
        if refused := self.purse.refuse(estimated):
            return None, refused
        if time.monotonic() + self.model.timeout_s > self.ends_at:
            self.purse.stopped = "the time that answers may take is over"
            return None, self.purse.stopped
        try:
            body = await asyncio.to_thread(self.model.ask, request)
        except Unanswered as error:
            if error.sent:  # it may have been worked on, and count
                self._charge(request, estimated, estimated, error.what)
            if error.over:
                self.purse.stopped = error.what
            return None, error.what
        self._charge(request, estimated, tokens_of(body) or estimated, "")
        self.record.keep(request, body)
        return body, ""

    def _charge(self, request: Mapping[str, Any], estimated: int, charged: int, problem: str) -> None:
        use = Use(self.night, self.asked_at, digest(request), estimated, charged, problem)
        self.purse.charge(use)
        self.record.note(use)


def make_teller(ws: Workspace, night: str) -> Teller | None:
    """The model that the settings name, with what is left of the night's budget; None where it is off."""
    given = ws.settings
    if given.llm_mode == "off" or not given.llm_model or not (given.llm_url or given.llm_mode == "replay"):
        return None
    record = LlmRecord(ws.home.llm)
    purse = Purse(given.llm_budget_per_night)
    for use in record.uses():
        if use.night == night:
            purse.charge(use)
    ends_at = time.monotonic() + max(60 * given.llm_minutes_per_night, given.llm_timeout_seconds + 1)
    key = given.llm_key.get_secret_value() if given.llm_key else ""
    model = make_model(given) if given.llm_mode == "record" else None
    now = ws.now().isoformat(timespec="seconds")
    return Teller(given.llm_model, model, record, purse, night, now, ends_at, key)


def make_model(settings: Settings) -> Model:
    """The client of the endpoint that the settings name; ``ConfigError`` where its address is none."""
    if not settings.llm_url or not settings.llm_model:
        raise ConfigError(
            "no language model is set", mend="set PACESETTER_LLM_URL and PACESETTER_LLM_MODEL, see the guide"
        )
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    return Model(settings.llm_url, settings.llm_model, key, settings.llm_timeout_seconds)


async def tell_opinions(
    ws: Workspace,
    evidence: Evidence,
    opinions: Mapping[str, Sequence[Opinion]],
    settings: Mapping[str, AgentSetting],
) -> Told:
    """A text for each opinion, in the order given (the budget goes to the first ones), by symbol and analyst.

    Either ``{"model", "request", "thesis", "would_change", "ignored"}``, where both texts are
    ``{"text", "kept", "struck"}`` of the claim check (``~~…~~`` around what was struck), or
    ``{"model", "reason"}``. Empty where no model is set. ``settings`` are read by nobody here: a model knows
    of no agent's setting. Never fails because of the endpoint.
    """
    try:
        teller = make_teller(ws, evidence.on.isoformat())
    except ConfigError as error:
        return {key: {"model": ws.settings.llm_model, "reason": error.what} for key in keys_of(opinions)}
    if teller is None:
        return {}
    told: Told = {}
    for symbol, several in opinions.items():
        for opinion in several:
            told[symbol, opinion.analyst] = await tell_one(teller, symbol, evidence, opinion)
    return told


def keys_of(opinions: Mapping[str, Sequence[Opinion]]) -> list[tuple[str, str]]:
    """Symbol and analyst of each opinion."""
    return [(symbol, one.analyst) for symbol, several in opinions.items() for one in several]


async def tell_one(teller: Teller, symbol: str, evidence: Evidence, opinion: Opinion) -> Mapping[str, Any]:
    """The text to one opinion, checked, or the reason why there is none."""
    request = make_request(symbol, evidence, opinion, teller.name)
    body, problem = await teller.answer(request)
    if body is None:
        return {"model": teller.name, "reason": problem}
    try:
        answer = read_answer(body)
    except ProviderRefused as error:
        return {"model": teller.name, "request": digest(request), "reason": error.what}
    return {
        "model": teller.name,
        "request": digest(request),
        "thesis": check_text(answer.thesis, symbol, evidence, opinion),
        "would_change": check_text(answer.would_change, symbol, evidence, opinion),
        "ignored": list(answer.ignored),
    }


def check_text(text: str, symbol: str, evidence: Evidence, opinion: Opinion) -> dict[str, Any]:
    """A text with what does not recompute struck out: ``text``, and ``kept`` and ``struck`` by their place
    in the text without strikes. Another recommendation than the rules' own is struck, too."""
    words = load_vocabulary()
    own, others = names_of(symbol, evidence)
    stored = stored_values(symbol, evidence, opinion, words)
    found = check_claims(text, stored, words=words, own=own, others=others)
    struck = sorted([*found.struck, *foreign_votes(found.text, opinion)], key=lambda one: one.start)
    return {
        "text": strike_votes(found.text, opinion),
        "kept": [{"start": one.start, "text": one.text, "name": one.name} for one in found.kept],
        "struck": [{"start": one.start, "text": one.text, "reason": one.reason} for one in struck],
    }


def votes_in(text: str, opinion: Opinion) -> list[re.Match[str]]:
    """Recommendations in capitals that are not the rules' own."""
    others = "|".join(name for name in RECOMMENDATIONS if name != opinion.recommendation)
    return list(re.finditer(rf"\b(?:{others})\b", text))


def strike_votes(text: str, opinion: Opinion) -> str:
    """The text with such recommendations struck out."""
    for match in reversed(votes_in(text, opinion)):
        text = f"{text[: match.start()]}~~{match[0]}~~{text[match.end() :]}"
    return text


def foreign_votes(text: str, opinion: Opinion) -> list[StruckClaim]:
    """Those recommendations, by their place in the text without strikes."""
    plain = text.replace("~~", "")
    return [StruckClaim(m.start(), m[0], "the rules recommend otherwise") for m in votes_in(plain, opinion)]
