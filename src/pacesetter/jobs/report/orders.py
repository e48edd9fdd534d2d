"""What a night decided to buy and to sell, and what waits of earlier ones, as the morning report tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.report.night_made import NightMade
from pacesetter.reports.night import Order
from pacesetter.store.desk.decisions import DecisionRow, decisions, waits

SIDES: Mapping[str, Any] = {"BUY": "buy", "SELL": "sell"}
MOST_VOICES, MOST_SENTENCES = 3, 2  # analysts quoted for it, and of each
LEAST_STRENGTH = 0.03  # of what is told as speaking against it
STRUCK, LEFT_OUT = re.compile(r"~~.*?~~", re.DOTALL), "[struck out: it does not recompute]"
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def list_orders(made: NightMade) -> tuple[Order, ...]:
    """The purchases of the night, the surest first, then the sales."""
    rows = [row for row in made.decisions if row.action in SIDES]
    return tuple(_order(row, made) for row in sorted(rows, key=_place))


async def find_waiting(conn: AsyncConnection, made: NightMade) -> tuple[Order, ...]:
    """What earlier nights proposed, this one does not decide anew, and a person may answer on its morning;
    in the same order."""
    on, anew = made.evidence.on, {row.symbol for row in made.decisions}
    answerable = waits(made.evidence.known_until.date())
    of = decisions.table.c
    rows = await decisions.find(conn, answerable, of.decided_on < on, order_by=[of.decided_on])
    newest = {row.symbol: row for row in rows if row.symbol not in anew}
    found = sorted(newest.values(), key=_place)
    return tuple(replace(_order(row, made), proposed_on=row.decided_on) for row in found)


def _place(row: DecisionRow) -> tuple[str, float, str]:
    return row.action, -(row.bullish_share or 0.0), row.symbol


def _order(row: DecisionRow, made: NightMade) -> Order:
    """A decision with the reasons of those who voted for it; prices are in the decision's currency."""
    reasons: Mapping[str, Any] = row.reasons
    voices = _voices(row, reasons)
    shares = reasons.get("votes", {}).get("shares", {})
    share = row.bullish_share if row.action == "BUY" else shares.get("SELL")
    listing = made.evidence.listings.get(row.symbol)
    challenge = row.challenge or {}
    facts = sorted(challenge.get("facts", []), key=lambda fact: -fact["strength"])
    return Order(
        symbol=row.symbol,
        name=None if listing is None else listing.name,
        side=SIDES[row.action],
        share_pct=None if share is None else 100 * share,
        conviction=row.conviction,
        size_pct=row.size_pct,
        quantity=_number(row.quantity),
        unit=row.currency,
        price=_number(row.entry_price),
        stop=_number(row.stop_loss),
        target=_number(row.target),
        expires_on=row.expires_on,
        reasons=(*(str(one) for one in reasons.get("said", [])), *voices),
        risks=_risks(reasons),
        challenge=_say_challenge(challenge),
        contrary=tuple(_quote(fact["source"], fact["text"]) for fact in facts if _is_against(fact, row)),
        told=_told(made, row.symbol),
    )


def _voices(row: DecisionRow, reasons: Mapping[str, Any]) -> list[str]:
    """What the heaviest analysts of the same opinion said."""
    counted = reasons.get("votes", {}).get("counted", {})
    same = [one for one in reasons.get("opinions", []) if one["recommendation"] == row.action]
    same.sort(key=lambda one: (-counted.get(one["analyst"], 0.0), one["analyst"]))
    return [_quote(one["analyst"], one["reasoning"]) for one in same[:MOST_VOICES]]


def _is_against(fact: Mapping[str, Any], row: DecisionRow) -> bool:
    """Whether it says something against the decision: an analyst of the same opinion does not by holding it
    less than wholly, nor does what has next to no weight."""
    same = {one["analyst"] for one in row.reasons.get("opinions", []) if one["recommendation"] == row.action}
    return fact["source"] not in same and fact["strength"] >= LEAST_STRENGTH


def _quote(who: str, text: str) -> str:
    """Who said it, and the first sentences, which weigh most; all of it is with the decision."""
    if who.startswith("signal."):
        who, text = "signal", text.replace("_", " ")
    return f"{who}: {' '.join(SENTENCE.split(text)[:MOST_SENTENCES])}"


def _risks(reasons: Mapping[str, Any]) -> tuple[str, ...]:
    """Every risk that an analyst named, each once, in the order of the analysts."""
    named: Iterable[str] = (risk for one in reasons.get("opinions", []) for risk in one["risks"])
    return tuple(dict.fromkeys(named))


def _say_challenge(challenge: Mapping[str, Any]) -> str:
    if not challenge:
        return ""
    return f"{'stands' if challenge.get('stands') else 'falls'}: {challenge.get('reason', '')}"


def _told(made: NightMade, symbol: str) -> tuple[str, ...]:
    """What a language model added to the opinions; what did not recompute is left out, and that is said."""
    said: list[str] = []
    for (of, analyst), added in sorted(made.told.items()):
        thesis = added.get("thesis")
        if of == symbol and isinstance(thesis, Mapping) and (text := str(thesis.get("text", "")).strip()):
            said.append(f"{analyst}: {STRUCK.sub(LEFT_OUT, text)}")
    return tuple(said)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def names_of(made: NightMade, symbols: Sequence[str]) -> dict[str, str | None]:
    """The names of symbols, as far as they are known."""
    known = made.evidence.listings
    return {symbol: known[symbol].name if symbol in known else None for symbol in symbols}
