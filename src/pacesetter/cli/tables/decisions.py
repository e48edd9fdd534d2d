"""Decisions as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, decimals

if TYPE_CHECKING:
    from pacesetter.store.desk.decisions import DecisionRow

SHORT_ID = 8  # characters of an id that a list shows: its end, which is random


def exact(value: Any) -> str:
    """An exact amount without zeros at its end; a dash for none."""
    return "–" if value is None else f"{value.normalize():f}"


def money(value: Any) -> str:
    """A price as a person reads it: two digits, four under 1; programs get it exactly."""
    return "–" if value is None else f"{value:.{2 if abs(value) >= 1 else 4}f}"


LIST = (
    Column("id", lambda one: str(one)[-SHORT_ID:]),
    Column("symbol"),
    Column("action"),
    Column("status"),
    Column("conviction", lambda one: one or "–"),
    Column("size_pct", decimals(2), right=True),
    Column("quantity", exact, right=True),
    Column("price", money, right=True),
    Column("currency", lambda one: one or "–", wide_only=True),
    Column("stop", money, right=True),
    Column("target", money, right=True),
    Column("decided_on", wide_only=True),
    Column("expires_on"),
    Column("why"),
)


def list_table(rows: Sequence[DecisionRow], every: bool = False) -> Table:
    """Decisions, one a line."""
    found = [
        [
            row.id,
            row.symbol,
            row.action,
            row.status if row.action in ("BUY", "SELL") else "–",  # the others ask for nothing
            row.conviction,
            row.size_pct,
            row.quantity,
            row.entry_price,
            row.currency,
            row.stop_loss,
            row.target,
            row.decided_on,
            row.expires_on,
            why(row),
        ]
        for row in rows
    ]
    foot = "`pacesetter decisions show ID` says why; `… approve ID`, `… reject ID --reason …` answer"
    none = "no decision yet" if every else "no decision waits for an answer (`--all` lists the others, too)"
    return Table("", LIST, found, foot if found else none)


def tell_against(fact: Mapping[str, Any], same: Mapping[str, Any]) -> str:
    """What speaks against a decision. An analyst of the ``same`` opinion speaks for it by its score, and
    against it by what is missing of that: there the reasoning would read as praise."""
    opinion = same.get(fact["source"])
    if opinion is None or fact["text"] != opinion["reasoning"]:
        return str(fact["text"])
    return f"says {opinion['recommendation']} itself, with a score of {opinion['score']:.0f} of 100"


def why(row: DecisionRow) -> str:
    """Why, in one line; what a person said of it, where one did; first what is still to be done."""
    from pacesetter.jobs.decisions.view_decisions import is_to_trade, is_unlogged, tell_why

    short = str(row.id)[-SHORT_ID:]
    trade = f"pacesetter decisions trade {short} --price …"
    to_do = f"approved: log the trade with `{trade}`" if is_to_trade(row) else ""
    late = f"one of {row.expires_on} or before still may be: `{trade} --on …`"
    return "; ".join(filter(None, [to_do, tell_why(row), row.answer, late if is_unlogged(row) else ""]))


def plain_decision(row: DecisionRow) -> dict[str, Any]:
    """A decision for programs, without the long columns."""
    found = asdict(row)
    for name in ("reasons", "challenge", "created_at", "updated_at"):
        found.pop(name)
    return found | {"why": why(row)}


def decision_tables(row: DecisionRow) -> list[Table]:
    """A decision in full: itself, votes, what cut its size, and what speaks against it."""
    reasons, challenge = row.reasons, row.challenge
    tables = [list_table([row], True)]
    counted = reasons["votes"]["counted"]
    votes = [
        [
            one["analyst"],
            one["recommendation"],
            one["score"],
            one["confidence"],
            counted.get(one["analyst"]),
            one["reasoning"],
        ]
        for one in reasons["opinions"]
    ]
    columns = [
        Column("analyst"),
        Column("says"),
        Column("score", decimals(0), right=True),
        Column("confidence", decimals(2), right=True),
        Column("counts", decimals(2), right=True),
        Column("reasoning"),
    ]
    shares = ", ".join(f"{name} {100 * part:.1f} %" for name, part in reasons["votes"]["shares"].items())
    refused = "".join(f"\nnot counted: {name}: {what}" for name, what in reasons["refused"])
    tables.append(Table("votes", columns, votes, shares + refused))
    if reasons["size"] is not None:
        size = reasons["size"]
        cuts = [[cut["limit"], cut["from_pct"], cut["to_pct"], cut["reason"]] for cut in size["cuts"]]
        limits = [
            Column("limit"),
            Column("from_pct", decimals(2), right=True),
            Column("to_pct", decimals(2), right=True),
            Column("because"),
        ]
        foot = f"asked for {size['asked_pct']:g} %, {size['size_pct']:g} % is left. {reasons['quantity']}"
        tables.append(Table("size and limits", limits, cuts, foot))
    if reasons["exit"] is not None:
        out = reasons["exit"]
        words = f"stop {out['stop_pct']:g} % below, first target {out['target_pct']:g} % above, where "
        words += f"{out['sell_at_target_pct']:g} % is sold: {out['reason']}"
        tables.append(Table("exit", [Column("exit")], [], words))
    said = {one["analyst"]: one for one in reasons["opinions"] if one["recommendation"] == row.action}
    facts = [[one["source"], one["strength"], tell_against(one, said)] for one in challenge["facts"]]
    against = [Column("against it"), Column("strength", decimals(2), right=True), Column("because")]
    verdict = "it stands" if challenge["stands"] else f"it falls to {challenge['outcome']}"
    tables.append(Table("challenge", against, facts, f"{verdict}: {challenge['reason']}"))
    if row.outcome:
        ended = ", ".join(f"{name} {value}" for name, value in row.outcome.items() if name != "sold")
        tables.append(Table("outcome", [Column("outcome")], [], ended or "some of it is sold"))
    return tables
