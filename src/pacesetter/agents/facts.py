"""Facts: the figures that conditions, screens, analysts, the claim check and the report all speak of.

A fact is named ``kind.name``, as in a condition, and is one number a symbol and session. Prices are in
the quote unit of the listing, split-adjusted to the session's own shares and without dividends. What
needs more bars than a symbol has is not known (null), never a guess.
"""

from __future__ import annotations

FACTS: dict[str, str] = {
    "price.close": "the close, in the listing's quote unit",
    "price.change_1d_pct": "the change of the close since the session before, in %, adjusted for splits",
    "price.change_5d_pct": "the change of the close over 5 sessions, in %, adjusted for splits",
    "price.change_21d_pct": "the change of the close over 21 sessions, in %, adjusted for splits",
    "price.change_63d_pct": "the change of the close over 63 sessions, in %, adjusted for splits",
    "price.change_252d_pct": "the change of the close over 252 sessions, in %, adjusted for splits",
    "price.high_252d": "the highest price of the last 252 sessions, in today's shares",
    "price.low_252d": "the lowest price of the last 252 sessions, in today's shares",
    "price.below_high_pct": "how far the close is below the highest price of 252 sessions, in % of it",
    "price.above_low_pct": "how far the close is above the lowest price of 252 sessions, in % of it",
    "price.volume": "the units traded, in today's shares",
    "price.volume_mean_30d": "the mean of the units traded in the 30 sessions before, in today's shares",
    "price.volume_ratio": "the units traded over the mean of the 30 sessions before",
    "technical.sma_20": "the mean of the last 20 closes",
    "technical.sma_50": "the mean of the last 50 closes",
    "technical.sma_200": "the mean of the last 200 closes",
    "technical.rsi_14": "Wilder's relative strength index over 14 sessions, 0 to 100",
    "technical.volatility_21d": "the standard deviation of daily log changes over 21 sessions, a year's",
    "technical.volatility_63d": "the standard deviation of daily log changes over 63 sessions, a year's",
    "technical.drawdown_252d_pct": "how far the close is below the highest close of 252 sessions, in %",
    "rank.rank": "the rank on the symbol's main board, 1 the best",
    "rank.change": "how many places it rose on its main board since the date before",
    "rank.score": "the score on its main board, 0 to 100",
    "rank.percentile": "the share of its main board that it stands above or level with, in %",
    "rank.n": "how many symbols are ranked on its main board",
    "factor.momentum": "the total return from 252 to 21 sessions ago (0.1 is 10 %)",
    "factor.volume_change": "the log of the mean volume of 21 sessions over that of 126",
    "factor.volatility": "the standard deviation of daily log returns over 63 sessions, a year's",
    "factor.relative_strength": "the sum over 126 sessions of the returns that the market does not explain",
    "factor.financial_ratio": "the newest earnings per share over the price (0.05 is 5 %)",
    "factor.trailing_pe": "the price over the earnings per share of the last year",
    "factor.price_to_sales": "the price over the sales per share of the last year",
    "factor.price_to_book": "the price over the book value per share",
    "factor.eps": "the earnings per share of the last year, in the listing's currency",
    "factor.revenue_growth": "the growth of the sales over a year (0.1 is 10 %)",
    "factor.roe": "the return on equity (0.15 is 15 %)",
    "factor.debt_to_equity": "the debt over the equity (0.5 is 50 %)",
    "factor.gross_margin": "the gross profit over the sales (0.4 is 40 %)",
    "factor.operating_margin": "the operating profit over the sales (0.2 is 20 %)",
    "factor.profit_margin": "the profit over the sales (0.1 is 10 %)",
    "factor.dividend_yield": "the dividends of a year over the price (0.03 is 3 %)",
    "factor.market_cap": "what all shares are worth, in the listing's currency",
    "factor.enterprise_value": "the market cap with the debt and without the cash, in the listing's currency",
    "event.insider": "how many insider texts were noted in the last 30 days",
    "event.news": "how many news texts were noted in the last 30 days",
    "event.earnings": "how many earnings texts were noted in the last 30 days",
    "event.research": "how many research texts were noted in the last 30 days",
    "event.manual": "how often a person picked it in the last 30 days",
    "event.earnings_surprise_pct": "by how much earnings beat what was expected, in %, the newest of 90 days",
    "freshness.sessions_behind": "how many sessions its newest bar is behind",
}


def fact_names() -> dict[str, str]:
    """Each known fact with its sentence, in the order in which facts are shown."""
    return dict(FACTS)


def facts_of_kind(kind: str) -> tuple[str, ...]:
    """The facts of one kind (``condition.KINDS``), in their order."""
    return tuple(name for name in FACTS if name.partition(".")[0] == kind)


STANDARD = ("momentum", "volume_change", "volatility", "relative_strength", "financial_ratio")
FUNDAMENTALS = tuple(
    name.partition(".")[2]
    for name in FACTS
    if name.startswith("factor.") and name.partition(".")[2] not in STANDARD
)
AMOUNTS = ("eps", "market_cap", "enterprise_value")  # not told in another currency than the price's
