"""Portfolios: what was traded, what is held, what it was worth, and from which files it came."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from pacesetter.store.tables.base import (
    BigInt,
    Id,
    Instant,
    Json,
    Money,
    created_at,
    finite,
    metadata,
    real,
    updated_at,
)

FIGURES = (
    *("nav", "cash", "long_value", "short_value", "gross", "net", "flow"),
    *("daily_pnl", "cumulative_pnl", "daily_return", "twr", "irr", "benchmark_return"),
    *("volatility_21d", "volatility_63d", "drawdown", "max_drawdown", "sharpe", "beta"),
    *("hhi", "effective_n"),
)
OWNED = text("user_id IS NOT NULL AND deleted_at IS NULL")
OPEN = text("user_id IS NULL AND deleted_at IS NULL")

portfolios = Table(
    "portfolios",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id")),  # null: nobody's own, everyone's who may read
    Column("name", String(80), nullable=False),
    Column("base_currency", String(3), nullable=False),
    Column("benchmark", ForeignKey("symbol_universe.symbol")),  # null: the market's own
    Column("column_mapping", Json),  # of the last file that needed one
    Column("deleted_at", Instant),
    created_at(),
    updated_at(),
    Index(
        "uq_portfolios_own_name", "user_id", "name", unique=True, sqlite_where=OWNED, postgresql_where=OWNED
    ),
    Index("uq_portfolios_open_name", "name", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index(None, "benchmark"),
)

portfolio_imports = Table(
    "portfolio_imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolios.id"), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("column_mapping", Json, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_added", Integer, nullable=False),
    Column("rows_known", Integer, nullable=False),  # in another import already
    Column("undone_at", Instant),
    created_at(),
    updated_at(),
    Index(None, "portfolio_id", "created_at"),
)

trades = Table(
    "trades",
    metadata,
    Column("id", Id, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolios.id"), nullable=False),
    Column("import_id", ForeignKey("portfolio_imports.id")),
    Column("action", String(12), nullable=False),
    Column("symbol", ForeignKey("symbol_universe.symbol")),  # null for money alone
    Column("quantity", Money),  # positive; as traded, before later splits
    Column("price", Money),  # of one, in the major unit of ``currency``
    Column("amount", Money),  # of money alone: positive
    Column("commission", Money, nullable=False, server_default="0"),
    Column("currency", String(3), nullable=False),
    Column("traded_on", Date, nullable=False),
    Column("timestamp", Instant, nullable=False),
    Column("sequence", Integer, nullable=False),  # order within a day
    Column("fingerprint", String(64), nullable=False),  # SHA-256 (hex) of what was traded
    Column("repeat", Integer, nullable=False, server_default="0"),  # true repeats are counted up from 0
    Column("outcome", Json),
    Column("note", String(500)),
    created_at(),
    updated_at(),
    CheckConstraint(
        "action IN ('buy','sell','short','cover','deposit','withdrawal','dividend','fee')", name="action"
    ),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("price >= 0", name="price_not_negative"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("commission >= 0", name="commission_not_negative"),
    UniqueConstraint("portfolio_id", "fingerprint", "repeat"),
    Index(None, "portfolio_id", "traded_on", "sequence"),
    Index(None, "symbol"),
    Index(None, "import_id"),
)

portfolio_positions = Table(  # made from the trades; stop, target and note are a person's
    "portfolio_positions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolios.id"), nullable=False),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("opened_by", ForeignKey("trades.id"), nullable=False, unique=True),
    Column("side", String(5), nullable=False),
    Column("status", String(6), nullable=False),
    Column("entry_date", Date, nullable=False),
    Column("entry_price", Money, nullable=False),  # mean cost of one, in today's shares
    Column("quantity", Money, nullable=False),  # of today's shares; 0 when it is closed
    Column("exit_date", Date),
    Column("exit_price", Money),  # mean of what was closed
    Column("realised", Money, nullable=False, server_default="0"),
    Column("currency", String(3), nullable=False),
    Column("stop_loss", Money),
    Column("target", Money),
    Column("own_stop_loss", Money),  # what a person set: it holds, whatever decisions say; null: nothing
    Column("own_target", Money),
    Column("note", String(500)),
    Column("deleted_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint("side IN ('long','short')", name="side"),
    CheckConstraint("status IN ('open','closed')", name="status"),
    CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    Index(None, "portfolio_id", "status", "symbol"),
    Index(None, "symbol"),
)

portfolio_snapshots = Table(
    "portfolio_snapshots",
    metadata,
    Column("portfolio_id", ForeignKey("portfolios.id"), primary_key=True),
    Column("metric_date", Date, primary_key=True),  # of the newest prices; never "now"
    Column("state", String(8), nullable=False),
    Column("left_out", Json, nullable=False),  # [{symbol, reason}]: holdings without a value, and why
    *[real(name) for name in FIGURES],
    Column("n_holdings", Integer, nullable=False),
    Column("details", Json, nullable=False),  # months, exposures, stress, attribution, correlations
    Column("fingerprint", String(64), nullable=False),  # of all it was made from
    Column("computed_at", Instant, nullable=False),
    CheckConstraint("state IN ('complete','partial')", name="state"),
    Index(None, "metric_date"),
    *finite(*FIGURES),
)

fx_rates = Table(
    "fx_rates",
    metadata,
    Column("base", String(3), primary_key=True),
    Column("quote", String(3), primary_key=True),
    Column("on", Date, primary_key=True),
    real("rate", nullable=False),  # so many ``quote`` for one ``base``
    Column("data_source", String(20), nullable=False),
    Column("known_from_revision", BigInt),  # null: stored before rates had revisions
    created_at(),
    updated_at(),
    CheckConstraint("rate > 0", name="rate_positive"),
    *finite("rate"),
)

fx_rate_revisions = Table(
    "fx_rate_revisions",  # rates that others have replaced, or that were taken back
    metadata,
    Column("base", String(3), primary_key=True),
    Column("quote", String(3), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("known_to", BigInt, primary_key=True, autoincrement=False),
    Column("known_from", BigInt),
    real("rate", nullable=False),
    Column("data_source", String(20), nullable=False),
    sqlite_with_rowid=False,
)
