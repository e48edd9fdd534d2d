"""All analysts on one symbol."""

from __future__ import annotations

from collections.abc import Mapping

from pacesetter.agents.base import analysts
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.research.opinion import Opinion


def analyse(symbol: str, evidence: Evidence, settings: Mapping[str, AgentSetting]) -> tuple[Opinion, ...]:
    """The opinions of the analysts that are on, by name; one that has nothing to judge by says nothing.

    An analyst without a setting works as it is shipped. One that raises is a defect, and is not hidden.
    """
    found = []
    for one in analysts:
        setting = settings.get(one.name) or AgentSetting(one.name)
        if not setting.enabled:
            continue
        shipped = {name: parameter.default for name, parameter in one.parameters.items()}
        opinion = one.look(symbol, evidence, shipped | dict(setting.parameters))
        if opinion is not None:
            found.append(opinion)
    return tuple(found)
