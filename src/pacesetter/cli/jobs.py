"""``pacesetter jobs``: the long work that the server was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, moment, show
from pacesetter.kernel.errors import BadParameter, UnknownName

if TYPE_CHECKING:
    from pacesetter.jobs.runner.queue import Job

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the jobs that the server was asked for, or show one.",
)
KINDS = ("cycle", "backfill", "warm", "batch")
STATES = ("queued", "running", "done", "failed", "cancelled", "interrupted")


@app.callback()
def jobs(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help=f"Only these: {', '.join(STATES)}.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help=f"Only these: {', '.join(KINDS)}.")] = None,
) -> None:
    """List the jobs that the server was asked for, or show one."""
    if ctx.invoked_subcommand is None:
        for flag, given, known in (("--state", state, STATES), ("--kind", kind, KINDS)):
            if given is not None and given not in known:
                raise BadParameter(
                    f"{given!r} is none of them", where=flag, mend=f"choose {', '.join(known)}"
                )
        list_jobs(options_of(ctx), state, kind)


@app.command("show")
def show_job(
    ctx: typer.Context,
    job_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a job, or how it begins or ends.")],
) -> None:
    """Show one job: what it was asked to do, how far it is, what came of it."""
    from pacesetter.jobs.runner.queue import look_over

    options = options_of(ctx)
    every, simulated = in_market(options, look_over)
    wanted = job_id.casefold().replace("-", "")
    found = [one for one in every if one.id.hex.startswith(wanted) or one.id.hex.endswith(wanted)]
    if not wanted or len(found) != 1:
        how = "several jobs are" if len(found) > 1 else "no job is"
        raise UnknownName(f"{how} called {job_id!r}", mend="`pacesetter jobs` lists them")
    job = found[0]
    rows = [[name, value] for name, value in told(job) if value not in (None, "")]
    table = Table("", [Column("what"), Column("value")], rows)
    show(options, {**vars(job), "simulated": simulated}, table)


def list_jobs(options: Options, state: Any, kind: Any) -> None:
    """Jobs of the last 90 days."""
    from pacesetter.jobs.runner.queue import look_over

    found, simulated = in_market(options, lambda ws: look_over(ws, state=state, kind=kind))
    columns = [
        Column("id", wide_only=True),
        Column("kind"),
        Column("state"),
        Column("asked for", moment),
        Column("by"),
        Column("done", if_any=True),
        Column("what came of it"),
    ]
    rows = [
        [job.id.hex[-12:], job.kind, job.state, job.asked_at, job.asked_by, how_far(job), outcome(job)]
        for job in found
    ]
    foot = "`pacesetter jobs show ID` tells more" if rows else "none"
    body = {"simulated": simulated, "rows": [vars(job) for job in found]}
    show(options, body, Table("", columns, rows, foot))


def how_far(job: Job) -> str:
    """Progress in words."""
    done = job.progress
    return "" if done is None else f"{done['done']} of {done['total']} {done['unit']}"


def outcome(job: Job) -> str:
    """What is said of a job, or why it ended badly."""
    return (job.problem or {}).get("what") or job.message or ""


def told(job: Job) -> list[tuple[str, Any]]:
    """All of a job, line by line."""
    problem = job.problem or {}
    asked = "; ".join(f"{name}: {value}" for name, value in job.parameters.items())
    return [
        ("id", job.id),
        ("kind", job.kind),
        ("asked to do", asked),
        ("state", job.state),
        ("asked for", f"{moment(job.asked_at)} by {job.asked_by}"),
        ("started", moment(job.started_at)),
        ("ended", moment(job.ended_at)),
        ("done", how_far(job)),
        ("message", job.message),
        ("problem", problem.get("what")),
        ("where", problem.get("where")),
        ("to mend it", problem.get("mend")),
    ]
