"""Compiles a policy file: YAML text in, the snapshot that escalations carry out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.business_time import ALWAYS_OPEN, Calendar, OpenTime, zone_data_version
from escalation.clock_rules import CONTACT_LIMIT_RULE, ClockRule, subcategory_key
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FollowUps, FromCase, FromPolicy
from escalation.compiler.calendars import Calendars, compile_calendars
from escalation.compiler.clock_model import ClockSection, FollowUpSection, PromiseSection
from escalation.compiler.clocks import CompiledClock, compile_clock, compile_follow_up, compile_named
from escalation.compiler.consistency import check_clocks_together, check_replies, check_reviews, check_survey
from escalation.compiler.contact_limits import compile_contact_limits
from escalation.compiler.durations import read_duration
from escalation.compiler.fatigue import compile_fatigue, compile_frustration
from escalation.compiler.guidance import compile_guidance
from escalation.compiler.holidays import ReadBeside
from escalation.compiler.ladder import compile_ladder
from escalation.compiler.model import ChannelsSection, ClosingSection, LadderSection, ReviewsSection
from escalation.compiler.policy_review import PolicyReview, compile_policy_review
from escalation.compiler.quiet_hours import compile_quiet_hours
from escalation.compiler.recipients import check_channels, check_people
from escalation.compiler.sections import Sections
from escalation.compiler.snapshot import checksum
from escalation.compiler.triage_rules import compile_triage
from escalation.compiler.wording import compile_wording
from escalation.documents.problems import Problems
from escalation.documents.yaml import read_document
from escalation.messages.wording import LATEST
from escalation.policy import Ladder, OnReply, Policy
from escalation.triage.rules import TriageRules
from escalation.vocabulary import ClockName


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy that can be used."""

    policy: Policy
    checksum: str  # SHA-256 over its canonical JSON, hex
    # which tickets should escalate; None where the policy does not say. No part of the snapshot, since an escalation
    # does not need it once it is open
    triage: TriageRules | None = None
    # when the policy itself is due for a review; None where it does not say. No part of the snapshot either
    review: PolicyReview | None = None


YEARS_AHEAD = 4  # for how many years, this one first, a policy's holidays are frozen when it is stored


def years_frozen(now: datetime) -> range:
    """The years whose public holidays are frozen in a policy that is stored now; its checksum depends on them."""
    return range(now.year, now.year + YEARS_AHEAD)


def compile_policy(text: str, *, source: str, years: range, read: ReadBeside | None = None) -> Compiled:
    """Compile the text of a policy file.

    The same text, years, zone data and holiday data give the same result.

    Args:
        text: YAML 1.2.
        years: The years whose public holidays are written into the calendars, such as `range(2026, 2030)`.
        read: Reads files beside the policy, which calendars may name; without it none may be named.

    Raises:
        InvalidPolicy: Something is wrong; has all problems at once, each as `file:line: what; what to do`.
    """
    document = read_document(text)
    problems = Problems(source, document)
    if document.data is None:
        # Nothing could be read; missing keys would only hide why.
        problems.raise_if_any()
    sections = Sections(document, problems)
    calendars = compile_calendars(sections, problems, years, read)
    ladder = _ladder(sections, calendars, problems)
    timed = _timed_clocks(sections, calendars, ladder, problems)
    others = _other_clocks(sections, calendars, problems)
    limits = compile_contact_limits(sections, calendars, ladder, problems)
    check_clocks_together(timed, problems)
    check_survey(sections, problems)
    check_replies(sections, problems)
    check_reviews(sections, problems)
    check_channels(sections, problems)
    wording = compile_wording(sections, problems)
    guidance = compile_guidance(sections, problems)
    triage = compile_triage(sections, ladder, problems)
    review = compile_policy_review(sections, problems)
    late_after = _late_after(sections, problems)
    fatigue = compile_fatigue(sections, problems)
    frustration = compile_frustration(sections, problems)
    quiet_hours = compile_quiet_hours(sections, problems)
    problems.raise_if_any()
    if ladder is None:
        raise AssertionError("a file without problems has a ladder")
    rules = {clock: each.rule for clock, each in timed.items()} | others
    if limits:
        rules[ClockName.CONTACT_LIMIT] = CONTACT_LIMIT_RULE
    policy = replace(
        _policy(sections, ladder, rules, calendars, late_after),
        contact_limits=limits,
        fatigue=fatigue,
        frustration=frustration,
        wording=wording,
        our_wording=LATEST,
        guidance=guidance,
        quiet_hours=quiet_hours,
    )
    return Compiled(policy=policy, checksum=checksum(policy), triage=triage, review=review)


