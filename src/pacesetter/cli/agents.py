"""``pacesetter agents``: who works at the research desk, how each is set, and how often it was right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import DryRun, OnDate, Options, options_of
from pacesetter.cli.output import plain, say, show, warn_simulated
from pacesetter.cli.tables.agents import (
    agents_table,
    changes_table,
    parameters_table,
    record_table,
    versions_table,
)
from pacesetter.kernel.errors import BadFile, InputError

if TYPE_CHECKING:
    from pacesetter.agents.settings_file import Form
    from pacesetter.jobs.workspace import Workspace

Result = TypeVar("Result")
HELP = "List the desk's agents with weight and track record; set one, or all by a preset or a file."

app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True, help=HELP)
Agent = Annotated[str, typer.Argument(metavar="NAME", help="An agent, such as value or desk.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="FILE.toml or FILE.json.")]


@app.callback()
def agents(ctx: typer.Context, on: OnDate = None) -> None:
    """List the desk's agents with weight and track record; set one, or all by a preset or a file."""
    if ctx.invoked_subcommand is not None:
        return
    from pacesetter.agents.catalogue import known_agents
    from pacesetter.jobs.decisions.agent_settings import current_settings
    from pacesetter.jobs.decisions.track_record import track_record

    async def work(ws: Workspace) -> Any:
        async with ws.db.read() as conn:
            settings = await current_settings(conn)
        return settings, await track_record(ws, on=on), ws.simulated

    options = options_of(ctx)
    settings, record, simulated = in_home(options, work)
    warn_simulated(options, simulated)
    rows = [
        {
            "agent": one.name,
            "kind": one.kind,
            "enabled": settings[one.name].enabled,
            "weight": settings[one.name].weight if one.kind == "analyst" else None,
            "version": settings[one.name].version,
            "words": one.words,
            "record": record_json(record.records.get(one.name, ())),
        }
        for one in known_agents().values()
    ]
    payload = {"as_of": record.on, "benchmark": record.benchmark, "rows": rows}
    show(options, payload, agents_table(rows, record))


@app.command(name="show")
def show_agent(ctx: typer.Context, name: Agent, on: OnDate = None) -> None:
    """One agent: its parameters with their bounds, and its track record."""
    from pacesetter.agents.catalogue import find_agent
    from pacesetter.jobs.decisions.agent_settings import current_settings
    from pacesetter.jobs.decisions.track_record import track_record

    agent = find_agent(name)

    async def work(ws: Workspace) -> Any:
        async with ws.db.read() as conn:
            settings = await current_settings(conn)
        return settings[name], await track_record(ws, on=on), ws.simulated

    options = options_of(ctx)
    setting, record, simulated = in_home(options, work)
    warn_simulated(options, simulated)
    calls = record.records.get(name, ())
    payload = {
        "agent": name,
        "kind": agent.kind,
        "words": agent.words,
        "enabled": setting.enabled,
        "weight": setting.weight,
        "version": setting.version,
        "parameters": dict(setting.parameters),
        "record": record_json(calls),
    }
    tables = [parameters_table(agent, setting)]
    if calls:
        tables.append(record_table(record, calls))
    show(options, payload, *tables)


@app.command(name="set")
def set_agent(
    ctx: typer.Context,
    name: Agent,
    weight: Annotated[float | None, typer.Option("--weight", help="0.1 to 3.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Let it work, or not.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", metavar="NAME=VALUE", help="A parameter; several. NAME= for none."),
    ] = None,
) -> None:
    """Set an agent's weight or parameters, or turn it on or off, from the next night on."""
    from pacesetter.agents.catalogue import find_agent
    from pacesetter.jobs.decisions.agent_settings import change_agent

    options = options_of(ctx)
    given = dict(read_parameter(find_agent(name).parameters, one) for one in parameter or ())
    if weight is None and on is None and not given:
        raise InputError("nothing to set", where=name, mend="give --weight, --on, --off or --parameter")
    after = in_home(options, lambda ws: change_agent(ws, name, enabled=on, weight=weight, parameters=given))
    state = "on" if after.enabled else "off"
    say(options, f"{name} is {state}, weight {after.weight:g}, version {after.version}")
    told = (f"{one} is {plain(value)} from the next night on" for one, value in given.items())
    say(options, *told)
    if options.json:
        show(options, {"agent": name, **vars(after)})


