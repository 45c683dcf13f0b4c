"""A small problem becomes a big one when it waits or comes back: the severity rises by itself, and the rule is named."""

from dataclasses import replace

from escalation.business_time import BusinessDays, OpenTime
from escalation.case.commands import ChangeSeverity, Reopen, RequestInformation, Resolve, SetDue
from escalation.case.events import SeverityChanged
from escalation.clock_rules import Action, ClockRule, Target
from escalation.messages.letters import due_at
from escalation.messages.notices import SeverityRaised
from escalation.vocabulary import ClockName, Outcome, PauseCause, Severity
from tests.example_policy import EXAMPLE, HOUR, open_time, paused_by, share, with_rule
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import DAYS, HOURS


def of(severity: Severity, hours: int) -> Target:
    return Target(within=open_time(hours * HOUR), calendar="24x7", severity=(severity,))


RULE = ClockRule(
    targets=(of(Severity.SEV3, 5), of(Severity.SEV4, 10)),
    thresholds=(share(100, Action.RAISE_SEVERITY),),
    paused_by=paused_by(PauseCause.WAITING_ON_CUSTOMER),
)
AGEING = with_rule(replace(EXAMPLE, raise_severity_from=2), ClockName.AGEING, RULE)
SOLVED = Resolve(by="ana", outcome=Outcome.SOLVED, solution="It works again")


def rises(case: Case) -> list[tuple[str, Severity, str, str]]:
    return [
        (since(event.at), event.new, event.why, event.by)
        for event in case.events
        if isinstance(event, SeverityChanged) and event.by == "system"
    ]


def test_a_case_that_waits_becomes_worse_step_by_step_and_says_by_which_rule() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV4)
    case.wait(5 * DAYS)
    assert rises(case) == [
        ("10h", Severity.SEV3, "ageing due: open as SEV4 for 10 h", "system"),
        ("15h", Severity.SEV2, "ageing due: open as SEV3 for 5 h", "system"),
    ], "and SEV2 has no time of its own"


def test_the_owner_and_the_overseer_hear_which_rule_it_was() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV3)
    case.wait(6 * HOURS)
    heard = {message.to: one for message in case.messages for one in message.notices if isinstance(one, SeverityRaised)}
    assert set(heard) == {"ana", "overseer"}
    assert (heard["ana"].old, heard["ana"].new, heard["ana"].within) == (
        Severity.SEV3,
        Severity.SEV2,
        OpenTime(seconds=5 * HOUR),
    )


def test_the_targets_follow_the_new_severity() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV3)
    assert case.due(ClockName.RESOLUTION) == "2d", "half of its four days"
    case.wait(5 * HOURS)
    assert case.state.severity is Severity.SEV2
    assert case.due(ClockName.RESOLUTION) == "1d", "half of its two days"


def test_a_case_that_waits_for_the_customer_does_not_age() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV3)
    case.wait(4 * HOURS)
    case.do(RequestInformation(by="ana", question="Which printer?"))
    case.wait(1 * DAYS)
    assert rises(case) == []


def test_a_severity_set_by_hand_starts_the_time_again() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV4)
    case.wait(8 * HOURS)
    case.do(ChangeSeverity(by="ana", severity=Severity.SEV3, why="two more sites"))
    assert case.due(ClockName.AGEING) == "13h"


def test_a_time_set_by_hand_raises_it_once() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV4)
    case.do(SetDue(by="ana", clock=ClockName.AGEING, at=MONDAY + 5 * HOURS, why="audit on Tuesday"))
    case.wait(6 * HOURS)
    assert [each[:2] for each in rises(case)] == [("5h", Severity.SEV3)]
    assert case.due(ClockName.AGEING) == "10h"


def test_the_second_reopening_raises_it_and_every_one_after_it() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV4)
    for _ in range(3):
        case.do(SOLVED)
        case.do(Reopen(by="customer", why="It is back"))
        case.acknowledge()
    assert [each[1:3] for each in rises(case)] == [
        (Severity.SEV3, "recurrence: reopened 2 times"),
        (Severity.SEV2, "recurrence: reopened 3 times"),
    ]
    assert any("severity_raised" in said for said in case.told("ana"))


def test_the_offer_of_a_case_that_got_worse_by_coming_back_has_the_deadlines_of_the_new_severity() -> None:
    case = Case.working(policy=AGEING, severity=Severity.SEV2)
    for _ in range(2):
        case.do(SOLVED)
        case.do(Reopen(by="customer", why="It is back"))
        offer = next(one.facts for one in reversed(case.messages) if one.kind == "offer")
        assert offer.acknowledge_by == due_at(case.state, case.policy, ClockName.ACKNOWLEDGE)
        assert offer.solve_by == due_at(case.state, case.policy, ClockName.RESOLUTION)
        case.acknowledge()
    assert case.state.severity is Severity.SEV1


def test_the_worst_stays_the_worst() -> None:
    everything = with_rule(
        AGEING, ClockName.AGEING, replace(RULE, targets=(Target(within=open_time(HOUR), calendar="24x7"),))
    )
    case = Case.working(policy=everything, severity=Severity.SEV2)
    case.wait(6 * HOURS)
    assert [each[:2] for each in rises(case)] == [("1h", Severity.SEV1)]


def test_a_rule_in_business_days_is_named_in_business_days() -> None:
    target = replace(of(Severity.SEV4, 10), within=BusinessDays(days=2))
    policy = with_rule(AGEING, ClockName.AGEING, replace(RULE, targets=(target,)))
    case = Case.working(policy=policy, severity=Severity.SEV4)
    case.wait(5 * DAYS)
    assert "2 business days" in rises(case)[0][2]
