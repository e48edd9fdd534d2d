"""The figures of boxes and of their market once more, slowly: from the definitions, in exact fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Day = dict[str, Fraction | None]
Answer = tuple[Fraction | None, str | None]
FIELDS = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")


def exact(x: float | None) -> Fraction | None:
    """The decimal number that was written, not its nearest binary one."""
    return None if x is None else Fraction(str(x))


def merge_slowly(rows: Sequence[dict[str, Any]], priority: Sequence[str]) -> dict[str, dict[date, Any]]:
    """By symbol and date: each field's (value, source) of the first source that has a value."""
    told: dict[str, dict[date, Any]] = {}
    for row in rows:
        told.setdefault(row["symbol"], {}).setdefault(row["date"], {})[row["source"]] = row
    merged: dict[str, dict[date, Any]] = {}
    for symbol, days in told.items():
        for day, by_source in days.items():
            first = ["manual", *[s for s in priority if s != "manual"]]
            line = [s for s in first if s in by_source] + sorted(s for s in by_source if s not in first)
            fields = {}
            for field in FIELDS:
                speakers = [s for s in line if by_source[s][field] is not None]
                fields[field] = (by_source[speakers[0]][field], speakers[0]) if speakers else (None, None)
            merged.setdefault(symbol, {})[day] = fields
    return merged


def measure_slowly(history: Mapping[date, Day], today: date) -> dict[str, Any]:
    """Every figure of a box on an observed day: (value, reason) by name; dates and the count as they are."""
    now = history[today]
    floor, listed, sold, added = (now[field] for field in FIELDS)
    window = [today - timedelta(days=k) for k in range(30)]
    past = [history[day] for day in window if day in history]
    volumes = [v for v in map(volume_of, past) if v is not None]
    sales = [d["boxes_sold"] for d in past if d["boxes_sold"] is not None]
    additions = [d["boxes_added"] for d in past if d["boxes_added"] is not None]
    sold30 = mean(sales)
    silent = "no_floor" if floor is None else "sales_unknown"
    found: dict[str, Any] = {"n_observed": len(sales)}
    found["floor_price_usd"] = floor, "no_floor"
    found["active_listings_count"] = listed, "listings_unknown"
    found["boxes_sold_per_day"] = sold, "sales_unknown"
    found["boxes_added_today"] = added, "added_unknown"
    found["daily_volume_usd"] = volume_of(now), silent
    found["unified_volume_usd"] = (
        (sum(volumes) if volumes else None),
        "no_floor" if sales else "sales_unknown",
    )
    found["unified_volume_7d_ema"] = smooth_slowly(history, today), silent
    found["boxes_sold_30d_avg"] = sold30, "sales_unknown"
    worth = None if floor is None or listed is None else floor * listed
    found["visible_market_cap_usd"] = worth, "no_floor" if floor is None else "listings_unknown"
    for days in (1, 7, 30):
        found[f"floor_price_{days}d_change_pct"], found[f"floor_price_{days}d_from"] = change(
            history, today, days
        )
    found |= judge_pace(listed, sold30, mean(additions), len(sales))
    return {
        k: (v[0], v[1] if v[0] is None else None) if isinstance(v, tuple) else v for k, v in found.items()
    }


def mean(values: list[Any]) -> Any:
    """Exact mean, None of nothing."""
    return sum(values) / Fraction(len(values)) if values else None


def volume_of(day: Day) -> Fraction | None:
    """What was sold on a day at its floor price."""
    floor, sold = day["floor_price_usd"], day["boxes_sold"]
    return None if floor is None or sold is None else floor * sold


def smooth_slowly(history: Mapping[date, Day], today: date) -> Fraction | None:
    """The exponential mean, one calendar day after the other: a gap is filled with what ends it."""
    if volume_of(history[today]) is None:
        return None
    known = [(day, volume_of(history[day])) for day in sorted(history) if day <= today]
    known = [(day, x) for day, x in known if x is not None]
    (last, value), *later = known
    for day, x in later:
        while last < day:
            value = value * Fraction(3, 4) + x * Fraction(1, 4)
            last += timedelta(days=1)
    return value


def change(history: Mapping[date, Day], today: date, days: int) -> tuple[Answer, date | None]:
    """Percent since the newest floor known on one of three days, and its date."""
    floor = history[today]["floor_price_usd"]
    if floor is None:
        return (None, "no_floor"), None
    for back in (days, days + 1, days + 2):
        day = today - timedelta(days=back)
        earlier = history.get(day, {}).get("floor_price_usd")
        if earlier is not None and earlier > 0:
            return (100 * (floor - earlier) / earlier, None), day
    return (None, "no_earlier_floor"), None


def judge_pace(
    listed: Fraction | None, sold: Fraction | None, added: Fraction | None, n_days: int
) -> dict[str, Answer]:
    """Liquidity, days to sell one, and days until supply is gone."""
    names = ("liquidity_score", "expected_days_to_sell", "days_to_20pct_increase")
    if n_days < 7 or sold is None:
        return dict.fromkeys(names, (None, "few_days"))
    if listed is None:
        return dict.fromkeys(names, (None, "listings_unknown"))
    nothing: Answer = (None, "nothing_listed")
    liquid = (min(Fraction(10), 100 * sold / listed), None) if listed else nothing
    if sold:
        wait: Answer = (max(Fraction(1), min(Fraction(365), listed / sold)), None)
    else:
        wait = (Fraction(365), None) if listed else nothing
    if listed < 5:
        gone: Answer = (None, "few_listings")
    elif added is None:
        gone = (None, "added_unknown")
    elif sold <= added:
        gone = (None, "no_net_demand")
    else:
        gone = (min(Fraction(180), listed / (sold - added)), None)
    return dict(zip(names, (liquid, wait, gone), strict=True))
