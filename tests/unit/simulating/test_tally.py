from dataclasses import replace
from datetime import timedelta

from escalation.case.commands import (
    Acknowledge,
    ChangeSeverity,
    Pause,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    TellCustomer,
)
from escalation.case.events import MessageHeld, MessageQueued, ThresholdReached
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, ClockName, Outcome, PauseCause, Severity
from simulation import Replay, Tally
from simulation.exports import OWNER, Rejected
from simulation.outcomes import Lived
from simulation.report import Distribution, Report, distribution
from simulation.tally import difference_of
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY
from tests.unit.simulating.lives import Staff, life, lived

TAKE = Acknowledge(by=OWNER)
TELL = TellCustomer(by=OWNER, text="We are on it")
ASK = RequestInformation(by=OWNER, question="Which?")
REPLY = RecordCustomerReply(text="This")
WAIT = Pause(by=OWNER, why="the bank")
GO_ON = Resume(by=OWNER)
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")

LIVES = (
    life((0.1, TAKE), (1, TELL), (30, SOLVE), ticket="quick", met=True),
    life((0.1, TAKE), (3, TELL), (60, SOLVE), ticket="late", met=False),
    life((0.1, TAKE), (1, ASK), (25, REPLY), (60, SOLVE), ticket="asked", met=True),
    life((0.1, TAKE), (1, WAIT), (73, GO_ON), (74, TELL), (75, GO_ON), (76, SOLVE), ticket="waited", met=False),
    life((0.1, TAKE), (1, TELL), severity=Severity.SEV4, ticket="open", met=None),
)


def replayed() -> tuple[Report, list[Lived]]:
    replay, tally = Replay(EXAMPLE, REF, Staff()), Tally(EXAMPLE, "c0ffee")
    found = [replay.live(one) for one in LIVES]
    for one in found:
        tally.add(one)
    return tally.report([Rejected(line=7, reason="no date")]), found


def test_the_sums_are_those_of_the_timelines() -> None:
    report, found = replayed()
    events = [event for one in found for event in one.events]
    thresholds = [event for event in events if isinstance(event, ThresholdReached)]
    messages = [event for event in events if isinstance(event, MessageQueued)]

    assert report.tickets == sum(report.outcomes.values()) == len(LIVES)
    assert report.events == len(events)
    assert sum(report.thresholds.values()) == len(thresholds)
    assert sum(one.breaches for one in report.breaches) == sum(event.breach for event in thresholds) > 0
    assert report.messages_to_customer.total == sum(event.to == CUSTOMER for event in messages)
    assert report.messages_to_person.total == sum(event.to != CUSTOMER for event in messages)
    assert report.messages_to_customer.count == len(LIVES)


def test_every_step_is_done_or_refused_and_is_in_both_tables_of_work() -> None:
    report, _ = replayed()
    steps = report.steps

    assert steps.planned == sum(len(one.steps) for one in LIVES) == steps.done + steps.refused
    assert steps.refused == sum(one.count for one in steps.by_reason) == 1
    assert steps.done == sum(report.work_by_person.values()) == sum(map(sum, report.work_by_hour))
    assert [len(hours) for hours in report.work_by_hour] == [24] * 7
    # Everyone took it on Monday, six minutes past nine.
    assert report.work_by_hour[0][9] == 5


def test_refusals_are_counted_by_reason_with_a_ticket_to_look_at() -> None:
    report, _ = replayed()

    (refused,) = report.steps.by_reason
    assert (refused.command, refused.count, refused.example) == ("resume", 1, "waited")
    assert "possible now" not in refused.reason


def test_breaches_are_shown_by_clock_and_severity_beside_the_promises() -> None:
    report, _ = replayed()
    told = {(one.clock, one.severity): (one.breaches, one.promises) for one in report.breaches}

    assert told[ClockName.FIRST_RESPONSE, Severity.SEV2] == (2, 4)
    assert told[ClockName.RESOLUTION, Severity.SEV2] == (1, 4)
    assert told[ClockName.RESOLUTION, Severity.SEV4] == (0, 1)
    assert all(one.breaches <= one.promises for one in report.breaches)


def test_pauses_are_shown_in_business_and_wall_time() -> None:
    report, _ = replayed()
    told = {one.cause: (one.count, one.business_seconds / 3600, one.wall_seconds / 3600) for one in report.pauses}

    assert told == {PauseCause.WAITING_ON_CUSTOMER: (1, 24, 24), PauseCause.WAITING_ON_THIRD_PARTY: (1, 72, 72)}


