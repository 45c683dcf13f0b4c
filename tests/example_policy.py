"""A small policy on round hours, built without the compiler, for tests of the domain and of the workflow."""

from dataclasses import replace

from escalation.business_time import OpenTime
from escalation.case.values import PolicyRef
from escalation.clock_rules import Action, Basis, ClockRule, PauseRule, Target, Threshold
from escalation.policy import Ladder, Policy, Tier
from escalation.vocabulary import Category, ClockName, PauseCause, Severity

MINUTE, HOUR, DAY = 60, 3600, 86400

REF = PolicyRef(name="example", version=1, checksum="0" * 64)


def open_time(seconds: int) -> OpenTime:
    return OpenTime(seconds=seconds)


def share(percent: int, *actions: Action) -> Threshold:
    name = "due" if percent == 100 else f"{percent}%"
    return Threshold(name=name, basis=Basis.PERCENT, percent=percent, actions=actions)


def since_start(name: str, seconds: int, *actions: Action) -> Threshold:
    return Threshold(name=name, basis=Basis.ELAPSED, by=open_time(seconds), actions=actions)


def before(seconds: int, *actions: Action) -> Threshold:
    return Threshold(name=f"-{seconds}s", basis=Basis.BEFORE, by=open_time(seconds), actions=actions)


def paused_by(*causes: PauseCause) -> tuple[PauseRule, ...]:
    return tuple(PauseRule(cause=cause) for cause in causes)


def rule(within: int, *thresholds: Threshold, waits: tuple[PauseCause, ...] = ()) -> ClockRule:
    targets = (Target(within=open_time(within), calendar="24x7"),)
    return ClockRule(targets=targets, thresholds=thresholds, paused_by=paused_by(*waits))


_BREACH = (Action.BREACH, Action.TELL_OVERSEER)
_WAITING = (PauseCause.WAITING_ON_CUSTOMER,)
_ANY_WAIT = (PauseCause.WAITING_ON_CUSTOMER, PauseCause.WAITING_ON_THIRD_PARTY)

CLOCKS = {
    ClockName.ACKNOWLEDGE: rule(15 * MINUTE, share(50, Action.REMIND_OWNER), share(100, Action.OFFER_ON)),
    ClockName.FIRST_RESPONSE: rule(2 * HOUR, share(75, Action.WARN_OWNER), share(100, *_BREACH)),
    ClockName.NEXT_RESPONSE: rule(4 * HOUR, share(100, *_BREACH)),
    ClockName.PROMISE: rule(0, before(15 * MINUTE, Action.REMIND_OWNER), share(100, Action.LAPSE_PROMISE)),
    ClockName.CUSTOMER_UPDATE: rule(
        8 * HOUR,
        share(75, Action.REMIND_OWNER),
        share(100, Action.HOLDING_UPDATE, Action.TELL_OVERSEER),
        waits=_WAITING,
    ),
    ClockName.CHECK_IN: rule(12 * HOUR, share(50, Action.REMIND_OWNER), share(100, Action.OFFER_ON), waits=_WAITING),
    ClockName.CONSULT: rule(2 * HOUR, share(50, Action.REMIND_ASKED), share(100, Action.REMIND_OWNER)),
    ClockName.APPROVAL: rule(
        4 * HOUR, share(50, Action.REMIND_ASKED), share(100, Action.TELL_OVERSEER, Action.REMIND_OWNER)
    ),
    ClockName.RESOLUTION: ClockRule(
        targets=(
            Target(within=open_time(24 * HOUR), calendar="24x7", severity=(Severity.SEV1,)),
            Target(within=open_time(48 * HOUR), calendar="24x7", severity=(Severity.SEV2,)),
            Target(within=open_time(96 * HOUR), calendar="24x7"),
        ),
        thresholds=(
            share(50, Action.WARN_OWNER),
            share(75, Action.WARN_OWNER),
            share(90, Action.WARN_OWNER),
            share(100, *_BREACH, Action.CLIMB),
            share(150, Action.TELL_OVERSEER),
        ),
        paused_by=paused_by(*_ANY_WAIT),
    ),
    ClockName.CHOICE: rule(24 * HOUR, share(50, Action.REMIND_CUSTOMER), share(100, Action.CHOOSE_DEFAULT)),
    ClockName.CUSTOMER_REPLY: rule(
        5 * DAY, since_start("1", 2 * DAY, Action.REMIND_CUSTOMER), share(100, Action.RESOLVE_NO_REPLY)
    ),
    ClockName.FOLLOW_UP: rule(
        10 * DAY,
        since_start("1", 2 * DAY, Action.FOLLOW_UP_SURVEY),
        since_start("2", 10 * DAY, Action.FOLLOW_UP),
    ),
    ClockName.SATISFACTION: rule(7 * DAY, share(100, Action.EXPIRE_SURVEY)),
    ClockName.REOPEN_WINDOW: rule(14 * DAY, share(100, Action.END_REOPEN_WINDOW)),
    ClockName.REVIEW: rule(5 * DAY, share(50, Action.REMIND_REVIEWER), share(100, Action.SKIP_REVIEW)),
}

EXAMPLE = Policy(
    name="example",
    ladder=Ladder(
        tiers=(
            Tier(name="front line", people_to_try=2),
            Tier(name="specialist", people_to_try=2, authority=500, words={"en": "our specialists"}),
            Tier(name="management", people_to_try=1, authority=5000),
        ),
        overseer="overseer",
        contact="front-desk",
        rounds=2,
        lanes={Category.BEHAVIOUR: 3},
    ),
    clocks=CLOCKS,
    calendars={},
)

WITH_REVIEWS = replace(EXAMPLE, review_severities=(Severity.SEV1,))


def with_rule(policy: Policy, clock: ClockName, changed: ClockRule) -> Policy:
    """The policy with another rule for one clock."""
    return replace(policy, clocks={**policy.clocks, clock: changed})
