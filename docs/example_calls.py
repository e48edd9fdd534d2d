"""What is asked for the examples of the API, in an order in which each call finds what it needs."""

from __future__ import annotations

from datetime import date
from typing import Any

FIRST, LAST = date(2025, 7, 14), date(2025, 7, 24)
SEEN = date(2025, 7, 24)  # of boxes
PASSWORD = "correct horse battery staple"  # noqa: S105 an example
METHOD = """name = "calm"
version = 1
title = "Calm: low volatility first"
normalise = "robust_z"
score = "percentile"
coverage_min = 0.5
clip = 3.0

[[factor]]
name = "volatility"
weight = 0.7

[[factor]]
name = "momentum"
weight = 0.3
"""

LOTS = """Symbol,Quantity,Entry Price,Entry Date
NVDA,10,118.20,2025-07-14
XOM,-20,109.75,2025-07-15
"""

BOXES = """box_id,name,date,source,floor,active_listings_count,boxes_sold_today,boxes_added_today
sf01,Skyfarers - SF-01 First Wind Booster Box,2025-07-22,shop,100.00,20,2,1
sf02,Skyfarers - SF-02 Still Air Booster Box,2025-07-22,shop,50.00,10,4,0
7c1e90,,2025-07-23,shop,104.00,20,2,0
sf01,Skyfarers - SF-01 First Wind Booster Box,2025-07-24,shop,110.00,19,1,0
sf02,Skyfarers - SF-02 Still Air Booster Box,2025-07-24,shop,48.00,12,6,2
"""