def test_the_business_time_of_a_pause_is_that_of_the_resolution_clock() -> None:
    policy = policies.IN_OFFICE_HOURS
    tally = Tally(policy, "")
    tally.add(lived((0.1, TAKE), (1, WAIT), (25, GO_ON), (26, SOLVE), policy=policy))

    (pause,) = tally.report([]).pauses
    # Monday 10:00 to Tuesday 10:00, where the office is open from 9 to 17.
    assert (pause.business_seconds, pause.wall_seconds) == (8 * 3600, 24 * 3600)


def test_a_pause_that_never_ended_counts_up_to_where_the_log_ends() -> None:
    tally = Tally(EXAMPLE, "")
    tally.add(lived((0.1, TAKE), (1, WAIT), (5, TELL)))

    assert tally.report([]).pauses[0].wall_seconds == timedelta(hours=4).total_seconds()


def test_the_logs_verdict_is_next_to_ours() -> None:
    report, _ = replayed()

    (verdicts,) = report.verdicts
    assert (verdicts.both_met, verdicts.both_missed) == (2, 1)
    assert (verdicts.only_log_missed, verdicts.only_we_missed) == (1, 0)
    assert verdicts.agreement == 3 / 4
    (difference,) = report.differences
    assert (difference.log_met, difference.count, difference.example) == (False, 1, "waited")
    assert "target itself" in difference.reason


def test_what_is_different_about_a_ticket_is_named() -> None:
    worse = ChangeSeverity(severity=Severity.SEV1, by="desk", why="payday")
    back = Reopen(by=CUSTOMER, why="again")

    assert "severity changed" in difference_of(lived((0.1, TAKE), (1, worse), (2, SOLVE)))
    assert "reopened" in difference_of(lived((0.1, TAKE), (1, SOLVE), (2, back), (2.1, TAKE), (3, SOLVE)))
    assert "without a reply" in difference_of(lived((0.1, TAKE), (1, ASK), (400, TELL)))


def test_broken_invariants_are_counted_with_their_tickets() -> None:
    _, found = replayed()
    tally = Tally(EXAMPLE, "")
    tally.add(replace(found[0], violations=("it sleeps",), doubled=((ClockName.RESOLUTION, 1, "75%"),)))
    tally.add(replace(found[1], violations=("it sleeps",)))

    invariants = tally.report([]).invariants
    assert invariants.violated == 2
    assert invariants.violations == {"it sleeps": ("quick", "late")}
    assert invariants.doubled == ("quick: resolution 1 75%",)


def test_rejected_rows_are_listed() -> None:
    assert replayed()[0].rejected == (Rejected(line=7, reason="no date"),)


def test_nine_in_ten_are_not_above_the_p90() -> None:
    assert distribution(dict.fromkeys(range(1, 11), 1)) == Distribution(
        count=10, total=55, mean=5.5, p90=9, max=10, p99=10
    )
    assert distribution({3: 9, 100: 1}).p90 == 3
    assert distribution({3: 8, 100: 2}).p90 == 100
    assert distribution({}) == Distribution(count=0, total=0, mean=0.0, p90=0, max=0)


def test_letters_that_wait_for_the_same_quiet_hours_to_end_count_as_one() -> None:
    _, found = replayed()
    at, until = MONDAY, MONDAY + timedelta(hours=10)
    wrote = (
        ("update/1", MessageKind.UPDATE),
        ("holding/1", MessageKind.HOLDING_UPDATE),
        ("holding/2", MessageKind.HOLDING_UPDATE),
    )
    night = [
        event
        for key, kind in wrote
        for event in (
            MessageQueued(at=at, key=key, message=kind, to=CUSTOMER),
            MessageHeld(at=at, key=key, message=kind, to=CUSTOMER, until=until),
        )
    ]
    tally, quiet = Tally(EXAMPLE, "c0ffee"), Tally(EXAMPLE, "c0ffee")
    tally.add(found[0])
    quiet.add(replace(found[0], events=(*found[0].events, *night)))
    loud, merged = tally.report([]), quiet.report([])
    assert merged.messages_to_customer.total == loud.messages_to_customer.total + 1
    assert merged.fatigue.per_customer.total == loud.fatigue.per_customer.total, "a person wrote a part of it"