@app.command()
def preset(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A preset; none: list them.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Set all agents but the desk as a preset says, or list the presets."""
    from pacesetter.agents.settings_file import load_preset, preset_names
    from pacesetter.cli.output import Column, Table
    from pacesetter.jobs.decisions.agent_settings import apply_preset

    options = options_of(ctx)
    if name is None:
        rows = [[one, load_preset(one).title] for one in preset_names()]
        listed = [{"preset": one, "title": title} for one, title in rows]
        show(options, listed, Table("", [Column("preset"), Column("")], rows))
        return
    show_changes(options, in_home(options, lambda ws: apply_preset(ws, name, dry_run=dry_run)), dry_run)


@app.command(name="export")
def export_file(ctx: typer.Context, file: File) -> None:
    """Write how every agent is set into a file, which `agents import` takes."""
    from pacesetter.jobs.decisions.agent_settings import export_settings

    options, form = options_of(ctx), form_of(file)
    text = in_home(options, lambda ws: export_settings(ws, form=form))
    file.write_text(text, "utf-8")
    say(options, f"written to {file}")


@app.command(name="import")
def import_file(ctx: typer.Context, file: File, dry_run: DryRun = False) -> None:
    """Set the agents of a file as it says; what it leaves out of one is as it is shipped."""
    from pacesetter.jobs.decisions.agent_settings import import_settings

    options, form = options_of(ctx), form_of(file)
    try:
        text = file.read_text("utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise BadFile("there is no such file", where=str(file), mend="check its path") from None
    except UnicodeDecodeError:
        raise BadFile("it is not in UTF-8", where=str(file), mend="save it as UTF-8") from None
    work = lambda ws: import_settings(ws, text, where=file.name, form=form, dry_run=dry_run)  # noqa: E731
    show_changes(options, in_home(options, work), dry_run)


@app.command()
def history(ctx: typer.Context, name: Agent) -> None:
    """How an agent was set over time, the newest first."""
    from pacesetter.agents.catalogue import find_agent, shipped
    from pacesetter.jobs.decisions.agent_settings import list_versions

    options = options_of(ctx)
    rows = in_home(options, lambda ws: list_versions(ws, name))
    show(options, [vars(row) for row in rows], versions_table(shipped(find_agent(name)), rows))


def show_changes(options: Options, changes: Any, dry_run: bool) -> None:
    """What a preset or a file changed."""
    listed = [
        {"agent": one.agent, "changed": one.changed, "before": vars(one.before), "after": vars(one.after)}
        for one in changes
    ]
    show(options, listed, changes_table(changes))
    n = sum(one.changed for one in changes)
    said = f"{n} of {len(changes)} agents {'would be' if dry_run else 'are'} set otherwise"
    say(options, said + ("; nothing was kept" if dry_run else ""))


def record_json(calls: Any) -> list[dict[str, Any]]:
    """Track records as data."""
    return [{**vars(one), "hit_rate": one.hit_rate} for one in calls]


def read_parameter(known: Any, text: str) -> tuple[str, Any]:
    """``name=value``: a number where the parameter is one, else the text; nothing for none."""
    from pacesetter.agents.base import Parameter

    name, sign, value = text.partition("=")
    if not sign:
        raise InputError(f"{text!r} is no parameter", where="--parameter", mend="write name=value")
    if not isinstance(known.get(name), Parameter):
        return name, value or None
    try:
        return name, float(value)
    except ValueError:
        return name, value  # which is refused with its bounds


def form_of(file: Path) -> Form:
    """TOML or JSON, by the file's name."""
    if file.suffix.lower() == ".toml":
        return "toml"
    if file.suffix.lower() == ".json":
        return "json"
    raise BadFile(f"{file.name} is neither TOML nor JSON", where="FILE", mend="name it .toml or .json")
