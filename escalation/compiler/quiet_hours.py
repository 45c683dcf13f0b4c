"""Compiles the quiet hours, in which messages wait."""

from collections.abc import Iterator

from escalation.compiler.model import QuietHoursSection
from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems
from escalation.documents.week import WEEKDAYS, read_week
from escalation.documents.yaml import Path
from escalation.people import FOR_STAFF
from escalation.policy import Policy
from escalation.quiet_hours import QuietHours, Week, never_ends
from escalation.vocabulary import Severity

_TOP: Path = ("quiet_hours",)


def compile_quiet_hours(sections: Sections, problems: Problems) -> QuietHours:
    """Compile the section of a file; without one nothing waits."""
    section = sections.section(_TOP, QuietHoursSection)
    if section is None:
        return QuietHours()
    for letter in section.customer_at_once:
        if letter in FOR_STAFF:
            path, what = (*_TOP, "customer_at_once"), f"`{letter}` does not go to the customer"
            problems.add(path, what, "name letters to the customer, such as `receipt`")
    return QuietHours(
        customer=_week(section.customer, "customer", problems),
        staff=_week(section.staff, "staff", problems),
        severities_at_once=tuple(sorted(set(section.severities_at_once))),
        customer_at_once=tuple(dict.fromkeys(section.customer_at_once)),
        staff_at_once=tuple(dict.fromkeys(section.staff_at_once)),
    )


def explain_quiet_hours(policy: Policy, severity: Severity) -> Iterator[str]:
    """The messages that wait in a case of a severity, one sentence per kind of reader."""
    quiet = policy.quiet_hours
    if severity in quiet.severities_at_once:
        if quiet.customer or quiet.staff:
            yield f"quiet hours: messages of {severity} wait for nothing"
        return
    for week, who in ((quiet.customer, "letters to the customer"), (quiet.staff, "messages to colleagues off shift")):
        if any(week):
            yield f"quiet hours: {who} wait, in the reader's zone: {week_text(week)}"


def week_text(week: Week) -> str:
    """Quiet hours as a policy would write them: `mon 21:00-07:00, tue 21:00-07:00`; days alike are one."""
    days = [", ".join(map(str, hours)) for hours in week]
    parts: list[str] = []
    first = 0
    for number, hours in enumerate(days):
        if number + 1 == len(days) or days[number + 1] != hours:
            span = WEEKDAYS[first] if first == number else f"{WEEKDAYS[first]}-{WEEKDAYS[number]}"
            parts += [f"{span} {hours}"] if hours else []
            first = number + 1
    return "; ".join(parts)


def _week(written: dict[str, list[str]], who: str, problems: Problems) -> Week:
    if not written:
        return ()
    week = read_week(written, (*_TOP, who), problems)
    if never_ends(week):
        problems.add((*_TOP, who), "no hour of the week is left", "leave some in which a message can go out")
    return week
