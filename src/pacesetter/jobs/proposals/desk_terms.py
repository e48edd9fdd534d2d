"""How the desk works: in which mode, and for which portfolio."""

from __future__ import annotations

from collections.abc import Mapping

from pacesetter.agents.setting import AgentSetting
from pacesetter.kernel.errors import InputError
from pacesetter.research.proposal import MODES

DESK = "desk"  # the agent whose parameters are the desk's own


def desk_terms(settings: Mapping[str, AgentSetting]) -> tuple[str, str | None]:
    """The desk's mode, and the portfolio that its settings name."""
    given = settings[DESK].parameters if DESK in settings else {}
    mode = str(given.get("mode") or "manual")
    if mode not in MODES:
        raise InputError(f"{mode!r} is no mode of the desk", mend=f"choose one of {', '.join(MODES)}")
    return mode, given.get("portfolio") or None
