"""What matters today, in three lines: what to do, what to look at, and how the market is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pacesetter.reports.figures import count, name_some, write_day
from pacesetter.reports.night import Night
from pacesetter.reports.section import Item, Told, section
from pacesetter.reports.sections.market_context import is_large, say_market

MOST_NAMED = 4
ANSWERED_IN = ("manual", "paper")  # in the other modes of the desk nobody's answer is kept


@section("headline", order=0, title="Today", sums_up=True, always=True, nothing="Nothing material.")
def tell_headline(night: Night, told: Sequence[Told]) -> list[Item]:
    """Three lines at most, of what is new in the other sections, and of what waits for the reader."""
    by_name = {one["name"]: one for one in told}
    quiet = not any(item["material"] for one in told for item in one["items"])
    orders = [by_name[name] for name in ("new_buys", "sells") if name in by_name]
    stands = {key: since for one in orders for key, since in one["stands"].items()}
    asked = night.mode in ANSWERED_IN and bool(stands)
    act = _act(by_name, stands, asked) or ("Nothing material" if quiet else "No new proposals")
    lines = [("act", act), ("look", "" if quiet else _look(by_name)), ("market", _market(night))]
    if night.market is not None and is_large(night.market):
        lines = [lines[-1], *lines[:-1]]  # it comes before all that is to be done
    day = night.on.isoformat()  # each line is told every day, also where it is as it was
    return [Item(key, line, mark=[day, line], material=key == "act" and asked) for key, line in lines if line]


def _act(told: Mapping[str, Told], stands: Mapping[str, str], asked: bool) -> str:
    buys, sells = (_subjects(told, name) for name in ("new_buys", "sells"))
    said = []
    if buys:
        said.append(f"{count(len(buys), 'new buy')}: {name_some(buys, MOST_NAMED)}")
    if sells:
        said.append(f"{count(len(sells), 'sell')}: {name_some(sells, MOST_NAMED)}")
    if stands:
        noun = ("earlier decision" if said else "decision") if asked else "earlier proposal"
        said.append(f"{count(len(stands), noun)} {_say_stands(stands, asked)}")
    return "; ".join(said)[:1].upper() + "; ".join(said)[1:]


def _say_stands(stands: Mapping[str, str], asked: bool) -> str:
    """What stands, by its key, since when: "waits for your answer since Fri 14 Mar 2025: AAA"."""
    one, first = len(stands) == 1, write_day(date.fromisoformat(min(stands.values())))
    verb = ("wait" if asked else "stand") + ("s" if one else "")
    told = f"{verb} for your answer" if asked else verb
    names = name_some([key.partition(" ")[2] for key in stands], MOST_NAMED)
    return f"{told}{'' if one else ', the oldest'} since {first}: {names}"


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
