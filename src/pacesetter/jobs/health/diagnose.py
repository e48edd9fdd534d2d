"""What is wrong here, and the one command that mends it."""

from __future__ import annotations

from datetime import timedelta

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.health.diagnose_boxes import diagnose_box, look_at_boxes
from pacesetter.jobs.health.finding import Finding, Level
from pacesetter.jobs.words import held_bar_in_words, in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import PacesetterError, UnknownName
from pacesetter.market.calendar import expected_session, grade_freshness, sessions_behind
from pacesetter.market.symbol import BOX
from pacesetter.providers.base import providers
from pacesetter.reports.section import sections
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.bars.quarantine import list_held
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.database.schema import differences, pending
from pacesetter.store.symbols.domains import list_domains
from pacesetter.store.symbols.onboarding_waits import list_waiting
from pacesetter.store.symbols.symbols import find_symbol, known_boxes
from pacesetter.store.work.cycles import count_by_status

MOST_NAMED = 5


async def diagnose(ws: Workspace, symbol: str | None = None) -> list[Finding]:
    """Look at the installation, or at why one symbol is missing or unranked."""
    if symbol is not None:
        return await diagnose_symbol(ws, symbol)
    return [
        await look_at_schema(ws),
        *look_at_plugins(ws),
        *await look_at_data(ws),
        *await look_at_boards(ws),
        *await look_at_boxes(ws),
        *await look_at_queue(ws),
    ]


def look_at_plugins(ws: Workspace) -> list[Finding]:
    """Plug-ins that the settings name and that do not load, or are not there."""
    wanted = ws.settings.plugins
    registries = (factors, providers, sections)
    for registry in registries:
        registry.load_plugins(wanted)
    broken = {failure.name: failure for registry in registries for failure in registry.failures}
    found = {name for registry in registries for name in registry.loaded} | set(broken)
    mend = "install it anew, or take it out of PACESETTER_PLUGINS"
    return [
        *(
            Finding("bad", f"the plug-in {name} does not load: {one.cause}", one.group, mend)
            for name, one in broken.items()
        ),
        *(
            Finding("bad", f"no plug-in called {name} is installed", mend=mend)
            for name in wanted
            if name not in found
        ),
    ]


async def look_at_schema(ws: Workspace) -> Finding:
    """Whether the tables are those of this version."""
    todo = await pending(ws.db)
    if todo:
        return Finding(
            "bad", f"{len(todo)} migrations are pending", ws.db.where, "pacesetter up --source none"
        )
    if await differences(ws.db):
        return Finding(
            "bad",
            "the tables differ from what the migrations build",
            ws.db.where,
            "pacesetter restore BACKUP",
        )
    return Finding("ok", "the database answers and its schema is current", ws.db.where)


async def look_at_data(ws: Workspace) -> list[Finding]:
    """Whether there are prices, how old they are, and what is held back."""
    settings, delay = ws.settings, timedelta(minutes=ws.settings.final_delay_minutes)
    async with ws.db.read() as conn:
        newest = await newest_price_date(conn)
        boxes = await known_boxes(conn)
        held = await list_held(conn)
        cycles = await count_by_status(conn)
    found = []
    if newest is None:
        if boxes:
            return []  # a home of boxes alone
        return [Finding("bad", "no prices are stored", mend="pacesetter import prices FILE")]
    late = sessions_behind(settings.calendar, newest, ws.now(), delay)
    expected = expected_session(settings.calendar, ws.now(), delay)
    level: Level = {"current": "ok", "warning": "warn", "critical": "bad"}[grade_freshness(late)]  # type: ignore[assignment]
    what = f"newest price {newest}, expected {expected}: {late} sessions behind"
    found.append(Finding(level, what, settings.calendar, "" if late == 0 else "pacesetter cycle"))
    if held:
        names = ", ".join(sorted({row.symbol for row in held})[:5])
        what = f"{len(held)} bars are held back ({names} …)"
        found.append(Finding("warn", what, mend="pacesetter quarantine"))
    if cycles.get("failed"):
        found.append(Finding("warn", f"{cycles['failed']} cycles failed", mend="pacesetter cycle"))
    return found


