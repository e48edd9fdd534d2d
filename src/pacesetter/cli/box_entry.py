"""``pacesetter boxes enter`` and ``boxes edit``: a day's figures and facts about a box, by hand."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import Options, date_option, options_of
from pacesetter.cli.output import Column, Table, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.edit_box import BoxEdited
    from pacesetter.jobs.boxes.enter_box import BoxEntered

T = TypeVar("T")
Box = Annotated[
    str,
    typer.Argument(
        metavar="SYMBOL",
        show_default=False,
        help="Such as BOX-OP01; or what its source calls it, or its name.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add ``enter`` and ``edit`` to the commands of boxes."""
    app.command()(enter)
    app.command()(edit)


def enter(
    ctx: typer.Context,
    symbol: Box,
    on: Annotated[
        date,
        typer.Option(
            "--on",
            parser=date_option("--on"),
            metavar="DATE",
            show_default=False,
            help="Day that it was seen on, as YYYY-MM-DD.",
        ),
    ],
    floor: Annotated[
        float | None, typer.Option("--floor", metavar="USD", help="Lowest price that is asked.")
    ] = None,
    listings: Annotated[float | None, typer.Option("--listings", metavar="N", help="Boxes on offer.")] = None,
    sold: Annotated[float | None, typer.Option("--sold", metavar="N", help="Boxes sold that day.")] = None,
    added: Annotated[
        float | None, typer.Option("--added", metavar="N", help="Boxes newly on offer that day.")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Why, or from where; kept with the entry.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Take a floor price that is far from the last one.")
    ] = False,
) -> None:
    """Enter what you saw of a box on a day; it goes before every other source, and is ranked at once."""
    from pacesetter.jobs.boxes.enter_box import enter_box_day

    figures = {
        "floor_price_usd": floor,
        "active_listings_count": listings,
        "boxes_sold": sold,
        "boxes_added": added,
    }
    options, by = options_of(ctx), getpass.getuser()

    def work(ws: Any) -> Awaitable[BoxEntered]:
        return enter_box_day(
            ws, symbol, on, figures, by=by, note=note, confirm=confirm, confirm_by="--confirm"
        )

    done = in_real_home(options, work)
    say(options, *done.said)
    if done.import_id is not None:
        say(options, f"`pacesetter import undo {done.import_id}` takes it back")
    plain = {"symbol": done.symbol, "date": done.on, "by": done.by, "fate": done.fate, **done.figures}
    told = {**plain, "replaced": done.replaced, "import_id": done.import_id and str(done.import_id)}
    table = Table("", [Column(name) for name in plain], [[shown(value) for value in plain.values()]])
    show(options, told, table)


def edit(
    ctx: typer.Context,
    symbol: Box,
    name: Annotated[str | None, typer.Option("--name", help="What it is called.")] = None,
    game: Annotated[str | None, typer.Option("--game", help="Game that it belongs to.")] = None,
    set_code: Annotated[str | None, typer.Option("--set-code", help="Code of its set.")] = None,
    set_name: Annotated[str | None, typer.Option("--set-name", help="Name of its set.")] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="Which of several editions.")] = None,
    image: Annotated[
        str | None, typer.Option("--image", metavar="URL", help="Picture, at an address with https.")
    ] = None,
    reprint: Annotated[
        str | None, typer.Option("--reprint", metavar="RISK", help="Risk of a reprint: low, medium or high.")
    ] = None,
    released: Annotated[
        str | None, typer.Option("--released", metavar="DATE", help="Day of its release, as YYYY-MM-DD.")
    ] = None,
) -> None:
    """Change facts about a box; an empty text clears one. Later files leave them as they are."""
    from pacesetter.jobs.boxes.edit_box import edit_box

    given = {
        "name": name,
        "game": game,
        "set_code": set_code,
        "set_name": set_name,
        "variant": variant,
        "image_url": image,
        "reprint_risk": reprint,
        "released_on": released,
    }
    changes = {fact: value for fact, value in given.items() if value is not None}
    options, by = options_of(ctx), getpass.getuser()

    def work(ws: Any) -> Awaitable[BoxEdited]:
        return edit_box(ws, symbol, changes, by=by)

    done = in_real_home(options, work)
    if done.import_id is None:
        say(options, "it was so before: nothing changed")
    else:
        say(options, f"`pacesetter import undo {done.import_id}` takes it back")
    rows = [[fact, shown(done.before[fact]), shown(done.after[fact])] for fact in done.after]
    table = Table(done.symbol, [Column("fact"), Column("before"), Column("after")], rows)
    told = {
        **{"symbol": done.symbol, "by": done.by, "before": done.before, "after": done.after},
        "import_id": done.import_id and str(done.import_id),
    }
    show(options, told, table)


def in_real_home(options: Options, work: Callable[[Any], Awaitable[T]]) -> T:
    """Do the work on the real database: boxes never stand beside the simulated market."""
    return in_home(options, work, simulated=False)


def shown(value: Any) -> str:
    """A value as a cell; a missing one is a dash."""
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
