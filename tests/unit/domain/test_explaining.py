"""The account of a clock, and the flat view of a case."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from escalation.business_time import BusinessDays, OpenTime, Use, parse_hours
from escalation.case.codec import from_json, to_json
from escalation.case.commands import AddNote, MakePromise, Pause, RecordCustomerReply, Resume, SetDue, TellCustomer
from escalation.case.events import ClockStopped
from escalation.clock_rules import Target
from escalation.clocks.deadlines import deadlines, upcoming
from escalation.clocks.explain import AHEAD, ROWS, ClockExplanation, NotCounted, explain
from escalation.errors import InvalidPolicy
from escalation.lifecycle.viewing import view_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause, Severity, Stage
from tests.example_policy import EXAMPLE, with_rule
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import IN_OFFICE_HOURS, OFFICE, WITHOUT_RESPONSE_TARGETS
from tests.unit.domain.stages import ASK, RESOLVE, cancelled
from workflows.converter import DATA_CONVERTER


def with_office(**changes: Any) -> Policy:
    """Office hours that differ in something; MONDAY 09:00 is an opening, and 8 hours count a day."""
    return replace(IN_OFFICE_HOURS, calendars={"office": replace(OFFICE, **changes)})


def account(case: Case, clock: ClockName = ClockName.RESOLUTION, at: datetime | None = None) -> ClockExplanation:
    found = explain(case.state, case.policy, clock, at=at or case.now)
    assert found is not None
    return found


def rows(told: Iterable[NotCounted]) -> list[tuple[str, str, str]]:
    return [(since(one.start), since(one.end), one.why.value) for one in told]


def seconds(told: ClockExplanation) -> dict[str, int]:
    return {total.use.value: total.seconds for total in told.totals}


# What counted, and what did not.


def test_the_account_shows_what_counted_and_what_did_not() -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(ASK)
    case.wait(3 * HOURS)
    case.do(RecordCustomerReply(text="The last one"))
    case.wait(HOURS)
    told = account(case)
    assert [(since(span.start), since(span.end)) for span in told.counted] == [("0", "1h"), ("4h", "5h")]
    assert (told.counted_seconds, told.wall_seconds) == (2 * 3600, 5 * 3600)
    assert rows(told.not_counted) == [("1h", "4h", "paused")]
    assert [(one.cause, one.by) for one in told.not_counted[0].paused_by] == [("waiting_on_customer", "ana")]
    assert told.due == MONDAY + 51 * HOURS
    assert [(one.name, one.at and since(one.at), one.fired) for one in told.thresholds[:2]] == [
        ("50%", "1d 3h", False),
        ("75%", "1d 15h", False),
    ]


def test_nights_holidays_and_breaks_are_distinguished() -> None:
    office = with_office(holidays=("2026-03-03",), breaks={"2026-03-02": (parse_hours("12:00", "13:00"),)})
    case = Case.working(policy=office)
    told = account(case, at=MONDAY + 2 * DAYS + HOURS)
    assert rows(told.not_counted) == [
        ("3h", "4h", "break"),
        ("8h", "1d", "closed"),
        ("1d", "1d 8h", "holiday"),
        ("1d 8h", "2d", "closed"),
    ]
    assert [one.holiday for one in told.not_counted if one.why is Use.HOLIDAY] == [date(2026, 3, 3)]
    assert seconds(told) == {
        "counted": 8 * 3600,
        "closed": 32 * 3600,
        "holiday": 8 * 3600,
        "break": 3600,
    }


def test_a_pause_over_a_night_takes_only_the_open_time() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(6 * HOURS)
    case.do(ASK)
    case.wait(19 * HOURS)
    case.do(RecordCustomerReply(text="yes"))
    told = account(case)
    assert rows(told.not_counted) == [("6h", "8h", "paused"), ("8h", "1d", "closed"), ("1d", "1d 1h", "paused")]
    assert [(one.open_seconds, one.start, one.end) for one in told.pauses] == [
        (3 * 3600, MONDAY + 6 * HOURS, MONDAY + 25 * HOURS)
    ]


def test_a_pause_while_no_one_works_is_shown_and_cost_nothing() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(9 * HOURS)
    case.do(Pause(by="ana", why="the bank"))
    case.wait(2 * HOURS)
    case.do(Resume(by="ana"))
    told = account(case)
    assert rows(told.not_counted) == [("8h", "11h", "closed")]
    assert [(one.cause, one.open_seconds) for one in told.pauses] == [(PauseCause.WAITING_ON_THIRD_PARTY, 0)]


def test_two_things_waited_for_at_once_are_taken_away_once_and_both_told() -> None:
    case = Case.working()
    case.do(Pause(by="ben", why="the bank"))
    case.wait(HOURS)
    case.do(ASK)
    case.wait(HOURS)
    case.do(Resume(by="ana"))
    case.wait(HOURS)
    case.do(RecordCustomerReply(text="yes"))
    told = account(case)
    assert [(since(one.end), [(who.cause, who.by) for who in one.paused_by]) for one in told.not_counted] == [
        ("1h", [("waiting_on_third_party", "ben")]),
        ("2h", [("waiting_on_third_party", "ben"), ("waiting_on_customer", "ana")]),
        ("3h", [("waiting_on_customer", "ana")]),
    ]
    assert seconds(told) == {"paused": 3 * 3600}
    assert [one.open_seconds for one in told.pauses] == [2 * 3600, 2 * 3600]
    assert (told.counted_seconds, told.due) == (0, MONDAY + 51 * HOURS)


def test_what_a_clock_does_not_pause_for_is_not_part_of_its_account() -> None:
    case = Case.working()
    case.do(Pause(by="ana", why="the bank"))
    case.wait(HOURS)
    told = account(case, ClockName.CUSTOMER_UPDATE)
    assert (told.pauses, told.not_counted, told.counted_seconds) == ((), (), 3600)
    assert account(case).counted_seconds == 0


def test_a_pause_before_the_clock_began_is_not_part_of_its_account() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(HOURS)
    case.do(RecordCustomerReply(text="The last one"))
    case.do(RESOLVE)
    assert account(case, ClockName.REOPEN_WINDOW).not_counted == ()
    case.wait(MINUTES)
    assert account(case, ClockName.FOLLOW_UP).counted_seconds == 60


def test_only_pauses_between_start_and_end_of_the_account_are_shown() -> None:
    case = Case.working()
    for _ in range(2):
        case.wait(HOURS)
        case.do(ASK)
        case.wait(HOURS)
        case.do(RecordCustomerReply(text="yes"))
    case.do(TellCustomer(text="thank you", by="ana"))
    assert [since(one.start) for one in account(case).pauses] == ["1h", "3h"]
    assert [since(one.start) for one in account(case, at=MONDAY + 2 * HOURS).pauses] == ["1h"]
    assert account(case, at=MONDAY + 30 * MINUTES).pauses == ()
    assert account(case, ClockName.CUSTOMER_UPDATE, at=case.now + HOURS).pauses == ()


def test_a_pause_that_began_before_the_clock_is_shown_as_it_was() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(HOURS)
    run = replace(case.state.runs[ClockName.RESOLUTION], started_at=case.now)
    state = replace(case.state, runs={**case.state.runs, ClockName.RESOLUTION: run})
    told = explain(state, case.policy, ClockName.RESOLUTION, at=case.now + HOURS)
    assert told is not None
    assert [(one.start, one.end, one.open_seconds) for one in told.pauses] == [(MONDAY, None, 3600)]
    assert rows(told.not_counted) == [("1h", "2h", "paused")]


def test_the_account_can_be_asked_for_an_earlier_instant_and_before_the_start() -> None:
    case = Case.working()
    case.wait(2 * HOURS)
    case.do(ASK)
    case.wait(2 * HOURS)
    case.do(RecordCustomerReply(text="yes"))
    earlier, before = account(case, at=MONDAY + 3 * HOURS), account(case, at=MONDAY - DAYS)
    assert (earlier.counted_seconds, earlier.wall_seconds) == (2 * 3600, 3 * 3600)
    assert (before.counted, before.not_counted, before.totals, before.wall_seconds) == ((), (), (), 0)
    assert before.until == before.listed_from == MONDAY


def test_the_account_of_office_hours_names_the_calendar_its_zone_and_the_versions() -> None:
    case = Case.working(policy=replace(with_office(version="c0ffee"), zone_data="2026b"))
    told = account(case, at=MONDAY + DAYS)
    assert (told.calendar, told.calendar_version) == ("office", "c0ffee")
    assert (told.zone, told.zone_data) == ("Europe/London", "2026b")
    assert (told.counted_seconds, told.wall_seconds) == (8 * 3600, 86400)


def test_the_sum_is_what_the_clock_shows_when_it_stops() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(5 * HOURS)
    case.do(ASK)
    case.wait(30 * HOURS)
    case.do(RecordCustomerReply(text="yes"))
    case.wait(20 * HOURS + 7 * MINUTES)
    told = account(case)
    case.do(RESOLVE)
    (stopped,) = (one for one in case.events if isinstance(one, ClockStopped) and one.clock is ClockName.RESOLUTION)
    assert (stopped.business_seconds, stopped.wall_seconds) == (told.counted_seconds, told.wall_seconds)
    assert stopped.business_seconds > 0


# What is still to come.


def test_what_is_left_is_shown_with_the_windows_in_which_it_will_be_used() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(6 * HOURS)
    told = account(case, ClockName.RESOLUTION)
    assert (told.within, told.remaining_seconds, told.due) == (BusinessDays(days=3), 18 * 3600, MONDAY + 3 * DAYS)
    assert [(since(span.start), since(span.end)) for span in told.ahead] == [
        ("6h", "8h"),
        ("1d", "1d 8h"),
        ("2d", "2d 8h"),
    ]


def test_only_a_few_of_many_windows_to_come_are_shown() -> None:
    months = Target(within=OpenTime(seconds=100 * 8 * 3600), calendar="office")
    rule = replace(IN_OFFICE_HOURS.clocks[ClockName.RESOLUTION], targets=(months,))
    told = account(Case.working(policy=with_rule(IN_OFFICE_HOURS, ClockName.RESOLUTION, rule)))
    assert (len(told.ahead), told.remaining_seconds) == (AHEAD, 100 * 8 * 3600)


def test_during_a_pause_the_account_is_paused_and_leaves_the_future_open() -> None:
    case = Case.working()
    case.wait(25 * MINUTES)
    case.do(Pause(by="ana", why="the bank"))
    case.wait(3 * HOURS)
    told = account(case)
    assert (told.due, told.counted_seconds, told.wall_seconds) == (None, 25 * 60, 205 * 60)
    assert [one.at for one in told.thresholds] == [None] * 5
    assert [(one.cause, one.end) for one in told.pauses] == [(PauseCause.WAITING_ON_THIRD_PARTY, None)]
    assert rows(told.not_counted) == [("25m", "3h 25m", "paused")]
    assert told.paused_since == MONDAY + 25 * MINUTES
    assert (told.remaining_seconds, told.ahead) == (48 * 3600 - 25 * 60, ())


def test_what_is_left_during_a_pause_is_left_when_it_ends() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(3 * HOURS)
    case.do(ASK)
    case.wait(50 * HOURS)
    paused = account(case)
    case.do(RecordCustomerReply(text="yes"))
    resumed = account(case)
    assert paused.remaining_seconds == resumed.remaining_seconds == 21 * 3600
    assert resumed.due is not None


def test_nothing_is_left_when_the_target_is_reached() -> None:
    case = Case.working(severity=Severity.SEV1)
    case.sleep(30 * HOURS)
    told = account(case)
    assert (told.due, told.remaining_seconds, told.ahead) == (MONDAY + 24 * HOURS, 0, ())
    assert told.counted_seconds == 30 * 3600


def test_what_fired_before_a_pause_keeps_its_instant() -> None:
    case = Case.working(severity=Severity.SEV1)
    case.wait(11 * HOURS)
    case.do(AddNote(by="ana", text="still here"))
    case.wait(HOURS)
    case.do(Pause(by="ana", why="the bank"))
    told = account(case)
    assert [(one.name, one.at and since(one.at), one.fired) for one in told.thresholds[:2]] == [
        ("50%", "12h", True),
        ("75%", None, False),
    ]


# What a person named.


def test_a_promise_is_accounted_for_as_an_instant_that_a_person_named() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + 5 * HOURS, by="ana"))
    case.wait(HOURS)
    told = account(case, ClockName.PROMISE)
    assert (told.fixed, told.within, told.due) == (True, None, MONDAY + 5 * HOURS)
    assert (told.counted_seconds, told.remaining_seconds) == (3600, 4 * 3600)


def test_no_pause_moves_a_due_date_that_was_set_by_hand_and_none_is_taken_away() -> None:
    case = Case.working()
    case.do(SetDue(clock=ClockName.RESOLUTION, at=MONDAY + 7 * HOURS, by="ana", why="agreed on the phone"))
    case.wait(HOURS)
    case.do(ASK)
    case.wait(HOURS)
    told = account(case)
    assert (told.fixed, told.due, told.paused_since) == (True, MONDAY + 7 * HOURS, None)
    assert (told.pauses, told.counted_seconds, told.remaining_seconds) == ((), 2 * 3600, 5 * 3600)
    assert not account(Case.working()).fixed


# Long lives.


def test_only_the_latest_intervals_of_a_long_life_are_listed_and_the_totals_are_of_all() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    told = account(case, at=MONDAY + 364 * DAYS)
    spans = [(one.start, one.end) for one in told.counted] + [(one.start, one.end) for one in told.not_counted]
    listed = sorted(spans)
    assert len(listed) == ROWS
    assert (listed[0][0], listed[-1][1]) == (told.listed_from, told.until)
    assert told.listed_from > told.started_at
    # 52 weeks of five days, each followed by a night or a weekend.
    assert {total.use: (total.seconds, total.intervals) for total in told.totals} == {
        Use.COUNTED: (260 * 8 * 3600, 260),
        Use.CLOSED: (364 * 86400 - 260 * 8 * 3600, 260),
    }
    assert told.counted_seconds == 260 * 8 * 3600


async def test_an_account_travels_through_temporal_and_json_and_is_the_same() -> None:
    case = Case.working(policy=with_office(holidays=("2026-03-03",)))
    case.wait(2 * HOURS)
    case.do(ASK)
    case.wait(2 * DAYS)
    told = [account(case), account(case, ClockName.CUSTOMER_REPLY)]
    assert from_json(list[ClockExplanation], to_json(told)) == told
    assert await DATA_CONVERTER.decode(await DATA_CONVERTER.encode([told]), [list[ClockExplanation]]) == [told]


# What has no account.


def test_what_does_not_run_or_promises_nothing_has_no_account() -> None:
    case = Case.working(policy=WITHOUT_RESPONSE_TARGETS)
    case.do(RecordCustomerReply(text="hello?"))
    for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE, ClockName.CHOICE):
        assert explain(case.state, case.policy, clock, at=case.now) is None
        assert clock not in deadlines(case.state, case.policy)
    for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE):
        assert clock in case.state.runs
        assert upcoming(case.state, case.policy, clock) == ()


# The view.


def test_the_view_shows_what_comes_next() -> None:
    case = Case.opened()
    view = view_of(case.state, EXAMPLE)
    assert (view.stage, view.owner, view.offered_to, view.overseer) == (Stage.OFFERED, "", "ana", "overseer")
    assert (view.next_due, view.next_due_clock, view.next_due_threshold) == (
        MONDAY + timedelta(seconds=450),
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
