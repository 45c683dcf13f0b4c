"""Policies that differ from the example in one thing each, so that lives under all of them can be compared."""

from dataclasses import replace

from escalation.business_time import BusinessDays, Calendar, OpenTime, parse_hours
from escalation.clock_rules import CONTACT_LIMIT_RULE, Action, Basis, ClockRule, OnReopen, OnRetarget, Target, Threshold
from escalation.policy import ContactLimit, Policy
from escalation.vocabulary import Category, ClockName, PacketPart, Severity
from tests.example_policy import EXAMPLE, HOUR, MINUTE, WITH_REVIEWS, before, rule, share, with_rule

OFFICE = Calendar(
    name="office",
    zone="Europe/London",
    weekly=((parse_hours("09:00", "17:00"),),) * 5 + ((),) * 2,
)


def with_retarget(policy: Policy, on_retarget: OnRetarget) -> Policy:
    """The policy with the same answer of every clock to a change of severity."""
    clocks = {clock: replace(one, on_retarget=on_retarget) for clock, one in policy.clocks.items()}
    return replace(policy, clocks=clocks)


RESTARTING = with_retarget(EXAMPLE, OnRetarget.RESTART)
"""A change of severity restarts every running clock."""

OWN_TIER_TIMES = replace(
    EXAMPLE,
    ladder=replace(
        EXAMPLE.ladder,
        tiers=tuple(
            replace(tier, acknowledge=OpenTime(seconds=number * 10 * MINUTE))
            for number, tier in enumerate(EXAMPLE.ladder.tiers, start=1)
        ),
    ),
)
"""Each tier has an acknowledge target of its own: 10, 20 and 30 minutes."""

NEVER_LENIENT = replace(
    EXAMPLE,
    clocks={clock: replace(one, paused_by=()) for clock, one in EXAMPLE.clocks.items()},
    close_when_satisfied=False,
    thanks=False,
)
"""No clock is ever paused, nothing closes early, no one is thanked."""

IN_OFFICE_HOURS = replace(
    WITH_REVIEWS,
    review_severities=tuple(Severity),
    calendars={"office": OFFICE},
    clocks={
        **EXAMPLE.clocks,
        ClockName.RESOLUTION: ClockRule(
            targets=(Target(within=BusinessDays(days=3), calendar="office"),),
            thresholds=(
                share(50, Action.WARN_OWNER),
                Threshold(name="-1d", basis=Basis.BEFORE, by=BusinessDays(days=1), actions=(Action.WARN_OWNER,)),
                share(100, Action.BREACH, Action.TELL_OVERSEER),
                Threshold(name="+8h", basis=Basis.AFTER, by=OpenTime(seconds=8 * HOUR), actions=(Action.CLIMB,)),
            ),
            paused_by=EXAMPLE.clocks[ClockName.RESOLUTION].paused_by,
            on_reopen=OnReopen.EXTEND,
        ),
        ClockName.FIRST_RESPONSE: ClockRule(
            targets=(Target(within=OpenTime(seconds=4 * HOUR), calendar="office"),),
            thresholds=EXAMPLE.clocks[ClockName.FIRST_RESPONSE].thresholds,
        ),
    },
)
"""Some promises are counted in office hours and business days, and extended by a reopening; every closed case is reviewed."""

WITHOUT_RESPONSE_TARGETS = replace(
    EXAMPLE,
    clocks={
        **{clock: one for clock, one in EXAMPLE.clocks.items() if clock is not ClockName.NEXT_RESPONSE},
        ClockName.FIRST_RESPONSE: ClockRule(
            targets=(Target(within=OpenTime(seconds=HOUR), calendar="24x7", severity=(Severity.SEV1,)),),
            thresholds=(share(100, Action.BREACH),),
        ),
    },
)
"""A first response is promised to SEV1 only, a next response to no one."""

HASTY = with_rule(
    EXAMPLE,
    ClockName.RESOLUTION,
    rule(HOUR, share(50, Action.WARN_OWNER), share(100, Action.BREACH, Action.TELL_OVERSEER, Action.CLIMB)),
)
"""A resolution is promised within the hour, whatever is waited for; a breach climbs."""

HANDING_OVER = replace(
    EXAMPLE,
    ladder=replace(EXAMPLE.ladder, packet=tuple(PacketPart), confirm_packet=True),
    clocks={
        **EXAMPLE.clocks,
        ClockName.SHIFT_END: rule(0, before(30 * MINUTE, Action.REMIND_OWNER), share(100, Action.OFFER_ON)),
    },
)
"""Cases are handed over when a shift ends; a packet needs all its parts, and is confirmed."""

LIMITED = replace(
    EXAMPLE,
    ladder=replace(EXAMPLE.ladder, lanes={**dict.fromkeys(Category, 1), Category.BEHAVIOUR: 3}),
    contact_limits={
        lane: ContactLimit(at_most=2, within=OpenTime(seconds=8 * HOUR), calendar="24x7") for lane in Category
    },
    clocks={
        **EXAMPLE.clocks,
        ClockName.CONTACT_LIMIT: CONTACT_LIMIT_RULE,
        ClockName.RESOLUTION: replace(EXAMPLE.clocks[ClockName.RESOLUTION], on_reopen=OnReopen.RESUME),
    },
)
"""Two messages of the customer reach the team within eight hours, whatever it is about; a reopening resumes the resolution."""

ALL = {
    "example": EXAMPLE,
    "reviews": replace(WITH_REVIEWS, review_severities=(Severity.SEV1, Severity.SEV2)),
    "restarting": RESTARTING,
    "own tier times": OWN_TIER_TIMES,
    "never lenient": NEVER_LENIENT,
    "office hours": IN_OFFICE_HOURS,
    "no response targets": WITHOUT_RESPONSE_TARGETS,
    "hasty": HASTY,
    "handing over": HANDING_OVER,
    "limited": LIMITED,
}
