"""Discovery: all agents that are switched on look at the evidence of an evening."""

from __future__ import annotations

from collections.abc import Mapping

from pacesetter.agents.base import Seeker, seekers
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.agents.strength import BASE
from pacesetter.kernel.errors import PluginError
from pacesetter.research.desk import Desk
from pacesetter.research.signal import Signal, check_signal, keep_newest


def discover(evidence: Evidence, settings: Mapping[str, AgentSetting], desk: Desk) -> list[Signal]:
    """The signals of an evening by symbol, type and source, each once: of two that say the same the one
    with the higher score.

    An agent that is not in ``settings`` works with its own parameters. ``PluginError`` where one gives
    what no agent may give: another date, a type that it did not announce, a score out of bounds.
    """
    found: list[Signal] = []
    for one in seekers:
        setting = settings.get(one.name)
        if setting is None or setting.enabled:
            given = parameters_of(one, {} if setting is None else setting.parameters, desk)
            found += check_finds(one, one.seek(evidence, given), evidence, desk)
    return list(keep_newest(found))


def parameters_of(one: Seeker, given: Mapping[str, float], desk: Desk) -> dict[str, float]:
    """What an agent works with: its parameters, and the desk's base scores of its types."""
    own = {name: float(given.get(name, about.default)) for name, about in one.parameters.items()}
    return own | {BASE + name: desk.signal(name).base_score for name in one.types}


def check_finds(one: Seeker, found: object, evidence: Evidence, desk: Desk) -> list[Signal]:
    """What an agent found, in its order; ``PluginError`` names what is wrong with it."""
    signals = list(found) if isinstance(found, (list, tuple)) else []
    for signal in signals:
        wrong = list(check_signal(signal, desk))
        if signal.signal_type not in one.types:
            wrong.append(f"it announced {', '.join(one.types)}, not {signal.signal_type}")
        if signal.seen_on != evidence.on:
            wrong.append(f"it is of {signal.seen_on}, not of {evidence.on}")
        if signal.symbol not in evidence.listings:
            wrong.append("the symbol is not listed")
        if wrong:
            raise PluginError(
                f"the discovery agent {one.name!r} gave a wrong signal of {signal.symbol!r}: {wrong[0]}",
                mend="switch it off, or mend it",
            )
    return signals
