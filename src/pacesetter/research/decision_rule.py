"""What the desk asks of a decision: shares, sizes, limits, stops; the ``[decision]`` of ``desk.toml``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise

from pacesetter.kernel.errors import InputError
from pacesetter.research.table import Table


@dataclass(frozen=True)
class DecisionRule:
    """Shares are from 0 to 1; sizes, limits and stops are in % (of the portfolio's value, of a price)."""

    fewest_analysts: int
    buy_share: float
    sell_share: float
    watch_share: float
    risk_analyst: str
    risk_required: bool
    high_share: float
    medium_share: float
    high_size_pct: float
    medium_size_pct: float
    low_size_pct: float
    smallest_size_pct: float
    position_limit_pct: float
    sector_limit_pct: float
    invested_limit_pct: float
    stop_least_pct: float
    stop_most_pct: float
    stop_sessions: int
    target_multiple: float
    sell_at_target_pct: float
    contrary_share: float
    fatal_strength: float

    def conviction(self, share: float) -> str:
        """``high``, ``medium`` or ``low``, of a share that is enough for a BUY."""
        return "high" if share >= self.high_share else "medium" if share >= self.medium_share else "low"

    def size_pct(self, conviction: str) -> float:
        """The size that a conviction asks for, in % of the portfolio's value."""
        sizes = {"high": self.high_size_pct, "medium": self.medium_size_pct, "low": self.low_size_pct}
        return sizes[conviction]


def parse_decision(given: Table) -> DecisionRule:
    """The rule from its table; ``InputError`` where two of its numbers contradict each other."""
    found: dict[str, float | int | str | bool] = {}
    for field in fields(DecisionRule):
        name = field.name
        if name == "risk_analyst":
            found[name] = given.text(name)
        elif name == "risk_required":
            found[name] = given.flag(name)
        elif name in ("fewest_analysts", "stop_sessions"):
            found[name] = given.whole(name, at_least=1)
        elif name.endswith("_pct"):
            found[name] = given.number(name, at_most=100.0)
        elif name == "target_multiple":
            found[name] = given.number(name, at_least=0.1)
        else:
            found[name] = given.number(name, at_most=1.0)
    given.end()
    rule = DecisionRule(**found)  # type: ignore[arg-type] # each was read as what its field holds
    _ascend(given.where, rule, "watch_share", "buy_share", "medium_share", "high_share")
    _ascend(given.where, rule, "smallest_size_pct", "low_size_pct", "medium_size_pct", "high_size_pct")
    _ascend(given.where, rule, "stop_least_pct", "stop_most_pct")
    if rule.sell_share <= 0.5 or rule.buy_share <= 0.5:
        raise InputError(
            "a share of half or less could ask for BUY and SELL at once",
            where=given.where,
            mend="keep buy_share and sell_share above 0.5",
        )
    return rule


def _ascend(where: str, rule: DecisionRule, *names: str) -> None:
    for lower, higher in pairwise(names):
        if getattr(rule, lower) > getattr(rule, higher):
            raise InputError(f"{lower} is above {higher}", where=where, mend=f"order: {', '.join(names)}")
