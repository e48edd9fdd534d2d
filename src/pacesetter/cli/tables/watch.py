"""Tables and data of the watchlist's commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, compact

if TYPE_CHECKING:
    from pacesetter.jobs.desk.try_watch import Trial
    from pacesetter.jobs.desk.watchlist import WatchView
    from pacesetter.research.condition import Condition


def tell_views(
    views: Sequence[WatchView], simulated: bool, if_none: str = "", *, details: bool = False
) -> tuple[Any, Table]:
    """Entries: data, and a table with what there is to say of each below it."""
    columns = [
        Column("id"),
        Column("symbol"),
        Column("condition"),
        Column("status"),
        Column("fired", right=True),
        Column("last on"),
        Column("until"),
        Column("looked at", wide_only=True),
        Column("thesis", if_any=True),
    ]
    rows = [
        [
            str(view.row.id),
            view.row.symbol,
            view.text,
            view.row.status + (", thesis to be validated" if view.row.to_validate else ""),
            view.row.times_triggered,
            view.row.last_triggered_on,
            view.row.expiry_date or "for ever",
            view.row.checked_on,
            view.row.thesis,
        ]
        for view in views
    ]
    notes = [(view.row.symbol, note) for view in views for note in _notes(view, details)]
    foot = [note if note.startswith(symbol) else f"{symbol}: {note}" for symbol, note in notes]
    body = {"simulated": simulated, "rows": [tell_view(view) for view in views]}
    return body, Table("", columns, rows, "\n".join(dict.fromkeys(foot)) if rows else if_none)


def tell_view(view: WatchView) -> dict[str, Any]:
    """An entry for JSON."""
    row = {name: value for name, value in vars(view.row).items() if name not in ("stock_id", "deleted_at")}
    trial = None if view.trial is None else _plain(view.trial)
    return {**row, "text": view.text, "words": words_of(view), "said": view.said, "would_have": trial}


def words_of(view: WatchView) -> str:
    """The condition of an entry as a person would say it; as it is stored where it cannot be read."""
    from pacesetter.kernel.errors import InputError
    from pacesetter.research.condition import parse_condition
    from pacesetter.research.condition_words import to_words

    try:
        return to_words(parse_condition(view.row.condition))
    except InputError:
        return view.text


def tell_trial(trial: Trial, condition: Condition, simulated: bool) -> tuple[Any, Table]:
    """When a condition would have fired."""
    from pacesetter.research.condition import write_condition
    from pacesetter.research.condition_words import to_words

    body = {
        "simulated": simulated,
        "symbol": trial.symbol,
        "condition": write_condition(condition),
        "words": to_words(condition),
        **_plain(trial),
    }
    rows = [[on] for on in trial.firings.fired_on]
    return body, Table(f"{trial.symbol}: {to_words(condition)}", [Column("fired on")], rows, trial.in_words())


def tell_facts(
    of: tuple[str, date] | None, values: Mapping[str, float] | None, simulated: bool = False
) -> tuple[Any, Table]:
    """All facts, with a symbol's values on a date where those are given."""
    from pacesetter.agents.facts import fact_names

    columns = [Column("fact"), Column("what it is")]
    facts: list[dict[str, Any]] = [{"fact": name, "is": said} for name, said in fact_names().items()]
    if of is None or values is None:
        return {"facts": facts}, Table("", columns, [list(one.values()) for one in facts])
    for one in facts:
        one["value"] = values.get(one["fact"])
    columns.insert(1, Column("value", compact, right=True))
    rows = [[one["fact"], one["value"], one["is"]] for one in facts]
    foot = "" if values else f"nothing is known of {of[0]} on {of[1]}"
    body = {"simulated": simulated, "symbol": of[0], "as_of": of[1], "facts": facts}
    return body, Table(f"{of[0]} on {of[1]}", columns, rows, foot)


def _plain(trial: Trial) -> dict[str, Any]:
    fired = trial.firings
    return {
        "n": fired.n,
        "fired_on": list(fired.fired_on),
        "first_on": fired.first_on,
        "last_on": fired.last_on,
        "n_dates": fired.n_dates,
        "known": dict(trial.known),
        "said": trial.in_words(),
    }


def _notes(view: WatchView, details: bool) -> list[str]:
    notes = list(view.said)
    if details or view.trial is not None:
        notes.insert(0, f"fires when {words_of(view)}")
    if view.trial is not None:
        notes.append(view.trial.in_words())
    told = view.row.details or {}
    if note := told.get("note"):
        notes.append(note)
    if unknown := told.get("unknown"):
        notes.append(f"not known: {', '.join(unknown)}")
    if details and "fired_on" in told:
        values = ", ".join(f"{name} {compact(value)}" for name, value in told.get("facts", {}).items())
        notes.append(f"fired on {told['fired_on']} with {values}")
    if details and (judged := told.get("validation")):
        found = {True: "the thesis holds", False: "the thesis does not hold"}
        said = found.get(judged["holds"], "the thesis is still to be validated")
        notes.append(f"{said}: {judged['reason']} ({judged['on']})")
    return notes