def _policy(
    sections: Sections, ladder: Ladder, rules: Mapping[ClockName, ClockRule], calendars: Calendars, late_after: int
) -> Policy:
    channels = sections.section(("channels",), ChannelsSection) or ChannelsSection()
    closing = sections.section(("closing",), ClosingSection) or ClosingSection()
    reviews = sections.section(("reviews",), ReviewsSection) or ReviewsSection()
    return Policy(
        name=str(sections.at(("policy",))),
        ladder=ladder,
        clocks={clock: rules[clock] for clock in ClockName if clock in rules},
        calendars={name: each for name, each in sorted(calendars.by_name.items()) if name != ALWAYS_OPEN.name},
        customer_channels=tuple(channels.customer),
        staff_channels=tuple(channels.staff),
        close_when_satisfied=closing.close_when_satisfied,
        satisfied_from=closing.satisfied_from,
        raise_severity_from=closing.raise_severity_from,
        thanks=closing.thanks,
        on_objection=OnReply(closing.objection),
        on_answer=closing.answer,
        on_unsatisfied=closing.unsatisfied,
        review_severities=tuple(sorted(set(reviews.severities))),
        zone_data=zone_data_version(),
        late_after=late_after,
        compliance=tuple(
            sorted({subcategory_key(each) for each in sections.section(("compliance",), list[str]) or ()})
        ),
        currency=sections.section(("currency",), str) or "",
    )


def _ladder(sections: Sections, calendars: Calendars, problems: Problems) -> Ladder | None:
    section = sections.section(("ladder",), LadderSection)
    if section is None:
        return None
    ladder = compile_ladder(section, _acknowledge_calendars(sections, calendars), problems)
    check_people(ladder, problems)
    return ladder


def _acknowledge_calendars(sections: Sections, calendars: Calendars) -> tuple[Calendar, ...]:
    """The calendars in which an offer may be counted."""
    clock = sections.section(("clocks", ClockName.ACKNOWLEDGE.value), ClockSection)
    if clock is None:
        return (ALWAYS_OPEN,)
    own = [rule.calendar for rule in clock.targets if rule.calendar] if isinstance(clock.targets, list) else []
    names = {clock.calendar} if clock.calendar else set(calendars.by_severity.values())
    found = [calendars.by_name[name] for name in sorted({*names, *own}) if name in calendars.by_name]
    return tuple(found) or (ALWAYS_OPEN,)


def _timed_clocks(
    sections: Sections, calendars: Calendars, ladder: Ladder | None, problems: Problems
) -> dict[ClockName, CompiledClock]:
    found: dict[ClockName, CompiledClock] = {}
    for clock, definition in CLOCKS.items():
        if not isinstance(definition.target, FromPolicy):
            continue
        section = sections.section(("clocks", clock.value), ClockSection)
        if section is not None:
            found[clock] = compile_clock(clock, section, calendars, ladder, problems)
    return found


def _other_clocks(sections: Sections, calendars: Calendars, problems: Problems) -> dict[ClockName, ClockRule]:
    found = {}
    for clock, definition in CLOCKS.items():
        path = ("clocks", clock.value)
        match definition.target:
            case FromCase(rule=None) as source if named := sections.section(path, PromiseSection):
                found[clock] = compile_named(clock, source, named, problems)
            case FollowUps() if listed := sections.section(path, FollowUpSection):
                found[clock] = compile_follow_up(clock, listed, calendars, problems)
            case _:
                pass  # it is compiled with the timed clocks, or every policy has the same rule
    return found


def _late_after(sections: Sections, problems: Problems) -> int:
    text = sections.section(("late_after",), str) or "5s"
    duration = read_duration(text, (ALWAYS_OPEN,), ("late_after",), problems)
    if duration is not None and not isinstance(duration, OpenTime):
        problems.add(("late_after",), f"`{text}` is not a time on the wall", "write seconds or minutes, such as `5s`")
    return duration.seconds if isinstance(duration, OpenTime) else 0
