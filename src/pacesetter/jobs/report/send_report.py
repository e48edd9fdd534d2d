"""A report sent to where the settings say, once a version: mail as HTML, chats and webhooks in short."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pacesetter.jobs.report.notify import DEADLINE_S, deliver
from pacesetter.jobs.workspace import Workspace
from pacesetter.reports.render_html import render_html
from pacesetter.reports.render_notice import notice_markdown, notice_text
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.desk_reports import ReportRow, claim_sending, forget_sending

Status = Literal["sent", "failed", "known", "quiet", "nobody"]
TRIES, PAUSE_S, AT_ONCE = 3, 2.0, 4
AGAIN = ("refused", "timeout", "broken")  # the others will not be otherwise in two seconds
SCHEME = re.compile(r"[a-z][a-z0-9]{0,19}(?=s?://)", re.ASCII | re.IGNORECASE)

log = logging.getLogger("pacesetter.report")


@dataclass(frozen=True)
class Delivery:
    """What became of one address: its place in the settings, its kind (mailto, json …), and how it went."""

    place: int
    service: str
    outcome: str
    tries: int


@dataclass(frozen=True)
class Sending:
    """What became of a report: sent (to one address at least), failed, known (sent before), quiet (nothing
    material, and the settings do not want such ones) or nobody (no address is set)."""

    status: Status
    deliveries: tuple[Delivery, ...] = ()

    def in_words(self) -> str:
        """For a person; it names no address."""
        if self.status in WORDS:
            return WORDS[self.status]
        said = [f"{one.place} ({one.service}) {OUTCOMES[one.outcome]}" for one in self.deliveries]
        return f"{self.status}: {', '.join(said)}"


WORDS = {
    "known": "this version was sent before",
    "quiet": "not sent: nothing material (PACESETTER_NOTIFY_QUIET=true sends it all the same)",
    "nobody": "not sent: no address is set (PACESETTER_NOTIFY_URLS)",
}
OUTCOMES = {
    "sent": "took it",
    "address": "is no address that Apprise can read",
    "refused": "did not take it, or cannot be reached",
    "timeout": "did not answer in time",
    "broken": "broke off",
    "missing": "needs Apprise: pip install 'pacesetter[notify]'",
}


async def send_report(
    ws: Workspace, row: ReportRow, *, deadline_s: float = DEADLINE_S, pause_s: float = PAUSE_S
) -> Sending:
    """Send a stored report to every address of the settings, four at once, each tried at most three times.

    It is noted as sent before it is, so that two processes, or a start after a crash, never send it twice;
    the note is taken back where nobody took it.
    """
    urls = [url.get_secret_value() for url in ws.settings.notify_urls]
    if row.sent_at is not None:
        return Sending("known")
    if not urls:
        return Sending("nobody")
    if not row.content["material"] and not ws.settings.notify_quiet:
        return Sending("quiet")
    at = ws.now()
    async with ws.db.write() as conn:
        if not await claim_sending(conn, row.id, at):
            return Sending("known")
    deliveries: tuple[Delivery, ...] = ()
    try:
        message = write_message(row)
        gate = asyncio.Semaphore(AT_ONCE)
        tasks = [_try(n, url, message, gate, deadline_s, pause_s) for n, url in enumerate(urls, 1)]
        deliveries = tuple(await asyncio.gather(*tasks))
    finally:
        sent = any(one.outcome == "sent" for one in deliveries)
        async with ws.db.write() as conn:
            if sent:
                await write_entry(conn, "report.sent", tell_sending(row, deliveries), at=at)
            else:
                await forget_sending(conn, row.id, at)
    for one in deliveries:
        if one.outcome != "sent":
            log.warning("the report of %s: address %d %s", row.date, one.place, OUTCOMES[one.outcome])
    return Sending("sent" if sent else "failed", deliveries)


def write_message(row: ReportRow) -> dict[str, str]:
    """The report in the forms that addresses take."""
    return {
        "title": str(row.content["title"]),
        "html": render_html(row.content),
        "markdown": notice_markdown(row.content),
        "text": notice_text(row.content),
    }


def tell_sending(row: ReportRow, deliveries: tuple[Delivery, ...]) -> dict[str, object]:
    """What the audit log keeps: no address, only its place and kind."""
    told = [{"place": d.place, "service": d.service, "outcome": d.outcome} for d in deliveries]
    return {"kind": row.kind, "date": row.date.isoformat(), "version": row.version, "targets": told}


async def _try(
    place: int,
    url: str,
    message: Mapping[str, str],
    gate: asyncio.Semaphore,
    deadline_s: float,
    pause_s: float,
) -> Delivery:
    found = SCHEME.match(url)
    service = found[0].lower() if found else "unknown"
    outcome, n = "refused", 0
    while n < TRIES:
        n += 1
        async with gate:
            outcome = await deliver(url, message, deadline_s=deadline_s)
        if outcome not in AGAIN:
            break
        if n < TRIES:
            await asyncio.sleep(pause_s)
    return Delivery(place, service, outcome, n)
