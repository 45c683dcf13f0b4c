"""What must fit together across sections of a policy."""

from collections.abc import Iterable, Mapping

from escalation.compiler.clocks import CompiledClock
from escalation.compiler.draft import Draft
from escalation.compiler.durations import rough_seconds
from escalation.compiler.model import ClockSection, FollowUpSection, ReviewsSection
from escalation.compiler.problems import Problems
from escalation.compiler.targets import Kind, Placed, kinds_of, matches
from escalation.vocabulary import ClockName


def check_clocks_together(clocks: Mapping[ClockName, CompiledClock], problems: Problems) -> None:
    """Refuse a first response that may come later than the resolution."""
    first, resolution = clocks.get(ClockName.FIRST_RESPONSE), clocks.get(ClockName.RESOLUTION)
    if first is None or resolution is None:
        return
    for kind in kinds_of((*first.rules, *resolution.rules)):
        response, solved = _match(first.placed, kind), _match(resolution.placed, kind)
        if response is None or solved is None or response.calendar.name != solved.calendar.name:
            continue
        if rough_seconds(response.target.within, response.calendar) > rough_seconds(
            solved.target.within, solved.calendar
        ):
            what = f"the first response to {kind[0]} may come later than its resolution"
            problems.add(response.path, what, "write a shorter time here, or a longer one there")


def _match(placed: Iterable[Placed], kind: Kind) -> Placed | None:
    return next((each for each in placed if matches(each.target, kind)), None)


def check_survey(draft: Draft, problems: Problems) -> None:
    """Refuse a clock for the answer to a survey that is never sent."""
    waits = draft.section(("clocks", ClockName.SATISFACTION.value), ClockSection) is not None
    path = ("clocks", ClockName.FOLLOW_UP.value)
    follow_up = draft.section(path, FollowUpSection)
    if waits and not problems.is_broken(path) and (follow_up is None or follow_up.survey is None):
        problems.add(
            ("clocks", ClockName.SATISFACTION.value),
            "`satisfaction` never starts, because no follow-up carries a survey",
            "write `survey:` under `follow_up`, or leave `satisfaction` out",
        )


def check_reviews(draft: Draft, problems: Problems) -> None:
    """Refuse reviews that nobody is reminded of, and a clock for reviews that nobody asks for."""
    path = ("clocks", ClockName.REVIEW.value)
    clock, reviews = draft.at(path), draft.section(("reviews",), ReviewsSection)
    asked = reviews is not None and bool(reviews.severities)
    if problems.is_broken(("reviews",)):
        return
    if asked and clock is None:
        what = "reviews are asked for, and there is no clock `review`"
        problems.add(("reviews",), what, "add `review:` under `clocks`, or leave the severities out")
    if clock is not None and not asked:
        what = "`review` never starts, because no severities are named under `reviews`"
        problems.add(path, what, "name some, or leave the clock out")
