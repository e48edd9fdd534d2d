"""Reports sent to loopback servers, well-behaved and hostile: once, in a bounded time, no secret told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pacesetter.jobs.report.make_report import read_report, store_report
from pacesetter.jobs.report.send_report import Sending, send_report
from pacesetter.jobs.workspace import Workspace
from pacesetter.reports.morning import compose
from pacesetter.settings import describe_settings, load_settings
from pacesetter.store.accounts.audit import list_entries
from tests.jobs.home import with_home
from tests.jobs.report.notify_servers import Got, hang, listen, mail_server, trickle, webhook
from tests.reports.night_made import NEXT, make_night, make_quiet

SECRET = "hunter2secret"
LONG_S = 60.0  # of a try: the machine may be busy


def sending(
    folder: Path, work: Callable[[Workspace, Any], Awaitable[None]], *, quiet: bool = False, **over: Any
) -> None:
    """Store a report, and give it to ``work``."""

    async def main(ws: Workspace) -> None:
        content = compose(make_night())
        if quiet:
            content = compose(make_quiet(on=NEXT), compose(make_quiet()))
        async with ws.db.write() as conn:
            row = await store_report(conn, content)
        await work(ws, row)

    with_home(folder, main, **over)


def addressed(ws: Workspace, *urls: str, **over: Any) -> Workspace:
    settings = ws.settings.model_copy(update={"notify_urls": [SecretStr(url) for url in urls], **over})
    return replace(ws, settings=settings)


async def send(ws: Workspace, row: Any, **over: Any) -> Sending:
    return await send_report(ws, row, **({"deadline_s": LONG_S, "pause_s": 0.0} | over))


def test_mail_gets_html_and_a_webhook_the_headline(tmp_path: Path, database_url: str) -> None:
    async def work(ws: Workspace, row: Any) -> None:
        mails, hooks = Got(), Got()
        async with listen(mail_server(mails)) as smtp, listen(webhook(hooks)) as http:
            aimed = addressed(
                ws,
                f"mailto://127.0.0.1:{smtp}?from=desk@example.org&to=trader@example.org&mode=insecure",
                f"json://user:{SECRET}@127.0.0.1:{http}/path",
            )
            done = await send(aimed, row)
            assert [one.outcome for one in done.deliveries] == ["sent", "sent"], done
            stored = await read_report(ws)
            assert stored.sent_at is not None
            again = await send(aimed, stored)
            assert again.status == "known" and (mails.calls, hooks.calls) == (1, 1)
            stale = await send(aimed, row)  # as another process read it before it was sent
            assert stale.status == "known" and (mails.calls, hooks.calls) == (1, 1)
        (mail,) = mails.mails
        parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk()}
        assert b"New buys" in parts["text/html"] and b"@media print" in parts["text/html"]
        body = json.loads(hooks.bodies[0])
        assert body["title"] == "Morning report · Fri 14 Mar 2025"
        assert body["message"].startswith("1 new buy: AAA; 1 sell: CCC")
        assert len(body["message"]) < 1700
        async with ws.db.read() as conn:
            (entry,) = await list_entries(conn, action="report.sent")
        assert entry.data["targets"] == [
            {"place": 1, "service": "mailto", "outcome": "sent"},
            {"place": 2, "service": "json", "outcome": "sent"},
        ]
        assert SECRET not in entry.details and "127.0.0.1" not in entry.details

    sending(tmp_path, work, url=database_url)


def test_servers_that_never_end_take_a_bounded_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work(ws: Workspace, row: Any) -> None:
        async with listen(hang(Got())) as a, listen(trickle(Got())) as b:
            aimed = addressed(ws, *[f"json://user:{SECRET}@127.0.0.1:{port}/" for port in (a, b)])
            done = await asyncio.wait_for(send(aimed, row, deadline_s=3.0), 120)
        assert done.status == "failed" and [one.tries for one in done.deliveries] == [3, 3]
        assert {one.outcome for one in done.deliveries} <= {"timeout", "broken", "refused"}
        assert (await read_report(ws)).sent_at is None
        check_silence(done, aimed, caplog)

    with caplog.at_level(logging.INFO):
        sending(tmp_path, work)


def test_each_address_is_tried_thrice_and_its_failure_has_a_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(ws: Workspace, row: Any) -> None:
        broken, fine = Got(), Got()
        async with listen(webhook(broken, "500 No")) as a, listen(webhook(fine, fail_first=1)) as b:
            urls = [f"json://user:{SECRET}@127.0.0.1:{port}/" for port in (a, b)]
            done = await send(addressed(ws, *urls, f"nosuch://{SECRET}"), row)
        assert done.status == "sent"
        found = [(one.service, one.outcome, one.tries) for one in done.deliveries]
        assert found == [("json", "refused", 3), ("json", "sent", 2), ("nosuch", "address", 1)]
        assert (broken.calls, len(fine.bodies)) == (3, 1)
        check_silence(done, addressed(ws, *urls), caplog)

    with caplog.at_level(logging.INFO):
        sending(tmp_path, work)


def check_silence(done: Sending, ws: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that is written anywhere holds an address."""
    assert len(caplog.records) >= 2
    for text in (caplog.text, done.in_words(), repr(done), repr(ws.settings)):
        assert SECRET not in text and "127.0.0.1" not in text.replace("host='127.0.0.1'", "")


def test_what_nobody_took_may_be_sent_again(tmp_path: Path) -> None:
    async def work(ws: Workspace, row: Any) -> None:
        hooks = Got()
        async with listen(webhook(hooks, fail_first=3)) as port:
            aimed = addressed(ws, f"json://127.0.0.1:{port}/")
            assert (await send(aimed, row)).status == "failed"
            stored = await read_report(ws)
            assert stored.sent_at is None
            async with ws.db.read() as conn:
                assert await list_entries(conn, action="report") == []
            assert (await send(aimed, stored)).status == "sent"

    sending(tmp_path, work)


def test_a_quiet_night_is_sent_only_where_it_is_wanted(tmp_path: Path) -> None:
    async def work(ws: Workspace, row: Any) -> None:
        hooks = Got()
        async with listen(webhook(hooks)) as port:
            url = f"json://127.0.0.1:{port}/"
            assert (await send(addressed(ws, url), row)).status == "quiet" and hooks.calls == 0
            assert (await send(ws, row)).status == "nobody"
            wanted = addressed(ws, url, notify_quiet=True)
            assert (await send(wanted, row)).status == "sent" and hooks.calls == 1

    sending(tmp_path, work, quiet=True)


def test_addresses_are_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACESETTER_NOTIFY_URLS", f"json://u:{SECRET}@host/a,b  mailto://x:{SECRET}@y.z")
    settings = load_settings()
    assert [url.get_secret_value() for url in settings.notify_urls] == [
        f"json://u:{SECRET}@host/a,b",
        f"mailto://x:{SECRET}@y.z",
    ]
    assert SECRET not in repr(settings) + str(settings.model_dump())
    (row,) = [one for one in describe_settings() if one.name == "notify_urls"]
    assert row.value == ["***", "***"]
    monkeypatch.setenv("PACESETTER_NOTIFY_URLS", f'["json://{SECRET}"]')
    assert [url.get_secret_value() for url in load_settings().notify_urls] == [f"json://{SECRET}"]
    monkeypatch.setenv("PACESETTER_NOTIFY_URLS", f'["json://{SECRET}')
    with pytest.raises(Exception, match="notify_urls") as caught:
        load_settings()
    assert SECRET not in str(caught.value)
