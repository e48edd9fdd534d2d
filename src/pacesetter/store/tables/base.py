"""Column types and the naming of constraints, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Uuid,
    func,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

DECIMALS = 8  # of exact amounts

Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, sixteen bytes on SQLite."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=value)


class Money(TypeDecorator[Decimal]):
    """An exact amount with eight decimals: NUMERIC(20,8) on PostgreSQL, a count of 10⁻⁸ on SQLite, whose
    whole numbers end at 9.2·10¹⁸; ``ValueError`` for what has more decimals, is greater or is no number."""

    impl = Numeric(20, DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(20, DECIMALS))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(DECIMALS)
        if not scaled.is_finite() or abs(scaled) >= 2**63 or scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has no room: at most {DECIMALS} decimals, below 9.2e10")
        return Decimal(value) if dialect.name == "postgresql" else int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        return Decimal(value).scaleb(-DECIMALS)


class Instant(TypeDecorator[datetime]):
    """An instant, timezone-aware and in UTC on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def created_at() -> Column[datetime]:
    """When the row was written, set by the database."""
    return Column("created_at", Instant, nullable=False, server_default=func.current_timestamp())


def updated_at() -> Column[datetime]:
    """When the row was last changed, kept by the database layer."""
    return Column(
        "updated_at",
        Instant,
        nullable=False,
        server_default=func.current_timestamp(),
        onupdate=func.current_timestamp(),
    )


def real(name: str, *, nullable: bool = True) -> Column[float]:
    """A float64 column, bit-exact on both engines."""
    return Column(name, Double, nullable=nullable)


def finite(*names: str) -> list[CheckConstraint]:
    """NaN and infinities are refused (NaN sorts above every number on PostgreSQL)."""
    top = "1.7976931348623157e308"
    return [CheckConstraint(f"{name} >= -{top} AND {name} <= {top}", name=f"{name}_finite") for name in names]
