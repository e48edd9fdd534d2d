"""Portfolio alerts: a stop or a target that is reached or near, a loss, a weight, a price that is late."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import count, name_some, write_pct, write_price
from pacesetter.reports.night import Alert, Night
from pacesetter.reports.section import Figure, Item, Told, Tone, section

ORDER = ("stop", "stop_near", "target", "drawdown", "concentration", "stale_price")
TONES: dict[str, Tone] = {"stop": "bad", "drawdown": "bad", "target": "good"}
STEP_PCT = 5.0  # a loss is news again when it is deeper by so much


@section("portfolio_alerts", order=30, title="Portfolio alerts", nothing="No portfolio alerts.")
def tell_portfolio_alerts(night: Night, _: Sequence[Told]) -> list[Item]:
    """What asks for a look in the portfolios."""
    alerts = sorted(night.alerts, key=lambda a: (ORDER.index(a.kind), a.portfolio, a.symbol or ""))
    return [_tell(one) for one in alerts]


def say_alert(alert: Alert) -> str:
    """An alert as a sentence without a full stop."""
    value, limit = write_price(alert.value, alert.unit), write_price(alert.limit, alert.unit)
    below, above = ("below", "above") if alert.side == "long" else ("above", "below")
    if alert.kind == "stop":
        return f"stop hit: the close {value} is at or {below} the stop {limit}"
    if alert.kind == "stop_near":
        gap = 100 * abs((alert.value or 0) / alert.limit - 1) if alert.limit else None
        return f"near its stop: the close {value} is {write_pct(gap, signed=False)} from {limit}"
    if alert.kind == "target":
        return f"target reached: the close {value} is at or {above} the target {limit}"
    if alert.kind == "drawdown":
        return (
            f"{write_pct(alert.value, signed=False)} under its high, the limit is {_plain_pct(alert.limit)}"
        )
    if alert.kind == "concentration":
        names = name_some(alert.others)
        return f"above {_plain_pct(alert.limit)} of the portfolio: {names}"
    late = f"{count(int(alert.value), 'session')} late" if alert.value else "missing"
    return f"its price is {late}: stop and target cannot be watched"


def _tell(alert: Alert) -> Item:
    about = alert.symbol or alert.portfolio
    figures = [] if alert.value is None or alert.kind == "concentration" else [_figure(alert)]
    return Item(
        key=f"{alert.portfolio} · {alert.symbol or ''} · {_kind(alert)} · {alert.side}",
        title=f"{about} · {alert.name}" if alert.symbol and alert.name else about,
        words=f"{say_alert(alert)} ({alert.portfolio})" if alert.symbol else say_alert(alert),
        mark=_mark(alert),
        tone=TONES.get(alert.kind, "warn"),
        figures=figures,
        brief=f"{about}: {say_alert(alert)}",
        lasts=True,
    )


def _mark(alert: Alert) -> object:
    """A stop that is hit stays one alert while the price moves on; a moved limit is another."""
    if alert.kind == "drawdown":
        return int((alert.value or 0) // STEP_PCT)
    if alert.kind == "concentration":
        return sorted(alert.others)
    return [alert.kind, alert.limit]


def _kind(alert: Alert) -> str:
    """A stop that was near and is hit is one matter, which has got worse."""
    return "price" if alert.kind in ("stop", "stop_near", "target") else alert.kind


def _figure(alert: Alert) -> Figure:
    if alert.kind == "drawdown":
        return Figure("Drawdown", _plain_pct(alert.value), alert.value)
    if alert.kind == "stale_price":
        return Figure("Sessions late", str(int(alert.value or 0)), alert.value)
    return Figure("Close", write_price(alert.value, alert.unit), alert.value)


def _plain_pct(value: float | None) -> str:
    return write_pct(value, signed=False, digits=1 if value is not None and value % 1 else 0)
