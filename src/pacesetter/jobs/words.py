"""Plain words for the codes of values and ranks; the page and the command line use the same."""

from __future__ import annotations

WORDS = {
    "no_bars": "no prices",
    "no_recent_bar": "no price in the last five sessions",
    "stale": "newest price older than five sessions",
    "too_few_bars": "too few prices for the window",
    "zero_volume": "no trading in the window",
    "no_volume": "the source gives no volume",
    "zero_variance": "nothing moved",
    "no_benchmark": "too few sessions shared with the benchmark",
    "not_known": "not known on this date",
    "currency": "figures in two currencies",
    "undefined": "the formula has no value here",
    "low_coverage": "too few factors have a value",
    "no_factors": "no factor has a value",
    "not_on_board": "not on the board",
    "not_observed": "not observed on this date",
    "no_floor": "no floor price",
    "sales_unknown": "sales unknown",
    "no_earlier_floor": "no earlier floor price to compare with",
    "few_days": "fewer than 7 days with known sales",
    "few_listings": "fewer than 5 listings",
    "listings_unknown": "listings unknown",
    "nothing_listed": "nothing is listed",
    "added_unknown": "unknown how many were added",
    "no_net_demand": "as many were added as sold, or more",
    "too_few_dates": "fewer than 7 published dates by this method",
    "unranked_date": "unranked on one of the last 7 dates",
    "too_few": "too few jumps like this one",
    "no_jump": "the rank did not jump",
    "no_returns": "boxes have no returns to follow a jump by",
    "no_full_month": "no full month of prices",
    "too_few_observations": "too few sessions with a return of its own and of the funds",
    "degenerate": "the fund that stands for the factor did not move",
    "no_proxy": "the fund that stands for the factor has no prices",
}

HELD = {  # why a price is held back; of a factor, stale means something else
    "stale": "the same prices again and again",
    "unit_jump_100": "a hundred times the price before, or a hundredth: another unit?",
    "unit_jump_10": "ten times the price before, or a tenth: another unit?",
    "split_like": "a jump like that of a split",
    "large_move": "a move of more than half",
    "level_shift": "a new level that later prices confirm",
}


def in_words(code: str | None) -> str:
    """The words of a code; a code without words stays readable."""
    return "" if not code else WORDS.get(code, code.replace("_", " "))


def held_bar_in_words(code: str) -> str:
    """Why a bar is held back or refused."""
    return HELD.get(code, code.replace("_", " "))


def held_in_words(bars: int) -> str:
    """What is said beside a symbol some of whose bars are held back."""
    return "" if not bars else f"{bars} suspicious price{'s' * (bars > 1)} held back"


def scope_in_words(scope: str) -> str:
    """``universe:equity`` → ``all equities``; ``domain:ai-tech`` → ``this board only``."""
    kind, _, name = scope.partition(":")
    if kind == "domain":
        return "this board only"
    return {
        "equity": "all equities",
        "etf": "all ETFs",
        "index": "all indices",
        "sealed_box": "all boxes",
    }.get(name, f"all of {name}")