async def look_at_queue(ws: Workspace) -> list[Finding]:
    """Symbols that were asked for and that nobody begins without a source of prices."""
    async with ws.db.read() as conn:
        names = await list_waiting(conn)
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    what = f"asked for, and waiting for a source of prices: {', '.join(names[:MOST_NAMED])}{more}"
    return [Finding("warn", what, "PACESETTER_SOURCE", "pacesetter import prices FILE")]


async def look_at_boards(ws: Workspace) -> list[Finding]:
    """Which members of an exchange's boards have no rank."""
    async with ws.db.read() as conn:
        on = await stored.newest_published_date(conn)
        rows = [] if on is None else await stored.read_day(conn, on)
        boxes_alone = await newest_price_date(conn) is None and await known_boxes(conn)
    if on is None and boxes_alone:
        return []
    if on is None:
        return [Finding("bad", "nothing is published yet", mend="pacesetter cycle")]
    unranked = [row for row in rows if row.current_rank is None]
    found = [Finding("ok", f"{len({row.slug for row in rows})} boards published for {on}")]
    found += [
        Finding(
            "warn",
            f"{row.symbol} is unranked: {in_words(row.unranked_reason)}",
            row.board,
            f"pacesetter doctor {row.symbol}",
        )
        for row in unranked
    ]
    return found


async def diagnose_symbol(ws: Workspace, symbol: str) -> list[Finding]:
    """Follow one symbol from its name to its rank, and stop at what is wrong."""
    async with ws.db.read() as conn:
        try:
            known = await find_symbol(conn, symbol)
        except UnknownName as error:
            return [Finding("bad", str(error), mend=f"pacesetter import prices FILE (with bars of {symbol})")]
        if known.asset_type == BOX:
            return await diagnose_box(ws, known.symbol)
        newest = await newest_price_date(conn, known.symbol)
        held = await list_held(conn, known.symbol)
        on = await stored.newest_published_date(conn)
        domains = [
            d
            for d in await list_domains(conn)
            if known.symbol in await members_on(conn, d.id, on or ws.now().date())
        ]
    found = [Finding("ok", f"{known.symbol} is known as {known.asset_type}", known.name or "")]
    if newest is None:
        found.append(Finding("bad", "it has no prices", mend="pacesetter import prices FILE"))
        return found
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    late = sessions_behind(ws.settings.calendar, newest, ws.now(), delay) or 0
    found.append(
        Finding(
            "ok" if late == 0 else "warn",
            f"newest price {newest}, {late} sessions behind",
            mend="" if late == 0 else "pacesetter cycle",
        )
    )
    found += [
        Finding(
            "warn",
            f"the bar of {bar.date} is held back: {held_bar_in_words(bar.reason)}, {bar.detail}",
            mend="pacesetter import prices FILE (with a second source)",
        )
        for bar in held[:5]
    ]
    if not domains:
        found.append(Finding("warn", "it is on no board", mend="pacesetter domains"))
    for domain in domains:
        found += await look_at_rank(ws, domain.slug, known.symbol)
    return found


async def look_at_rank(ws: Workspace, slug: str, symbol: str) -> list[Finding]:
    """The symbol's rank on one board, or why it has none."""
    try:
        view = await view_board(ws, slug)
    except PacesetterError as error:
        return [Finding("bad", str(error), slug, "pacesetter cycle")]
    row = next(row for row in view.rows if row.symbol == symbol)
    reasons = {name: f.missing_reason for name, f in row.factors.items() if f.missing_reason}
    found = []
    if row.rank is None:
        mend = (
            "pacesetter import prices FILE"
            if row.unranked_reason != "low_coverage"
            else "pacesetter import fundamentals FILE"
        )
        found.append(
            Finding("bad", f"unranked on {view.as_of}: {in_words(row.unranked_reason)}", view.board, mend)
        )
    else:
        found.append(Finding("ok", f"rank {row.rank} on {view.as_of}", view.board))
    if reasons:
        missing = ", ".join(f"{name} ({in_words(reason)})" for name, reason in reasons.items())
        mend = (
            "pacesetter import fundamentals FILE --known-on DATE"
            if "not_known" in reasons.values()
            else "pacesetter import prices FILE"
        )
        found.append(Finding("warn", f"missing factors: {missing}", view.board, mend))
    return found
