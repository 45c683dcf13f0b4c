"""Checks across sections of a policy."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from escalation.business_time import Calendar, add
from escalation.compiler.clock_model import ClockSection, FollowUpSection
from escalation.compiler.clocks import CompiledClock
from escalation.compiler.durations import rough_seconds
from escalation.compiler.model import ClosingSection, ReviewsSection
from escalation.compiler.sections import Sections
from escalation.compiler.targets import Kind, Placed, kinds_of, matches
from escalation.documents.problems import Problems
from escalation.policy import OnReply
from escalation.vocabulary import ClockName

_MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
# The hours of a week without clock changes in most zones.
_USUAL_WEEK = tuple(_MONDAY + timedelta(hours=hour) for hour in range(7 * 24))


def check_clocks_together(clocks: Mapping[ClockName, CompiledClock], problems: Problems) -> None:
    """Refuse a first response that may come later than the resolution.

    In different calendars neither is always first, mostly; refused is what comes later from every hour of a usual week.
    """
    first, resolution = clocks.get(ClockName.FIRST_RESPONSE), clocks.get(ClockName.RESOLUTION)
    if first is None or resolution is None:
        return
    later: dict[tuple[Placed, Placed], bool] = {}
    for kind in kinds_of((*first.rules, *resolution.rules)):
        response, solved = _match(first.placed, kind), _match(resolution.placed, kind)
        if response is None or solved is None:
            continue
        if (response, solved) not in later:
            later[response, solved] = _is_later(response, solved)
        if later[response, solved]:
            what = f"the first response to {kind.severity} may come later than its resolution"
            problems.add(response.path, what, "write a shorter time here, or a longer one there")


def _is_later(response: Placed, solved: Placed) -> bool:
    first, last = response.target.within, solved.target.within
    if response.calendar.name == solved.calendar.name:
        return rough_seconds(first, response.calendar) > rough_seconds(last, solved.calendar)
    here, there = _usual(response.calendar), _usual(solved.calendar)
    return all(add(here, start, first) > add(there, start, last) for start in _USUAL_WEEK)


def _usual(calendar: Calendar) -> Calendar:
    return replace(calendar, holidays=(), shifts={}, breaks={})


def _match(placed: Iterable[Placed], kind: Kind) -> Placed | None:
    return next((each for each in placed if matches(each.target, kind)), None)


def check_survey(sections: Sections, problems: Problems) -> None:
    """Refuse a clock for the answer to a survey that is never sent."""
    waits = sections.section(("clocks", ClockName.SATISFACTION.value), ClockSection) is not None
    path = ("clocks", ClockName.FOLLOW_UP.value)
    follow_up = sections.section(path, FollowUpSection)
    if waits and not problems.is_broken(path) and (follow_up is None or follow_up.survey is None):
        problems.add(
            ("clocks", ClockName.SATISFACTION.value),
            "`satisfaction` never starts, because no follow-up carries a survey",
            "write `survey:` under `follow_up`, or leave `satisfaction` out",
        )


def check_replies(sections: Sections, problems: Problems) -> None:
    """Refuse to leave a message after the solution to the owner without a clock for the answer."""
    closing = sections.section(("closing",), ClosingSection)
    if closing is None or sections.at(("clocks", ClockName.NEXT_RESPONSE.value)) is not None:
        return
    for key, found in (("objection", closing.objection), ("answer", closing.answer)):
        if found == OnReply.ASK_OWNER:
            what = f"`{key}: {found}` needs the clock `next_response`, or no one would have to answer"
            problems.add(("closing", key), what, "add it under `clocks`, or write `reopen`")


def check_reviews(sections: Sections, problems: Problems) -> None:
    """Refuse reviews without a clock, and a review clock without reviews."""
    path = ("clocks", ClockName.REVIEW.value)
    clock, reviews = sections.at(path), sections.section(("reviews",), ReviewsSection)
    asked = reviews is not None and bool(reviews.severities)
    if problems.is_broken(("reviews",)):
        return
    if asked and clock is None:
        what = "reviews are asked for, and there is no clock `review`"
        problems.add(("reviews",), what, "add `review:` under `clocks`, or leave the severities out")
    if clock is not None and not asked:
        what = "`review` never starts, because no severities are named under `reviews`"
        problems.add(path, what, "name some, or leave the clock out")
