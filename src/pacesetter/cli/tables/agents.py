"""Tables of agents: how they are set, what a preset changes, and how often they were right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, moment

if TYPE_CHECKING:
    from pacesetter.agents.catalogue import KnownAgent
    from pacesetter.agents.setting import AgentSetting
    from pacesetter.jobs.decisions.agent_settings import AgentChange
    from pacesetter.jobs.decisions.track_record import CallRecord, TrackRecord
    from pacesetter.store.desk.agent_config import AgentRow

HORIZON = 21  # sessions, of the record in the list; `agents show` has the others


def percent(value: Any) -> str:
    """A share in per cent; a dash for none."""
    return "–" if value is None else f"{100 * value:.1f} %".replace("-", "−")


def agents_table(rows: Sequence[Mapping[str, Any]], record: TrackRecord) -> Table:
    """All agents, analysts with their record after a month."""
    columns = [
        Column("agent"),
        Column("kind"),
        Column("", lambda on: "on" if on else "off"),
        Column("weight", lambda weight: "" if weight is None else f"{weight:g}", right=True),
        Column("version", lambda version: str(version) if version else "shipped", right=True),
        Column("calls", right=True, if_any=True, note=note_of(record)),
        Column("hits", lambda rate: "" if rate is None else percent(rate), right=True, if_any=True),
        Column("what it looks at", wide_only=True),
    ]
    body = []
    for row in rows:
        ended = [one for one in row["record"] if one["horizon"] == HORIZON and one["n"]]
        n, hits = sum(one["n"] for one in ended), sum(one["hits"] for one in ended)
        given = [row[name] for name in ("agent", "kind", "enabled", "weight", "version")]
        body.append([*given, n or None, hits / n if n else None, row["words"]])
    return Table("", columns, body)


def note_of(record: TrackRecord) -> str:
    """What calls and hits are."""
    beside = record.benchmark or "nothing at all: the benchmark has no prices"
    when = f" up to {record.on}" if record.on else ""
    return (
        f"calls: each evening's BUY or SELL whose {HORIZON} sessions have passed{when}; "
        f"a hit did better (BUY) or worse (SELL) than {beside}"
    )


def parameters_table(agent: KnownAgent, setting: AgentSetting) -> Table:
    """An agent's parameters with what they may be."""
    columns = [
        Column("parameter"),
        Column("value", lambda value: "–" if value is None else str(value), right=True),
        Column("shipped", lambda value: "–" if value is None else str(value), right=True, wide_only=True),
        Column("allowed"),
        Column("what it is"),
    ]
    rows = [
        [name, plain(setting.parameters[name]), plain(one.default), bounds_of(one), one.words]
        for name, one in agent.parameters.items()
    ]
    state = "on" if setting.enabled else "off"
    version = f"version {setting.version}" if setting.version else "as it is shipped"
    title = f"{agent.name} · {agent.kind} · {state} · weight {setting.weight:g} · {version}"
    return Table(title, columns, rows, "" if rows else agent.words)


def plain_text(value: Any) -> str:
    """A number without needless decimals, as text."""
    return str(plain(value))


def plain(value: Any) -> Any:
    """A number without needless decimals."""
    return f"{value:.10g}" if isinstance(value, float) else value


def bounds_of(setter: Any) -> str:
    """What a parameter may be, in words."""
    if hasattr(setter, "among"):
        return ", ".join(setter.among)
    if hasattr(setter, "most"):
        return f"{setter.least:g} to {setter.most:g}"
    return f"a name of up to {setter.most_characters} characters, or none"


def record_table(record: TrackRecord, calls: Sequence[CallRecord]) -> Table:
    """What became of an analyst's calls."""
    columns = [
        Column("said"),
        Column("sessions", right=True),
        Column("calls", right=True),
        Column("symbols", right=True),
        Column("hits", percent, right=True),
        Column("mean return", percent, right=True),
        Column(record.benchmark or "benchmark", percent, right=True),
        Column("not ended", right=True),
    ]
    rows = [
        [
            *(one.recommendation, one.horizon, one.n, one.symbols, one.hit_rate),
            *(one.mean_return, one.benchmark_return, one.waiting),
        ]
        for one in calls
    ]
    foot = "the same call on several evenings counts on each; not ended: too young, or without prices"
    return Table(f"what became of its calls up to {record.on}", columns, rows, foot)


def changes_table(changes: Sequence[AgentChange]) -> Table:
    """What is set otherwise, a row for each value."""
    columns = [Column("agent"), Column("what"), Column("before", right=True), Column("after", right=True)]
    rows = []
    for change in changes:
        before, after = flat(change.before), flat(change.after)
        rows += [
            [change.agent, name, text_of(before.get(name)), text_of(after.get(name))]
            for name in after
            if before.get(name) != after[name]
        ]
    return Table("", columns, rows)


def flat(setting: AgentSetting | AgentRow) -> dict[str, Any]:
    """Everything that is set, by name."""
    return {"enabled": setting.enabled, "weight": setting.weight, **setting.parameters}


def text_of(value: Any) -> str:
    """A value in a sentence's form."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(plain(value))


def versions_table(shipped: AgentSetting, rows: Sequence[AgentRow]) -> Table:
    """An agent's versions, the newest first, with what each changed."""
    columns = [
        Column("version", right=True),
        Column("since", moment),
        Column("", lambda on: "on" if on else "off"),
        Column("weight", plain_text, right=True),
        Column("preset", if_any=True),
        Column("what it changed"),
    ]
    earlier: list[AgentRow | AgentSetting] = [*rows[1:], shipped]
    body = [
        [row.version, row.created_at, row.enabled, row.weight, row.preset, changes_of(before, row)]
        for row, before in zip(rows, earlier, strict=False)
    ]
    foot = "" if rows else f"{shipped.agent} is as it is shipped: nobody has changed it"
    return Table("", columns, body, foot)


def changes_of(before: AgentRow | AgentSetting, after: AgentRow) -> str:
    """What a version set otherwise than the one before it, in one line."""
    old, new = flat(before), flat(after)
    return ", ".join(f"{name} {text_of(value)}" for name, value in new.items() if old.get(name) != value)