# operation, what to ask, and the body; in an order in which each finds what it needs
CALLS: list[tuple[str, str, dict[str, Any] | str | None]] = [
    ("GET /api/v1/health/live", "/api/v1/health/live", None),
    ("GET /api/v1/health/ready", "/api/v1/health/ready", None),
    ("GET /api/v1/health/data", "/api/v1/health/data", None),
    ("GET /api/v1/rankings", "/api/v1/rankings?top=2", None),
    ("GET /api/v1/rankings/{board}", "/api/v1/rankings/ai-tech?limit=2", None),
    ("GET /api/v1/sessions", "/api/v1/sessions?limit=2", None),
    ("GET /api/v1/sparklines/{board}", "/api/v1/sparklines/ai-tech?points=2&symbols=NVDA,AMD", None),
    ("GET /api/v1/changes", f"/api/v1/changes?board=ai-tech&from={FIRST}&to={LAST}", None),
    ("GET /api/v1/changes/{symbol}", f"/api/v1/changes/NVDA?board=ai-tech&from={FIRST}&to={LAST}", None),
    ("GET /api/v1/movers", f"/api/v1/movers?to={LAST}&top=1", None),
    ("GET /api/v1/history/{ticker}", "/api/v1/history/NVDA", None),
    ("GET /api/v1/symbols", "/api/v1/symbols?search=nvidia", None),
    ("GET /api/v1/symbols/{symbol}", "/api/v1/symbols/NVDA", None),
    ("GET /api/v1/symbols/{symbol}/prices", "/api/v1/symbols/NVDA/prices?limit=2", None),
    ("GET /api/v1/factors", "/api/v1/factors", None),
    ("GET /api/v1/methods", "/api/v1/methods", None),
    ("POST /api/v1/methods", "/api/v1/methods", {"toml": METHOD}),
    (
        "POST /api/v1/what-if",
        "/api/v1/what-if",
        {
            "board": "ai-tech",
            "weights": {
                "momentum": 0.5,
                "volume_change": 0,
                "volatility": 0.3,
                "relative_strength": 0.2,
                "financial_ratio": 0,
            },
        },
    ),
    ("GET /api/v1/validation/{board}", f"/api/v1/validation/ai-tech?from=2024-07-24&to={LAST}", None),
    ("GET /api/v1/domains", "/api/v1/domains", None),
    (
        "POST /api/v1/domains/preview",
        "/api/v1/domains/preview",
        {"symbols": ["NVDA", "AMD", "NEWCO"], "asset_type": "equity"},
    ),
    (
        "POST /api/v1/domains",
        "/api/v1/domains",
        {"name": "My chips", "symbols": ["NVDA", "AMD", "INTC"], "method": "core", "since": "2025-01-02"},
    ),
    ("PATCH /api/v1/domains/{board}", "/api/v1/domains/my-chips", {"add": ["QCOM"], "drop": ["INTC"]}),
    ("DELETE /api/v1/domains/{board}", "/api/v1/domains/my-chips", None),
    ("GET /api/v1/quarantine", "/api/v1/quarantine", None),
    ("POST /api/v1/quarantine/{symbol}/{day}/accept", "/api/v1/quarantine/NVDA/2025-07-22/accept", None),
    (
        "POST /api/v1/quarantine/{symbol}/{day}/repair",
        "/api/v1/quarantine/AMD/2025-07-22/repair",
        {"scale": 0.01},
    ),
    ("GET /api/v1/cycles", "/api/v1/cycles?limit=2", None),
    ("POST /api/v1/jobs", "/api/v1/jobs", {"kind": "backfill", "from": str(FIRST), "to": str(LAST)}),
    ("GET /api/v1/jobs", "/api/v1/jobs", None),
    ("GET /api/v1/jobs/{job_id}", "/api/v1/jobs/{job}", None),
    ("DELETE /api/v1/jobs/{job_id}", "/api/v1/jobs/{job}", None),
    ("GET /api/v1/batch", "/api/v1/batch", None),
    ("GET /api/v1/factor-definitions", "/api/v1/factor-definitions", None),
    ("GET /api/v1/exposures/{symbol}", "/api/v1/exposures/NVDA", None),
    ("GET /api/v1/daily-metrics", "/api/v1/daily-metrics?sort=-return_1m&limit=2", None),
    ("GET /api/v1/daily-metrics/{symbol}", "/api/v1/daily-metrics/NVDA", None),
    ("POST /api/v1/onboarding", "/api/v1/onboarding", {"symbols": ["VOD.L"], "priority": "high"}),
    ("GET /api/v1/onboarding", "/api/v1/onboarding", None),
    ("GET /api/v1/onboarding/{job_id}", "/api/v1/onboarding/{symbol_job}", None),
    (
        "POST /api/v1/portfolios",
        "/api/v1/portfolios",
        {"name": "Long run", "base_currency": "USD", "benchmark": "SPY"},
    ),
    (
        "POST /api/v1/portfolios/{portfolio_id}/imports",
        "/api/v1/portfolios/{portfolio}/imports?file_name=lots.csv",
        LOTS,
    ),
    (
        "POST /api/v1/portfolios/{portfolio_id}/trades",
        "/api/v1/portfolios/{portfolio}/trades",
        {"action": "buy", "symbol": "AMD", "quantity": "5", "price": "120.50", "traded_on": "2025-07-16"},
    ),
    ("GET /api/v1/desk", "/api/v1/desk", None),
    ("GET /api/v1/nights", "/api/v1/nights?limit=2", None),
    ("GET /api/v1/signals", "/api/v1/signals?days=10&limit=2", None),
    ("GET /api/v1/signals/rules", "/api/v1/signals/rules", None),
    ("GET /api/v1/convergence", "/api/v1/convergence?limit=2", None),
    ("GET /api/v1/convergence/{symbol}", "/api/v1/convergence/UNH", None),
    ("GET /api/v1/research-queue", "/api/v1/research-queue?state=left&limit=2", None),
    ("GET /api/v1/research-queue/{symbol}", "/api/v1/research-queue/UNH", None),
    ("GET /api/v1/facts", "/api/v1/facts", None),
    ("GET /api/v1/facts/{symbol}", "/api/v1/facts/NVDA", None),
    (
        "POST /api/v1/watchlist/try",
        "/api/v1/watchlist/try",
        {"symbol": "NVDA", "condition": "price.change_5d_pct < -5 and rank.rank <= 10"},
    ),
    (
        "POST /api/v1/watchlist",
        "/api/v1/watchlist",
        {"symbol": "NVDA", "condition": "price.below_high_pct > 15", "thesis": "cheaper than it was"},
    ),
    ("GET /api/v1/watchlist", "/api/v1/watchlist", None),
    ("GET /api/v1/watchlist/{watch_id}", "/api/v1/watchlist/{watch}", None),
    (
        "PATCH /api/v1/watchlist/{watch_id}",
        "/api/v1/watchlist/{watch}",
        {"expires_on": "2025-12-31", "cool_down_days": 10},
    ),
    ("DELETE /api/v1/watchlist/{watch_id}", "/api/v1/watchlist/{watch}", None),
    ("GET /api/v1/analyses", "/api/v1/analyses?symbol=UNH", None),
    ("GET /api/v1/decisions", "/api/v1/decisions?waiting=true", None),
    (
        "POST /api/v1/decisions/{decision_id}/modify",
        "/api/v1/decisions/{decision}/modify",
        {"quantity": "4", "stop": "94.00"},
    ),
    ("POST /api/v1/decisions/{decision_id}/approve", "/api/v1/decisions/{decision}/approve", None),
    (
        "POST /api/v1/decisions/{decision_id}/trade",
        "/api/v1/decisions/{decision}/trade",
        {"price": "102.50", "traded_on": "2025-07-24", "commission": "1", "portfolio": "Long run"},
    ),
    ("GET /api/v1/decisions/{decision_id}", "/api/v1/decisions/{decision}", None),
    ("GET /api/v1/decisions", "/api/v1/decisions?waiting=true", None),
    (
        "POST /api/v1/decisions/{decision_id}/reject",
        "/api/v1/decisions/{decision}/reject",
        {"reason": "it has run far enough"},
    ),
    ("GET /api/v1/agents", "/api/v1/agents?kind=analyst", None),
    ("PATCH /api/v1/agents/{name}", "/api/v1/agents/value", {"weight": 1.5, "parameters": {"buy_from": 72}}),
    ("GET /api/v1/agents/{name}", "/api/v1/agents/value", None),
    ("GET /api/v1/agents/presets", "/api/v1/agents/presets", None),
    ("POST /api/v1/agents/presets/{name}", "/api/v1/agents/presets/cautious", {"dry_run": True}),
    ("GET /api/v1/agents/export", "/api/v1/agents/export", None),
    (
        "POST /api/v1/agents/import",
        "/api/v1/agents/import",
        {"form": "toml", "text": "format = 1\n\n[agent.value]\nweight = 2.0\n", "dry_run": True},
    ),
    ("GET /api/v1/model", "/api/v1/model", None),
    ("GET /api/v1/reports", "/api/v1/reports?limit=2", None),
    ("GET /api/v1/reports/morning", "/api/v1/reports/morning", None),
    ("POST /api/v1/reports/morning/send", "/api/v1/reports/morning/send", {}),
    ("GET /api/v1/inbox", "/api/v1/inbox", None),
    ("POST /api/v1/inbox/look", "/api/v1/inbox/look", None),
    ("GET /api/v1/texts", "/api/v1/texts?limit=2", None),
    ("GET /api/v1/audit", "/api/v1/audit?action=decision&limit=2", None),
    ("GET /api/v1/audit/verify", "/api/v1/audit/verify", None),
    ("GET /api/v1/portfolios", "/api/v1/portfolios", None),
    ("GET /api/v1/portfolios/{portfolio_id}", "/api/v1/portfolios/{portfolio}", None),
    ("GET /api/v1/portfolios/{portfolio_id}/snapshot", "/api/v1/portfolios/{portfolio}/snapshot", None),
    ("GET /api/v1/portfolios/{portfolio_id}/series", "/api/v1/portfolios/{portfolio}/series", None),
    ("GET /api/v1/portfolios/{portfolio_id}/positions", "/api/v1/portfolios/{portfolio}/positions", None),
    (
        "PATCH /api/v1/portfolios/{portfolio_id}/positions/{position_id}",
        "/api/v1/portfolios/{portfolio}/positions/{position}",
        {"stop_loss": "90.00", "note": "sell half at the target"},
    ),
    ("GET /api/v1/portfolios/{portfolio_id}/trades", "/api/v1/portfolios/{portfolio}/trades", None),
    (
        "DELETE /api/v1/portfolios/{portfolio_id}/trades/{trade_id}",
        "/api/v1/portfolios/{portfolio}/trades/{trade}",
        None,
    ),
    ("GET /api/v1/portfolios/{portfolio_id}/imports", "/api/v1/portfolios/{portfolio}/imports", None),
    (
        "DELETE /api/v1/portfolios/{portfolio_id}/imports/{import_id}",
        "/api/v1/portfolios/{portfolio}/imports/{import_}",
        None,
    ),
    ("PATCH /api/v1/portfolios/{portfolio_id}", "/api/v1/portfolios/{portfolio}", {"name": "For ever"}),
    ("DELETE /api/v1/portfolios/{portfolio_id}", "/api/v1/portfolios/{portfolio}", None),
    ("GET /api/v1/cache/status", "/api/v1/cache/status", None),
    ("POST /api/v1/cache/warm", "/api/v1/cache/warm", None),
    ("POST /api/v1/users", "/api/v1/users", {"name": "grace", "role": "analyst", "password": PASSWORD}),
    ("GET /api/v1/users", "/api/v1/users", None),
    ("PATCH /api/v1/users/{name}", "/api/v1/users/grace", {"role": "viewer"}),
    ("POST /api/v1/keys", "/api/v1/keys", {"name": "notebook", "scopes": ["read"], "days": 90}),
    ("GET /api/v1/keys", "/api/v1/keys", None),
    ("DELETE /api/v1/keys/{which}", "/api/v1/keys/notebook", None),
    ("GET /api/v1/session", "/api/v1/session", None),
    ("PUT /api/v1/session/password", "/api/v1/session/password", {"current": PASSWORD, "new": PASSWORD}),
    ("DELETE /api/v1/session", "/api/v1/session", None),
    ("POST /api/v1/session", "/api/v1/session", {"name": "ada", "password": PASSWORD}),
]

