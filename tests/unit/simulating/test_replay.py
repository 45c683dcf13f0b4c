from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.business_time import Hours
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    ChangeSeverity,
    Escalate,
    Packet,
    Pause,
    Reassign,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.case.events import MessageHeld
from escalation.clocks.deadlines import next_due
from escalation.errors import CaseOver, Refused
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.late_words import words_in
from escalation.message_kinds import MessageKind
from escalation.policy import Policy
from escalation.quiet_hours import QuietHours
from escalation.vocabulary import ACTIVE, CancelCause, Outcome, Severity, Stage
from simulation import Replay
from simulation.exports import OWNER
from simulation.outcomes import Lived
from simulation.tally import Tally, unanswered_words
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case, opening, since
from tests.unit.simulating.lives import Nobody, Staff, fired, kinds, life, lived

TAKE = Acknowledge(by=OWNER)
NOTE = AddNote(by=OWNER, text="looked at the log")
TELL = TellCustomer(by=OWNER, text="We are on it")
ASK = RequestInformation(by=OWNER, question="Which invoice?")
REPLY = RecordCustomerReply(text="The last one")
WAIT = Pause(by=OWNER, why="the bank")
GO_ON = Resume(by=OWNER)
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Switched off")
BACK = Reopen(by="customer", why="It is back")
WORSE = ChangeSeverity(severity=Severity.SEV1, by="desk", why="payday")
UP = Escalate(by=OWNER, why="too deep", packet=Packet(concern="Sent twice", nothing_tried=True))
CALL_OFF = Cancel(by="desk", cause=CancelCause.WITHDRAWN)


def test_our_clocks_fire_between_the_steps_of_the_log() -> None:
    found = lived((0.1, TAKE), (7, TELL), (8, SOLVE))

    assert fired(found.events)[:6] == [
        ("first_response 75%", "1h 30m"),
        ("first_response due", "2h"),
        ("customer_update 75%", "6h 6m"),
        ("check_in 50%", "6h 6m"),
        ("follow_up 1", "2d 8h"),
        ("satisfaction due", "9d 8h"),
    ]
    assert found.state.stage is Stage.CLOSED
    assert since(found.ended_at) == "14d 8h"


def test_steps_are_done_by_the_current_owner() -> None:
    found = lived((0.3, TAKE), (1, TELL), (2, SOLVE))

    # Ana did not answer within a quarter of an hour.
    assert [(work.person, work.command) for work in found.work] == [
        ("ben", "acknowledge"),
        ("ben", "tell_customer"),
        ("ben", "resolve"),
    ]
    assert found.taken == 0


def test_a_person_who_is_asked_takes_the_case_before_they_work_on_it() -> None:
    found = lived((0.1, TELL), (2, SOLVE))

    assert kinds(found).index("acknowledged") < kinds(found).index("customer_told")
    assert (found.taken, len(found.work)) == (1, 2)


def test_a_refused_step_is_noted_with_its_reason_and_changes_nothing() -> None:
    without, found = lived((0.1, TAKE), (2, SOLVE)), lived((0.1, TAKE), (1, GO_ON), (2, SOLVE))

    assert found.events == without.events
    (refused,) = found.refused
    assert refused.command == "resume"
    assert "there is nothing to resume" in refused.reason


def test_what_the_log_leaves_open_is_left_open_at_its_last_row() -> None:
    found = lived((0.1, TAKE), (3, NOTE))

    assert found.state.stage is Stage.WORKING
    assert since(found.ended_at) == "3h"
    assert all(event.at <= MONDAY + timedelta(hours=3) for event in found.events)


def test_a_resolved_case_is_followed_up_reopened_and_closed_by_our_clocks() -> None:
    found = lived((0.1, TAKE), (5, SOLVE), (30, BACK), (30.1, TAKE), (31, SOLVE))

    assert [result.cycle for result in found.state.results] == [1, 2]
    assert found.state.stage is Stage.CLOSED
    assert next_due(found.state, EXAMPLE) is None


def test_an_answer_after_we_stopped_waiting_reopens_the_case() -> None:
    found = lived((0.1, TAKE), (1, ASK), (6 * 24, REPLY), (6 * 24 + 0.1, TAKE), (150, SOLVE))

    assert [result.outcome for result in found.state.results] == [Outcome.NO_REPLY, Outcome.SOLVED]
    assert "reopened" in kinds(found)
    assert found.refused == ()


def test_an_answer_in_time_is_just_an_answer() -> None:
    found = lived((0.1, TAKE), (1, ASK), (20, REPLY), (21, SOLVE))

    assert "reopened" not in kinds(found)
    assert [result.outcome for result in found.state.results] == [Outcome.SOLVED]


def test_a_person_of_the_log_is_named_for_the_case_unless_they_have_it() -> None:
    named = Reassign(to="mia", by="desk", why="the log")
    found = lived((0.1, named), (0.2, TAKE), (1, named), (2, SOLVE))

    assert kinds(found).count("reassigned") == 1
    assert {work.person for work in found.work} == {"desk", "mia"}
    assert found.refused == ()


def test_that_a_person_has_it_already_is_not_news() -> None:
    found = lived((0.1, TAKE), (0.2, TAKE), (1, ASK), (1.5, TAKE), (2, SOLVE))

    assert kinds(found).count("acknowledged") == 1
    assert [work.command for work in found.work].count("acknowledge") == 3
    assert found.refused == ()


def test_where_no_one_can_be_booked_the_overseer_holds_the_case() -> None:
    found = Replay(EXAMPLE, REF, Nobody()).live(life((1, TELL), (2, SOLVE)))

    assert "overseer_held" in kinds(found)
    assert {work.person for work in found.work} == {"overseer"}


