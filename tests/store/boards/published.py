"""Made-up boards to publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.ranking.inputs import Inputs
from pacesetter.ranking.publication import RESULT_SCHEMA, STANDARD, STAT_SCHEMA, VALUE_SCHEMA, Publication
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.method import factor_versions, method_versions, methods
from pacesetter.store.work.cycles import Claim, claim_tick
from tests.store.made import add_symbols

AT = datetime(2025, 3, 3, 21, tzinfo=UTC)
D = [date(2025, 1, 6) + timedelta(days=i) for i in range(8)]


class House:
    """Two boards, one method version, two factors, four symbols."""

    def __init__(self) -> None:
        self.boards = [new_id(), new_id()]
        self.method = new_id()
        self.symbols = ["AAA", "BBB", "CCC", "DDD"]
        self.factors: list[int] = []
        self.ticks = 0

    async def build(self, conn: AsyncConnection) -> House:
        """Write what ranks refer to."""
        await add_symbols(conn, self.symbols)
        for i, domain_id in enumerate(self.boards):
            await conn.execute(
                insert(domains).values(id=domain_id, name=f"Board {i}", slug=f"b{i}", position=i)
            )
        method_id = new_id()
        await conn.execute(insert(methods).values(id=method_id, name="core"))
        await conn.execute(
            insert(method_versions).values(
                id=self.method, method_id=method_id, version=1, definition={}, sha256="0" * 64
            )
        )
        for name in STANDARD[:2]:
            made = insert(factor_versions).values(name=name, version=1, parameters="")
            self.factors.append((await conn.execute(made.returning(factor_versions.c.id))).scalar_one())
        return self

    async def claim(self, conn: AsyncConnection, on: date = D[0], at: datetime = AT) -> Claim:
        """A tick of its own."""
        self.ticks += 1
        claim = await claim_tick(
            conn,
            kind="manual",
            calendar="XNYS",
            scheduled_for=AT + timedelta(seconds=self.ticks),
            metric_date=on,
            owner="test",
            at=at,
            lease_s=60,
        )
        assert claim is not None
        return claim

    def publication(self, rows: Iterable[tuple[int, date, Sequence[int | None]]]) -> Publication:
        """Ranks of boards (by index) on dates: one a symbol, None for an unranked one."""
        results: list[dict[str, Any]] = []
        for board, on, ranks in rows:
            for symbol, rank in zip(self.symbols, ranks, strict=True):
                results.append(
                    {
                        "domain_id": self.boards[board].bytes,
                        "method_version_id": self.method.bytes,
                        "metric_date": on,
                        "symbol": symbol,
                        "momentum": None if rank is None else 1 / rank,
                        "composite_score": None if rank is None else -rank / 3,
                        "score": None if rank is None else 100.0 / rank,
                        "current_rank": rank,
                        "coverage": 0.5,
                        "unranked_reason": "coverage" if rank is None else None,
                    }
                )
        frame = pl.DataFrame(results, schema=RESULT_SCHEMA)
        dates = sorted(frame["metric_date"].unique())
        values = [(on, f, s, 0.1 * f, None, 21) for on in dates for f in self.factors for s in self.symbols]
        stats = [(self.method.bytes, on, "universe:equity", "momentum", 4, 0.1, 0.2, "mad") for on in dates]
        return Publication(
            results=frame,
            factor_values=pl.DataFrame(values, schema=VALUE_SCHEMA, orient="row"),
            factor_stats=pl.DataFrame(stats, schema=STAT_SCHEMA, orient="row"),
            inputs=Inputs("f" * 64, "0.0.0"),
            dates=dates,
        )


def board_index(house: House, domain_id: UUID) -> int:
    """Which board an id is."""
    return house.boards.index(domain_id)
