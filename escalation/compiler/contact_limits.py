"""Compiles the limits on contacts: how many messages of the customer reach the team, lane by lane."""

from escalation.compiler.calendars import Calendars
from escalation.compiler.durations import read_duration
from escalation.compiler.model import ContactLimitSection
from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems, advise
from escalation.documents.yaml import Path
from escalation.policy import ContactLimit, Ladder
from escalation.vocabulary import Category, Reason

_TOP = "contact_limits"


def compile_contact_limits(
    sections: Sections, calendars: Calendars, ladder: Ladder | None, problems: Problems
) -> dict[Reason | Category, ContactLimit]:
    """Compile the limits of a file.

    Args:
        ladder: Its ladder, whose lanes the limits name; None where that is broken.
        problems: Takes what is wrong: lanes and calendars that do not exist, windows that mean nothing.
    """
    words: dict[str, Reason | Category] = {word.value: word for word in (*Reason, *Category)}
    found: dict[Reason | Category, ContactLimit] = {}
    for name in sorted(sections.keys((_TOP,))):
        path: Path = (_TOP, name)
        section = sections.section(path, ContactLimitSection)
        if section is None or name not in words:
            continue  # the shape is wrong, which is noted already
        _check_lane(words[name], path, ladder, problems)
        limit = _limit(section, path, calendars, problems)
        if limit is not None:
            found[words[name]] = limit
    return found


def _check_lane(lane: Reason | Category, path: Path, ladder: Ladder | None, problems: Problems) -> None:
    if ladder is None or lane in ladder.lanes:
        return
    what = f"the ladder has no lane `{lane}`, and a limit on contacts belongs to one"
    known = [each.value for each in ladder.lanes]
    advice = (
        advise(lane.value, known) if known else f"add `{lane}:` with the name of a tier under `lanes` of the ladder"
    )
    problems.add(path, what, advice)


def _limit(section: ContactLimitSection, path: Path, calendars: Calendars, problems: Problems) -> ContactLimit | None:
    calendar = calendars.find(section.calendar, (*path, "calendar"), problems)
    within = None if calendar is None else read_duration(section.within, (calendar,), (*path, "within"), problems)
    if within is None:
        return None
    return ContactLimit(at_most=section.at_most, within=within, calendar=section.calendar)
