"""What matters today, in three lines: what to do, what to look at, and how the market is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pacesetter.reports.figures import count, name_some
from pacesetter.reports.night import Night
from pacesetter.reports.section import Item, Told, section
from pacesetter.reports.sections.market_context import is_large, say_market

MOST_NAMED = 4


@section("headline", order=0, title="Today", sums_up=True, always=True, nothing="Nothing material.")
def tell_headline(night: Night, told: Sequence[Told]) -> list[Item]:
    """Three lines at most, of what is new in the other sections."""
    by_name = {one["name"]: one for one in told}
    quiet = not any(item["material"] for one in told for item in one["items"])
    act = _act(by_name) or ("Nothing material" if quiet else "No new proposals")
    lines = [("act", act), ("look", "" if quiet else _look(by_name)), ("market", _market(night))]
    if night.market is not None and is_large(night.market):
        lines = [lines[-1], *lines[:-1]]  # it comes before all that is to be done
    day = night.on.isoformat()  # each line is told every day, also where it is as it was
    return [Item(key, line, mark=[day, line], material=False) for key, line in lines if line]


def _act(told: Mapping[str, Told]) -> str:
    buys, sells = (_subjects(told, name) for name in ("new_buys", "sells"))
    said = []
    if buys:
        said.append(f"{count(len(buys), 'new buy')}: {name_some(buys, MOST_NAMED)}")
    if sells:
        said.append(f"{count(len(sells), 'sell')}: {name_some(sells, MOST_NAMED)}")
    stand = [line for name in ("new_buys", "sells") if name in told for line in told[name]["still"]]
    if waiting := [line.split()[1].rstrip(",") for line in stand if line.startswith(("Buy ", "Sell "))]:
        verb = "still stands" if len(waiting) == 1 else "still stand"
        said.append(f"{count(len(waiting), 'earlier proposal')} {verb}: {name_some(waiting, MOST_NAMED)}")
    return "; ".join(said)[:1].upper() + "; ".join(said)[1:]


def _look(told: Mapping[str, Told]) -> str:
    said = []
    nouns = (("traded", "trade"), ("portfolio_alerts", "portfolio alert"))
    for name, noun in (*nouns, ("watchlist_triggers", "watchlist trigger")):
        if subjects := _subjects(told, name):
            said.append(
                f"{count(len(subjects), noun)}: {name_some(list(dict.fromkeys(subjects)), MOST_NAMED)}"
            )
    queue = [one for one in told.get("queue", {}).get("items", []) if one["words"].startswith("promoted")]
    if queue:
        said.append(f"promoted: {name_some([one['title'] for one in queue], MOST_NAMED)}")
    if worries := [one for one in told.get("data_health", {}).get("items", []) if one["material"]]:
        said.append(f"data: {name_some([one['title'].lower() for one in worries], 2)}")
    line = "; ".join(said)
    return line[:1].upper() + line[1:]


def _market(night: Night) -> str:
    return f"Market: {say_market(night.market)}" if night.market else ""


def _subjects(told: Mapping[str, Told], name: str) -> list[str]:
    return [str(one["title"]).split(" · ")[0] for one in told.get(name, {}).get("items", [])]
