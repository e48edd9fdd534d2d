"""What the README.txt of each folder of the inbox says."""

from __future__ import annotations

ABOUT = """\
Pacesetter looks into these folders every minute. A file that has not changed for some seconds is taken in,
once for its content, and then moved to processed/DATE/, or to errors/DATE/ if nothing of it could be used.
Beside it lies a report that says which lines were not taken in, why, and how to mend them.

While a program still writes a file, let its name end in .part or .tmp, or begin with a dot.
`pacesetter inbox` lists what came; `pacesetter inbox retry ID` puts a refused file back.
Links and folders inside of these are left alone.
"""
TEXTS = {
    "": ABOUT,
    "prices": """\
Prices as CSV or Parquet: one file a symbol, named after it (AAPL.csv), or one long file with a column Symbol.
Columns: Date, Open, High, Low, Close, Volume, and Adj Close where there is one.
""",
    "boxes": """\
Sealed boxes as CSV, Parquet or JSON: what was seen of them each day, facts about them, or both.
Columns such as box_id, date, floor_price_usd, active_listings_count, boxes_sold_today.
""",
    "portfolios": """\
Trades or positions as CSV. The file's name is the portfolio's name (a date at its end is left out); a
portfolio that is not there yet is made. A file with a mistake is refused as a whole; what came before is
not taken twice.
""",
    "ticker-lists": """\
Symbols to look at as CSV or TXT: ticker, reason; a line each; comma or semicolon. A header is not needed.

ticker,reason
NVDA,orders up again
VOD.L,the dividend looks safe
""",
    "manual-stocks": """\
Symbols put forward as JSON: one object or a list of them. urgency: high, normal or low.

{"ticker": "NVDA", "reason": "orders up again", "source": "Ann", "urgency": "high"}
""",
    "research-reports": """\
Texts about a symbol: TICKER_YYYYMMDD_title.md, .txt, .html, .pdf or .csv. Texts about markets go to macro/
or general/, named as you like. The first word of the title may say what kind it is:

AAPL_20250301_initiating-coverage.pdf   research
AAPL_20250301_news-new-plant.md         news
AAPL_20250301_insider-purchase.csv      insiders: date, insider, action, shares, price
AAPL_20250301_earnings-q1.csv           earnings: date, reported, expected
""",
    "research-reports/macro": """\
Texts about the economy: .md, .txt, .html or .pdf, with a date as YYYYMMDD in the name.
""",
    "research-reports/general": """\
Texts about markets at large: .md, .txt, .html or .pdf, with a date as YYYYMMDD in the name.
""",
}
