"""The account of a clock, and the flat view of a case."""

from dataclasses import replace
from datetime import datetime

from escalation.commands import AddNote, Pause, RecordCustomerReply
from escalation.deadlines import deadlines, upcoming
from escalation.errors import InvalidPolicy
from escalation.explain import ClockExplanation, explain
from escalation.view import view_of
from escalation.vocabulary import ClockName, PauseCause, Severity, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import IN_OFFICE_HOURS, OFFICE, WITHOUT_RESPONSE_TARGETS
from tests.unit.domain.stages import ASK, RESOLVE, cancelled


def account(case: Case, clock: ClockName, at: datetime | None = None) -> ClockExplanation:
    found = explain(case.state, case.policy, clock, at=at or case.now)
    assert found is not None
    return found


def test_the_account_shows_what_counted_and_what_did_not() -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(ASK)
    case.wait(3 * HOURS)
    case.do(RecordCustomerReply(text="The last one"))
    case.wait(HOURS)
    told = account(case, ClockName.RESOLUTION)
    assert [(since(span.start), since(span.end)) for span in told.counted] == [("0", "1h"), ("4h", "5h")]
    assert (told.counted_seconds, told.wall_seconds) == (2 * 3600, 5 * 3600)
    assert [(one.cause, one.by, since(one.start)) for one in told.not_counted] == [("waiting_on_customer", "ana", "1h")]
    assert told.due == MONDAY + 51 * HOURS
    assert [(one.name, one.at and since(one.at), one.fired) for one in told.thresholds[:2]] == [
        ("50%", "1d 3h", False),
        ("75%", "1d 15h", False),
    ]


def test_during_a_pause_the_account_stands_still_and_leaves_the_future_open() -> None:
    case = Case.working()
    case.wait(25 * MINUTES)
    case.do(Pause(by="ana", why="the bank"))
    case.wait(3 * HOURS)
    told = account(case, ClockName.RESOLUTION)
    assert (told.due, told.counted_seconds, told.wall_seconds) == (None, 25 * 60, 205 * 60)
    assert [one.at for one in told.thresholds] == [None] * 5
    assert [(one.cause, one.end) for one in told.not_counted] == [(PauseCause.WAITING_ON_THIRD_PARTY, None)]


def test_what_fired_before_a_pause_keeps_its_instant() -> None:
    case = Case.working(severity=Severity.SEV1)
    case.wait(11 * HOURS)
    case.do(AddNote(by="ana", text="still here"))
    case.wait(HOURS)
    case.do(Pause(by="ana", why="the bank"))
    told = account(case, ClockName.RESOLUTION)
    assert [(one.name, one.at and since(one.at), one.fired) for one in told.thresholds[:2]] == [
        ("50%", "12h", True),
        ("75%", None, False),
    ]


def test_the_account_of_office_hours_names_the_calendar_and_its_version() -> None:
    case = Case.working(policy=replace(IN_OFFICE_HOURS, zone_data="2026b"))
    told = account(case, ClockName.RESOLUTION, MONDAY + DAYS)
    assert (told.calendar, told.calendar_version) == ("office", OFFICE.version)
    assert told.counted_seconds == 8 * 3600
    assert told.wall_seconds == 86400
    assert told.zone_data == "2026b"


def test_a_pause_before_the_clock_began_is_no_part_of_its_account() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(HOURS)
    case.do(RecordCustomerReply(text="The last one"))
    case.do(RESOLVE)
    assert account(case, ClockName.REOPEN_WINDOW).not_counted == ()
    case.wait(MINUTES)
    assert account(case, ClockName.FOLLOW_UP).counted_seconds == 60


def test_what_does_not_run_or_promises_nothing_has_no_account() -> None:
    case = Case.working(policy=WITHOUT_RESPONSE_TARGETS)
    case.do(RecordCustomerReply(text="hello?"))
    for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE, ClockName.CHOICE):
        assert explain(case.state, case.policy, clock, at=case.now) is None
        assert clock not in deadlines(case.state, case.policy)
    for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE):
        assert clock in case.state.runs
        assert upcoming(case.state, case.policy, clock) == ()


def test_the_view_tells_what_comes_next() -> None:
    case = Case.opened()
    view = view_of(case.state, EXAMPLE)
    assert (view.stage, view.owner, view.offered_to, view.overseer) == (Stage.OFFERED, "", "ana", "overseer")
    assert (view.next_due, view.next_due_clock, view.next_due_threshold) == (
        MONDAY + 450 * (MINUTES / 60),
        ClockName.ACKNOWLEDGE,
        "50%",
    )
    assert (view.last_seq, view.messages) == (len(case.events), 1)


def test_the_view_of_a_case_that_is_over_has_nothing_next() -> None:
    case = cancelled()
    view = view_of(case.state, EXAMPLE)
    assert (view.next_due, view.next_due_clock, view.next_due_threshold) == (None, None, "")
    assert view.closed_at == MONDAY


def test_a_policy_that_cannot_be_used_lists_every_problem_on_a_line() -> None:
    error = InvalidPolicy(["a.yaml:3: no tiers; add one", "a.yaml:9: no overseer; name one"])
    assert str(error).splitlines() == list(error.problems)
