"""Compiles how often the customer hears from us: how updates slow down, and what frustration does to them."""

from escalation.business_time import ALWAYS_OPEN, OpenTime
from escalation.compiler.durations import read_duration
from escalation.compiler.model import FatigueSection, FrustrationSection
from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems
from escalation.documents.yaml import Path
from escalation.policy import Fatigue, FrustrationRule

_TOP: Path = ("fatigue",)


def compile_fatigue(sections: Sections, problems: Problems) -> Fatigue:
    """Compile the section of a file; without one the defaults hold."""
    section = sections.section(_TOP, FatigueSection) or FatigueSection()
    then = read_duration(section.then, (ALWAYS_OPEN,), (*_TOP, "then"), problems)
    if not isinstance(then, OpenTime):
        then = Fatigue().then  # the problem is noted
    if 0 < section.ends_after < section.at_cadence:
        what = f"automatic updates end after {section.ends_after}, and slow down only after {section.at_cadence}"
        problems.add((*_TOP, "ends_after"), what, f"write `0`, or at least `{section.at_cadence}`")
    return Fatigue(**section.model_dump(exclude={"then"}), then=then)


def compile_frustration(sections: Sections, problems: Problems) -> FrustrationRule:
    """Compile the section of a file; without one frustration changes nothing."""
    section = sections.section(("frustration",), FrustrationSection) or FrustrationSection()
    eases = None
    if section.eases_after is not None:
        eases = read_duration(section.eases_after, (ALWAYS_OPEN,), ("frustration", "eases_after"), problems)
    return FrustrationRule(cadence=tuple(section.cadence), eases_after=eases if isinstance(eases, OpenTime) else None)
