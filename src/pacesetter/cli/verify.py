"""``pacesetter verify``: a published date, rebuilt and compared to the bit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.home import in_market
from pacesetter.cli.options import date_option, options_of
from pacesetter.cli.output import Column, Table, say, show

if TYPE_CHECKING:
    pass

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def verify(
    ctx: typer.Context,
    on: Annotated[
        date, typer.Argument(metavar="DATE", parser=date_option("DATE"), help="A published session.")
    ],
) -> None:
    """Rebuild a published date from what was known then, and compare every number.

    Exit code 1 when anything differs; what differs is listed.
    """
    from pacesetter.jobs.boards.verify_date import verify_date

    options = options_of(ctx)

    report, simulated = in_market(options, lambda ws: verify_date(ws, on))
    say(options, *report.remarks)
    names = ("table", "where", "column", "stored", "rebuilt")
    rows = [[getattr(one, name) for name in names] for one in report.differences]
    compared = f"{report.rows} ranks of {len(report.boards)} boards and {report.numbers} numbers behind them"
    foot = (
        f"{compared} on {on}: "
        + (f"{len(rows)} differ" if rows else "all come out again, bit for bit")
        + "".join(f"\nfingerprint {one}" for one in report.fingerprints)
    )
    show(
        options,
        {**asdict(report), "verified": not rows, "simulated": simulated},
        Table("", [Column(name) for name in names], rows, foot),
    )
    if rows:
        raise typer.Exit(FINDINGS)
