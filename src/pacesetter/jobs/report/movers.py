"""Who moved most on the widest board that night, and what moved each, for the morning report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.explain_changes import explain_board_changes
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.ranking.coalitions import MEMBERSHIP, METHOD, PEERS, REVISIONS
from pacesetter.ranking.ledger import Ledger
from pacesetter.reports.night import Board, Cause, Mover

MOST_MOVERS = 10
FAR_SHARE, FAR_LEAST = 0.05, 2  # a move that is told: so much of the board, and so many places at least
OTHERS = {
    PEERS: "what the others did",
    MEMBERSHIP: "who is on the board",
    METHOD: "another method",
    REVISIONS: "corrected data",
}


async def find_movers(ws: Workspace, made: NightMade) -> Board | None:
    """The movers of the board of stocks with most ranks, ties by name; None where nothing is ranked.

    Where the causes cannot be had (a board published for the first time), the moves stand alone.
    """
    board = choose_board(made)
    if board is None:
        return None
    rows = made.evidence.ranks.filter(pl.col("board") == board)
    n = int(rows["n_ranked"].max() or 0)  # type: ignore[arg-type]
    far = max(FAR_LEAST, FAR_SHARE * n)
    moved = rows.filter(pl.col("rank_change").fill_null(0) != 0)
    told = moved.filter(pl.col("rank_change").abs() >= far)
    told = told.sort([pl.col("rank_change").abs(), "symbol"], descending=[True, False]).head(MOST_MOVERS)
    symbols: list[str] = told["symbol"].to_list()
    ledgers = await _explain(ws, board, made, symbols) if symbols else {}
    since = rows["previous_on"].drop_nulls()
    names = {symbol: one.name for symbol, one in made.evidence.listings.items()}
    movers = [
        Mover(
            symbol=row["symbol"],
            name=names.get(row["symbol"]),
            rank=row["rank"],
            previous=row["previous_rank"],
            n_ranked=n,
            causes=say_causes(ledgers.get(row["symbol"])),
            reason=in_words(ledgers[row["symbol"]].after.reason) if row["symbol"] in ledgers else "",
        )
        for row in told.iter_rows(named=True)
    ]
    return Board(
        name=rows["board_name"][0],
        since=since.max() if len(since) else None,  # type: ignore[arg-type]
        n_ranked=n,
        n_moved=moved.height,
        movers=movers,
    )


def choose_board(made: NightMade) -> str | None:
    """The board with most ranks among those of an exchange, ties by name."""
    listings = made.evidence.listings
    ranks = made.evidence.ranks.filter(pl.col("symbol").is_in(list(listings)))
    if ranks.is_empty():
        return None
    widest = ranks.group_by("board", "board_name").agg(n=pl.col("n_ranked").max())
    return str(widest.sort(["n", "board_name"], descending=[True, False])["board"][0])


async def _explain(ws: Workspace, board: str, made: NightMade, symbols: Sequence[str]) -> dict[str, Ledger]:
    try:
        changes = await explain_board_changes(ws, board, symbols=symbols, last=made.evidence.on)
    except InputError:
        return {}
    return {one.symbol: one for one in changes.ledgers}


def say_causes(ledger: Ledger | None) -> tuple[Cause, ...]:
    """The shares of a ledger in words."""
    if ledger is None:
        return ()
    shares: Mapping[str, float] = {name: float(share) for name, share in ledger.rank_shares.items()}
    return tuple(Cause(_name(name), places) for name, places in shares.items() if places)


def _name(player: str) -> str:
    if player in OTHERS:
        return OTHERS[player]
    words = player.replace("_", " ")
    return f"its {words}" if player in factors else words