# of boxes, which never stand beside the simulated market: asked of a home that imported BOXES
BOX_CALLS: list[tuple[str, str, dict[str, Any] | str | None]] = [
    ("GET /api/v1/boxes", "/api/v1/boxes?limit=2", None),
    ("GET /api/v1/boxes/measures", "/api/v1/boxes/measures", None),
    ("GET /api/v1/boxes/market", f"/api/v1/boxes/market?from={SEEN}&days=1", None),
    ("GET /api/v1/boxes/twins", "/api/v1/boxes/twins", None),
    ("GET /api/v1/boxes/sparklines", "/api/v1/boxes/sparklines?symbols=BOX-SF01&points=5", None),
    (
        "PUT /api/v1/boxes/{symbol}/observations/{day}",
        f"/api/v1/boxes/BOX-SF01/observations/{SEEN}",
        {"floor_price_usd": 109.5, "active_listings_count": 18, "boxes_sold": 3, "note": "counted myself"},
    ),
    (
        "PATCH /api/v1/boxes/{symbol}",
        "/api/v1/boxes/BOX-SF01",
        {"image_url": "https://pictures.example/sf01.webp", "reprint_risk": "low"},
    ),
    ("GET /api/v1/boxes/{symbol}", "/api/v1/boxes/BOX-SF01", None),
    (
        "GET /api/v1/boxes/{symbol}/series",
        f"/api/v1/boxes/BOX-SF01/series?measure=floor_price_usd,rank&from={SEEN}",
        None,
    ),
    ("GET /api/v1/boxes/{symbol}/observations", "/api/v1/boxes/BOX-SF01/observations?limit=2", None),
    (
        "POST /api/v1/boxes/imports",
        "/api/v1/boxes/imports?file_name=boxes.csv",
        f"box_id,date,source,floor,sold\nsf01,{SEEN},other shop,111.00,2\nsf02,{SEEN},other shop,-48,1\n",
    ),
    ("GET /api/v1/boxes/imports", "/api/v1/boxes/imports?limit=2", None),
    ("DELETE /api/v1/boxes/imports/{import_id}", "/api/v1/boxes/imports/{box_import}", None),
    ("POST /api/v1/boxes/{symbol}/join", "/api/v1/boxes/BOX-7C1E90/join", {"into": "BOX-SF01"}),
]

# which answer gives an id that later calls name
IDS = {
    "POST /api/v1/boxes/imports": ("box_import", lambda said: said["import_id"]),
    "POST /api/v1/jobs": ("job", lambda said: said["id"]),
    "POST /api/v1/onboarding": ("symbol_job", lambda said: said["rows"][0]["id"]),
    "POST /api/v1/watchlist": ("watch", lambda said: said["id"]),
    "GET /api/v1/decisions": (  # the dearest: the calls write prices that suit it
        "decision",
        lambda said: max(said["rows"], key=lambda row: float(row["entry_price"]))["id"],
    ),
    "POST /api/v1/portfolios": ("portfolio", lambda said: said["id"]),
    "POST /api/v1/portfolios/{portfolio_id}/imports": ("import_", lambda said: said["import_id"]),
    "POST /api/v1/portfolios/{portfolio_id}/trades": ("trade", lambda said: said["id"]),
    "GET /api/v1/portfolios/{portfolio_id}/positions": ("position", lambda said: said["rows"][0]["id"]),
}
