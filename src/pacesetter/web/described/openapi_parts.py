"""What the API's description says in words, and the parts that many operations share."""

from __future__ import annotations

from typing import Any

from pacesetter.web.auth.credentials import COOKIE

Json = dict[str, Any]

PROBLEM = "application/problem+json"

ABOUT = """Rankings that you can explain.

Figures say which session they are of (`as_of`) and whether a newer one should be there (`stale`). Errors are
problem details (RFC 9457): `detail` says what is wrong, `where` in what was sent, `mend` what to do.
A program sends a key (`pacesetter user key NAME` makes one); a page of the dashboard has a session, and sends
its `X-CSRF-Token` and `Origin` with every change. Answers tell how many requests are left (`RateLimit`)."""

TAGS = {
    "rankings": "The leaders of all boards, and a board with everything its ranks are made of.",
    "sessions": "The dates that have published ranks.",
    "sparklines": "The last closes of a board's members.",
    "changes": "Why ranks moved: every cause with its exact share.",
    "history": "The published ranks of a symbol over time.",
    "symbols": "What is known of symbols, their prices, and the evidence behind their ranks.",
    "exposures": "What symbols move with, how sure that is, and the day's figures of each.",
    "portfolios": "What one holds, what it is worth, what moves it, and the files that it came from.",
    "desk": "Where the research desk stands, and the nights that it has worked through.",
    "signals": "What was noticed about symbols, what that comes to, and who waits to be looked at.",
    "watchlist": "What one waits for, how often that would have happened, and the facts to speak of.",
    "decisions": "What analysts think, what the desk proposes, and what a person made of it.",
    "agents": "Who looks and who judges, how each is set, and what became of its word.",
    "reports": "What the desk has to say in the morning.",
    "inbox": "Files that came by the watched folder, and the texts in them.",
    "audit": "Who changed what, in a log that shows when it was tampered with.",
    "boxes": "Sealed boxes of collectibles: by volume or any measure, each in full, and their market.",
    "factors": "What each factor means and how it is computed.",
    "methods": "How boards are ranked, and weights that are only tried.",
    "validation": "Whether ranks said anything about the returns that followed.",
    "domains": "Boards and their members.",
    "quarantine": "Suspicious prices that wait for a person's decision.",
    "cycles": "What was computed when, and the health of the data.",
    "batch": "How far the nightly work on every symbol is.",
    "onboarding": "Symbols that nobody followed yet: asked for, and on their way in.",
    "jobs": "Long work that is asked for, watched and stopped.",
    "cache": "The answers that are kept ready.",
    "health": "Whether the server lives, and whether it can answer.",
    "session": "Logging in and out.",
    "keys": "One's own keys for programs.",
    "users": "Users, for owners.",
}
SCHEMES: Json = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A browser's session, from POST /api/v1/session or a login link.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "pacesetter key",
        "description": "`Authorization: Bearer KEY`. It may do what its scopes and its owner's role allow.",
    },
}
REFUSALS = {
    400: "The body is no text, or the Idempotency-Key is spelt wrong.",
    401: "Nobody is logged in, or the key or session does not hold any more.",
    403: "Whoever asks may not do that, or a page of another site asked for it.",
    404: "There is no such thing, or nothing of it is published yet.",
    409: "The same is being done already.",
    413: "The body is larger than the limit, which the answer names.",
    422: "Something in the request means nothing here; `where` names it.",
    429: "Too many requests; Retry-After says when to come again.",
    503: "The database does not answer; Retry-After says when to come again.",
}
RETRY: Json = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}
HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "How to say who one is."}},
    429: RETRY,
    503: RETRY,
}
PROBLEM_SCHEMA: Json = {
    "title": "Problem",
    "description": "What is wrong, where, and what mends it (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "about:blank, or urn:pacesetter:problem: and its kind."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "where": {"type": "string", "description": "Which part of the request."},
        "mend": {"type": "string", "description": "What to do about it."},
    },
    "examples": [
        {
            "type": "urn:pacesetter:problem:UnknownName",
            "title": "Not Found",
            "status": 404,
            "detail": "unknown board 'ai-teck'",
            "instance": "/api/v1/rankings/ai-teck",
            "mend": "did you mean AI/Tech?",
        }
    ],
}

QUOTA: Json = {  # of draft-ietf-httpapi-ratelimit-headers-10
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "Requests (q) in a window of seconds (w).",
    },
    "RateLimit": {"schema": {"type": "string"}, "description": "Those left (r), all again in seconds (t)."},
}
ONCE: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name for this change, such as a random UUID: sent again within a day, it is made once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}
