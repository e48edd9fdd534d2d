"""One message to one address by Apprise, in a process of its own with a deadline.

Apprise speaks some hundred services' protocols, which nobody should write again; so it opens connections
itself, past `providers/http.py`. That is the one exception, and it is kept narrow: it is imported in this
process only, which speaks to the one address that whoever runs Pacesetter put into `notify_urls`;
the address comes in on standard input, so that no list of processes shows it; its log is shut, since
it may name the address; memory is bounded, and whoever started the process ends it when time is over.

    python -m pacesetter.jobs.report.notify < {"url": …, "title": …, "html": …, "markdown": …, "text": …}

prints {"kind": "sent"}, "address" (Apprise cannot read it), "refused" (nobody took it) or "missing" (it is
not installed).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 2 << 30  # of memory: an endless answer ends the process, not the machine
DEADLINE_S = 30.0  # of one try, with the start of its process
CONNECT_S, READ_S = 8, 10
MAIL = ("mailto", "mailtos", "mailgun", "sendgrid", "ses", "sparkpost", "smtp2go", "o365", "resend", "brevo")


async def deliver(url: str, message: Mapping[str, str], *, deadline_s: float = DEADLINE_S) -> str:
    """Send a message (title, html, markdown, text) to one address; how it went, in a word.

    sent, address, refused, missing, ``timeout`` when the deadline passed, ``broken`` when the process died.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pacesetter.jobs.report.notify",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    given = json.dumps({"url": url, **message}).encode()
    try:
        said, _ = await asyncio.wait_for(child.communicate(given), deadline_s)
    except TimeoutError:
        return "timeout"
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        kind = json.loads(said)["kind"]
    except (ValueError, KeyError, TypeError):
        return "broken"
    return kind if kind in ("sent", "address", "refused", "missing") else "broken"


def send(url: str, message: Mapping[str, str]) -> str:
    """Send a message now, in this process: mail gets HTML, others Markdown where they read it, or text."""
    try:
        import apprise
    except ImportError:
        return "missing"
    asset = apprise.AppriseAsset(app_id="Pacesetter", app_desc="Pacesetter", secure_logging=True)
    target: Any = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if target is None:
        return "address"
    target.socket_connect_timeout = min(target.socket_connect_timeout or CONNECT_S, CONNECT_S)
    target.socket_read_timeout = min(target.socket_read_timeout or READ_S, READ_S)
    form = choose_form(url, target.notify_format)
    sent = target.notify(body=message[form], title=message["title"], body_format=form)
    return "sent" if sent else "refused"


def choose_form(url: str, known: Any) -> str:
    """Mail gets HTML; others the short form as the first of Markdown and text that their service prefers."""
    if url.partition("://")[0].lower() in MAIL:
        return "html"
    forms = [str(getattr(one, "value", one)) for one in (known if isinstance(known, tuple) else (known,))]
    return next((form for form in forms if form in ("markdown", "text")), "text")


def main() -> None:
    """Read a message from standard input, send it, and print how it went."""
    logging.disable(logging.CRITICAL)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    except (ImportError, ValueError, OSError):
        pass  # there are systems without it
    given: dict[str, str] = json.load(sys.stdin)
    out = sys.stdout
    sys.stdout = sys.stderr
    try:
        kind = send(given.pop("url"), given)
    except Exception:  # whatever a plug-in raises: its words may hold the address
        kind = "refused"
    print(json.dumps({"kind": kind}), file=out, flush=True)


if __name__ == "__main__":
    main()
