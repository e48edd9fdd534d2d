"""``pacesetter boxes join`` and ``boxes twins``: one box under two ids."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.box_entry import in_real_home, shown
from pacesetter.cli.home import in_home
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show, warn_simulated
from pacesetter.cli.tables.box_figures import dollars, number, percent

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.join_boxes import BoxesJoined
    from pacesetter.jobs.boxes.view_box_twins import Twins

CALLED = "Such as BOX-OP01; or what its source calls it, or its name."


def register(app: typer.Typer) -> None:
    """Add ``join`` and ``twins`` to the commands of boxes."""
    app.command()(join)
    app.command()(twins)


def join(
    ctx: typer.Context,
    symbol: Annotated[str, typer.Argument(metavar="BOX-OLD", show_default=False, help=CALLED)],
    into: Annotated[
        str, typer.Argument(metavar="BOX-KEPT", show_default=False, help="The box that it is; likewise.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do it, say what came of it, and keep nothing.")
    ] = False,
) -> None:
    """Say that one box is another: all that was seen of it, and will be, belongs to that one."""
    from pacesetter.jobs.boxes.join_boxes import join_boxes

    options, by = options_of(ctx), getpass.getuser()

    def work(ws: Any) -> Awaitable[BoxesJoined]:
        return join_boxes(ws, symbol, into, by=by, dry_run=dry_run)

    done = in_real_home(options, work)
    say(options, *done.said)
    if done.import_id is None:
        say(options, "dry run: nothing was kept")
    else:
        say(options, f"`pacesetter import undo {done.import_id}` takes it back")
    plain = {name: getattr(done, name) for name in ("symbol", "into", "by", "moved", "merged", "ranked")}
    told = {
        **plain,
        "filled": done.filled,
        "dry_run": dry_run,
        "import_id": done.import_id and str(done.import_id),
    }
    cells = [*plain.values(), ", ".join(done.filled) or shown(None)]
    columns = [*[Column(name) for name in plain], Column("facts filled")]
    show(options, told, Table("", columns, [[shown(cell) for cell in cells]]))


def twins(ctx: typer.Context) -> None:
    """List unnamed boxes that may be a named one that ended: a guess by price alone."""
    from pacesetter.jobs.boxes.view_box_twins import view_twins

    options = options_of(ctx)
    found = in_home(options, view_twins)
    warn_simulated(options, found.simulated)
    say(options, *(f"note: {remark}" for remark in found.remarks))
    columns = [
        *[Column("unnamed"), Column("begins_on"), Column("begins_usd", dollars, right=True)],
        *[Column("named"), Column("name"), Column("ended_on"), Column("ended_usd", dollars, right=True)],
        *[Column("gap_days", number, right=True), Column("difference_pct", percent, right=True)],
    ]
    payload = [twins_payload(one) for one in found.rows]
    cells = [[one[column.name] for column in columns] for one in payload]
    foot = (
        f"{len(cells)} pairs, the nearest price first"
        if cells
        else "no box ends where an unnamed one begins at its price"
    )
    head = {"as_of": found.as_of, "simulated": found.simulated, "remarks": found.remarks}
    show(options, {**head, "rows": payload}, Table("", columns, cells, foot))


def twins_payload(one: Twins) -> dict[str, Any]:
    """The JSON of a pair."""
    own = {name: value for name, value in vars(one).items() if name not in ("unnamed", "named")}
    return {"unnamed": one.unnamed.symbol, "named": one.named.symbol, "name": one.named.title, **own}