def test_a_life_can_be_replayed_again_with_the_same_result() -> None:
    steps = ((0.1, TAKE), (1, ASK), (20, REPLY), (30, WORSE), (31, WAIT), (90, GO_ON), (91, SOLVE))

    assert lived(*steps) == lived(*steps)


def test_pauses_move_our_deadlines_as_they_do_live() -> None:
    found = lived((0.1, TAKE), (10, WAIT), (210, GO_ON), (249, SOLVE))

    # 48 hours for SEV2, and 200 hours of waiting.
    assert ("resolution due", "10d 8h") in fired(found.events)
    assert [(pause.start - MONDAY, pause.end and pause.end - MONDAY) for pause in found.state.pauses] == [
        (timedelta(hours=10), timedelta(hours=210))
    ]


def test_no_invariant_is_reported_where_none_is_broken() -> None:
    found = lived((0.1, TAKE), (1, UP), (1.1, TAKE), (300, SOLVE))

    assert (found.violations, found.doubled) == ((), ())
    assert fold(found.events) == found.state


def test_a_state_that_breaks_an_invariant_is_reported() -> None:
    # A policy that promises nothing leaves nothing armed.
    found = lived((0.1, TAKE), policy=replace(EXAMPLE, clocks={}))

    assert found.violations == ("an open escalation has an armed clock",)


def test_what_customers_write_after_the_end_is_taken_by_the_next_escalation() -> None:
    found = lived((0.1, TAKE), (1, CALL_OFF), (30, REPLY), (31, TELL))

    assert [each.state.stage for each in found.escalations] == [Stage.CANCELLED, Stage.WORKING]
    assert (found.state.life, found.state.owner, found.refused) == (2, "overseer", ())
    assert [event.kind for event in found.events if event.kind in ("customer_replied", "customer_told")] == [
        *("customer_replied", "customer_told")
    ]
    assert (unanswered_words(found.escalations[0]), unanswered_words(found)) == (0, 0)


def test_words_that_no_one_answers_are_counted() -> None:
    found = lived((0.1, TAKE), (1, ASK), (2, REPLY))
    over = replace(found, state=replace(found.state, stage=Stage.CLOSED, runs={}))

    assert (unanswered_words(found), unanswered_words(over)) == (0, 1)


ANY_STEP = st.sampled_from((TAKE, NOTE, TELL, ASK, REPLY, WAIT, GO_ON, SOLVE, BACK, WORSE, UP, CALL_OFF))


@settings(max_examples=25, deadline=None)
@given(
    policy=st.sampled_from(sorted(policies.ALL)),
    steps=st.lists(st.tuples(st.integers(0, 60 * 3600), ANY_STEP), max_size=12),
)
def test_a_simulated_life_has_the_very_timeline_of_a_lived_one(
    policy: str, steps: list[tuple[int, SupportCommand]]
) -> None:
    """The same commands, given to the domain's own test case: every event is equal, and so is every threshold."""
    hours, told = 0.0, []
    for seconds, command in steps:
        hours += seconds / 3600
        told.append((hours, command))
    found = Replay(policies.ALL[policy], REF, Staff()).live(life(*told))

    first = found.escalations[0]

    case = _case(policy, told)

    assert case.fired() == fired(first.events)
    assert tuple(case.events) == first.events
    assert case.state == first.state
    assert sum(len(each.work) + len(each.refused) for each in found.escalations) == len(steps)


def _case(policy: str, told: list[tuple[float, SupportCommand]]) -> Case:
    case = Case(policy=policies.ALL[policy])
    case.do(opening())
    for hours, command in told:
        case.wait(MONDAY + timedelta(hours=hours) - case.now)
        try:
            _in_person(
                case, (words_in(command, case.state.offered) or command) if case.state.stage in ACTIVE else command
            )
        except CaseOver:
            return case  # what the customer says begins the next escalation
        except Refused:
            continue
    if case.state.stage in (Stage.RESOLVED, Stage.CLOSED, Stage.CANCELLED):
        case.wait(timedelta(days=400))
    return case


def _in_person(case: Case, command: SupportCommand) -> None:
    if command.by == OWNER:
        if case.state.stage is Stage.OFFERED and command is not TAKE:
            case.acknowledge()
        state = case.state
        command = replace(command, by=state.offered_to or state.owner or state.contact)
    case.do(command)


def test_what_colleagues_get_in_their_quiet_hours_waits_and_counts_as_one_message() -> None:
    always = ((Hours(opens=0, closes=24 * 60),),) * 5 + ((), ())
    quiet = replace(EXAMPLE, quiet_hours=QuietHours(staff=always))
    steps = ((0.1, TAKE), (1, TELL), (2, REPLY), (3, replace(REPLY, text="And another one")), (90, SOLVE))
    calm, held = lived(*steps), lived(*steps, policy=quiet)
    waits = [event for event in held.events if isinstance(event, MessageHeld)]

    assert "overseer" not in {event.to for event in waits}, "they are not on this roster"
    assert {event.message for event in waits} == {MessageKind.NOTICE}, "without shifts, an offer finds people"
    assert [event for event in held.events if event not in waits] == list(calm.events)
    together = {(event.to, event.until) for event in waits}
    assert len(together) < len(waits)
    assert per_colleague(held, quiet) == per_colleague(calm, EXAMPLE) - len(waits) + len(together)


def per_colleague(found: Lived, policy: Policy) -> int:
    tally = Tally(policy, "c0ffee")
    tally.add(found)
    return tally.report([]).fatigue.per_colleague.total
